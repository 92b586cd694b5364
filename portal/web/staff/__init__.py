"""The officer's door: only people of a unit, only its own tickets."""

from flask import Blueprint
from flask.blueprints import BlueprintSetupState

from portal.core.permissions import Deed
from portal.web import identity
from portal.web.staff import (
    entering,
    extending,
    inbox,
    printing,
    saving,
    steps,
    ticket,
    together,
    words,
)
from portal.web.staff.cooperation import helping, mentioning, tasking
from portal.web.staff.privacy import revealing, unmasking

door = Blueprint("staff", __name__, url_prefix="/can-bo")
DEEDS = {
    Deed.READ_REPORTS: "inbox points news saved_filters ticket work_order photo document mentions",
    Deed.HANDLE: "together take_together keep_filter change_filter step ask_extension",
    Deed.APPROVE: "extensions decide_extension",
    Deed.COOPERATE: "ask_task note_beside remove_helper take_task see_mention",
    Deed.ENTER_REPORT: "enter_report keep_report entered",
    Deed.REVEAL: "ask_unmask unmask ask_identity identity",
}
identity.guard(door, DEEDS)
door.context_processor(
    lambda: {
        "inbox_words": words.inbox_words,
        "button_word": words.button_word,
        "task_button": helping.BUTTONS.__getitem__,
        "tabs": words.tabs,
        "nothing_in": words.NOTHING.__getitem__,
    }
)

door.add_url_rule("/", "inbox", inbox.show)
door.add_url_rule("/ban-do.json", "points", inbox.points)
door.add_url_rule("/moi.json", "news", inbox.news)
door.add_url_rule("/nhieu", "together", together.choose)
door.add_url_rule("/nhieu/<step>", "take_together", together.take, methods=["POST"])
door.add_url_rule("/bo-loc", "saved_filters", saving.listed)
door.add_url_rule("/bo-loc", "keep_filter", saving.keep, methods=["POST"])
door.add_url_rule("/bo-loc/<int(max=2147483647):filter_id>", "change_filter", saving.change, methods=["POST"])
door.add_url_rule("/nhap-phan-anh", "enter_report", entering.blank)
door.add_url_rule("/nhap-phan-anh", "keep_report", entering.keep, methods=["POST"])
door.add_url_rule("/nhap-phan-anh/<code>", "entered", entering.receipt)
door.add_url_rule("/phan-anh/<code>", "ticket", ticket.show)
door.add_url_rule("/phan-anh/<code>/phan-da-che", "ask_unmask", unmasking.ask)
door.add_url_rule("/phan-anh/<code>/phan-da-che", "unmask", unmasking.show, methods=["POST"])
door.add_url_rule("/phan-anh/<code>/danh-tinh", "ask_identity", revealing.ask)
door.add_url_rule("/phan-anh/<code>/danh-tinh", "identity", revealing.show, methods=["POST"])
door.add_url_rule("/phan-anh/<code>/phieu-giao-viec", "work_order", printing.work_order)
door.add_url_rule("/phan-anh/<code>/gia-han", "ask_extension", extending.ask, methods=["POST"])
door.add_url_rule("/gia-han", "extensions", extending.waiting)
door.add_url_rule(
    "/gia-han/<int(max=2147483647):extension_id>", "decide_extension", extending.decide, methods=["POST"]
)
door.add_url_rule("/phan-anh/<code>/phoi-hop", "ask_task", tasking.ask, methods=["POST"])
door.add_url_rule("/phan-anh/<code>/phoi-hop/ghi-chu", "note_beside", tasking.note, methods=["POST"])
door.add_url_rule(
    "/phan-anh/<code>/phoi-hop/<int(max=2147483647):unit_id>/thoi",
    "remove_helper",
    tasking.remove,
    methods=["POST"],
)
door.add_url_rule(
    "/phan-anh/<code>/viec/<int(max=2147483647):task_id>", "take_task", tasking.take, methods=["POST"]
)
door.add_url_rule("/nhac-den", "mentions", mentioning.listed)
door.add_url_rule("/nhac-den/<int(max=2147483647):event_id>", "see_mention", mentioning.see, methods=["POST"])
door.add_url_rule("/phan-anh/<code>/<step>", "step", steps.take, methods=["POST"])
door.add_url_rule("/phan-anh/<code>/anh/<int:n>/<size>", "photo", ticket.photo)
door.add_url_rule("/phan-anh/<code>/tai-lieu/<int(max=2147483647):document_id>", "document", ticket.document)


@door.record_once
def _answer_expired_forms_with_the_form(state: BlueprintSetupState) -> None:
    """These views check the CSRF token as a field of their form, so that an expired one loses nothing typed."""
    for view in (
        steps.take,
        extending.ask,
        entering.keep,
        tasking.ask,
        tasking.take,
        tasking.note,
        revealing.show,
        unmasking.show,
    ):
        state.app.extensions["csrf"].exempt(view)
