"""A PDF is looked at before it is kept: is it one, can it be read, and would it do anything when it is opened?

No proof against every trick: what is refused is what the format itself can start or carry. It is handed out only to
be saved, never shown by the browser.
"""

import re
import zlib
from collections.abc import Iterator

from portal.core.errors import BadDocument

MOST_BYTES = 10 * 1024 * 1024
MOST_UNPACKED = 64 * 1024 * 1024
ACTIVE = (
    *(b"JavaScript", b"JS", b"Launch", b"EmbeddedFile", b"EmbeddedFiles"),
    *(b"RichMedia", b"XFA", b"SubmitForm", b"ImportData", b"GoToE"),
)
_ACTIVE = re.compile(rb"/(?:" + b"|".join(ACTIVE) + rb")(?![A-Za-z0-9_.-])")
_LOCKED = re.compile(rb"/Encrypt(?![A-Za-z0-9])")
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
_STREAM = re.compile(rb"(?<!end)stream\r?\n")
_DICTIONARY_BYTES = 4096
_CHUNK = 65536
_NOT_FLATE = re.compile(
    rb"/(?:ASCIIHexDecode|ASCII85Decode|LZWDecode|RunLengthDecode|AHx|A85|LZW|RL)(?![A-Za-z])"
)


def check(raw: bytes) -> None:
    """Raise BadDocument with reason 'format', 'large', 'locked', 'active' or 'broken' for what is not to be kept."""
    if len(raw) > MOST_BYTES:
        raise BadDocument(reason="large")
    if not raw.startswith(b"%PDF-"):
        raise BadDocument(reason="format")
    if b"%%EOF" not in raw[-1024:]:
        raise BadDocument(reason="broken")
    if _LOCKED.search(_plain(raw)):
        raise BadDocument(reason="locked")
    for part in (raw, *_unpacked(raw)):
        if _ACTIVE.search(_plain(part)):
            raise BadDocument(reason="active")


def _plain(part: bytes) -> bytes:
    """With names as they are meant: '/J#61vaScript' is '/JavaScript'."""
    return _ESCAPED.sub(lambda found: bytes([int(found[1], 16)]), part)


def _unpacked(raw: bytes) -> Iterator[bytes]:
    """The packed streams that may hold objects. What cannot be unpacked here is refused, not trusted."""
    left = MOST_UNPACKED
    for start in (found.end() for found in _STREAM.finditer(raw)):
        about = _plain(_dictionary(raw, start))
        if b"/ObjStm" not in about:
            continue
        if _NOT_FLATE.search(about):
            raise BadDocument(reason="active")
        unpacked = _inflated(raw, start, left)
        left -= len(unpacked)
        yield unpacked


def _inflated(raw: bytes, start: int, most: int) -> bytes:
    """What is packed from there on, until it says itself that it ends."""
    pump, parts = zlib.decompressobj(), []
    for at in range(start, len(raw), _CHUNK):
        try:
            parts.append(pump.decompress(raw[at : at + _CHUNK], most + 1))
        except zlib.error as error:
            raise BadDocument(reason="broken") from error
        most -= len(parts[-1])
        if most < 0:
            raise BadDocument(reason="broken")
        if pump.eof:
            return b"".join(parts)
    raise BadDocument(reason="broken")


def _dictionary(raw: bytes, start: int) -> bytes:
    """What stands before a stream, since the object of which it is a part began."""
    before = raw[max(0, start - _DICTIONARY_BYTES) : start]
    return before[before.rfind(b" obj") + 1 :]
