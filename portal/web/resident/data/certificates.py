"""Proof of an erasure, for whoever has its code: nothing personal stands in it."""

import json

from flask import Response, render_template
from flask.typing import ResponseReturnValue

from portal.core.errors import NotFound
from portal.models import Certificate
from portal.services.privacy import erasure


def show(certificate_code: str) -> str:
    kept = _found(certificate_code)
    return render_template("resident/certificate.html", certificate=kept, whole=erasure.is_whole(kept))


def as_json(certificate_code: str) -> ResponseReturnValue:
    """What it says, and the digest of that."""
    kept = _found(certificate_code)
    said = {"says": kept.says, "sha256": kept.digest, "whole": erasure.is_whole(kept)}
    return Response(json.dumps(said, ensure_ascii=False, indent=2), mimetype="application/json")


def _found(code: str) -> Certificate:
    if (kept := erasure.certificate(code)) is None:
        raise NotFound(certificate=code)
    return kept
