"""The staff of the demonstration: the persons one can sign in as, and officers of every unit that has work."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from secrets import token_urlsafe

from sqlalchemy import select

from portal.adapters import passwords
from portal.core.deadlines import day_of
from portal.core.permissions import Role
from portal.models import Account, Appointment, Seat, Unit, db, transaction
from portal.services import routing

APPROVING = "SXD"  # the unit in which a second officer approves every result
PASSWORD = "phan-anh-2026"  # noqa: S105 — printed at the start, and refused in production
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class SignIn:
    """A person of the demonstration: who they are and how they come in. `unit` is a code, None for a role that belongs
    to none; `also` is the unit in which they are an officer beside that.
    """

    username: str
    name: str
    what: str
    unit: str | None
    role: Role = Role.OFFICER
    also: str | None = None
    password: str = PASSWORD


SIGN_INS = (
    SignIn("minh", "Nguyễn Văn Minh", "cán bộ Phường Đông Hà", "UBND_19333"),
    SignIn(
        "nga",
        "Trương Thị Hằng Nga",
        "lãnh đạo Phường Đông Hà, kiêm cán bộ Phường Nam Đông Hà",
        "UBND_19333",
        Role.UNIT_LEAD,
        also="UBND_19351",
    ),
    SignIn("tuan", "Lê Anh Tuấn", "cán bộ Phường Nam Đông Hà", "UBND_19351"),
    SignIn("dien", "Phan Văn Điền", "cán bộ Công ty Điện lực Quảng Trị", "PC_QT"),
    SignIn("dieuphoi", "Hoàng Thị Thu Thủy", "điều phối viên trung tâm điều hành", "IOC", Role.COORDINATOR),
    SignIn("ha", "Trần Thị Thu Hà", "quản trị viên", None, Role.ADMINISTRATOR),
    SignIn("kiemtra", "Bùi Quốc Khánh", "người kiểm tra, chỉ xem", None, Role.AUDITOR),
    SignIn("bientap", "Đặng Thùy Trang", "biên tập viên", None, Role.EDITOR),
)
COLLEAGUES = (
    SignIn("thanh", "Đỗ Thị Thanh", "cán bộ Phường Đông Hà", "UBND_19333"),
    SignIn("quang", "Phan Đình Quang", "cán bộ Phường Đông Hà", "UBND_19333"),
    SignIn("ngoc", "Võ Thị Bảo Ngọc", "cán bộ Phường Đông Hà", "UBND_19333"),
    SignIn("vinh", "Hồ Quang Vinh", "cán bộ Sở Xây dựng", APPROVING),
    SignIn("hanh", "Lê Thị Mỹ Hạnh", "lãnh đạo Sở Xây dựng", APPROVING, Role.UNIT_LEAD),
)


class Staff:
    """Finds an officer for a unit, and hires one where it has none. All share one password."""

    def __init__(self, names: list[str], now: datetime) -> None:
        self._names, self._now = names, now
        self._today = day_of(now)
        self._kept = passwords.digest(PASSWORD)
        self._of_unit: dict[tuple[int, bool], list[int]] = {}
        with transaction():
            for person in (*SIGN_INS, *COLLEAGUES):
                self._hire(person.username, person.name, self._posts(person))
            approving = routing.unit_on(APPROVING, self._today)
            if approving:
                approving.needs_approval = True
        held = select(Appointment).join(Appointment.account).where(Account.demonstration)
        for post in db.session.scalars(held.order_by(Appointment.id)):
            leads = post.role == Role.UNIT_LEAD
            self._of_unit.setdefault((post.unit_id or 0, leads), []).append(post.account_id)

    def officer(self, unit: Unit, chance: Random) -> Seat:
        """One of the unit's officers."""
        if (unit.id, False) not in self._of_unit:
            ending = f"-{unit.valid_until:%y%m}" if unit.valid_until else ""
            username = f"canbo-{unit.code.lower()}{ending}"
            with transaction():
                hired = self._hire(username, chance.choice(self._names), [(Role.OFFICER, unit)])
            self._of_unit[unit.id, False] = [hired.id]
        chosen = chance.choice(self._of_unit[unit.id, False])
        return self.seat(db.session.get_one(Account, chosen), unit)

    def lead(self, unit: Unit) -> Seat:
        """Who leads a unit that approves."""
        [chosen] = self._of_unit[unit.id, True]
        return Seat(db.session.get_one(Account, chosen), Role.UNIT_LEAD, unit)

    def seat(self, account: Account, unit: Unit) -> Seat:
        """That person as an officer of the unit."""
        return Seat(account, Role.OFFICER, unit)

    def _posts(self, person: SignIn) -> list[tuple[Role, Unit | None]]:
        posts = [(person.role, person.unit), *([(Role.OFFICER, person.also)] if person.also else [])]
        return [(role, routing.unit_on(code, self._today) if code else None) for role, code in posts]

    def _hire(self, username: str, name: str, posts: Sequence[tuple[Role, Unit | None]]) -> Account:
        account = db.session.scalar(select(Account).where(Account.username == username))
        if account is None:
            account = Account(
                username=username,
                name=name,
                password_hash=self._kept,
                sign_in_stamp=token_urlsafe(16),
                demonstration=True,
                created_at=self._now,
                appointments=[self._post(role, unit) for role, unit in posts],
            )
            db.session.add(account)
            db.session.flush()
        return account

    def _post(self, role: Role, unit: Unit | None) -> Appointment:
        """Held as long as there is the unit."""
        if unit is None:
            return Appointment(role=role, since=self._today)
        until = unit.valid_until and unit.valid_until + ONE_DAY
        return Appointment(role=role, unit=unit, since=unit.valid_from, until=until)
