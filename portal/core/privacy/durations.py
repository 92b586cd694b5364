"""For how long personal data is kept, and within how many days a request about it is done, if nobody says otherwise.

Sources: Luật Bảo vệ dữ liệu cá nhân 91/2025/QH15 and Nghị định 356/2025/NĐ-CP, both in force from 1 January 2026. The
days of requests stand in the decree as law firms report them; articles marked unverified were not compared with the
official gazette. How long things are kept is a proposal: the law demands a limit and leaves its length to whoever keeps
them, within the archive rules of the province.
"""

from dataclasses import dataclass
from enum import StrEnum


class Kept(StrEnum):
    """What is kept for a time. Those `OF_REPORTS` count from the closing of the report."""

    CONTACT = "contact"
    SEALED_TEXTS = "sealed_texts"
    PHOTOS = "photos"
    REPORT = "report"
    MESSAGES = "messages"
    SESSIONS = "sessions"
    ADDRESSES = "addresses"


class Clock(StrEnum):
    """Within what a request is answered (working days) or done (days), and by how much that is put off, once."""

    REPLY = "reply"
    CORRECT = "correct"
    ERASE = "erase"
    CORRECT_LATER = "correct_later"
    ERASE_LATER = "erase_later"


OF_REPORTS = (Kept.CONTACT, Kept.SEALED_TEXTS, Kept.PHOTOS, Kept.REPORT)


@dataclass(frozen=True)
class Term:
    """`days` None: for ever. `verified`: compared with the official text of the law."""

    days: int | None
    legal_basis: str
    verified: bool = False


PROPOSED = "Đề xuất; Luật 91/2025/QH15: chỉ lưu trong thời gian cần cho mục đích"
TERMS: dict[str, Term] = {
    Kept.CONTACT: Term(180, PROPOSED),
    Kept.SEALED_TEXTS: Term(365, PROPOSED),
    Kept.PHOTOS: Term(5 * 365, PROPOSED),
    Kept.REPORT: Term(10 * 365, "Đề xuất; thời hạn hồ sơ theo quy định lưu trữ của tỉnh"),
    Kept.MESSAGES: Term(90, PROPOSED),
    Kept.SESSIONS: Term(90, PROPOSED),
    Kept.ADDRESSES: Term(2 * 365, PROPOSED),
    Clock.REPLY: Term(2, "Nghị định 356/2025/NĐ-CP: phản hồi trong 02 ngày làm việc"),
    Clock.CORRECT: Term(10, "Nghị định 356/2025/NĐ-CP: xem, chỉnh sửa, cung cấp dữ liệu trong 10 ngày"),
    Clock.ERASE: Term(20, "Nghị định 356/2025/NĐ-CP: xóa dữ liệu trong 20 ngày"),
    Clock.CORRECT_LATER: Term(10, "Nghị định 356/2025/NĐ-CP: gia hạn một lần, không quá 10 ngày"),
    Clock.ERASE_LATER: Term(20, "Nghị định 356/2025/NĐ-CP: gia hạn một lần, không quá 20 ngày"),
}
