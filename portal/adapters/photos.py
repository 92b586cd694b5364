"""A phone's photo in, three small WebP pictures out: upright, and without EXIF (it holds the home's position)."""

import warnings
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any

import pi_heif
from PIL import ExifTags, Image, ImageOps

from portal.core.deadlines import VIETNAM
from portal.core.errors import BadPhoto
from portal.core.evidence import Trace
from portal.core.places import Point, valid_coordinates

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
        raise BadPhoto(reason="wide") from error
    except Image.UnidentifiedImageError as error:
        raise BadPhoto(reason="format") from error
    except (OSError, ValueError, SyntaxError, EOFError) as error:
        raise BadPhoto(reason="broken") from error
    return Prepared(pictures, width, height)


def trace(raw: bytes) -> Trace:
    """When and where the camera says that it took the picture; nothing of what it does not say or says wrongly."""
    try:
        exif = Image.open(BytesIO(raw), formats=FORMATS).getexif()
        shot, gps = exif.get_ifd(ExifTags.IFD.Exif), exif.get_ifd(ExifTags.IFD.GPSInfo)
    except (OSError, ValueError, SyntaxError, EOFError, TypeError, Image.DecompressionBombError):
        return Trace()
    taken_at, point = _moment(shot), _point(gps)
    return Trace(taken_at, point, "exif" if taken_at or point else "none")


def _moment(shot: dict[int, Any]) -> datetime | None:
    """A camera that does not say its zone is taken to stand in Vietnam."""
    said, offset = shot.get(ExifTags.Base.DateTimeOriginal), shot.get(ExifTags.Base.OffsetTimeOriginal)
    try:
        naive = datetime.strptime(str(said).strip("\0 "), "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007
        zone = datetime.strptime(str(offset).strip("\0 "), "%z").tzinfo if offset else VIETNAM
    except ValueError:
        return None
    return naive.replace(tzinfo=zone)


def _point(gps: dict[int, Any]) -> Point | None:
    try:
        latitude = _degrees(gps[ExifTags.GPS.GPSLatitude], gps[ExifTags.GPS.GPSLatitudeRef], "S")
        longitude = _degrees(gps[ExifTags.GPS.GPSLongitude], gps[ExifTags.GPS.GPSLongitudeRef], "W")
    except (KeyError, TypeError, ValueError, ZeroDivisionError):
        return None
    somewhere = valid_coordinates(latitude, longitude) and (latitude, longitude) != (0, 0)
    return Point(latitude, longitude) if somewhere else None


def _degrees(said: Any, half: str, negative: str) -> float:
    degrees, minutes, seconds = (float(part) for part in said)
    found = degrees + minutes / 60 + seconds / 3600
    return -found if half == negative else found


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
