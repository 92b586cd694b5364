"""Places in words and on maps: how one is known, why one is refused, what a map draws and whom it credits."""

from flask import Flask
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.core.errors import BadPoint, OutsideTerritory
from portal.services import boundaries
from portal.web import words

BAD_POINTS = {
    "number": _l("Tọa độ không đọc được."),
    "swapped": _l("Vĩ độ và kinh độ có vẻ bị đảo chỗ."),
    "globe": _l("Tọa độ nằm ngoài bản đồ thế giới."),
}
KNOWN_BY = {
    "inside": _l("Địa bàn theo ranh giới"),
    "near": _l("Địa bàn theo ranh giới gần nhất, cách không quá 500 m"),
    "estimate": _l("Địa bàn ước lượng"),
    "resident": _l("Địa bàn được chọn theo tên"),
}


def init_app(app: Flask) -> None:
    app.jinja_env.globals |= {"boundary_source": boundaries.source_of, "known_by": KNOWN_BY.__getitem__}


def refusal(error: BadPoint | OutsideTerritory) -> str:
    """Why a place is not taken, in the reader's language."""
    if isinstance(error, BadPoint):
        return str(BAD_POINTS[error.details["reason"]])
    if neighbour := error.details["neighbour"]:
        return _("Vị trí này nằm ngoài địa bàn tỉnh, gần %(place)s.", place=words.named(neighbour))
    return _("Vị trí này nằm ngoài địa bàn tỉnh.")
