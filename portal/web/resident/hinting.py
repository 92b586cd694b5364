"""While a report is written: what it may be about, which other door it may belong to, whom to call at once."""

from dataclasses import dataclass, field

from flask import render_template, request

from portal.core import text
from portal.core.guidance.suggestion import Evidence
from portal.core.guidance.triage import Triage
from portal.models import Category
from portal.services.guidance import suggestions
from portal.web.resident import offering

MOST_SIGNS = 2000
MOST_BYTES = 64 * 1024


@dataclass(frozen=True)
class Hints:
    """What a description suggests: other doors and numbers, and categories with the writer's words for them."""

    triage: Triage = field(default_factory=Triage)
    categories: tuple[tuple[Category, Evidence], ...] = ()
    unclear: bool = False

    @property
    def any(self) -> bool:
        return bool(self.triage.doors or self.triage.numbers or self.categories or self.unclear)

    def acknowledged(self, doors: list[str]) -> bool:
        """Did the resident say of each of these doors to go on all the same?"""
        return {door.subject for door in self.triage.doors} <= set(" ".join(doors).split())

    def without_categories(self) -> "Hints":
        return Hints(self.triage)


def hints() -> str:
    """A piece of the form for the description that was typed so far; it comes in the body, never in an address."""
    request.max_content_length = MOST_BYTES
    found = about(request.form.get("description", ""))
    return render_template("resident/hints.html", hints=found, offer=offering)


def about(description: str) -> Hints:
    """Everything that this description suggests."""
    cleaned = text.clean(description)[:MOST_SIGNS]
    return Hints(suggestions.examine(cleaned), tuple(_categories(cleaned)), unclear=bool(cleaned))


def _categories(cleaned: str) -> list[tuple[Category, Evidence]]:
    """Suggested categories that a resident can choose."""
    offered = {category.code: category for category in offering.categories()["categories"]}
    return [(offered[one.subject], one) for one in suggestions.suggest(cleaned) if one.subject in offered]
