"""Who reported: the one room that reads and writes contacts.

They lie sealed. Opened they are only where a message is delivered (`address`) and where somebody with a permission and
a reason asks (`opened`); everything else, such as telling a person once, goes by their blind indexes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    ColumnElement,
    ColumnExpressionArgument,
    Select,
    Subquery,
    delete,
    exists,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.orm import InstrumentedAttribute

from portal.adapters.vault import Vault
from portal.core import phones, text
from portal.core.errors import Held, NotAllowed
from portal.core.privacy.purposes import Purpose
from portal.models import Consent, Contact, Event, Report, db, transaction
from portal.services import audit
from portal.services.privacy import holds

Way = tuple[str, str]
INDEXES: Mapping[str, InstrumentedAttribute[str]] = {"sms": Contact.phone_index, "mail": Contact.email_index}

FOLLOWS = exists().where(
    Consent.report_id == Contact.report_id, Consent.purpose == Purpose.FOLLOW, Consent.withdrawn_at.is_(None)
)


@dataclass(frozen=True)
class Identity:
    """Who somebody is and how to reach them; `phone` as +84…, `words` as they wrote it."""

    name: str = ""
    phone: str = ""
    email: str = ""
    words: str = ""


def keep(report: Report, name: str, phone: str, email: str, *, vault: Vault) -> bool:
    """Keep who reported, sealed; False where they said nothing. `phone` is what they typed. Raises ValueError."""
    number = phones.parse(phone) if phone else ""
    if not (name or number or email):
        return False
    db.session.add(
        Contact(
            report_id=report.id,
            name=vault.seal(text.clean(name)),
            phone=vault.seal(number),
            email=vault.seal(email),
            words=vault.seal(phone),
            phone_index=vault.index("phone", number),
            email_index=vault.index("email", email),
        )
    )
    return True


def left(report_id: int) -> list[str]:
    """What the reporter left, without opening it: 'name', 'phone', 'email'."""
    contact = db.session.get(Contact, report_id)
    return [name for name in ("name", "phone", "email") if contact and getattr(contact, name)]


def change(report: Report, name: str, phone: str, email: str, *, vault: Vault, now: datetime) -> None:
    """Let what is given take the place of what was left; nothing ('') leaves it as it is.

    Raises NotAllowed where nothing was left: that needs a consent first; Held where a case in law needs what was left.
    ValueError for what is no phone number.
    """
    number = phones.parse(phone) if phone else ""
    told = {"name": text.clean(name), "phone": number, "email": email, "words": phone}
    values = {column: vault.seal(said) for column, said in told.items() if said}
    values |= {f"{kind}_index": vault.index(kind, told[kind]) for kind in ("phone", "email") if told[kind]}
    with transaction():
        held = holds.is_held(report.id, now)
        if not left(report.id):
            raise NotAllowed(report=report.code)
        if held:
            raise Held(code=report.code)
        if values:
            db.session.execute(update(Contact).where(Contact.report_id == report.id).values(**values))
            named = [one for one in ("name", "phone", "email") if told[one]]
            audit.note("change", subject=("report", report.id), details={"contact": named}, now=now)


def erase(report_id: int) -> bool:
    """Forget who reported, inside somebody else's transaction; False where nobody knew."""
    gone = db.session.execute(delete(Contact).where(Contact.report_id == report_id))
    return bool(gone.rowcount)  # type: ignore[attr-defined]


def ways(report_id: int) -> list[Way]:
    """How the reporter is told of the report, if they agreed to that: channel ('sms', 'mail') and blind index."""
    contact = _following(report_id)
    if contact is None:
        return []
    found = (("sms", contact.phone_index), ("mail", contact.email_index))
    return [(channel, index) for channel, index in found if index]


def address(report_id: int, channel: str, *, vault: Vault) -> str:
    """The phone number (+84…) or e-mail address to deliver to; '' where there is none (any more). Raises Unsealable."""
    contact = _following(report_id)
    if contact is None:
        return ""
    return vault.unseal(contact.phone if channel == "sms" else contact.email)


def opened(report_id: int, *, vault: Vault) -> Identity | None:
    """Who reported, to be shown to somebody who may know it; None where they left nothing. Raises Unsealable."""
    contact = db.session.get(Contact, report_id)
    if contact is None:
        return None
    return Identity(
        *(vault.unseal(one) for one in (contact.name, contact.phone, contact.email, contact.words))
    )


def _following(report_id: int) -> Contact | None:
    return db.session.scalar(select(Contact).where(Contact.report_id == report_id, FOLLOWS))


def of_the_same(report_id: int, channel: str) -> Select[int]:
    """The ids of all reports of whoever is reached for this one by this channel."""
    index = INDEXES[channel]
    own = select(index).where(Contact.report_id == report_id).scalar_subquery()
    return select(Contact.report_id).where(index == own, index != "", FOLLOWS)


def reports_at(channel: str, index: str) -> Select[int]:
    """The ids of all reports that were left with the number or address of this blind index."""
    return select(Contact.report_id).where(INDEXES[channel] == index, INDEXES[channel] != "")


def nobody_at(channel: InstrumentedAttribute[str], index: InstrumentedAttribute[str]) -> ColumnElement[bool]:
    """Is no report left that has the address of this channel and blind index?"""
    by_phone = (channel == "sms") & (Contact.phone_index == index)
    by_mail = (channel == "mail") & (Contact.email_index == index)
    return ~exists().where(or_(by_phone, by_mail))


def first_events(channel: str, *which: ColumnExpressionArgument[bool]) -> Subquery:
    """Of the events meant, the first one (`id`) of each person who can be reached by this channel."""
    index = INDEXES[channel]
    query = select(func.min(Event.id).label("id")).join(Contact, Contact.report_id == Event.report_id)
    return query.where(index != "", FOLLOWS, *which).group_by(index).subquery()
