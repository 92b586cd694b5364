"""What a message says: rendered in its own language, for the worker and for the officer's preview alike."""

from flask import current_app, render_template
from flask_babel import force_locale

from portal.core.deadlines import VIETNAM
from portal.models import Account, ContactCode, DataRequest, Event, Message, Report
from portal.services import accounts, notifications, residents
from portal.services.cooperation import mentions
from portal.services.privacy import ringing
from portal.web import context, questions


def words(message: Message) -> str:
    """The message's text in its own language, whatever the language of the reader at hand."""
    if message.account:
        return _to_staff(message, message.account)
    if message.contact_code:
        return _with_code(message, message.contact_code)
    report = message.report
    with force_locale(message.language):
        return render_template(
            f"messages/{message.channel}/{message.kind}.txt",
            report=report,
            event=message.event,
            link=own_link(report),
            reports=notifications.told_together(message),
            own_link=own_link,
            answer_link=questions.link,
            answer_due=questions.due,
            site=current_app.config["SITE_URL"],
        ).strip()


def password_link(token: str) -> str:
    """The address under which a member of staff chooses a password."""
    return f"{current_app.config['SITE_URL']}/dat-mat-khau/{token}"


def _to_staff(message: Message, person: Account) -> str:
    """A letter with a fresh link, which stands nowhere else; about a request or a note with that of its page."""
    kind, language = message.kind, message.language
    if asked := message.data_request:
        return _due(asked, person, language)
    if note := message.note:
        return _named(note, person, language)
    link = password_link(accounts.fresh(person, kind, now=context.now()))
    with force_locale(language):
        return render_template(f"messages/mail/{kind}.txt", person=person, link=link).strip()


def _due(asked: DataRequest, person: Account, language: str) -> str:
    link = f"{current_app.config['SITE_URL']}/quan-tri/du-lieu-ca-nhan/{asked.id}"
    stage = ringing.stage(asked, now=context.now())
    with force_locale(language):
        said = {"asked": asked, "stage": stage, "person": person, "link": link}
        return render_template("messages/mail/request_due.txt", **said).strip()


def _named(note: Event, person: Account, language: str) -> str:
    """Which ticket it is, and not a word of the note."""
    report = mentions.ticket(note)
    link = f"{current_app.config['SITE_URL']}/can-bo/phan-anh/{report.code}"
    with force_locale(language):
        said = {"report": report, "person": person, "link": link}
        return render_template("messages/mail/mention.txt", **said).strip()


def _with_code(message: Message, asked: ContactCode) -> str:
    """A message with a fresh code, which stands nowhere else."""
    channel, language = message.channel, message.language
    until = f"{asked.expires_at.astimezone(VIETNAM):%H:%M}"
    code = residents.fresh(asked, vault=context.vault())
    with force_locale(language):
        return render_template(f"messages/{channel}/code.txt", code=code, until=until).strip()


def own_link(report: Report) -> str:
    """The reporter's own address of a report."""
    return f"{current_app.config['SITE_URL']}/phan-anh/{report.code}/theo-doi/{report.reporter_key}"
