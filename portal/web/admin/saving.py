"""What every form of the administrator's door does: save, or show what is wrong and keep what was typed."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, Field, SelectField, SelectMultipleField

from portal.core.errors import Conflict, Stale
from portal.web import filters
from portal.web.admin.wording import conflict


@dataclass(frozen=True)
class Outcome:
    """What a form came to: the `saved` record, or the status to show the form with.

    `meanwhile`: label and words of every field that somebody else has given another value than the one typed.
    """

    saved: Any = None
    status: int = 200
    meanwhile: list[tuple[Any, str]] = field(default_factory=list)


NOT_SENT = Outcome()


def save(form: FlaskForm, act: Callable[[], Any], current: Callable[[], FlaskForm] | None = None) -> Outcome:
    """Do `act` if the form is right. A contradiction is told at its field (422).

    Where somebody else was faster (409), the form takes what `current()` says as seen, so that sending it once
    more is meant.
    """
    if not form.validate():
        return Outcome(status=422)
    try:
        return Outcome(saved=act())
    except Conflict as error:
        place(form, error)
        return Outcome(status=422)
    except Stale:
        if current is None:
            raise
        fresh = current()
        form["seen"].data = fresh["seen"].data
        return Outcome(status=409, meanwhile=differences(form, fresh))


def place(form: FlaskForm, error: Conflict) -> None:
    """Put the sentence at the field that contradicts, or above the form where it has no such field."""
    name = str(error.details["field"])
    if name in form:
        form[name].errors = [*form[name].errors, conflict(error)]
    else:
        form.form_errors.append(conflict(error))


def differences(typed: FlaskForm, fresh: FlaskForm) -> list[tuple[Any, str]]:
    return [
        (mine.label.text, said(fresh[mine.name]))
        for mine in typed
        if mine.name not in ("seen", "csrf_token")
        and mine.name in fresh
        and (mine.data or None) != (fresh[mine.name].data or None)
    ]


def said(field: Field) -> str:
    """A field's value as people would say it."""
    if isinstance(field, BooleanField):
        return _("có") if field.data else _("không")
    if isinstance(field, SelectMultipleField):
        chosen = [str(option.label) for option in field.choices if option.value in (field.data or ())]
        return ", ".join(chosen) or _("(để trống)")
    if isinstance(field, SelectField):
        return str({option.value: option.label for option in field.choices}.get(field.data or "", field.data))
    if isinstance(field.data, date):
        return filters.day(field.data)
    return str(field.data or "") or _("(để trống)")
