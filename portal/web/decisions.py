"""Why a report went where it went, and when a rule applies, in the reader's language."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from flask import Flask
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.core.routing import conditions
from portal.core.routing.conditions import HOURS, PRIORITY, BadConditions
from portal.services.routing.questions import Asked
from portal.web.words import PRIORITIES, VISIBILITIES, in_language

WHY = {
    "category+commune": _l("quy tắc riêng cho lĩnh vực này tại địa bàn này"),
    "category+district": _l("quy tắc riêng cho lĩnh vực này tại huyện, thị xã, thành phố này"),
    "category+province": _l("quy tắc cho lĩnh vực này trong toàn tỉnh"),
    "category": _l("quy tắc cho lĩnh vực này"),
    "commune": _l("quy tắc riêng cho địa bàn này"),
    "district": _l("quy tắc riêng cho huyện, thị xã, thành phố này"),
    "province": _l("quy tắc chung toàn tỉnh"),
    "any": _l("quy tắc chung"),
    "fallback": _l("không có quy tắc nào khớp, chuyển về trung tâm điều phối"),
}
HOURS_WORDS = {"office": _l("gửi trong giờ làm việc"), "outside": _l("gửi ngoài giờ làm việc")}
FAULTS = {
    "unit_gone": _l(
        "%(code)s không còn hoạt động và chưa có đơn vị kế nhiệm, hoặc nơi xảy ra không có đơn vị đó"
    ),
    "unit_unknown": _l("không có đơn vị nào mang mã %(code)s"),
    "conditions": _l("điều kiện không đọc được, hoặc hỏi câu mà lĩnh vực không còn hỏi"),
    "area": _l("địa bàn của quy tắc không còn trong danh mục"),
}


def init_app(app: Flask) -> None:
    app.jinja_env.globals |= {
        "routing_sentence": routing_sentence,
        "correction": correction,
        "fault_words": fault_words,
        "conditions_words": conditions_words,
    }


def routing_sentence(decision: Mapping[str, Any]) -> str:
    """Why the report went where it went: as it was kept, or made from the decision's data for other languages."""
    if str(get_locale()) == "vi":
        return str(decision["sentence"])
    if "about" in decision:
        return _("phản ánh nói về cán bộ, công chức của %(unit)s", unit=in_language(*decision["about"]))
    sentence = str(WHY[decision["why"]])
    if decision["rule_id"]:
        sentence = _("%(why)s (quy tắc số %(rule)s)", why=sentence, rule=decision["rule_id"])
    if decision["held"]:
        sentence = _("%(why)s, vì %(held)s", why=sentence, held=", ".join(map(_held, decision["held"])))
    if decision["legal_basis"]:
        sentence = _("%(why)s; căn cứ: %(basis)s", why=sentence, basis=decision["legal_basis"])
    if decision.get("unshared"):
        sentence = _(
            "%(why)s; không công khai nên chưa gửi đơn vị phối hợp theo quy tắc: %(units)s",
            why=sentence,
            units=", ".join(decision["unshared"]),
        )
    for fault in decision["faults"]:
        sentence = _(
            "%(why)s; quy tắc số %(rule)s có lỗi nên không dùng được", why=sentence, rule=fault["rule"]
        )
    return sentence


def _held(held: Mapping[str, str]) -> str:
    """A condition that was true, in another language than Vietnamese."""
    return held["said_en"] or said([held["value"]], held["subject"], {})


def correction(details: dict[str, Any]) -> str:
    """What a correction changed and to whom the report went, a line for each; `details` of its event."""
    lines = [*_put_right(details), *_answered(details)]
    if "visibility" in details:
        old, new = (str(VISIBILITIES[value]).lower() for value in details["visibility"])
        lines.append(_("Hiển thị: %(old)s → %(new)s.", old=old, new=new))
    if "about" in details and "to_unit" not in details:
        lines.append(_("Nói về cán bộ, công chức của %(unit)s.", unit=in_language(*details["about"])))
    if "to_unit" in details:
        why = routing_sentence(details["decision"])
        former, new = details["from_unit"], details["to_unit"]
        lines.append(_("Chuyển từ %(former)s đến %(new)s vì %(why)s.", former=former, new=new, why=why))
    return "\n".join(lines)


def _put_right(details: dict[str, Any]) -> Iterator[str]:
    if "category" in details:
        old, new = (in_language(*names) for names in details["category"])
        yield _("Lĩnh vực: %(old)s → %(new)s.", old=old, new=new)
    if "area" in details:
        old, new = details["area"]
        yield _("Địa bàn: %(old)s → %(new)s.", old=old, new=new)
    if "place" in details:
        old, new = (place or _("(không ghi)") for place in details["place"])
        yield _("Địa điểm: %(old)s → %(new)s.", old=old, new=new)
    if "point" in details:
        yield _("Vị trí trên bản đồ đã được sửa.")


def _answered(details: dict[str, Any]) -> Iterator[str]:
    for question, *answers in details.get("answers", ()):
        old, new = (in_language(*answer) if answer else _("không rõ") for answer in answers)
        yield _("%(question)s: %(old)s → %(new)s.", question=in_language(*question), old=old, new=new)


def conditions_words(text: str, asked: Mapping[str, Asked]) -> list[str]:
    """Each condition of a rule in words; the text itself where it cannot be read."""
    try:
        found = conditions.parse(text)
    except BadConditions:
        return [text]
    return [said(values, subject, asked) for subject, values in found.items()]


def said(values: Iterable[str], subject: str, asked: Mapping[str, Asked]) -> str:
    """'tuyến đường: quốc lộ hoặc tỉnh lộ'."""
    values = sorted(values)
    if subject == HOURS:
        return _(" hoặc ").join(str(HOURS_WORDS.get(value, value)) for value in values)
    if subject == PRIORITY:
        words = [str(PRIORITIES.get(value, value)).lower() for value in values]
        return _("mức độ ưu tiên: %(priority)s", priority=_(" hoặc ").join(words))
    if (question := asked.get(subject)) is None:
        return f"{subject}: {', '.join(values)}"
    choices = choice_labels(question)
    return f"{label(question)}: {_(' hoặc ').join(choices.get(value, value) for value in values)}"


def label(question: Asked) -> str:
    """The question in the reader's language."""
    return in_language(question.label, question.label_en)


def choice_labels(question: Asked) -> dict[str, str]:
    """Code → answer in the reader's language, in the order of the form."""
    return {code: in_language(*pair) for code, pair in question.choices.items()}


def fault_words(fault: str) -> str:
    """Why a rule could not be used."""
    reason, _space, code = fault.partition(" ")
    return str(FAULTS[reason]) % {"code": code}
