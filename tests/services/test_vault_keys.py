"""Three keys in turn: everything goes under the newest, whatever happens meanwhile, and what is lost is named."""

from collections.abc import Callable

import pytest
from click.testing import Result
from cryptography.fernet import Fernet
from flask import Flask
from sqlalchemy import select, update

from portal.adapters.vault import Vault
from portal.models import AuditEntry, Authenticator, Contact, Device, db, transaction
from portal.services import residents
from portal.services.privacy import identity, indexes, keys
from tests.conftest import MONDAY_8AM
from tests.factories import account, send_report

FIRST, SECOND, THIRD = (Fernet.generate_key().decode() for _ in range(3))
INDEX = "an index key that stays as it is"
Run = Callable[..., Result]


@pytest.fixture
def hold(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Vault]:
    """Give the portal these keys, newest first."""

    def these(*held: str, index: str = INDEX) -> Vault:
        monkeypatch.setitem(app.extensions, "vault", Vault(held, index))
        app.config["VAULT_KEYS"] = held
        return app.extensions["vault"]

    return these


@pytest.fixture
def run(app: Flask) -> Run:
    def command(*arguments: str) -> Result:
        result = app.test_cli_runner().invoke(args=["vault", *arguments])
        db.session.rollback()
        return result

    return command


def cells(result: Result, column: str) -> list[str]:
    (line,) = (line for line in result.output.splitlines() if line.startswith(column))
    return line.split()[1:]


def test_everything_goes_under_the_newest_key(
    hold: Callable[..., Vault], run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keys, "BATCH", 2)
    hold(FIRST)
    ids = [send_report(name="Lê Văn Bá", email=f"ba{number}@example.vn").id for number in range(5)]
    before = [identity.ways(number) for number in ids]
    hold(SECOND, FIRST)
    send_report(phone="", name="Lan")
    assert cells(run("check"), "contact.name") == ["1", "5", "0"]

    def broken_off(_rows: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        keys.rotate(hold(SECOND, FIRST), broken_off, now=MONDAY_8AM)
    result = run("check")
    assert cells(result, "contact.name") == ["3", "3", "0"] and "may be taken away" not in result.output
    result = run("rotate")
    assert (result.exit_code, cells(result, "contact.phone")) == (0, ["5", "0", "0"])
    assert "3 rows sealed anew" in result.output and "may be taken away: key 2" in result.output
    assert "0 rows sealed anew, 0 contacts indexed anew" in run("rotate").output
    assert db.session.scalars(select(AuditEntry.details).filter_by(deed="rotate")).all() == [{"rows": 3}]

    with transaction():
        code = Authenticator(account_id=account("minh").id, secret=hold(SECOND).seal("JBSWY3DP"))
        code.last_step, code.added_at = 0, MONDAY_8AM
        db.session.add(code)
    vault = hold(THIRD, SECOND)
    assert run("rotate").exit_code == 0
    vault = hold(THIRD)
    assert [identity.ways(number) for number in ids] == before, "the index does not know of the keys"
    assert vault.unseal(db.session.scalars(select(Authenticator.secret)).one()) == "JBSWY3DP"
    told = identity.opened(ids[4], vault=vault)
    assert told and (told.name, told.email, told.words) == ("Lê Văn Bá", "ba4@example.vn", "+84912345678")
    assert run("check").exit_code == 0


def test_a_writer_meanwhile_is_not_overwritten_and_what_is_lost_is_named(
    app: Flask, hold: Callable[..., Vault], run: Run
) -> None:
    hold(FIRST)
    kept, written = send_report(), send_report()
    lost = send_report(name="Không còn khóa").id
    strange = Vault([THIRD], INDEX)
    with transaction():
        db.session.get_one(Contact, lost).name = strange.seal("Không còn khóa")

    class Meanwhile(Vault):
        """Somebody puts the number right while the rows are sealed anew."""

        def reseal(self, sealed: str) -> str:
            with transaction():
                right = update(Contact).where(Contact.report_id == written.id)
                db.session.execute(right.values(phone=self.seal("+84987654321")))
            return super().reseal(sealed)

    vault = Meanwhile([SECOND, FIRST], INDEX)
    keys.rotate(vault, lambda _rows: None, now=MONDAY_8AM)
    assert [vault.unseal(db.session.get_one(Contact, one.id).phone) for one in (kept, written)] == [
        "+84912345678",
        "+84987654321",
    ]
    hold(SECOND, FIRST)
    result = run("rotate")
    assert result.exit_code == 1 and "1 values are not under the newest key" in result.output
    result = run("check")
    assert result.exit_code == 1 and "No key opens 1 values" in result.output
    assert cells(result, "contact.name") == ["0", "0", "1"]
    assert cells(result, "contact.phone") == ["3", "0", "0"]
    assert Vault([run("new-key").output.strip()], INDEX).seal("Lan")


def test_a_new_index_key_finds_everybody_again_and_signs_no_phone_out(
    hold: Callable[..., Vault], run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(indexes, "BATCH", 2)
    vault = hold(FIRST)
    ids = [send_report(email="ba@example.vn").id for _ in range(3)] + [send_report(phone="", name="Lan").id]
    index = vault.index("email", "ba@example.vn")
    with transaction():
        phone = {"channel": "mail", "agent": "Tests", "since": MONDAY_8AM, "expires_at": MONDAY_8AM}
        db.session.add(Device(token_hash="mot", contact_index=index, **phone))
    vault = hold(SECOND, FIRST, index="the index key that a province has from today on")
    new = vault.index("email", "Ba@Example.vn")
    assert "3 contacts have the index of another" in run("check").output
    assert db.session.scalars(identity.reports_at("mail", new)).all() == []
    result = run("rotate")
    assert result.exit_code == 0 and "4 rows sealed anew, 3 contacts indexed anew" in result.output
    assert sorted(db.session.scalars(identity.reports_at("mail", new))) == ids[:3]
    assert identity.ways(ids[0]) == [("sms", vault.index("phone", "0912345678")), ("mail", new)]
    device = db.session.scalars(select(Device)).one()
    assert len(residents.reports_of(device)) == 3
    assert "0 contacts indexed anew" in run("rotate").output and "another" not in run("check").output
