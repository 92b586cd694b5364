"""Real files as officers add them: photos with what a camera writes into them, and PDF documents."""

import zlib
from datetime import datetime
from io import BytesIO

from PIL import ExifTags, Image


def photograph(
    taken_at: datetime | None = None,
    point: tuple[float, float] | None = None,
    *,
    size: tuple[int, int] = (640, 480),
    orientation: int = 1,
) -> bytes:
    """A JPEG whose camera said so when and where it was taken."""
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    if taken_at:
        shot = exif.get_ifd(ExifTags.IFD.Exif)
        shot[ExifTags.Base.DateTimeOriginal] = taken_at.strftime("%Y:%m:%d %H:%M:%S")
        shot[ExifTags.Base.OffsetTimeOriginal] = taken_at.isoformat()[-6:]
    if point:
        gps = exif.get_ifd(ExifTags.IFD.GPSInfo)
        for degrees, ref, value, halves in (
            (point[0], ExifTags.GPS.GPSLatitudeRef, ExifTags.GPS.GPSLatitude, "NS"),
            (point[1], ExifTags.GPS.GPSLongitudeRef, ExifTags.GPS.GPSLongitude, "EW"),
        ):
            gps[ref], gps[value] = halves[degrees < 0], sexagesimal(abs(degrees))
    out = BytesIO()
    Image.effect_noise(size, 40).convert("RGB").save(out, "JPEG", exif=exif)
    return out.getvalue()


def sexagesimal(degrees: float) -> tuple[float, float, float]:
    minutes = degrees % 1 * 60
    return float(int(degrees)), float(int(minutes)), minutes % 1 * 60


def pdf(catalog: str = "", packed: bytes | None = None, filters: str = "/FlateDecode") -> bytes:
    """A small PDF; `catalog` goes into its first object, `packed` into an object stream."""
    parts = [b"%PDF-1.7\n", f"1 0 obj\n<< /Type /Catalog /Pages 2 0 R {catalog} >>\nendobj\n".encode()]
    parts.append(b"2 0 obj\n<< /Type /Pages /Kids [] /Count 0 >>\nendobj\n")
    if packed is not None:
        stream = zlib.compress(packed)
        about = f"<< /Type /ObjStm /N 1 /First 4 /Filter {filters} /Length {len(stream)} >>"
        parts.append(b"3 0 obj\n" + about.encode() + b"\nstream\r\n" + stream + b"\nendstream\nendobj\n")
    parts.append(b"trailer\n<< /Root 1 0 R /Size 3 >>\nstartxref\n9\n%%EOF\n")
    return b"".join(parts)
