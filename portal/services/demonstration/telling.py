"""Tells one story after the other: sends the report, and takes its steps at their moments until now."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from typing import TypeVar

from sqlalchemy import select

from portal.adapters import pictures
from portal.adapters.storage import Storage
from portal.adapters.vault import Vault
from portal.core import deadlines
from portal.core.deadlines import VIETNAM, WorkCalendar, day_of
from portal.core.evidence import Demand
from portal.core.places import Point
from portal.core.workflow import Actor, Status, Step
from portal.models import Report, Seat, db, transaction
from portal.services import clocks, evidence, handling, notifications, places, reports, routing, standing
from portal.services.demonstration import stories
from portal.services.demonstration.people import Staff
from portal.services.demonstration.stories import Act, Clocks, Place, Tables, Text
from portal.services.evidence import NO_EVIDENCE, RESULTS, Evidence
from portal.services.handling import Command
from portal.services.reports import Draft

CHANNEL = "demonstration"  # how its reports came in
PHOTOS = {0: 12, 1: 62, 2: 19, 3: 7}  # how many, and how often of a hundred
LOCATED = {"device": 60, "pin": 25, "area": 15}
ONE_MINUTE = timedelta(minutes=1)
REPEATED = "Cùng một nguyên nhân ở nhiều nơi."  # why an answer repeats another one
UNTIL_MORNING = timedelta(hours=6)

T = TypeVar("T")


class Quiet:
    """A channel that nobody hears: the messages of the past are not sent today."""

    def send(self, address: str, text: str, *, key: str) -> None:
        return


QUIET = {"sms": Quiet(), "mail": Quiet()}


class Teller:
    """Keeps what every story needs: tables, staff, photo store, vault, and the moment up to which it is told."""

    def __init__(self, tables: Tables, staff: Staff, storage: Storage, vault: Vault, now: datetime) -> None:
        self.tables, self.staff, self.storage, self.vault, self.now = tables, staff, storage, vault, now

    def tell(self, name: str, told: Text, sent: datetime) -> None:
        """Make one report, the same for the same name, text and moments; all of it or nothing."""
        chance = Random(name)  # noqa: S311 — nothing secret
        draft = self._draft(name, told, sent, chance)
        with transaction():
            report = reports.submit(draft, vault=self.vault, now=sent, choose=chance.randrange)
            moments = [sent, *self._handle(name, report, told, sent, chance)]
        channels = notifications.channels_to(report)
        for moment in moments:
            for _ in channels:
                notifications.deliver_next(QUIET, lambda _: "", vault=self.vault, now=moment)

    def _handle(
        self, name: str, report: Report, told: Text, sent: datetime, chance: Random
    ) -> Iterator[datetime]:
        """Take the report's steps until now; give their moments."""
        category, moment = report.category, sent
        promised, work = (
            Clocks(report.receive_minutes, report.resolve_minutes),
            self.tables.work[category.code],
        )
        calendar = clocks.timetable().calendar(report.hours)
        acts = stories.acts(told, work, promised, sent, self.now - sent, chance)
        for number, act in enumerate(_as_the_law_wants(acts, report, chance)):
            moment = _moment(act, calendar, moment).replace(microsecond=0)
            if moment >= self.now:
                return
            command = self._command(f"{name}-{number}", act, report, moment, chance)
            handling.take_step(report, command, now=moment)
            db.session.expire(report)
            yield moment

    def _draft(self, name: str, told: Text, sent: datetime, chance: Random) -> Draft:
        place = stories.place_for(told, self.tables.places, chance)
        located = _pick(LOCATED, chance)
        day = day_of(sent)
        located_in = places.locate(place.latitude, place.longitude, day)
        return Draft(
            category=told.category,
            description=stories.description(told, place),
            area=located_in.area.code,
            client_key=name,
            latitude=None if located == "area" else place.latitude,
            longitude=None if located == "area" else place.longitude,
            place=place.place[:1].upper() + place.place[1:],
            located=located,
            known_by="resident" if located == "area" else located_in.how,
            channel=CHANNEL,
            photos=self._photos(told, place, sent, chance),
            **stories.contact(self.tables.people, chance),
        )

    def _photos(self, told: Text, place: Place, sent: datetime, chance: Random) -> tuple[str, ...]:
        """Tokens of newly drawn photos, all of the same place."""
        count, surroundings = (_pick(PHOTOS, chance) if told.picture else 0), chance.random()
        tokens = []
        for _ in range(count):
            where = Random(surroundings)  # noqa: S311 — nothing secret
            raw = pictures.draw(told.picture, where, chance, town=place.setting == "town")
            tokens.append(reports.keep_photo(raw, storage=self.storage, now=sent).token)
        return tuple(tokens)

    def _command(self, key: str, act: Act, report: Report, moment: datetime, chance: Random) -> Command:
        day = day_of(moment)
        to_unit = routing.unit_on(act.to_unit, day) if act.to_unit else None
        proposal = standing.proposal(report) if act.step is Step.APPROVE else None
        return Command(
            step=act.step,
            actor=act.actor,
            seen=Status(report.status),
            note=act.note,
            reason=act.reason,
            channel=act.channel,
            to_unit=to_unit.id if to_unit else None,
            original=_before(report) or "" if act.step is Step.DUPLICATE else "",
            proposal=proposal.id if proposal else None,
            request_key=f"{CHANNEL}-{key}",
            by=self._seat(act, report, chance),
            evidence=self._evidence(act, report, key, moment),
            repeated_because=REPEATED,
        )

    def _evidence(self, act: Act, report: Report, key: str, moment: datetime) -> Evidence:
        """A photo of the mended place, taken there at that moment, where the category demands one."""
        if act.step not in RESULTS or report.category.evidence == Demand.NONE:
            return NO_EVIDENCE
        chance = Random(f"{key} after")  # noqa: S311 — nothing secret
        raw = pictures.draw_mended(chance, town=report.area.name.startswith("Phường"))
        photo = reports.keep_photo(raw, storage=self.storage, now=moment)
        where = report if report.latitude is not None else report.area
        evidence.locate([photo], Point(where.latitude or 0, where.longitude or 0), now=moment)
        return Evidence(photos=(photo.token,))

    def _seat(self, act: Act, report: Report, chance: Random) -> Seat | None:
        """Who takes the step for the unit: the handler; its lead approves."""
        if act.actor is not Actor.OFFICER:
            return None
        unit = report.lead_unit
        if act.step is Step.APPROVE:
            return self.staff.lead(unit)
        return self.staff.seat(report.assignee, unit) if report.assignee else self.staff.officer(unit, chance)


