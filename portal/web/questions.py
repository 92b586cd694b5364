"""The address under which one question is answered, on any device and without an account.

Its token is a signature of the question alone, so that it opens nothing else, nobody else can write one, and none is
stored: the message is written from the outbox, which holds no secrets.
"""

from datetime import datetime

from flask import current_app
from itsdangerous import Signer

from portal.core.workflow import Status, Step
from portal.models import Event, Report


def link(report: Report, question: Event) -> str:
    """The whole address, for a message."""
    return f"{current_app.config['SITE_URL']}/phan-anh/{report.code}/tra-loi/{token(question)}"


def token(question: Event) -> str:
    return _signer().get_signature(str(question.id)).decode()


def called(report: Report, given: str) -> Event | None:
    """The report's question that this token is for; None where there is none."""
    asked = (event for event in report.events if event.step == Step.ASK)
    return next((one for one in asked if _signer().verify_signature(str(one.id), given)), None)


def is_open(report: Report, question: Event) -> bool:
    """May it still be answered: does the unit wait, and for this answer?"""
    last = next(event for event in reversed(report.events) if event.step == Step.ASK)
    return report.status == Status.WAITING and last.id == question.id


def due(question: Event) -> datetime | None:
    """Until when an answer is waited for; None for a question from before there was such a time."""
    said = question.details.get("answer_due")
    return datetime.fromisoformat(said) if said else None


def _signer() -> Signer:
    return Signer(current_app.secret_key or "", salt="question")
