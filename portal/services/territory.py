"""The territory pack: checked as a whole, then loaded as a whole."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import event, exists, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, SessionTransaction

from portal.core import contradictions, packs, text
from portal.core.packs import KEYS, LEVELS, Pack, PackError, Problem, Values
from portal.models import (
    AnswerTemplate,
    Area,
    Boundary,
    Category,
    Choice,
    Cue,
    EscalationRule,
    Holiday,
    Neighbour,
    Question,
    Recount,
    Report,
    RoutingCase,
    RoutingRule,
    ServiceLevel,
    Succession,
    Territory,
    Text,
    Unit,
    db,
    rehearsal,
    transaction,
)

MODELS = {
    "areas.csv": Area,
    "successions.csv": Succession,
    "units.csv": Unit,
    "categories.csv": Category,
    "questions.csv": Question,
    "choices.csv": Choice,
    "clocks.csv": ServiceLevel,
    "routing.csv": RoutingRule,
    "cases.csv": RoutingCase,
    "words.csv": Cue,
    "texts.csv": Text,
    "neighbours.csv": Neighbour,
    "templates.csv": AnswerTemplate,
    "escalations.csv": EscalationRule,
    "holidays.csv": Holiday,
}
Key = tuple[Any, ...]
TELL_THE_TIME = ("holidays.csv", "units.csv", "clocks.csv")
MEMO = "territory version"
REVISED = "territory revised"
VERSION = select(Territory.digest, Territory.revision)
FOLDED = (Area, Unit)
REMOVABLE = (
    Area,
    Succession,
    Question,
    Choice,
    ServiceLevel,
    RoutingCase,
    Cue,
    Text,
    Neighbour,
    AnswerTemplate,
    EscalationRule,
    Holiday,
)


class Version(NamedTuple):
    """The loaded pack, and how often it or the directory has changed since."""

    digest: str
    revision: int


@dataclass
class TableChanges:
    """What loading does to one table: numbers of rows, and the keys of those that differ from the pack and stay."""

    added: int = 0
    updated: int = 0
    removed: int = 0
    edited_here: list[str] = field(default_factory=list)
    no_longer_in_pack: list[str] = field(default_factory=list)


@dataclass
class Changes:
    """What loading does, by file; empty where this very pack was loaded before."""

    tables: dict[str, TableChanges] = field(default_factory=dict)

    @property
    def unchanged(self) -> bool:
        return not self.tables


def version() -> Version | None:
    """Which territory and directory are in force, or None before the first load.

    What a process remembers of them is good only for the version that it was made from. It is read once in each
    transaction; one that changes them has a version of its own, for what it reads may yet be taken back.
    """
    if MEMO not in db.session.info:
        row = db.session.execute(VERSION).first()
        db.session.info[MEMO] = Version(*row) if row else None
    return db.session.info[MEMO]


def revise() -> None:
    """Say, inside a transaction, that territory or directory change: nobody's memory of them is good any more."""
    db.session.execute(update(Territory).values(revision=_new_revision()))
    db.session.info[MEMO] = Version("", _new_revision())
    db.session.info[REVISED] = True


def _new_revision() -> int:
    """By chance, not by counting: a number that was taken back, or is in a backup, must not come again."""
    return secrets.randbelow(2**31)


def revising() -> bool:
    """Has this transaction changed territory or directory? What it reads must not be remembered: it may fail yet."""
    return REVISED in db.session.info


def current() -> Territory | None:
    """The loaded territory, or None before the first load. It belongs to no session, so it outlives a rollback."""
    now = version()
    return _remembered(now) if now else None


@lru_cache(maxsize=4)
def _remembered(_version: Version) -> Territory:
    loaded = db.session.get_one(Territory, 1)
    db.session.expunge(loaded)
    return loaded


@event.listens_for(Session, "after_transaction_end")
def _read_the_version_anew(session: Session, transaction: SessionTransaction) -> None:
    session.info.pop(MEMO, None)
    if transaction.parent is None:
        session.info.pop(REVISED, None)


def check(folder: Path) -> Pack:
    """The rows of the pack in this folder. Raises PackError with every problem, each with file, line and column."""
    return _checked(_files(folder))


def load(
    folder: Path, *, now: datetime, dry_run: bool = False, progress: Callable[[int], object] = lambda _: None
) -> Changes:
    """Make the database say what the pack says, all of it or, with PackError, nothing.

    The pack that is already loaded is left alone at once. Rows that an administrator changed stay as they are;
    units, categories and rules that the pack no longer has stay too and are named; the others go unless a
    report needs them. A dry run does all this and takes it back. `progress` is told 1 after each of FILES.
    """
    files = _files(folder)
    digest = sha256(b"\0".join(name.encode() + b"\0" + files[name] for name in sorted(files))).hexdigest()
    if _loaded_digest() == digest:
        return Changes()
    pack = _checked(files)
    _demand_the_same_territory(pack)
    try:
        with rehearsal() if dry_run else transaction():
            changes = _write(pack, digest, now, progress)
    except IntegrityError:
        if _loaded_digest() == digest:  # another process was faster
            return Changes()
        raise
    return changes


def _files(folder: Path) -> dict[str, bytes]:
    files, problems = {}, []
    for name in packs.FILES:
        try:
            files[name] = (folder / name).read_bytes()
        except FileNotFoundError:
            problems.append(Problem(name, 0, "", "the file is missing"))
        except OSError as error:
            problems.append(Problem(name, 0, "", f"the file cannot be read: {error.strerror}"))
    if problems:
        raise PackError(problems)
    return files


