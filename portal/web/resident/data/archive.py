"""Everything that is held of a reporter, packed: JSON for machines, a page to read, the photos."""

import json
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

from flask import render_template

from portal.adapters.storage import Storage, StorageError
from portal.models import Report
from portal.services.privacy import exports


def pack(report: Report, held: dict[str, Any], storage: Storage) -> bytes:
    """The zip file: `du-lieu.json`, `doc-toi.html`, and `anh/` with each photo that the store still has."""
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as packed:
        packed.writestr("du-lieu.json", json.dumps(held, ensure_ascii=False, indent=2))
        packed.writestr("doc-toi.html", render_template("resident/archive.html", report=report, held=held))
        for name, photo in zip(held["photos"], exports.photos(report), strict=True):
            try:
                packed.writestr(name, storage.get(exports.photo_key(photo)), ZIP_STORED)
            except StorageError:
                continue  # named in the JSON all the same
    return out.getvalue()
