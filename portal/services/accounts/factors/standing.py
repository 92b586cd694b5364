"""What a person has beside the password, what may be taken away, and how every change of it is written down."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select

from portal.core.errors import Conflict, NotFound
from portal.core.permissions import Deed
from portal.models import (
    Account,
    Authenticator,
    LinkedIdentity,
    Passkey,
    RecoveryCode,
    Seat,
    db,
    transaction,
)
from portal.services import audit, records
from portal.services.accounts import sessions


@dataclass(frozen=True)
class Held:
    """A person's second factors. Recovery codes stand in for one; alone they are none."""

    authenticator: Authenticator | None
    passkeys: Sequence[Passkey]
    codes_left: int

    @property
    def count(self) -> int:
        return len(self.passkeys) + (self.authenticator is not None)


def held(person: Account) -> Held:
    """What this person has; passkeys in the order in which they came."""
    mine = {"account_id": person.id}
    left = select(func.count(RecoveryCode.id)).filter_by(**mine, used_at=None)
    return Held(
        db.session.scalar(select(Authenticator).filter_by(**mine)),
        db.session.scalars(select(Passkey).filter_by(**mine).order_by(Passkey.id)).all(),
        db.session.scalar(left) or 0,
    )


def remove_authenticator(person: Account, *, must_have: bool, by: Seat | None, now: datetime) -> None:
    """Forget the app; whoever has none has none. Raises Conflict where it is the last factor and one must stay."""
    with transaction():
        if found := _locked(person).authenticator:
            _take(found, person, must_have)
            changed("remove", ("authenticator", found.id), person, by, now)


def remove_passkey(
    person: Account, passkey_id: int, *, must_have: bool, by: Seat | None, now: datetime
) -> None:
    """Forget one of the person's passkeys. Raises NotFound; Conflict where it is the last factor and one must stay."""
    with transaction():
        found = next((each for each in _locked(person).passkeys if each.id == passkey_id), None)
        if found is None:
            raise NotFound(passkey=passkey_id)
        _take(found, person, must_have)
        changed("remove", ("passkey", found.id), person, by, now)


def remove_all(person: Account, *, by: Seat | None, now: datetime) -> int:
    """Forget everything beside the password, for somebody who lost it all, and end every session; return how much
    there was. A linked identity goes too: whoever made the link in a stolen session would come back by it.

    Raises Conflict for oneself: what is one's own is taken away by showing it.
    """
    with transaction():
        records.queue(by, Deed.KEEP_PEOPLE, now=now)
        if by is not None and by.account_id == person.id:
            raise Conflict(field="factors", reason="own_factors")
        count = (
            _locked(person).count + db.session.query(LinkedIdentity).filter_by(account_id=person.id).count()
        )
        if not count:
            return 0
        for table in (Authenticator, Passkey, RecoveryCode, LinkedIdentity):
            db.session.execute(delete(table).where(table.account_id == person.id))
        sessions.end_sessions(person, by=by, now=now)
        audit.note("remove", by=by, subject=("account", person.id), details={"factors": count}, now=now)
    return count


def changed(deed: str, subject: tuple[str, object], person: Account, by: Seat | None, now: datetime) -> None:
    """Write down a change of somebody's factors, and end their sessions in other browsers: those began without it."""
    sessions.end_sessions(person, but=by.session_id if by else None, by=by, now=now)
    audit.note(deed, by=by, subject=subject, now=now)


def _locked(person: Account) -> Held:
    """What the person has, while nobody else takes anything of it away."""
    db.session.execute(select(Account.id).where(Account.id == person.id).with_for_update())
    return held(person)


def _take(factor: Authenticator | Passkey, person: Account, must_have: bool) -> None:
    last = held(person).count == 1
    if last and must_have:
        raise Conflict(field="factor", reason="last_factor")
    db.session.delete(factor)
    if last:
        db.session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == person.id))