def _as_the_law_wants(acts: list[Act], report: Report, chance: Random) -> Iterator[Act]:
    """The acts, with its lead where the unit wants one; they end at a duplicate of which none was before."""
    for act in acts:
        if act.step is Step.RESOLVE and report.lead_unit.needs_approval:
            yield replace(act, step=Step.PROPOSE)
            read_soon = chance.random() < 0.7
            yield Act(chance.uniform(20, 400) if read_soon else chance.uniform(2000, 9000), Step.APPROVE)
        elif act.step is Step.DUPLICATE and _before(report) is None:
            return
        else:
            yield act


def _before(report: Report) -> str | None:
    """The code of the last report of the same kind and unit."""
    earlier = select(Report.code).where(
        Report.channel == CHANNEL,
        Report.category_code == report.category_code,
        Report.lead_unit_id == report.lead_unit_id,
        Report.id < report.id,
        Report.duplicate_of_id.is_(None),
    )
    return db.session.scalar(earlier.order_by(Report.id.desc()).limit(1))


def _moment(act: Act, calendar: WorkCalendar, before: datetime) -> datetime:
    """Officers act in the time of the category's clock, residents when they are awake."""
    minutes = act.minutes * ONE_MINUTE
    if act.actor is Actor.OFFICER:
        return deadlines.due(before, minutes, calendar)
    moment = (before + minutes).astimezone(VIETNAM)
    return moment + UNTIL_MORNING if moment.hour < UNTIL_MORNING.seconds // 3600 else moment


def _pick(shares: dict[T, int], chance: Random) -> T:
    return chance.choices(list(shares), list(shares.values()))[0]
