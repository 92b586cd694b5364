"""Which keys seal what, in every table with sealed columns, and everything put under the newest one.

A key cannot be seen on what it sealed, so each value is tried; what is under the newest key is left alone. Thus a run
that was broken off is taken up by the next one, and a second run writes nothing.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Row, Table, Update, bindparam, func, select, update

from portal.adapters.vault import Vault
from portal.models import Sealed, db, end_reading, transaction
from portal.services import audit

BATCH = 500
# "table.column" → how many values each key opens, 0 the newest; None: no key
Seals = Mapping[str, Counter[int | None]]


def tables() -> list[Table]:
    """The tables with sealed columns."""
    return [table for table in db.metadata.sorted_tables if _sealed(table)]


def rows() -> int:
    """How many rows there are to look at."""
    return sum(db.session.scalar(select(func.count()).select_from(table)) or 0 for table in tables())


def check(vault: Vault, progress: Callable[[int], None]) -> Seals:
    """Count for each sealed column by which keys its values are sealed."""
    seals: dict[str, Counter[int | None]] = {}
    for table in tables():
        for batch in _batches(table):
            for row in batch:
                for column in _sealed(table):
                    if value := row._mapping[column]:
                        seals.setdefault(str(column), Counter())[vault.key_of(value)] += 1
            progress(len(batch))
    return seals


def rotate(vault: Vault, progress: Callable[[int], None], *, now: datetime) -> int:
    """Seal by the newest key whatever an older one has sealed, some rows at a time; return how many rows that were.

    Safe beside running writers: a row that one of them has changed meanwhile stays as they wrote it. What no key opens
    is left as it is; `check` says what is left.
    """
    done = 0
    for table in tables():
        write = _write(table)
        for batch in _batches(table):
            anew = [values for row in batch if (values := _resealed(table, row, vault))]
            if anew:
                with transaction():
                    done += db.session.execute(write, anew).rowcount  # type: ignore[attr-defined]
            progress(len(batch))
    if done:
        with transaction():
            audit.note("rotate", subject=("vault", ""), details={"rows": done}, now=now)
    return done


def _sealed(table: Table) -> list[Column[str]]:
    return [column for column in table.columns if isinstance(column.type, Sealed)]


def _batches(table: Table) -> Iterator[list[Row]]:
    """The key and the sealed values of every row; nothing is held while the caller works."""
    (key,) = table.primary_key.columns
    query = select(key, *_sealed(table)).order_by(key).limit(BATCH)
    batch = list(db.session.execute(query))
    while batch:
        end_reading()
        yield batch
        batch = list(db.session.execute(query.where(key > batch[-1][0])))


def _resealed(table: Table, row: Row, vault: Vault) -> dict[str, Any]:
    """What `_write` needs to know of a row; nothing where no older key has sealed anything of it."""
    old = {column.name: row._mapping[column] for column in _sealed(table)}
    new = {name: vault.reseal(value) for name, value in old.items() if value and vault.key_of(value)}
    if not new:
        return {}
    both = {f"old_{name}": value for name, value in old.items()}
    return both | {f"new_{name}": value for name, value in (old | new).items()} | {"key": row[0]}


def _write(table: Table) -> Update:
    """Write the sealed columns of one row as long as they say what was read."""
    (key,) = table.primary_key.columns
    columns = _sealed(table)
    unchanged = [column.is_not_distinct_from(bindparam(f"old_{column.name}")) for column in columns]
    written: dict[Any, Any] = {column: bindparam(f"new_{column.name}") for column in columns}
    return update(table).where(key == bindparam("key"), *unchanged).values(written)
