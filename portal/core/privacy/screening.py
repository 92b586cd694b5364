"""What a text that everybody may read must not show: numbers by which a person can be called, found or billed."""

import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum

from portal.core import phones

VERSION = 1  # of these rules: a higher one has every kept text screened again


class Kind(StrEnum):
    EMAIL = "email"
    PLATE = "plate"
    IDENTITY = "identity"
    PHONE = "phone"
    ACCOUNT = "account"


PLACEHOLDERS = {
    Kind.EMAIL: "[thư điện tử]",
    Kind.PLATE: "[biển số xe]",
    Kind.IDENTITY: "[số giấy tờ]",
    Kind.PHONE: "[số điện thoại]",
    Kind.ACCOUNT: "[số tài khoản]",
}


@dataclass(frozen=True)
class Finding:
    """What stands at `start` up to `end` of a text."""

    kind: Kind
    start: int
    end: int


@dataclass(frozen=True)
class Screened:
    """A text as everybody may read it, and which kinds of data were taken out; none: it is as it was written."""

    public: str
    kinds: tuple[Kind, ...]


def screen(text: str, kinds: Collection[Kind] = tuple(Kind)) -> Screened:
    """'Gọi 0912 345 678 nhé' → 'Gọi [số điện thoại] nhé'. What is screened once stays as it is; others than these
    `kinds` stay too.
    """
    findings = [found for found in find(text) if found.kind in kinds]
    pieces, at = [], 0
    for found in findings:
        pieces += [text[at : found.start], PLACEHOLDERS[found.kind]]
        at = found.end
    return Screened("".join(pieces) + text[at:], tuple(dict.fromkeys(found.kind for found in findings)))


def find(text: str) -> list[Finding]:
    """Everything personal in a text in the order of its places; of two that overlap the surer kind."""
    plain = _plain(text)
    taken: list[Finding] = []
    for kind, pattern in PATTERNS:
        for start, end in _spans(pattern, plain):
            if not any(start < other.end and other.start < end for other in taken):
                taken.append(Finding(kind, start, end))
    return sorted(taken, key=lambda found: found.start)


def _spans(pattern: re.Pattern[str], plain: str) -> Iterator[tuple[int, int]]:
    for match in pattern.finditer(plain):
        yield match.span("it") if "it" in pattern.groupindex else match.span()


def _plain(text: str) -> str:
    """The text sign by sign in small letters without marks and common digits, each place where it was."""
    return "".join(map(_bare, text))


def _bare(sign: str) -> str:
    if sign.isascii():
        return sign.lower()
    if sign in "đĐ":
        return "d"
    if sign.isspace():
        return " "
    if unicodedata.category(sign) == "Pd":
        return "-"
    return unicodedata.normalize("NFKD", sign)[:1].lower()[:1]


_JOINT = r"[ .\-]?"
_MONEY = r"(?!\d)(?![ .,]{0,2}(?:d|dong|vnd|vnđ|nghin|ngan|trieu|ty|k|met|m|m2|km|ha|kg|tan|lit)\b)"
_NO_DATE = r"(?!\d{1,2} ?[./\- ] ?\d{1,2} ?[./\- ] ?(?:19|20)\d\d(?!\d))"

_EMAIL = r"(?<![\w.+-])[\w.+-]{0,63}\w ?(?:@|\(at\)|\[at\]) ?(?!(?:[\w-]+\.)*gov\.vn\b)[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}\b"

# Thông tư 79/2024/TT-BCA: province, series of a letter (motorcycles: and a digit or letter), four or five digits.
_SERIES = r"(?:ld|da|kt|mk|td|hc|ng|nn|qt|cv|md\d|r|[a-z]|[a-z][a-z1-9])"
_PLATE = (
    r"(?<![a-z0-9,.])(?:"
    rf"[1-9]\d-?{_SERIES}[ .\-]{{0,3}}\d{{3}}[. ]?\d{{2}}{_MONEY}(?!/)"
    rf"|[1-9]\d ?{_SERIES} ?-? ?\d{{3}}\.\d{{2}}{_MONEY}"
    rf"|[1-9]\d-?{_SERIES}-\d{{4}}(?![\d/])"
    r"|[1-9]\d-?\d{3}-?(?:ng|nn|qt|cv)-?\d{2,3}(?!\d)"
    r"|[1-9]\d-?(?:ng|nn|qt|cv)-?\d{3}-\d{2,3}(?!\d)"
    r")"
)
_PLATE_WORD = r"\b(?:bien so(?: xe)?|bien kiem soat|bsx?|bks|bien xe|xe bien|bien)\b"
_PLATE_NAMED = (
    rf"{_PLATE_WORD}(?: la)?[ :.\-]{{0,3}}"
    rf"(?P<it>[1-9]\d[ \-]?{_SERIES}[ .\-]{{0,3}}\d{{3}}[. ]?\d{{1,2}}(?!\d)|[a-z]{{2}}[ \-.]?\d\d[ \-.]?\d\d(?!\d))"
)

# Thông tư 59/2021/TT-BCA, Điều 4: province of birth, century and sex, two digits of the year, six of chance.
_PROVINCE = (
    r"(?:00[1246]|008|01[0124579]|02[024567]|03[01345678]|04[024568]|049|05[12468]|06[024678]|07[024579]"
    r"|08[0234679]|089|09[1-6])"
)
_CCCD = rf"(?<!\d){_PROVINCE}{_JOINT}[0-3](?:{_JOINT}\d){{8}}(?!\d)"
_CMND = (
    r"\b(?:cmnd|cmt|cmtnd|chung minh(?: thu)?(?: nhan dan)?|can cuoc(?: cong dan)?|cccd|giay to tuy than)\b"
    r"[^\d\n]{0,25}(?P<it>\d(?:[ .\-]?\d){8}(?:(?:[ .\-]?\d){3})?)(?!\d)"
)

_BANK = (
    r"(?:ngan hang|vietcombank|vcb|bidv|agribank|vietinbank|techcombank|tcb|mb ?bank|mb|acb|sacombank|vp ?bank"
    r"|tp ?bank|hdbank|vib|shb|msb|ocb|seabank|lpbank|eximbank|dongabank)"
)
_RUN = r"\d(?:[ .\-]?\d){7,18}"
_SURE_ACCOUNT = (
    rf"\b(?:stk|so tk|so tai khoan|tai khoan so|tk so)\b[^\d\n]{{0,40}}{_NO_DATE}"
    rf"(?P<it>\d(?:[ .\-]?\d){{5,18}}){_MONEY}"
)
_ACCOUNT = rf"\b(?:tk|tai khoan|so the|account|{_BANK})\b[^\d\n]{{0,30}}{_NO_DATE}(?P<it>{_RUN}){_MONEY}"
_ACCOUNT_BEFORE = rf"(?<![\d.,])(?P<it>{_NO_DATE}{_RUN})[ ,:(\-]{{1,3}}{_BANK}\b"

PATTERNS = tuple(
    (kind, re.compile(pattern))
    for kind, pattern in (
        (Kind.EMAIL, _EMAIL),
        (Kind.IDENTITY, _CMND),
        (Kind.ACCOUNT, _SURE_ACCOUNT),
        (Kind.PLATE, _PLATE_NAMED),
        (Kind.PLATE, _PLATE),
        (Kind.IDENTITY, _CCCD),
        (Kind.PHONE, phones.WRITTEN),
        (Kind.ACCOUNT, _ACCOUNT),
        (Kind.ACCOUNT, _ACCOUNT_BEFORE),
    )
)
