"""A resident's report: its photos kept, its place and unit found, its promise made, all in one transaction."""

import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import bindparam, delete, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.orm.attributes import set_committed_value

from portal.adapters import photos as darkroom
from portal.adapters.storage import Storage
from portal.adapters.vault import Vault
from portal.core import codes
from portal.core.deadlines import day_of
from portal.core.errors import NotFound
from portal.core.evidence import Trace
from portal.core.privacy.purposes import Purpose
from portal.core.workflow import Actor, Status, Step
from portal.models import Area, Category, Event, Photo, Report, Seat, Territory, Unit, db, transaction
from portal.services import (
    clocks,
    directory,
    former,
    handling,
    notifications,
    places,
    routing,
    standing,
)
from portal.services.evidence import Evidence
from portal.services.guidance import suggestions
from portal.services.handling import Command
from portal.services.privacy import consents, files, identity, masking
from portal.services.privacy.masking import Masked
from portal.services.repeats import recurrence
from portal.services.routing import Routed

UNATTACHED_FOR = timedelta(hours=24)
CODE_TRIES = 20
# Built once, and read by hand: putting queries together and selectinload cost more than the answers (2.5 → 1.2 ms).
BY_CODE = (
    select(Report)
    .where(Report.code == bindparam("code"))
    .options(joinedload(Report.category), joinedload(Report.area), joinedload(Report.lead_unit))
)
PHOTOS_OF = (
    select(Photo)
    .where(Photo.report_id == bindparam("id"))
    .order_by(func.coalesce(Photo.event_id, 0), Photo.id)
)
EVENTS_OF = select(Event).where(Event.report_id == bindparam("id")).order_by(Event.id)


@dataclass(frozen=True)
class Draft:
    """What a resident sends. Coordinates in WGS84 degrees; `phone` as typed; `photos` are tokens of kept photos.

    `located` says how the place was given: 'device', 'pin' or 'area' (chosen by name); `known_by` how its area was
    found: 'inside' a boundary, 'near' one, 'estimate' from known points, or by the 'resident' alone.
    `answers`: question of the category → choice. `entered_by`: the officer who wrote it down for somebody else,
    who then agreed to be kept as a contact `consent_how`: 'oral' or 'written', not in the 'form' itself.
    """

    category: str
    description: str
    area: str
    client_key: str
    latitude: float | None = None
    longitude: float | None = None
    place: str = ""
    located: str = "area"
    known_by: str = "resident"
    language: str = "vi"
    channel: str = "web"
    name: str = ""
    phone: str = ""
    email: str = ""
    consent: bool = False
    photos: tuple[str, ...] = ()
    answers: Mapping[str, str] = field(default_factory=dict)
    entered_by: Seat | None = None
    consent_how: str = "form"
    about_officials: bool = False

    @property
    def submission_key(self) -> str:
        """The same for a repeated sending of the same content from the same form, and for nothing else."""
        point = f"{self.latitude},{self.longitude}"
        answers = repr(sorted(self.answers.items()))
        parts = [self.client_key, self.category, self.description, self.area, point, self.place, answers]
        parts += [
            "about officials"
        ] * self.about_officials  # ticked afterwards it must not go where the first went
        return sha256("\0".join(parts).encode()).hexdigest()


def keep_photo(raw: bytes, *, storage: Storage, now: datetime, traced: bool = False) -> Photo:
    """Prepare and store a picture that no report has yet. Raises BadPhoto.

    `traced`: when and where it was taken is kept beside it. An officer's photo is to prove that, a resident's would
    betray a home.
    """
    prepared = darkroom.prepare(raw)
    trace = darkroom.trace(raw) if traced else Trace()
    token = secrets.token_urlsafe(18)
    for size, picture in prepared.pictures.items():
        storage.put(photo_key(token, size), picture)
    with transaction():
        photo = Photo(
            token=token,
            width=prepared.width,
            height=prepared.height,
            stored_at=now,
            taken_at=trace.taken_at,
            latitude=trace.point and trace.point.latitude,
            longitude=trace.point and trace.point.longitude,
            source=trace.source,
        )
        db.session.add(photo)
    return photo


