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


OF_A_UNIT = (Role.OFFICER, Role.UNIT_LEAD, Role.COORDINATOR)  # the others belong to no unit
HANDLERS = OF_A_UNIT  # can be in charge of a report, and are named in notes


class Place(StrEnum):
    """How a report, or whatever a deed is done to, stands to the unit of who does it."""

    OWN = "own"  # the unit leads it; of a person: belongs to it
    COOPERATING = (
        "cooperating"  # the unit helps with it, was told of it, or it was merged into the unit's own
    )
    BELOW = "below"  # a unit leads it of which this one is the superior
    AREA = "area"  # it lies in the area of the unit, a People's Committee
    UNDECIDED = "undecided"  # nobody has received it yet, whoever leads it
    ALL = "all"


class Deed(StrEnum):
    # reports
    READ_REPORTS = "read_reports"
    HANDLE = "handle"
    APPROVE = "approve"
    COOPERATE = "cooperate"
    DISTRIBUTE = "distribute"
    ENTER_REPORT = "enter_report"
    REVEAL = "reveal"  # who sent it, and what was masked in it
    # figures
    READ_TIMES = "read_times"
    # administration
    READ_PEOPLE = "read_people"
    KEEP_PEOPLE = "keep_people"
    READ_WORDS = "read_words"
    KEEP_WORDS = "keep_words"
    READ_ESCALATIONS = "read_escalations"
    KEEP_ESCALATIONS = "keep_escalations"
    READ_SETTINGS = "read_settings"
    KEEP_SETTINGS = "keep_settings"
    READ_AUDIT = "read_audit"


D, P = Deed, Place
NOWHERE: frozenset[Place] = frozenset()
EVERYWHERE, OWN = frozenset({P.ALL}), frozenset({P.OWN})
READ, WIDER = frozenset({P.OWN, P.COOPERATING}), frozenset({P.OWN, P.COOPERATING, P.BELOW, P.AREA})
LEAD, CENTRE = frozenset({P.OWN, P.BELOW}), frozenset({P.OWN, P.UNDECIDED})
HELP = frozenset({P.COOPERATING})
Line = tuple[
    Deed,
    frozenset[Place],
    frozenset[Place],
    frozenset[Place],
    frozenset[Place],
    frozenset[Place],
    frozenset[Place],
]
NO, ALL = NOWHERE, EVERYWHERE

# fmt: off
TABLE: tuple[Line, ...] = (
    # deed               officer  unit lead  coordinator  administrator  auditor  editor
    (D.READ_REPORTS,     READ,    WIDER,     ALL,         NO,            ALL,     NO),
    (D.HANDLE,           OWN,     OWN,       OWN,         NO,            NO,      NO),
    (D.APPROVE,          LEAD,    LEAD,      LEAD,        NO,            NO,      NO),
    (D.COOPERATE,        READ,    READ,      READ,        NO,            NO,      NO),
    (D.DISTRIBUTE,       OWN,     OWN,       CENTRE,      NO,            NO,      NO),
    (D.ENTER_REPORT,     ALL,     ALL,       ALL,         NO,            NO,      NO),
    (D.REVEAL,           LEAD,    LEAD,      LEAD,        NO,            NO,      NO),
    (D.READ_TIMES,       NO,      WIDER,     ALL,         ALL,           ALL,     NO),
    (D.READ_PEOPLE,      NO,      OWN,       NO,          ALL,           ALL,     NO),
    (D.KEEP_PEOPLE,      NO,      NO,        NO,          ALL,           NO,      NO),
    (D.READ_WORDS,       NO,      NO,        NO,          ALL,           ALL,     ALL),
    (D.KEEP_WORDS,       NO,      NO,        NO,          ALL,           NO,      ALL),
    (D.READ_ESCALATIONS, NO,      NO,        ALL,         ALL,           ALL,     NO),
    (D.KEEP_ESCALATIONS, NO,      NO,        ALL,         ALL,           NO,      NO),
    (D.READ_SETTINGS,    NO,      NO,        NO,          ALL,           ALL,     NO),
    (D.KEEP_SETTINGS,    NO,      NO,        NO,          ALL,           NO,      NO),
    (D.READ_AUDIT,       NO,      NO,        NO,          ALL,           ALL,     NO),
)
# fmt: on

PLACES: dict[tuple[Deed, Role], frozenset[Place]] = {
    (deed, role): places for deed, *of_roles in TABLE for role, places in zip(Role, of_roles, strict=True)
}


def places(deed: Deed, role: Role) -> frozenset[Place]:
    """Where somebody in this role may do it; empty where nowhere."""
    return PLACES[deed, role]


def may(deed: Deed, role: Role) -> bool:
    """May somebody in this role do it anywhere?"""
    return bool(places(deed, role))
