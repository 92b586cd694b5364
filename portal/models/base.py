"""The database handle, and the only place where anything is committed."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import Any

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, DateTime, Engine, MetaData, String, TypeDecorator, event
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.orm import DeclarativeBase

CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


PRAGMAS = (
    *("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", "busy_timeout=15000"),
    "secure_delete=ON",  # what was erased or sealed is not left behind in free pages
)


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=CONVENTION)


db = SQLAlchemy(model_class=Base)


class Moment(TypeDecorator[datetime]):
    """A timezone-aware moment, stored in UTC on SQLite and PostgreSQL alike."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value and value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value and value.replace(tzinfo=UTC)


class Sealed(TypeDecorator[str]):
    """Words that the vault has sealed, or '' for none; plain ones are refused. `flask vault rotate` finds its columns.

    A table with such a column has one column as its key.
    """

    impl = String
    cache_ok = True
    SIGN = "gAAAAA"  # how every Fernet token begins until the year 2106

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        if value and not value.startswith(self.SIGN):
            raise ValueError("only sealed words may be kept here")
        return value


@contextmanager
def transaction() -> Iterator[None]:
    """Save everything inside together, or nothing. An inner one joins the outer one.

    What was read before is read again: on SQLite a write that starts from an old snapshot is refused, so the
    read transaction ends first and the writing one takes the lock at once (BEGIN IMMEDIATE).
    """
    session = db.session()
    if session.info.get("writing"):
        yield
        return
    session.rollback()
    session.info["writing"] = True
    try:
        session.connection(execution_options={"writing": True})
        yield
        session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        session.info["writing"] = False


@contextmanager
def apart() -> Iterator[Connection]:
    """A short writing transaction beside the session's: what it saves stays, whatever becomes of that.

    Not inside `transaction()`, whose lock it would wait for.
    """
    if db.session.info.get("writing"):
        raise RuntimeError("a transaction is open")
    with db.engine.execution_options(writing=True).begin() as connection:
        yield connection


class _Undone(Exception):
    """Ends a transaction that was never meant to stay."""


@contextmanager
def rehearsal() -> Iterator[None]:
    """A transaction that is taken back at its end: for seeing what it would do. It must not stand in another one."""
    with suppress(_Undone), transaction():
        yield
        raise _Undone


def end_reading() -> None:
    """Let go of what was read, before something slow is done: no lock and no old snapshot is kept meanwhile."""
    db.session.rollback()


@event.listens_for(Engine, "connect")
def _prepare_sqlite(connection: Any, _record: object) -> None:
    if type(connection).__module__.startswith("sqlite3"):
        connection.isolation_level = None  # the driver begins nothing by itself: _begin_sqlite does
        for pragma in PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")


@event.listens_for(Engine, "begin")
def _begin_sqlite(connection: Any) -> None:
    if connection.dialect.name == "sqlite":
        writing = connection.get_execution_options().get("writing")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


@event.listens_for(Engine, "handle_error")
def _leave_out_the_row(context: ExceptionContext) -> None:
    """Where parameters are hidden, PostgreSQL's own sentences are too: they quote the row that it refused.

    In their place stands what it is called: type, SQLSTATE, table, column, constraint. SQLite quotes no row.
    """
    refusal, wrapped = context.original_exception, context.sqlalchemy_exception
    state = getattr(refusal, "sqlstate", None)
    if not state or not wrapped or not context.engine or not context.engine.hide_parameters:
        return
    diagnosis = refusal.diag  # type: ignore[attr-defined]
    names = {part: getattr(diagnosis, f"{part}_name") for part in ("table", "column", "constraint")}
    called = [f"{part} {name}" for part, name in names.items() if name]
    refusal.args = wrapped.args = (", ".join([type(refusal).__name__, f"SQLSTATE {state}", *called]),)
