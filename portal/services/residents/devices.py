"""The phones of a resident: which reports they show, and how they are signed out."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import ColumnElement, delete, or_, select, update
from sqlalchemy.orm import joinedload, selectinload

from portal.core.errors import NotFound
from portal.models import ContactCode, Device, Report, db, transaction
from portal.services import audit
from portal.services.privacy import identity

YEAR = timedelta(days=365)
LONGEST_AGENT = 300


def digest(token: str) -> str:
    """256 random bits need no key and no salt."""
    return sha256(token.encode()).hexdigest()


def start(token: str, code: ContactCode, former: str, agent: str, *, now: datetime) -> None:
    """Let the browser with this token in for a year, instead of its former one; inside a transaction."""
    db.session.execute(
        update(Device).where(Device.token_hash == digest(former), _in_force(now)).values(ended_at=now)
    )
    db.session.add(
        Device(
            token_hash=digest(token),
            channel=code.channel,
            contact_index=code.contact_index,
            agent=agent[:LONGEST_AGENT],
            since=now,
            expires_at=now + YEAR,
        )
    )


def device_of(token: str, *, now: datetime) -> Device | None:
    """The device of this token, or None where it was signed out or its year is over."""
    return db.session.scalar(select(Device).where(Device.token_hash == digest(token), _in_force(now)))


def reports_of(device: Device) -> list[Report]:
    """Every report with the number or address of this device, newest first: sent later and entered by staff too."""
    query = select(Report).where(Report.id.in_(identity.reports_at(device.channel, device.contact_index)))
    query = query.order_by(Report.submitted_at.desc(), Report.id.desc())
    wanted = joinedload(Report.category), joinedload(Report.area), selectinload(Report.photos)
    return list(db.session.scalars(query.options(*wanted)))


def is_theirs(device: Device, report: Report) -> bool:
    """Was this report sent with the number or address of this device?"""
    own = identity.reports_at(device.channel, device.contact_index)
    query = select(Report.id).where(Report.id == report.id, Report.id.in_(own))
    return db.session.scalar(query) is not None


def devices(device: Device, *, now: datetime) -> Sequence[Device]:
    """All devices of the same number or address, this one among them, the newest first."""
    query = (
        select(Device).where(_same(device), _in_force(now)).order_by(Device.since.desc(), Device.id.desc())
    )
    return db.session.scalars(query).all()


def end(device: Device, other_id: int, *, address: str, now: datetime) -> None:
    """Sign out one device of the same number or address; once more does no harm. Raises NotFound."""
    if db.session.scalar(select(Device.id).where(Device.id == other_id, _same(device))) is None:
        raise NotFound(device=other_id)
    _end(Device.id == other_id, device, address=address, now=now)


def end_others(device: Device, *, address: str, now: datetime) -> None:
    """Sign out every device of the same number or address but this one."""
    _end(_same(device) & (Device.id != device.id), device, address=address, now=now)


def has_old(now: datetime) -> bool:
    return db.session.scalar(select(Device.id).where(_old(now)).limit(1)) is not None


def forget(*, now: datetime) -> None:
    """Delete what was signed out, has expired, or has no reports any more; inside a transaction."""
    db.session.execute(delete(Device).where(_old(now)))


def _end(which: ColumnElement[bool], device: Device, *, address: str, now: datetime) -> None:
    own = device.id
    with transaction():
        ended = db.session.scalars(
            update(Device)
            .where(which, _in_force(now))
            .values(ended_at=now)
            .returning(Device.id)
            .execution_options(synchronize_session=False)
        ).all()
        for number in ended:
            subject, details = ("resident_device", number), {"from": own}
            audit.note("end_device", address=address, subject=subject, details=details, now=now)


def _same(device: Device) -> ColumnElement[bool]:
    return (Device.channel == device.channel) & (Device.contact_index == device.contact_index)


def _in_force(now: datetime) -> ColumnElement[bool]:
    return Device.ended_at.is_(None) & (Device.expires_at > now)


def _old(now: datetime) -> ColumnElement[bool]:
    gone = identity.nobody_at(Device.channel, Device.contact_index)
    return or_(Device.ended_at.is_not(None), Device.expires_at <= now, gone)
