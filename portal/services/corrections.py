"""Correcting what a report is about, where it is or who may read it: routed anew, and everybody reads why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from sqlalchemy.exc import IntegrityError

from portal.core import text, workflow
from portal.core.deadlines import day_of
from portal.core.errors import Conflict, NotFound, Stale, UnitRequired
from portal.core.places import Point
from portal.core.privacy.screening import screen
from portal.core.workflow import Actor, Status, Step
from portal.models import Area, Category, Event, Report, Seat, Unit, db, transaction
from portal.services import (
    clocks,
    directory,
    former,
    handling,
    places,
    routing,
    standing,
)
from portal.services.clocks import assigning, extensions
from portal.services.cooperation import mentions, tasks
from portal.services.guidance import suggestions
from portal.services.handling import effects
from portal.services.repeats import merging
from portal.services.routing import Routed


@dataclass(frozen=True)
class Correction:
    """What the officer knows better. `category` and `area` are codes, '' for what is right as it is.

    `point` in WGS84 degrees, None for none. Where the point changes and no area is named, the area is the point's.
    `seen` is `version` of the report as the page showed it. `answers`: question of the category → choice, '' for not
    known; what is left out stays. `visibility`: 'public', 'private', or '' for as it is. `about`: the unit, of those
    that lead and help, about whose people the report turns out to be.
    """

    category: str
    area: str
    point: Point | None
    place: str
    seen: str
    answers: Mapping[str, str] = field(default_factory=dict)
    visibility: str = ""
    about: int | None = None


@dataclass(frozen=True)
class Plan:
    """What a correction would make of a report; `routed` is None where nothing changes that decides who leads.

    `about`: the office about whose people it is, told so before or now.
    """

    category: Category
    area: Area
    point: Point | None
    place: str
    known_by: str
    answers: dict[str, str]
    private: bool
    about: Unit | None
    routed: Routed | None
    changed: bool


def version(report: Report) -> str:
    """A short word for what can be corrected of the report, as it is now."""
    where = (report.area_vintage, report.area_code, point_of(report), report.place)
    said = (report.category_code, where, sorted(report.answers.items()), report.private, report.about_unit_id)
    return sha256(repr(said).encode()).hexdigest()[:20]


def point_of(report: Report) -> Point | None:
    """Where the report is, if that is known."""
    if report.latitude is None or report.longitude is None:
        return None
    return Point(report.latitude, report.longitude)


def choices() -> list[Category]:
    """The categories that an officer may put a report into, also those for staff alone."""
    return [category for category in directory.categories() if category.active or not category.successor_code]


def plan(report: Report, wanted: Correction, *, now: datetime) -> Plan:
    """What the correction would do. Nothing is written.

    What was answered to the questions of another category says nothing of the new one. Raises NotFound for an unknown
    category, area or answer, BadPoint and OutsideTerritory for such a point, Conflict where it must not be public,
    UnitRequired where it cannot be about that unit, NobodyElse.
    """
    category = _category(report, wanted)
    area, known_by = _area(report, wanted, day_of(now))
    answers = _answers(report, category, wanted)
    place = screen(text.clean(wanted.place)).public
    about = _about(report, wanted)
    learnt = about is not None and about.id != report.about_unit_id
    private = _private(report, category, wanted, about)
    decisive = category is not report.category or _key(area) != _key(report.area) or answers != report.answers
    routed = None
    if decisive:
        routed = _route(report, category, area, answers, private, now)
    elif learnt:
        routed = Routed(report.lead_unit, [], report.decision | {"faults": []})
    return Plan(
        category=category,
        area=area,
        point=wanted.point,
        place=place,
        known_by=known_by,
        answers=answers,
        private=private,
        about=about,
        routed=routing.away_from(about, routed, now=now) if about and routed else routed,
        changed=decisive
        or learnt
        or (wanted.point, place, private) != (point_of(report), report.place, report.private),
    )


def correct(
    report: Report,
    wanted: Correction,
    *,
    seen: Status,
    by: Seat,
    request_key: str | None,
    now: datetime,
) -> None:
    """Put a report right, give it to the unit that leads then, and tell its reporter where category or unit changed.

    The clocks keep the time that was spent. A correction that changes nothing leaves no trace, nor does a repeated
    sending of the same form. Raises NotAllowed, Stale, and what `plan` raises.
    """
    if handling.is_done(request_key):
        return
    who = standing.actors(report, Actor.OFFICER, by, now=now)
    held = standing.conditions(report, now=now)
    workflow.decide(seen, Step.CORRECT, who, held)
    unit_id = report.lead_unit_id
    try:
        with transaction():
            handling.move(report, unit_id, seen, {})
            db.session.refresh(report)
            if version(report) != wanted.seen:
                raise Stale(code=report.code)
            planned = plan(report, wanted, now=now)
            if planned.changed:
                _save(report, planned, seen, by, request_key, now)
    except (IntegrityError, Stale):
        if not handling.is_done(request_key):
            raise


def details(report: Report, planned: Plan) -> dict[str, Any]:
    """What changes, as (before, after), and to whom the report goes, with the reason: the event's details."""
    said: dict[str, Any] = {}
    if planned.category is not report.category:
        said["category"] = [[old.name, old.name_en] for old in (report.category, planned.category)]
        if confided(report):
            said["confided"] = True
    if _key(planned.area) != _key(report.area):
        said["area"] = [report.area.name, planned.area.name]
    if planned.place != report.place:
        said["place"] = [report.place, planned.place]
    if planned.point != point_of(report):
        said["point"] = [point_of(report), planned.point]
    if answered := _answered(report, planned):
        said["answers"] = answered
    before, after = visibility(report.category, report.private), visibility(planned.category, planned.private)
    if before != after:
        said["visibility"] = [before, after]
    return said | _led(report, planned)


