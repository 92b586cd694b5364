"""The resident's door: public, works on a slow phone without JavaScript."""

from flask import Blueprint
from flask.blueprints import BlueprintSetupState

from portal.web.resident import (
    answering,
    following,
    hinting,
    home,
    locating,
    map,
    mine,
    picturing,
    proving,
    reading,
    sending,
    watching,
)
from portal.web.resident.data import certificates, own

door = Blueprint("resident", __name__)
door.context_processor(lambda: {"readable": reading.may_read})

door.add_url_rule("/", "home", home.home)
door.add_url_rule("/phan-anh/moi", "new_report", sending.blank)
door.add_url_rule("/phan-anh/moi", "send_report", sending.send, methods=["POST"])
door.add_url_rule("/phan-anh/moi/goi-y", "hints", hinting.hints, methods=["POST"])
door.add_url_rule("/phan-anh/moi/dia-ban", "nearby", locating.nearby)
door.add_url_rule("/phan-anh/moi/anh/<token>", "kept_photo", picturing.kept)
door.add_url_rule("/phan-anh/<code>", "report", following.report)
door.add_url_rule("/phan-anh/<code>/theo-doi/<key>", "follow", following.follow)
door.add_url_rule("/phan-anh/<code>/ai-da-xem", "looks", watching.looks)
door.add_url_rule("/phan-anh/<code>/anh/<int:n>/<size>", "photo", picturing.photo)
door.add_url_rule(
    "/phan-anh/<code>/tai-lieu/<int(max=2147483647):document_id>", "document", picturing.document
)
door.add_url_rule("/phan-anh/<code>/bo-sung", "reply", answering.reply, methods=["POST"])
door.add_url_rule("/phan-anh/<code>/tra-loi/<token>", "question", answering.question)
door.add_url_rule(
    "/phan-anh/<code>/tra-loi/<token>", "answer_question", answering.answer_question, methods=["POST"]
)
door.add_url_rule("/phan-anh/<code>/mo-lai", "reopen", answering.reopen, methods=["POST"])
door.add_url_rule("/phan-anh/<code>/da-xong", "confirm", answering.confirm, methods=["POST"])
door.add_url_rule("/phan-anh/<code>/rut-lai", "withdraw", answering.withdraw, methods=["POST"])
door.add_url_rule("/phan-anh/<code>/du-lieu", "own_data", own.show)
door.add_url_rule("/phan-anh/<code>/du-lieu/dong-y/<purpose>", "agree", own.agree, methods=["POST"])
door.add_url_rule("/phan-anh/<code>/du-lieu/lien-he", "change_contact", own.change_contact, methods=["POST"])
door.add_url_rule("/phan-anh/<code>/du-lieu/ban-sao", "export_data", own.export, methods=["POST"])
door.add_url_rule("/phan-anh/<code>/du-lieu/yeu-cau/<kind>", "ask_about_data", own.ask, methods=["POST"])
door.add_url_rule("/chung-nhan-xoa/<certificate_code>", "certificate", certificates.show)
door.add_url_rule("/chung-nhan-xoa/<certificate_code>.json", "certificate_json", certificates.as_json)
door.add_url_rule("/tra-cuu", "look_up", following.look_up)
door.add_url_rule("/ban-do/dia-gioi/<vintage>.geojson", "boundary_lines", map.boundary_lines)
door.add_url_rule("/toi/", "mine", mine.mine)
door.add_url_rule("/toi/ma", "ask_code", proving.blank)
door.add_url_rule("/toi/ma", "send_code", proving.ask, methods=["POST"])
door.add_url_rule("/toi/ma/nhap", "code", proving.enter)
door.add_url_rule("/toi/ma/nhap", "enter_code", proving.entered, methods=["POST"])
door.add_url_rule("/toi/thiet-bi", "devices", mine.devices)
door.add_url_rule("/toi/thiet-bi/thoat-het", "end_other_devices", mine.end_others, methods=["POST"])
door.add_url_rule(
    "/toi/thiet-bi/<int(max=2147483647):device_id>/thoat", "end_device", mine.end, methods=["POST"]
)

CHECK_EXPIRY_THEMSELVES = (
    sending.send,
    answering.reply,
    answering.answer_question,
    answering.reopen,
    answering.confirm,
    answering.withdraw,
)


@door.record_once
def _answer_expired_forms_with_the_form(state: BlueprintSetupState) -> None:
    """These views check the CSRF token as a field of their form, so that an expired one loses nothing typed."""
    for view in CHECK_EXPIRY_THEMSELVES:
        state.app.extensions["csrf"].exempt(view)
