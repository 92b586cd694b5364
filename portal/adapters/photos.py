"""A phone's photo in, three small WebP pictures out: upright, and without EXIF (it holds the home's position)."""

import warnings
from dataclasses import dataclass
from io import BytesIO

import pi_heif
from PIL import Image, ImageOps

from portal.core.errors import BadPhoto

SIZES = {"large": 1600, "medium": 800, "small": 320}
FORMATS = ("JPEG", "PNG", "WEBP", "HEIF", "GIF")
MOST_PIXELS = 60_000_000
QUALITY = 78

pi_heif.register_heif_opener(thumbnails=False)
Image.MAX_IMAGE_PIXELS = MOST_PIXELS


@dataclass(frozen=True)
class Prepared:
    """`pictures` by size name (WebP bytes); `width` × `height` of the large one in pixels."""

    pictures: dict[str, bytes]
    width: int
    height: int


def prepare(raw: bytes) -> Prepared:
    """Decode, turn upright and re-encode a picture. Raises BadPhoto with reason 'format', 'large' or 'broken'."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = _open(raw)
            picture.thumbnail((SIZES["large"], SIZES["large"]))
            (width, height), encoded = picture.size, _encode(picture)
            pictures = {}
            for name, side in SIZES.items():
                if max(picture.size) > side:
                    picture.thumbnail((side, side))
                    encoded = _encode(picture)
                pictures[name] = encoded
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise BadPhoto(reason="large") from error
    except Image.UnidentifiedImageError as error:
        raise BadPhoto(reason="format") from error
    except (OSError, ValueError, SyntaxError, EOFError) as error:
        raise BadPhoto(reason="broken") from error
    return Prepared(pictures, width, height)


def _open(raw: bytes) -> Image.Image:
    picture = Image.open(BytesIO(raw), formats=FORMATS)
    width, height = picture.size
    side = SIZES["large"]
    scale = max(1, max(width, height) // side)
    picture.draft(
        "RGB", (width // scale, height // scale)
    )  # JPEG decodes small at once, in its own proportions
    return ImageOps.exif_transpose(picture).convert("RGB")


def _encode(picture: Image.Image) -> bytes:
    out = BytesIO()
    picture.save(out, "WEBP", quality=QUALITY, method=2, exif=b"")
    return out.getvalue()