def _led(report: Report, planned: Plan) -> dict[str, Any]:
    """Of the details who leads it then, and about whose people it turned out to be."""
    said: dict[str, Any] = {}
    if planned.about and planned.about.id != report.about_unit_id:
        said["about"] = [planned.about.name, planned.about.name_en]
    if planned.routed and planned.routed.unit.id != report.lead_unit_id:
        said |= {"from_unit": report.lead_unit.name, "to_unit": planned.routed.unit.name}
    if planned.routed:
        said["decision"] = planned.routed.decision
    return said


def visibility(category: Category, private: bool) -> str:
    """Who may read the text, place and photos of such a report: 'public' or 'private'."""
    return "private" if private else category.visibility


def confided(report: Report) -> bool:
    """Was it sent in a category that is not for everybody? Then it is never published."""
    for event in report.events:
        if "category" in event.details:
            return "confided" in event.details
    return report.category.visibility == "private"


def due(report: Report, planned: Plan) -> datetime:
    """When the answer would be due."""
    category, unit = planned.category, planned.routed.unit if planned.routed else report.lead_unit
    values = clocks.resolve_due_after_change(report, category=category, priority=category.priority, unit=unit)
    return values["resolve_due_at"]


def _category(report: Report, wanted: Correction) -> Category:
    if wanted.category in ("", report.category_code):
        return report.category
    found = next((category for category in choices() if category.code == wanted.category), None)
    if found is None:
        raise NotFound(category=wanted.category)
    return found


def _answers(report: Report, category: Category, wanted: Correction) -> dict[str, str]:
    """What is known of the category's questions."""
    routing.check_answers(
        category.code, {asked: answer for asked, answer in wanted.answers.items() if answer}
    )
    known = report.answers if category is report.category else {}
    return {asked: answer for asked, answer in {**known, **wanted.answers}.items() if answer}


def _answered(report: Report, planned: Plan) -> list[list[Sequence[str] | None]]:
    """Each question that is answered otherwise: its words, the answer before and the one after, in both languages."""
    known = report.answers if planned.category is report.category else {}
    return [
        [[asked.label, asked.label_en], *(asked.choices.get(answer) for answer in (old, new))]
        for asked in routing.questions_of(planned.category.code).values()
        if (old := known.get(asked.code, "")) != (new := planned.answers.get(asked.code, ""))
    ]


def _about(report: Report, wanted: Correction) -> Unit | None:
    """The office about whose people it is: for good, once that is known."""
    if wanted.about is None or report.about_unit_id is not None:
        return db.session.get(Unit, report.about_unit_id) if report.about_unit_id else None
    if report.times_merged:
        raise Conflict(field="about", reason="merged")
    named = [report.lead_unit, *(each.unit for each in report.cooperations)]
    found = next((unit for unit in named if unit.id == wanted.about), None)
    if found is None:
        raise UnitRequired(unit=wanted.about)
    return found


