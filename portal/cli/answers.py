"""How every command answers: a moment read, an error told in words, an answer as words or JSON."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

import click
from flask_babel import force_locale

from portal.core.deadlines import VIETNAM
from portal.core.errors import BadPoint, OutsideTerritory, PortalError
from portal.web import maps
from portal.web.errors import DOMAIN

SAID = {"reason", "neighbour"}  # details that are in the sentence already


class Moment(click.ParamType):
    """A day or moment in ISO form; without a zone it is Vietnam's time."""

    name = "YYYY-MM-DD[THH:MM]"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        try:
            moment = datetime.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{value!r} is no day or moment (2026-11-16T08:00)", param, ctx)
        return moment if moment.tzinfo else moment.replace(tzinfo=VIETNAM)


@contextmanager
def refused(*error_classes: type[Exception]) -> Iterator[None]:
    """An error of these classes ends the command with its own sentences and exit status 1."""
    try:
        yield
    except error_classes as error:
        with force_locale("vi"):
            raise click.ClickException(_sentence(error)) from error


def _sentence(error: Exception) -> str:
    """What is wrong in words: those of the pages for the law's errors, with the values that they are about."""
    if not isinstance(error, PortalError):
        return str(error)
    told = maps.refusal(error) if isinstance(error, BadPoint | OutsideTerritory) else DOMAIN[type(error)][1]
    values = ", ".join(f"{name}: {value}" for name, value in error.details.items() if name not in SAID)
    return f"{told} ({values})"


def show(answer: dict[str, object], as_json: bool) -> None:
    """Print names and values: in a column, lists one under the other, or as JSON."""
    if as_json:
        click.echo(json.dumps(answer, ensure_ascii=False, indent=2))
        return
    for name, value in answer.items():
        lines = (value or ["—"]) if isinstance(value, list) else [value]
        click.echo(f"{name + ':':<13} " + ("\n" + " " * 14).join(map(str, lines)))


def show_table(rows: Sequence[Sequence[object]]) -> None:
    """Print rows, the first of them headings: what comes first to the left, the numbers after it to the right."""
    widths = [max(len(str(cell)) for cell in column) for column in zip(*rows, strict=True)]
    for first, *numbers in rows:
        cells = (f"{number!s:>{width}}" for number, width in zip(numbers, widths[1:], strict=True))
        click.echo(f"{first!s:<{widths[0]}}  " + "  ".join(cells))