def photo_key(token: str, size: str) -> str:
    """Where a picture of this size ('large', 'medium', 'small') lies in the store."""
    return f"{token[:2]}/{token}-{size}.webp"


def kept_photos(tokens: Sequence[str]) -> list[Photo]:
    """The photos of these tokens that no report has taken yet."""
    query = select(Photo).where(Photo.token.in_(tokens), Photo.report_id.is_(None)).order_by(Photo.id)
    return list(db.session.scalars(query))


def photo_files(tokens: Iterable[str]) -> Iterator[str]:
    """Where the pictures of these photos lie, in every size."""
    return (photo_key(token, size) for token in tokens for size in darkroom.SIZES)


def purge_photos(*, now: datetime) -> int:
    """Forget pictures that no report took within a day; return how many.

    The rows go first: a form that is sent at this moment either has its picture or finds it gone, and never
    shows one that is not in the store.
    """
    old = Photo.report_id.is_(None), Photo.stored_at < now - UNATTACHED_FOR
    with transaction():
        gone = list(db.session.scalars(delete(Photo).where(*old).returning(Photo.token)))
        files.doom(photo_files(gone))
    return len(gone)


def submit(
    draft: Draft, *, vault: Vault, now: datetime, choose: Callable[[int], int] = secrets.randbelow
) -> Report:
    """Keep a report, route it, start its clocks and return it; a repeated sending returns the first one.

    Personal data in what everybody will read is masked, and what was written kept sealed.

    `choose(n)` gives a number below n for the code and the reporter's key. A closed category's
    reports go into the one that took its place. Raises NotFound for an unknown category, area or answer.
    """
    try:
        with transaction():
            if (earlier := _sent_before(draft)) is None:
                return _create(draft, vault, now, choose)
            return earlier
    except IntegrityError:
        if (earlier := _sent_before(draft)) is not None:
            return earlier
        raise


def by_code(raw: str) -> Report:
    """The report of a code as a person typed it. Raises codes.BadCode for a slip of the pen, else NotFound."""
    report = db.session.scalar(BY_CODE, {"code": codes.parse(raw)})
    if report is None:
        raise NotFound(code=raw)
    for hanging, query in (("photos", PHOTOS_OF), ("events", EVENTS_OF)):
        set_committed_value(report, hanging, list(db.session.scalars(query, {"id": report.id})))
    return report


def of_codes(wanted: Sequence[str]) -> list[Report]:
    """The reports of these codes, newest first."""
    return list(
        db.session.scalars(
            select(Report)
            .where(Report.code.in_(wanted))
            .order_by(Report.submitted_at.desc())
            .options(joinedload(Report.category), joinedload(Report.area), selectinload(Report.photos))
        )
    )


def entered(raw_code: str, seat: Seat) -> Report:
    """The report of this code if this officer entered it for somebody; NotFound for every other."""
    try:
        code = codes.parse(raw_code)
    except codes.BadCode as error:
        raise NotFound(code=raw_code) from error
    by_them = Report.events.any((Event.step == "submit") & (Event.account_id == seat.account_id))
    report = db.session.scalar(select(Report).where(Report.code == code, by_them))
    if report is None:
        raise NotFound(code=code)
    return report


def fresh_key() -> str:
    """A key that makes one rendering of a form known again when it is sent twice."""
    return secrets.token_urlsafe(18)


def steps_of_reporter(report: Report, *, now: datetime) -> list[Step]:
    """The steps that the reporter may take now."""
    return standing.open_steps(report, Actor.RESIDENT, now=now)


def take_reporters_step(
    report: Report,
    step: Step,
    *,
    seen: Status,
    note: str,
    request_key: str | None,
    photos: tuple[str, ...] = (),
    vault: Vault,
    now: datetime,
) -> None:
    """Answer, also with kept photos, confirm or reopen; personal data in the answer is masked for everybody.

    Raises NotAllowed (also where 30 days have passed, or everything is erased), NoteRequired, Stale.
    """
    said = masking.masked(note, vault)
    command = Command(
        step,
        Actor.RESIDENT,
        seen,
        note=said.public,
        written=said,
        request_key=request_key,
        evidence=Evidence(photos),
    )
    handling.take_step(report, command, now=now)