def _private(report: Report, category: Category, wanted: Correction, about: Unit | None) -> bool:
    """What was sent as not for everybody's eyes stays so in whatever category."""
    if wanted.visibility == "public":
        if category.visibility == "private" or about or confided(report):
            raise Conflict(field="visibility", reason=category.visibility)
        return False
    left = category is not report.category and report.category.visibility == "private"
    return wanted.visibility == "private" or report.private or left or about is not None


def _area(report: Report, wanted: Correction, day: date) -> tuple[Area, str]:
    """The area, and how it is known: a person names it, or it is that of the new point, or it stays."""
    if wanted.area:
        return places.area_on(wanted.area, day), "resident"
    if wanted.point and wanted.point != point_of(report):
        located = places.locate(*wanted.point, day)
        return located.area, located.how
    return report.area, report.known_by if wanted.point else "resident"


def _route(
    report: Report, category: Category, area: Area, answers: Mapping[str, str], private: bool, now: datetime
) -> Routed:
    priority = report.priority if category is report.category else category.priority
    routed = routing.route(category.code, area, now, priority=priority, answers=answers)
    return routing.unshared(routed, category, private=private)


def _save(
    report: Report, planned: Plan, seen: Status, by: Seat, request_key: str | None, now: datetime
) -> None:
    """The report as planned, the event that says so, and the message, in somebody else's transaction."""
    event = Event(
        report_id=report.id,
        step=Step.CORRECT,
        actor=Actor.OFFICER,
        account_id=by.account_id,
        unit_id=report.lead_unit_id,
        from_status=seen,
        public=True,
        details=details(report, planned),
        request_key=request_key,
        at=now,
    )
    with db.session.no_autoflush:
        _put_right(report, planned)
        _lead_on(report, planned, now)
        if planned.about and planned.about.id != report.about_unit_id:
            tasks.let_go(report, routing.offices(planned.about.id), now=now)
            report.about_unit_id = planned.about.id
            if assigning.has_left(report, now=now):
                _set(report, clocks.settled(report, clocks.NOBODY, now=now))
    event.to_status = report.status
    mentions.remember(report, event)
    if "category" in event.details:
        suggestions.learn(report, planned.category.code)
    if event.details.keys() & {"category", "to_unit", "visibility"}:
        merging.tell(report, event, now=now)


def _put_right(report: Report, planned: Plan) -> None:
    report.private = planned.private
    if planned.category is not report.category:
        report.category, report.priority = planned.category, planned.category.priority
    report.area_vintage, report.area_code = planned.area.vintage, planned.area.code
    if planned.point != point_of(report):
        report.located = "pin" if planned.point else "area"
    report.latitude, report.longitude = planned.point or (None, None)
    report.place, report.known_by, report.answers = planned.place, planned.known_by, planned.answers
    words = f"{report.description} {report.place}"
    report.words_folded = former.searchable(words, planned.area, report.latitude, report.longitude)


def _lead_on(report: Report, planned: Plan, now: datetime) -> None:
    """The clocks go on by the new terms; another unit gets the report as if it had been forwarded."""
    if planned.routed is None:
        if report.private:
            routing.unshare(report)
        return
    routing.keep(report, planned.routed, now=now)
    if planned.routed.unit.id == report.lead_unit_id:
        _set(report, clocks.settled(report, clocks.after_change(report), now=now))
        return
    if report.waiting_since:
        _set(report, clocks.resumed(report, now=now))
    report.status, report.received_at = Status.SUBMITTED, None
    report.hops += 1
    _set(report, effects.NO_MARKS)
    report.lead_unit = planned.routed.unit
    extensions.withdraw(report)
    given = clocks.given_to(report, planned.routed.unit, now=now)
    _set(report, clocks.settled(report, given, now=now))


def _key(area: Area) -> tuple[str, str]:
    return area.vintage, area.code


def _set(report: Report, values: Mapping[str, Any]) -> None:
    for column, value in values.items():
        setattr(report, column, value)
