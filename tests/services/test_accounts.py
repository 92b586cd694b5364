"""Staff accounts: who comes in, who is kept out, and that somebody can always come in."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
from argon2 import PasswordHasher
from flask import Flask, current_app

from portal.adapters import passwords
from portal.core.errors import Conflict, NotAllowed, NotFound, Stale, WrongCredentials
from portal.models import Account, Appointment, Seat, Unit, db, transaction
from portal.services import accounts, records
from portal.services.accounts import Person, seats
from portal.services.accounts.seats import Words
from tests.conftest import MONDAY_8AM, PASSWORD, STRONG
from tests.factories import hire, seat, unit

TOKEN = "the token of a link"
TODAY = MONDAY_8AM.date()


def person(username: str) -> Account:
    return db.session.query(Account).filter_by(username=username).one()


@pytest.fixture
def admin(app: Flask) -> Seat:
    return seat("ha")


@pytest.fixture
def ward(app: Flask) -> Unit:
    return db.session.query(Unit).filter_by(code="UBND_19333", valid_until=None).one()


def sign_in(username: str = "minh", password: str = PASSWORD, **changes: Any) -> Account:
    given = {"demonstration_allowed": True, "now": MONDAY_8AM, "address": ""}
    limits = current_app.extensions["limits"]
    return accounts.sign_in(username, password, limits=limits, **given | changes)


def create(username: str, words: Person, admin: Seat, token: str = TOKEN) -> Account:
    return accounts.create(username, words, token, language="vi", by=admin, now=MONDAY_8AM)


def change(admin: Seat, who: Account, name: str, email: str | None = None) -> Account:
    return accounts.change(who.id, name, email, seen=records.version(who), by=admin, now=MONDAY_8AM)


def end(username: str, *, by: Seat | None, day: date = TODAY) -> Appointment:
    """Of the last appointment of that person."""
    held = person(username).appointments[-1]
    return seats.end(held.id, day, seen=records.version(held), by=by, now=MONDAY_8AM)


def close(admin: Seat | None, who: Account) -> Account:
    return accounts.set_active(who.id, False, seen=records.version(who), by=admin, now=MONDAY_8AM)


def test_the_right_password_opens_also_with_spaces_and_capitals_around_the_name(app: Flask) -> None:
    assert sign_in("  MINH ").username == "minh"


def test_a_wrong_password_an_unknown_name_and_a_closed_account_sound_the_same(
    app: Flask, admin: Seat
) -> None:
    close(admin, person("minh"))
    for username, password in (
        ("tuan", "sai"),
        ("khong-co", PASSWORD),
        ("minh", PASSWORD),
        ("mi\x00nh", "x"),
    ):
        with pytest.raises(WrongCredentials):
            sign_in(username, password)


def test_demonstration_accounts_open_only_where_they_may(app: Flask) -> None:
    with transaction():
        person("minh").demonstration = True
    assert sign_in().username == "minh"
    with pytest.raises(WrongCredentials):
        sign_in(demonstration_allowed=False)


def test_a_digest_of_former_parameters_is_made_anew_at_the_next_sign_in(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passwords, "hasher", STRONG)
    former = PasswordHasher(memory_cost=1024, time_cost=1, parallelism=1).hash(PASSWORD)
    with transaction():
        person("minh").password_hash = former
    assert sign_in().password_hash.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    kept = person("minh").password_hash
    assert sign_in().password_hash == kept


def test_whoever_is_half_way_in_is_so_while_the_account_is_open_and_the_password_the_same(
    app: Flask, admin: Seat
) -> None:
    minh = person("minh")
    assert accounts.unchanged(minh.id, minh.sign_in_stamp) is minh
    assert accounts.unchanged(minh.id, "another stamp") is None
    assert accounts.unchanged(2147483647, minh.sign_in_stamp) is None
    close(admin, minh)
    assert accounts.unchanged(minh.id, minh.sign_in_stamp) is None


def test_a_token_hangs_on_every_part_of_its_occasion(app: Flask) -> None:
    occasions = [("form-1", "lan"), ("form-2", "lan"), ("form-1lan",), ("form-1", "la", "n")]
    made = {accounts.drawn("a secret", *occasion) for occasion in occasions}
    made.add(accounts.drawn("another secret", "form-1", "lan"))
    assert len(made) == 5 and min(map(len, made)) >= 43
    assert accounts.drawn("a secret", "form-1", "lan") in made


def test_a_username_and_an_address_belong_to_one_person(app: Flask, admin: Seat, ward: Unit) -> None:
    lan = create("lan.vo", Person("Võ Thị Lan", "officer", ward.id, "lan@example.vn"), admin)
    assert create("lan.vo", Person("Võ Thị Lan", "officer", ward.id, "lan@example.vn"), admin).id == lan.id
    assert lan.appointments[0].unit_id == ward.id
    for username, email, field in (
        ("minh", None, "username"),
        ("lan.vo", None, "username"),
        ("lan.vu", "lan@example.vn", "email"),
    ):
        with pytest.raises(Conflict) as refused:
            create(username, Person("Người khác", "officer", ward.id, email), admin, "another form")
        assert refused.value.details == {"field": field, "reason": f"{field}_taken"}
    with pytest.raises(Conflict):
        change(admin, person("minh"), "Nguyễn Văn Minh", "lan@example.vn")
    assert sign_in().name == "Nguyễn Văn Minh"
    with pytest.raises(WrongCredentials):
        sign_in("lan.vo", "")


def test_an_officer_has_a_unit_that_exists_and_an_administrator_none(app: Flask, admin: Seat) -> None:
    gone = db.session.query(Unit).filter_by(code="UBND_461").one()
    for role, unit_id, reason in (
        ("officer", None, "unit_needed"),
        ("officer", gone.id, "unit_needed"),
        ("officer", 2147483647, "unit_needed"),
        ("administrator", gone.id, "no_unit"),
    ):
        with pytest.raises(Conflict) as refused:
            create("moi", Person("Mới", role, unit_id), admin)
        assert refused.value.details == {"field": "unit_id", "reason": reason}


def test_a_change_is_kept_unless_somebody_else_was_faster(app: Flask, admin: Seat) -> None:
    minh = person("minh")
    seen = records.version(minh)
    change(admin, minh, "Nguyễn Văn Minh B")
    for name in ("Nguyễn Văn Minh C", "Nguyễn Văn Minh D"):
        with pytest.raises(Stale):
            accounts.change(minh.id, name, None, seen=seen, by=admin, now=MONDAY_8AM)
    assert person("minh").name == "Nguyễn Văn Minh B"


def test_nobody_closes_or_demotes_themself(app: Flask, admin: Seat) -> None:
    hire("phu", None, "administrator")
    for attempt, field in (
        (lambda: close(admin, admin.account), "active"),
        (lambda: end("ha", by=admin), "until"),
    ):
        with pytest.raises(Conflict) as refused:
            attempt()
        assert refused.value.details == {"field": field, "reason": "yourself"}
    assert person("ha").active and person("ha").appointments[0].until is None


def test_the_last_administrator_stays_even_when_the_portal_itself_is_asked(app: Flask, admin: Seat) -> None:
    hire("phu", None, "administrator")
    end("phu", by=admin, day=TODAY + timedelta(days=30))
    for attempt, field in (
        (lambda: close(None, admin.account), "active"),
        (lambda: end("ha", by=None), "until"),
    ):
        with pytest.raises(Conflict) as refused:
            attempt()
        assert refused.value.details == {"field": field, "reason": "last_administrator"}, (
            "one with an end is none"
        )


def test_an_appointment_is_given_once_holds_for_its_days_and_is_taken_at_once(
    app: Flask, admin: Seat, ward: Unit
) -> None:
    tuan = person("tuan")

    def give(role: str, unit: Unit | None, since: date = TODAY, until: date | None = None) -> Appointment:
        words = Words(role, unit and unit.id, since, until)
        return seats.appoint(tuan.id, words, by=admin, now=MONDAY_8AM)

    def roles(days: int = 0) -> list[str]:
        return [each.role for each in seats.held(tuan, now=MONDAY_8AM + timedelta(days=days))]

    later = TODAY + timedelta(days=10)
    assert give("unit_lead", ward).id == give("unit_lead", ward).id
    give("auditor", None, later, later + timedelta(days=5))
    assert (roles(), roles(10), roles(15)) == (
        ["officer", "unit_lead"],
        ["officer", "unit_lead", "auditor"],
        ["officer", "unit_lead"],
    )
    for refused, field, reason in (
        (lambda: give("unit_lead", ward, later), "role", "appointed_already"),
        (lambda: give("editor", None, TODAY - timedelta(days=1)), "since", "past"),
        (lambda: give("editor", None, later, later), "until", "until_before_since"),
        (lambda: give("coordinator", ward), "unit_id", "centre_needed"),
        (lambda: give("editor", ward), "unit_id", "no_unit"),
        (lambda: end("tuan", by=admin, day=TODAY - timedelta(days=1)), "until", "past"),
    ):
        with pytest.raises(Conflict) as error:
            refused()
        assert error.value.details == {"field": field, "reason": reason}
    give("coordinator", unit("IOC"))
    assert roles()[-1] == "coordinator"
    held = next(each for each in tuan.appointments if each.role == "unit_lead")
    seen = records.version(held)
    seats.end(held.id, TODAY, seen=seen, by=admin, now=MONDAY_8AM)
    with pytest.raises(Stale):
        seats.end(held.id, later, seen=seen, by=admin, now=MONDAY_8AM)
    assert roles() == ["officer", "coordinator"]
    with pytest.raises(NotAllowed):
        seats.appoint(tuan.id, Words("administrator", None, TODAY), by=seat("minh"), now=MONDAY_8AM)


def test_of_two_administrators_who_close_each_other_one_is_left(app: Flask) -> None:
    hire("phu", None, "administrator")
    seen = {name: (person(name).id, records.version(person(name))) for name in ("ha", "phu")}

    def turn(pair: tuple[str, str]) -> str:
        by, whom = pair
        with app.app_context():
            try:
                number, version = seen[whom]
                accounts.set_active(number, False, seen=version, by=seat(by), now=MONDAY_8AM)
            except (Conflict, NotAllowed):
                return "refused"
            finally:
                db.session.remove()
        return "closed"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(turn, [("ha", "phu"), ("phu", "ha")])) == ["closed", "refused"]
    db.session.rollback()
    assert [person(name).active for name in ("ha", "phu")].count(True) == 1


def test_closing_is_done_once_and_undone(app: Flask, admin: Seat) -> None:
    minh = person("minh")
    seen = records.version(minh)
    for _ in range(2):
        accounts.set_active(minh.id, False, seen=seen, by=admin, now=MONDAY_8AM)
    with pytest.raises(Stale):
        accounts.set_active(minh.id, True, seen=seen, by=admin, now=MONDAY_8AM)
    accounts.set_active(minh.id, True, seen=records.version(minh), by=admin, now=MONDAY_8AM)
    assert sign_in().username == "minh"


def test_people_are_listed_by_given_name_and_found_without_marks(app: Flask, admin: Seat) -> None:
    def usernames(**asked: Any) -> list[str]:
        return [account.username for account in accounts.everybody(1, now=MONDAY_8AM, **asked).items]

    assert usernames() == ["ha", "minh", "tuan"]
    assert usernames(search="nguyen minh") == ["minh"]
    assert usernames(search="nam dong ha") == ["tuan"], "by unit"
    assert usernames(role="administrator") == ["ha"]
    close(admin, person("minh"))
    assert usernames() == ["ha", "tuan"]
    assert usernames(state="closed") == ["minh"]
    assert usernames(state="all", search="khong ai") == []
    with pytest.raises(records.NoSuchPage):
        accounts.everybody(2, now=MONDAY_8AM)


def test_an_account_that_does_not_exist_is_not_found(app: Flask) -> None:
    with pytest.raises(NotFound):
        accounts.person(2147483647)
