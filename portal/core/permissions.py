"""Who may do what, and where: deed × role × place.

`TABLE` is the whole answer, one line a deed. Guards, pages, services and the SQL that finds reports ask it and never
repeat it. What a person may do to one report now is further narrowed by its status (`core/workflow.py`).
"""

from enum import StrEnum


class Role(StrEnum):
    """What an appointment makes of somebody; a person may hold several, each with its unit and its days."""

    OFFICER = "officer"
    UNIT_LEAD = "unit_lead"
    COORDINATOR = "coordinator"  # of the coordination centre
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"  # reads everything, changes nothing
    EDITOR = "editor"  # of texts, words and answer templates


OF_A_UNIT = (
    Role.OFFICER,
    Role.UNIT_LEAD,
    Role.COORDINATOR,
)  # and handle its reports; the others belong to none


class Place(StrEnum):
    """How a report, or whatever a deed is done to, stands to the unit of who does it."""

    OWN = "own"  # the unit leads it; of a person: belongs to it
    COOPERATING = (
        "cooperating"  # the unit helps with it, was told of it, or it was merged into the unit's own
    )
    BELOW = "below"  # a unit leads it of which this one is the superior
    AREA = "area"  # it lies in the area of the unit, a People's Committee, and may be read by everybody
    UNDECIDED = "undecided"  # nobody has received it yet, whoever leads it
    ALL = "all"


class Deed(StrEnum):
    READ_REPORTS = "read_reports"
    HANDLE = "handle"  # take the steps of the law
    APPROVE = "approve"  # a result, or a later date
    DISTRIBUTE = "distribute"  # give it to the unit that it belongs to
    COOPERATE = "cooperate"
    ENTER_REPORT = "enter_report"
    REVEAL = "reveal"  # who sent it, and what was masked in it
    READ_TIMES = "read_times"
    READ_PEOPLE = "read_people"
    KEEP_PEOPLE = "keep_people"
    READ_WORDS = "read_words"
    KEEP_WORDS = "keep_words"
    READ_ESCALATIONS = "read_escalations"
    KEEP_ESCALATIONS = "keep_escalations"
    READ_SETTINGS = "read_settings"
    KEEP_SETTINGS = "keep_settings"
    READ_AUDIT = "read_audit"
    ANSWER_REQUESTS = "answer_requests"  # of reporters about their own data


Places = frozenset[Place]
Line = tuple[Deed, Places, Places, Places, Places, Places, Places]
D, P = Deed, Place
NO, ALL, OWN = frozenset[Place](), frozenset({P.ALL}), frozenset({P.OWN})
SEE, OVERSEE = frozenset({P.OWN, P.COOPERATING}), frozenset({P.OWN, P.COOPERATING, P.BELOW, P.AREA})
LEAD, ASSIST = frozenset({P.OWN, P.BELOW}), frozenset({P.OWN, P.COOPERATING})
CENTRE = frozenset({P.OWN, P.UNDECIDED})

# fmt: off
TABLE: tuple[Line, ...] = (
    # deed               officer  unit lead  coordinator  administrator  auditor  editor
    (D.READ_REPORTS,     SEE,     OVERSEE,   ALL,         NO,            ALL,     NO),
    (D.HANDLE,           OWN,     OWN,       OWN,         NO,            NO,      NO),
    (D.APPROVE,          LEAD,    LEAD,      LEAD,        NO,            NO,      NO),
    (D.DISTRIBUTE,       OWN,     OWN,       CENTRE,      NO,            NO,      NO),
    (D.COOPERATE,        ASSIST,  ASSIST,    ASSIST,      NO,            NO,      NO),
    (D.ENTER_REPORT,     ALL,     ALL,       ALL,         NO,            NO,      NO),
    (D.REVEAL,           LEAD,    LEAD,      LEAD,        NO,            NO,      NO),
    (D.READ_TIMES,       NO,      OVERSEE,   ALL,         ALL,           ALL,     NO),
    (D.READ_PEOPLE,      NO,      OWN,       NO,          ALL,           ALL,     NO),
    (D.KEEP_PEOPLE,      NO,      NO,        NO,          ALL,           NO,      NO),
    (D.READ_WORDS,       NO,      NO,        NO,          ALL,           ALL,     ALL),
    (D.KEEP_WORDS,       NO,      NO,        NO,          ALL,           NO,      ALL),
    (D.READ_ESCALATIONS, NO,      NO,        ALL,         ALL,           ALL,     NO),
    (D.KEEP_ESCALATIONS, NO,      NO,        ALL,         ALL,           NO,      NO),
    (D.READ_SETTINGS,    NO,      NO,        NO,          ALL,           ALL,     NO),
    (D.KEEP_SETTINGS,    NO,      NO,        NO,          ALL,           NO,      NO),
    (D.READ_AUDIT,       NO,      NO,        NO,          ALL,           ALL,     NO),
    (D.ANSWER_REQUESTS,  NO,      NO,        NO,          ALL,           NO,      NO),
)
# fmt: on
# An officer does these only while nobody is the lead of the officer's unit: a small office must not stand still.
STANDING_IN = frozenset({D.APPROVE})

PLACES: dict[tuple[Deed, Role], Places] = {
    (deed, role): places for deed, *of_roles in TABLE for role, places in zip(Role, of_roles, strict=True)
}


def places(deed: Deed, role: Role) -> Places:
    """Where somebody in this role may do it; empty where nowhere."""
    return PLACES[deed, role]


def may(deed: Deed, role: Role) -> bool:
    """May somebody in this role do it anywhere?"""
    return bool(places(deed, role))
