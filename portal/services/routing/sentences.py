"""A decision as the Vietnamese sentence that is kept with the report; other languages are made from its data."""

from collections.abc import Mapping
from typing import Any

from portal.core.routing.conditions import HOURS, PRIORITY
from portal.services.routing.questions import Asked

WHY = {
    "category+commune": "quy tắc riêng cho lĩnh vực này tại địa bàn này",
    "category+district": "quy tắc riêng cho lĩnh vực này tại huyện, thị xã, thành phố này",
    "category+province": "quy tắc cho lĩnh vực này trong toàn tỉnh",
    "category": "quy tắc cho lĩnh vực này",
    "commune": "quy tắc riêng cho địa bàn này",
    "district": "quy tắc riêng cho huyện, thị xã, thành phố này",
    "province": "quy tắc chung toàn tỉnh",
    "any": "quy tắc chung",
    "fallback": "không có quy tắc nào khớp, chuyển về trung tâm điều phối",
}
HELD = {
    (HOURS, "office"): "gửi trong giờ làm việc",
    (HOURS, "outside"): "gửi ngoài giờ làm việc",
    (PRIORITY, "normal"): "mức độ ưu tiên: bình thường",
    (PRIORITY, "urgent"): "mức độ ưu tiên: khẩn",
    (PRIORITY, "emergency"): "mức độ ưu tiên: khẩn cấp",
}


def write(decision: Mapping[str, Any]) -> str:
    """'quy tắc cho lĩnh vực này (quy tắc số 12), vì tuyến đường: quốc lộ; căn cứ: …'."""
    if "about" in decision:
        return f"phản ánh nói về cán bộ, công chức của {decision['about'][0]}"
    sentence = WHY[decision["why"]]
    if decision["rule_id"]:
        sentence += f" (quy tắc số {decision['rule_id']})"
    if decision["held"]:
        sentence += ", vì " + ", ".join(condition["said"] for condition in decision["held"])
    if decision["legal_basis"]:
        sentence += f"; căn cứ: {decision['legal_basis']}"
    if decision.get("unshared"):
        sentence += (
            f"; không công khai nên chưa gửi đơn vị phối hợp theo quy tắc: {', '.join(decision['unshared'])}"
        )
    for fault in decision["faults"]:
        sentence += f"; quy tắc số {fault['rule']} có lỗi nên không dùng được"
    return sentence


def held(subject: str, value: str, asked: Mapping[str, Asked]) -> dict[str, str]:
    """A condition that was true, with its words; English ones only where the territory pack has them."""
    if (subject, value) in HELD:
        return {"subject": subject, "value": value, "said": HELD[subject, value], "said_en": ""}
    question = asked[subject]
    answer, answer_en = question.choices[value]
    return {
        "subject": subject,
        "value": value,
        "said": f"{question.label}: {answer}",
        "said_en": f"{question.label_en}: {answer_en}",
    }