def _sent_before(draft: Draft) -> Report | None:
    return db.session.scalar(select(Report).where(Report.submission_key == draft.submission_key))


def _create(draft: Draft, vault: Vault, now: datetime, choose: Callable[[int], int]) -> Report:
    category = directory.category_for(draft.category)
    area = places.area_on(draft.area, day_of(now))
    answers = draft.answers if category.code == draft.category else {}
    routing.check_answers(category.code, answers)
    said = {name: masking.masked(getattr(draft, name), vault) for name in ("description", "place")}
    words = _words(draft, said, area)
    concerned, routed = _routed(draft, category, area, answers, words["private"], now)
    report = Report(
        code=_free_code(now, choose),
        reporter_key=f"{choose(2**96):024x}",
        submission_key=draft.submission_key,
        category=category,
        priority=category.priority,
        **words,
        latitude=draft.latitude,
        longitude=draft.longitude,
        area_vintage=area.vintage,
        area_code=area.code,
        located=draft.located,
        known_by=draft.known_by,
        language=draft.language,
        channel=draft.channel,
        status=Status.SUBMITTED,
        lead_unit=routed.unit,
        about_unit_id=concerned and concerned.id,
        answers=dict(answers),
        decision=routed.decision,
        submitted_at=now,
        **clocks.start(category, category.priority, routed.unit, now=now),
    )
    db.session.add(report)
    db.session.flush()
    routing.share(report, routed, now=now)
    if not concerned:  # else the unit of the former one would learn of it
        recurrence.notice(report, now=now)
    for name, masked in said.items():
        masking.keep(masked, report_id=report.id, field=name, now=now)
    _attach(report, draft, vault, now)
    return report


def _routed(
    draft: Draft, category: Category, area: Area, answers: Mapping[str, str], private: bool, now: datetime
) -> tuple[Unit | None, Routed]:
    """The office about whose people the report is, and who gets it."""
    routed = routing.route(category.code, area, now, priority=category.priority, answers=answers)
    routed = routing.unshared(routed, category, private=private)
    if not draft.about_officials:
        return None, routed
    return routed.unit, routing.away_from(routed.unit, routed, now=now)


def _words(draft: Draft, said: dict[str, Masked], area: Area) -> dict[str, Any]:
    """What the resident wrote, whether everybody may read it, and what search reads of it."""
    description, place = said["description"].public, said["place"].public
    return {
        "description": description,
        "place": place,
        "private": draft.about_officials or suggestions.examine(description).never_published,
        "words_folded": former.searchable(f"{description} {place}", area, draft.latitude, draft.longitude),
    }


def _attach(report: Report, draft: Draft, vault: Vault, now: datetime) -> None:
    """Everything that hangs on a new report: photos, contact, the first event and its messages."""
    if draft.photos:
        unattached = Photo.token.in_(draft.photos), Photo.report_id.is_(None)
        db.session.execute(update(Photo).where(*unattached).values(report_id=report.id))
    if draft.consent and identity.keep(report, draft.name, draft.phone, draft.email, vault=vault):
        consents.given(report.id, Purpose.FOLLOW, how=draft.consent_how, now=now)
    event = _sent(report, draft.entered_by, now)
    db.session.add(event)
    db.session.flush()
    notifications.post(report, event, now=now)


def _sent(report: Report, officer: Seat | None, now: datetime) -> Event:
    """The first event: sent by the resident, or entered by an officer, perhaps of another unit."""
    return Event(
        report_id=report.id,
        step="submit",
        actor=Actor.OFFICER if officer else Actor.RESIDENT,
        account_id=officer.account_id if officer else None,
        unit_id=officer.unit_id if officer else report.lead_unit.id,
        to_status=Status.SUBMITTED,
        public=True,
        details={"came_by": report.channel} if officer else {},
        at=now,
    )


def _free_code(now: datetime, choose: Callable[[int], int]) -> str:
    prefix = db.session.scalars(select(Territory.code_prefix)).one()
    for _ in range(CODE_TRIES):
        code = codes.make(prefix, now, choose(codes.SPACE))
        if db.session.scalar(select(Report.id).where(Report.code == code)) is None:
            return code
    raise RuntimeError("this month's report codes are used up")