def _demand_the_same_territory(pack: Pack) -> None:
    """Raises PackError where this database holds another province: its units and reports would be mixed up."""
    loaded = current()
    if loaded and loaded.code != pack.territory["code"]:
        line = next(line for line, row in pack.rows["territory.csv"].items() if row["key"] == "code")
        reason = f"this database holds the territory {loaded.code}; another one needs a database of its own"
        raise PackError([Problem("territory.csv", line, "value", reason)])


def _checked(files: dict[str, bytes]) -> Pack:
    pack = packs.read(files)
    contradictions.check(pack)
    return pack


def _loaded_digest() -> str | None:
    return db.session.scalar(select(Territory.digest))


def _write(pack: Pack, digest: str, now: datetime, progress: Callable[[int], object]) -> Changes:
    changes = Changes({"territory.csv": _write_territory(pack, digest, now)})
    progress(1)
    tables = {file: TableChanges() for file in MODELS}
    for file, table in tables.items():
        _merge(file, _wanted(file, pack), table)
        progress(1)
    for file, table in reversed(tables.items()):  # what refers goes before what it refers to
        _tidy(file, _wanted(file, pack), table)
    changes.tables |= tables
    _let_clocks_follow(changes, now)
    return changes


def _let_clocks_follow(changes: Changes, now: datetime) -> None:
    """Open clocks are counted anew where the calendar, the hours of a unit or a service level may have changed."""
    touched = {
        file
        for file in TELL_THE_TIME
        if (table := changes.tables[file]).added or table.updated or table.removed
    }
    if touched and db.session.scalar(select(exists().where(Report.id > 0))):
        what = "level" if "clocks.csv" in touched else "pack"
        db.session.add(Recount(cause={"what": what, "name": ""}, asked_at=now))


def _write_territory(pack: Pack, digest: str, now: datetime) -> TableChanges:
    """The territory's own values, counted one by one as its file has them."""
    before = db.session.get(Territory, 1)
    differing = [key for key, value in pack.territory.items() if not before or getattr(before, key) != value]
    stamp = {"digest": digest, "revision": _new_revision(), "loaded_at": now}
    db.session.merge(Territory(id=1, **stamp, **pack.territory))
    return TableChanges(updated=len(differing)) if before else TableChanges(added=len(differing))


def _wanted(file: str, pack: Pack) -> dict[Key, Values]:
    """The rows that the table should have by key, larger areas before those that lie in them."""
    rows = pack.table(file)
    if MODELS[file] is Area:
        rows.sort(key=lambda row: LEVELS.index(row["level"]))
    if MODELS[file] in FOLDED:
        rows = [row | {"name_folded": text.fold(row["name"])} for row in rows]
    return {tuple(row[column] for column in KEYS[file]): row for row in rows}


def _known(file: str) -> dict[Key, Any]:
    return {
        tuple(getattr(row, column) for column in KEYS[file]): row
        for row in db.session.scalars(select(MODELS[file]))
    }


def _merge(file: str, wanted: dict[Key, Values], changes: TableChanges) -> None:
    """Add the rows that are new and update those that differ, unless an administrator changed them."""
    model, known = MODELS[file], _known(file)
    fresh, differing = [], []
    for key, values in wanted.items():
        if key not in known:
            fresh.append(values)
        elif all(getattr(known[key], column) == value for column, value in values.items()):
            continue
        elif _edited(known[key]):
            changes.edited_here.append(_words(key))
        else:
            differing.append(values | _identity(known[key]))
    if fresh:
        db.session.execute(insert(model), fresh)
    if differing:
        db.session.execute(update(model), differing)
    changes.added, changes.updated = len(fresh), len(differing)


def _tidy(file: str, wanted: dict[Key, Values], changes: TableChanges) -> None:
    """Remove the rows that the pack no longer has and nothing needs, the smallest areas first; name the others."""
    gone = [(key, row) for key, row in _known(file).items() if key not in wanted and not _edited(row)]
    if MODELS[file] is Area:
        gone.sort(key=lambda pair: LEVELS.index(pair[1].level), reverse=True)
    for key, row in gone:
        if MODELS[file] in REMOVABLE and not (isinstance(row, Area) and _needed(row)):
            db.session.delete(row)
            changes.removed += 1
        else:
            changes.no_longer_in_pack.append(_words(key))
    db.session.flush()


def _words(key: Key) -> str:
    return " ".join(str(part) for part in key if part)


def _edited(row: Any) -> bool:
    return getattr(row, "edited_at", None) is not None


def _identity(row: Any) -> Values:
    return {column.name: getattr(row, column.name) for column in row.__table__.primary_key}


def _needed(area: Area) -> bool:
    """Does a report, a rule, its test, a boundary, a smaller area or an edge of a reform speak of this area?"""
    here = (area.vintage, area.code)
    pairs = (
        (Report.area_vintage, Report.area_code),
        (RoutingRule.area_vintage, RoutingRule.area_code),
        (RoutingCase.area_vintage, RoutingCase.area_code),
        (Boundary.vintage, Boundary.code),
        (Area.vintage, Area.parent_code),
        (Succession.from_vintage, Succession.from_code),
        (Succession.to_vintage, Succession.to_code),
    )
    return any(
        db.session.scalar(select(exists().where(vintage == here[0], code == here[1])))
        for vintage, code in pairs
    )
