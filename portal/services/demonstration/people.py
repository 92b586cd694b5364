"""The staff of the demonstration: the persons one can sign in as, and officers of every unit that has work."""

from dataclasses import dataclass
from datetime import date, datetime
from random import Random
from secrets import token_urlsafe

from sqlalchemy import select

from portal.adapters import passwords
from portal.core.deadlines import VIETNAM
from portal.models import Account, Unit, db, transaction
from portal.services import routing

APPROVING = "SXD"  # the unit in which a second officer approves every result
PASSWORD = "phan-anh-2026"  # noqa: S105 — printed at the start, and refused in production


@dataclass(frozen=True)
class SignIn:
    """A person of the demonstration: who they are and how they come in. `unit` is a code, None for administrators."""

    username: str
    name: str
    what: str
    unit: str | None
    password: str = PASSWORD


SIGN_INS = (
    SignIn("minh", "Nguyễn Văn Minh", "cán bộ Phường Đông Hà", "UBND_19333"),
    SignIn("tuan", "Lê Anh Tuấn", "cán bộ Phường Nam Đông Hà", "UBND_19351"),
    SignIn("dien", "Phan Văn Điền", "cán bộ Công ty Điện lực Quảng Trị", "PC_QT"),
    SignIn("dieuphoi", "Hoàng Thị Thu Thủy", "cán bộ trung tâm điều hành", "IOC"),
    SignIn("ha", "Trần Thị Thu Hà", "quản trị viên", None),
)
COLLEAGUES = (
    SignIn("thanh", "Đỗ Thị Thanh", "cán bộ Phường Đông Hà", "UBND_19333"),
    SignIn("quang", "Phan Đình Quang", "cán bộ Phường Đông Hà", "UBND_19333"),
    SignIn("ngoc", "Võ Thị Bảo Ngọc", "cán bộ Phường Đông Hà", "UBND_19333"),
    SignIn("vinh", "Hồ Quang Vinh", "cán bộ Sở Xây dựng", APPROVING),
    SignIn("hanh", "Lê Thị Mỹ Hạnh", "cán bộ Sở Xây dựng", APPROVING),
)


class Staff:
    """Finds an officer for a unit, and hires one where it has none. All share one password."""

    def __init__(self, names: list[str], now: datetime) -> None:
        self._names, self._now = names, now
        self._today = now.astimezone(VIETNAM).date()
        self._kept = passwords.digest(PASSWORD)
        self._of_unit: dict[int, list[int]] = {}
        with transaction():
            for person in (*SIGN_INS, *COLLEAGUES):
                unit = routing.unit_on(person.unit, self._today) if person.unit else None
                self._hire(person.username, person.name, unit)
                if unit and person.unit == APPROVING:
                    unit.needs_approval = True
        known = (
            select(Account).where(Account.demonstration, Account.unit_id.is_not(None)).order_by(Account.id)
        )
        for account in db.session.scalars(known):
            self._of_unit.setdefault(account.unit_id or 0, []).append(account.id)

    def officer(self, unit: Unit, chance: Random, but: int | None = None) -> Account:
        """One of the unit's officers; another one than the account `but`."""
        if unit.id not in self._of_unit:
            ending = f"-{unit.valid_until:%y%m}" if unit.valid_until else ""
            with transaction():
                hired = self._hire(f"canbo-{unit.code.lower()}{ending}", chance.choice(self._names), unit)
            self._of_unit[unit.id] = [hired.id]
        return db.session.get_one(
            Account, chance.choice([found for found in self._of_unit[unit.id] if found != but])
        )

    def _hire(self, username: str, name: str, unit: Unit | None) -> Account:
        account = db.session.scalar(select(Account).where(Account.username == username))
        if account is None:
            account = Account(
                username=username,
                name=name,
                role="officer" if unit else "administrator",
                unit_id=unit.id if unit else None,
                password_hash=self._kept,
                sign_in_stamp=token_urlsafe(16),
                active=unit is None or _exists(unit, self._today),
                demonstration=True,
                created_at=self._now,
            )
            db.session.add(account)
            db.session.flush()
        return account


def _exists(unit: Unit, day: date) -> bool:
    return unit.valid_until is None or day <= unit.valid_until
