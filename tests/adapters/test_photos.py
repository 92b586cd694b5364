"""Real picture files of every kind that phones send, and files that only pretend."""

import random
import struct
import zlib
from base64 import b64decode
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from portal.adapters import photos
from portal.core.errors import BadPhoto

# A teal 96 × 64 picture with a pale disc, drawn for this test and encoded as HEIC.
HEIC = b64decode(
    "AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAUJtZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAAAAAA"
    "AAAAAA5waXRtAAAAAAABAAAAImlsb2MAAAAAREAAAQABAAAAAAFmAAEAAAAAAAABBwAAACNpaW5mAAAAAAABAAAAFWluZmUC"
    "AAAAAAEAAGh2YzEAAAAAwmlwcnAAAACkaXBjbwAAAHhodmNDAQNwAAAAAAAAAAAAHvAA/P34+AAADwMgAAEAGEABDAH//wNw"
    "AAADAJAAAAMAAAMAHroCQCEAAQArQgEBA3AAAAMAkAAAAwAAAwAeoDCBBZbqSSmubgQEDAgAAAMACAAAAwAIQCIAAQAHRAHB"
    "crAiQAAAABRpc3BlAAAAAAAAAGAAAABAAAAAEHBpeGkAAAAAAwgICAAAABZpcG1hAAAAAAAAAAEAAQOBAoMAAAEPbWRhdAAA"
    "AQMoAa8ZgGJtfYTiYqaetElDf/a+Tfw+Q6O65Vz/lJDc4me5ytDWsRsaOe19Nf3/fmlYbbUE6XHL2Ca7NNWJntKxUmQcovKt"
    "KpWYrRReBnovAn7J5XXHt8I7ETMe2JFONKXaUotM2HqPbTcgABanpyzvQ9xKlr1lOJz7K7OCm6J3fJM5eaF2uoKhEEFYNQpS"
    "HPHSq6SAfFe+whxh3RHeaQIiYL97fV5tThnrcJIs9LOHMKWO506FQN+hIU01oZ4bsomh2vfC5Gg68GhV77COxlWABqapDTqq"
    "WT0Py4VrFoKXCEp1i/NpzFukmGScUbWdwo86G2zOwYJtYYh2Z0TTFt8SsYQQ"
)


def picture(kind: str, size: tuple[int, int] = (1200, 900), mode: str = "RGB", **options: object) -> bytes:
    out = BytesIO()
    Image.linear_gradient("L").resize(size).convert(mode).save(out, kind, **options)
    return out.getvalue()


def opened(raw: bytes) -> Image.Image:
    return Image.open(BytesIO(raw))


def test_a_sideways_photo_stands_upright_and_says_nothing_of_where_it_was_taken(photo: bytes) -> None:
    prepared = photos.prepare(photo)
    assert (prepared.width, prepared.height) == (800, 1200)
    for name, side in photos.SIZES.items():
        small = opened(prepared.pictures[name])
        assert small.format == "WEBP" and max(small.size) == min(side, 1200)
        assert not small.getexif() and "exif" not in small.info


def test_a_large_photo_becomes_three_small_ones_in_its_own_proportions() -> None:
    prepared = photos.prepare(picture("JPEG", (4000, 3000)))
    assert (prepared.width, prepared.height) == (1600, 1200)
    assert [opened(prepared.pictures[name]).size for name in ("medium", "small")] == [(800, 600), (320, 240)]


@pytest.mark.parametrize(
    ("kind", "mode"),
    [
        ("JPEG", "RGB"),
        ("JPEG", "CMYK"),
        ("JPEG", "L"),
        ("PNG", "RGBA"),
        ("PNG", "P"),
        ("WEBP", "RGBA"),
        ("GIF", "P"),
    ],
)
def test_every_kind_of_picture_is_read(kind: str, mode: str) -> None:
    assert photos.prepare(picture(kind, mode=mode)).width == 1200


def test_a_heic_of_an_iphone_is_read() -> None:
    prepared = photos.prepare(HEIC)
    assert (prepared.width, prepared.height) == (96, 64)
    red, green, blue = opened(prepared.pictures["small"]).convert("RGB").getpixel((90, 60))
    assert blue > green > red


def bomb() -> bytes:
    """A PNG of a few bytes that claims 60,000 × 60,000 pixels."""
    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(b"\0")), (b"IEND", b"")]
    body = b"".join(
        struct.pack(">I", len(d)) + k + d + struct.pack(">I", zlib.crc32(k + d)) for k, d in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + body


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", "format"),
        (b"%PDF-1.7 not a picture", "format"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "format"),
        (picture("BMP"), "format"),
        (picture("TIFF"), "format"),
        (picture("JPEG")[:2000], "broken"),
        (picture("PNG")[:-900], "broken"),
        (bomb(), "wide"),
    ],
    ids=["empty", "pdf", "svg", "bmp", "tiff", "cut jpeg", "cut png", "bomb"],
)
def test_what_is_no_picture_is_refused_with_the_reason(raw: bytes, reason: str) -> None:
    with pytest.raises(BadPhoto) as refused:
        photos.prepare(raw)
    assert refused.value.details == {"reason": reason}


def test_a_picture_with_something_hidden_behind_it_loses_it() -> None:
    prepared = photos.prepare(picture("JPEG") + b"PK\x03\x04 secret archive")
    assert all(b"secret" not in pixels for pixels in prepared.pictures.values())


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(["JPEG", "PNG", "WEBP", "GIF"]), st.integers(0, 2**32), st.integers(1, 40))
def test_a_damaged_picture_is_read_or_refused_but_never_an_accident(
    kind: str, seed: int, faults: int
) -> None:
    damage, raw = random.Random(seed), bytearray(picture(kind, (120, 90)))
    for _ in range(faults):
        raw[damage.randrange(len(raw))] = damage.randrange(256)
    try:
        assert photos.prepare(bytes(raw)).width > 0
    except BadPhoto as refused:
        assert refused.details["reason"] in {"format", "broken", "wide"}
