"""What must be seen before a report is sent: matters that other doors decide by law, and dangers that cannot wait.

The doors: khiếu nại (Luật Khiếu nại 2011), tố cáo (Luật Tố cáo 2018), land disputes (Luật Đất đai 2024) and
administrative procedures (NĐ 61/2018). Nobody is refused: a resident may send the report all the same.
"""

from dataclasses import dataclass

from portal.core.guidance.suggestion import ENOUGH, Evidence, Lexicon, read

DOORS = ("complaint", "denunciation", "land_dispute", "procedure")
NEVER_PUBLISHED = frozenset({"complaint", "denunciation"})
EMERGENCIES = {
    "emergency_fire": ("114",),
    "emergency_rescue": ("112", "114"),
    "emergency_police": ("113",),
    "emergency_medical": ("115",),
}
SUBJECTS = frozenset({*DOORS, *EMERGENCIES})
NUMBERS = ("112", "113", "114", "115")


@dataclass(frozen=True)
class Triage:
    """The doors that a text speaks of, with its words for them; the numbers to call, the fitting ones first."""

    doors: tuple[Evidence, ...] = ()
    numbers: tuple[str, ...] = ()

    @property
    def never_published(self) -> bool:
        return any(door.subject in NEVER_PUBLISHED for door in self.doors)


def triage(text: str, lexicon: Lexicon) -> Triage:
    """What stands in the text; `numbers` is empty where nothing speaks of a danger."""
    found = [one for one in lexicon.weigh(read(text)) if one.weight >= ENOUGH]
    wanted = [number for one in found for number in EMERGENCIES.get(one.subject, ())]
    numbers = tuple(dict.fromkeys((*wanted, *NUMBERS))) if wanted else ()
    return Triage(tuple(one for one in found if one.subject in DOORS), numbers)
