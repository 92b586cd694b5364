"""Answer templates: text with variables in braces, filled with what a report says."""

import re
from collections.abc import Mapping

VARIABLES = (
    "ma_phan_anh",
    "linh_vuc",
    "dia_diem",
    "dia_ban",
    "don_vi",
    "can_bo",
    "ngay_gui",
    "han_xu_ly",
    "ngay",
)
_BRACED = re.compile(r"\{([^{}]*)\}")


def unknown(template: str) -> list[str]:
    """The names in braces that no report could fill, as they stand there."""
    return [name for name in dict.fromkeys(_BRACED.findall(template)) if name not in VARIABLES]


def fill(template: str, values: Mapping[str, str]) -> str:
    """The text with what is known; other names stay as they are, so that they are seen."""
    return _BRACED.sub(lambda found: values.get(found[1], found[0]), template)
