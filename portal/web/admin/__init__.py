"""The administrator's door."""

from flask import Blueprint, redirect, url_for
from flask.typing import ResponseReturnValue

from portal.core.permissions import Deed
from portal.services.records import NoSuchPage
from portal.web import identity
from portal.web.admin import (
    appointing,
    calendar,
    cases,
    categories,
    listing,
    people,
    reforms,
    response_times,
    rules,
    templates,
    units,
)
from portal.web.admin.audit import pages as audit
from portal.web.admin.clocks import escalations, levels
from portal.web.admin.data import keeping, requests
from portal.web.factors.asking_again import asked_again

door = Blueprint("admin", __name__, url_prefix="/quan-tri")
DEEDS = {
    Deed.READ_TIMES: "home response_times response_times_csv",
    Deed.READ_PEOPLE: "people",
    Deed.KEEP_PEOPLE: "new_person create_person change_person read_address set_active hand_over_link send_invitation "
    "end_sessions remove_factors new_appointment appoint end_appointment",
    Deed.READ_WORDS: "categories category templates template",
    Deed.KEEP_WORDS: "new_template create_template change_template remove_template change_category",
    Deed.READ_ESCALATIONS: "escalations escalation",
    Deed.KEEP_ESCALATIONS: "new_escalation create_escalation change_escalation remove_escalation",
    Deed.READ_SETTINGS: "units unit rules rule cases case levels level calendar day recount person "
    "reforms reform keeping duration",
    Deed.KEEP_SETTINGS: "new_unit create_unit change_unit new_category create_category "
    "new_rule create_rule change_rule new_case create_case change_case delete_case "
    "new_level create_level change_level remove_level new_day create_day change_day remove_day "
    "prepare_reform plan_reform cancel_reform keep_duration hold end_hold",
    Deed.ANSWER_REQUESTS: "data_requests data_request read_data_request decide_data_request",
    Deed.READ_AUDIT: "audit open_audit export_audit audit_days audit_proof",
}
identity.guard(door, DEEDS)
door.register_error_handler(NoSuchPage, listing.no_such_page)


def home() -> ResponseReturnValue:
    return redirect(url_for("admin.response_times"))


door.add_url_rule("/", "home", home)
door.add_url_rule("/thoi-gian", "response_times", response_times.response_times)
door.add_url_rule("/thoi-gian.csv", "response_times_csv", response_times.response_times_csv)

UNIT = "/don-vi/<int(max=2147483647):unit_id>"
door.add_url_rule("/don-vi", "units", units.units)
door.add_url_rule("/don-vi/them-moi", "new_unit", units.new_unit)
door.add_url_rule("/don-vi/them-moi", "create_unit", units.create_unit, methods=["POST"])
door.add_url_rule(UNIT, "unit", units.unit)
door.add_url_rule(UNIT, "change_unit", units.change_unit, methods=["POST"])

CATEGORY = "/linh-vuc/<category_code>"
door.add_url_rule("/linh-vuc", "categories", categories.categories)
door.add_url_rule("/linh-vuc/them-moi", "new_category", categories.new_category)
door.add_url_rule("/linh-vuc/them-moi", "create_category", categories.create_category, methods=["POST"])
door.add_url_rule(CATEGORY, "category", categories.category)
door.add_url_rule(CATEGORY, "change_category", categories.change_category, methods=["POST"])

RULE = "/dieu-phoi/<int(max=2147483647):rule_id>"
door.add_url_rule("/dieu-phoi", "rules", rules.rules_list)
door.add_url_rule("/dieu-phoi/them-moi", "new_rule", rules.new_rule)
door.add_url_rule("/dieu-phoi/them-moi", "create_rule", rules.create_rule, methods=["POST"])
door.add_url_rule(RULE, "rule", rules.rule)
door.add_url_rule(RULE, "change_rule", rules.change_rule, methods=["POST"])

CASE = "/dieu-phoi/kiem-thu/<path:name>"
door.add_url_rule("/dieu-phoi/kiem-thu", "cases", cases.cases_list)
door.add_url_rule("/dieu-phoi/kiem-thu/them-moi", "new_case", cases.new_case)
door.add_url_rule("/dieu-phoi/kiem-thu/them-moi", "create_case", cases.create_case, methods=["POST"])
door.add_url_rule(CASE, "case", cases.case)
door.add_url_rule(CASE, "change_case", cases.change_case, methods=["POST"])
door.add_url_rule("/dieu-phoi/kiem-thu/xoa/<path:name>", "delete_case", cases.delete_case, methods=["POST"])

LEVEL = "/thoi-han/<int(max=2147483647):level_id>"
door.add_url_rule("/thoi-han", "levels", levels.levels)
door.add_url_rule("/thoi-han/them-moi", "new_level", levels.new_level)
door.add_url_rule("/thoi-han/them-moi", "create_level", levels.create_level, methods=["POST"])
door.add_url_rule(LEVEL, "level", levels.level)
door.add_url_rule(LEVEL, "change_level", levels.change_level, methods=["POST"])
door.add_url_rule(f"{LEVEL}/bo", "remove_level", levels.remove_level, methods=["POST"])

TEMPLATE = "/mau-tra-loi/<int(max=2147483647):template_id>"
door.add_url_rule("/mau-tra-loi", "templates", templates.templates)
door.add_url_rule("/mau-tra-loi/them-moi", "new_template", templates.new_template)
door.add_url_rule("/mau-tra-loi/them-moi", "create_template", templates.create_template, methods=["POST"])
door.add_url_rule(TEMPLATE, "template", templates.template)
door.add_url_rule(TEMPLATE, "change_template", templates.change_template, methods=["POST"])
door.add_url_rule(f"{TEMPLATE}/xoa", "remove_template", templates.remove_template, methods=["POST"])

ESCALATION = "/bao-cap-tren/<int(max=2147483647):rule_id>"
door.add_url_rule("/bao-cap-tren", "escalations", escalations.rules)
door.add_url_rule("/bao-cap-tren/them-moi", "new_escalation", escalations.new_rule)
door.add_url_rule("/bao-cap-tren/them-moi", "create_escalation", escalations.create_rule, methods=["POST"])
door.add_url_rule(ESCALATION, "escalation", escalations.rule)
door.add_url_rule(ESCALATION, "change_escalation", escalations.change_rule, methods=["POST"])
door.add_url_rule(f"{ESCALATION}/bo", "remove_escalation", escalations.remove_rule, methods=["POST"])

DAY = "/lich-lam-viec/<day>"
door.add_url_rule("/lich-lam-viec", "calendar", calendar.calendar)
door.add_url_rule("/lich-lam-viec/them-moi", "new_day", calendar.new_day)
door.add_url_rule("/lich-lam-viec/them-moi", "create_day", calendar.create_day, methods=["POST"])
door.add_url_rule(DAY, "day", calendar.day)
door.add_url_rule(DAY, "change_day", calendar.change_day, methods=["POST"])
door.add_url_rule(f"{DAY}/bo", "remove_day", calendar.remove_day, methods=["POST"])
door.add_url_rule("/lich-lam-viec/tinh-lai/<int(max=2147483647):recount_id>", "recount", calendar.recount)

PERSON = "/nguoi-dung/<int(max=2147483647):account_id>"
door.add_url_rule("/nguoi-dung", "people", people.people)
door.add_url_rule("/nguoi-dung/them-moi", "new_person", people.new_person)
door.add_url_rule("/nguoi-dung/them-moi", "create_person", people.create_person, methods=["POST"])
door.add_url_rule(PERSON, "person", people.person)
door.add_url_rule(PERSON, "change_person", people.change_person, methods=["POST"])
door.add_url_rule(f"{PERSON}/dia-chi", "read_address", people.read_address, methods=["POST"])
APPOINTMENT = f"{PERSON}/nhiem-vu/<int(max=2147483647):appointment_id>"
door.add_url_rule(f"{PERSON}/nhiem-vu", "new_appointment", appointing.new_appointment)
door.add_url_rule(f"{PERSON}/nhiem-vu", "appoint", appointing.appoint, methods=["POST"])
door.add_url_rule(f"{APPOINTMENT}/thoi", "end_appointment", appointing.end_appointment, methods=["POST"])
door.add_url_rule(f"{PERSON}/trang-thai", "set_active", people.set_active, methods=["POST"])
door.add_url_rule(
    f"{PERSON}/bo-xac-thuc", "remove_factors", asked_again(people.remove_factors), methods=["POST"]
)
door.add_url_rule(f"{PERSON}/duong-dan", "hand_over_link", people.hand_over_link, methods=["POST"])
door.add_url_rule(f"{PERSON}/moi", "send_invitation", people.send_invitation, methods=["POST"])
door.add_url_rule(f"{PERSON}/ket-thuc-phien", "end_sessions", people.end_sessions, methods=["POST"])

door.add_url_rule("/nhat-ky", "audit", audit.search)
door.add_url_rule("/nhat-ky", "open_audit", audit.open_up, methods=["POST"])
door.add_url_rule("/nhat-ky.csv", "export_audit", audit.export, methods=["POST"])
door.add_url_rule("/nhat-ky/ngay", "audit_days", audit.days)
door.add_url_rule("/nhat-ky/ngay/<day>", "audit_proof", audit.proof, methods=["POST"])

DATA = "/du-lieu-ca-nhan/<int(max=2147483647):request_id>"
door.add_url_rule("/du-lieu-ca-nhan", "data_requests", requests.listed)
door.add_url_rule(DATA, "data_request", requests.show)
door.add_url_rule(f"{DATA}/noi-dung", "read_data_request", requests.read, methods=["POST"])
door.add_url_rule(DATA, "decide_data_request", requests.decide, methods=["POST"])
door.add_url_rule("/du-lieu-ca-nhan/luu", "keeping", keeping.show)
door.add_url_rule("/du-lieu-ca-nhan/luu/<key>", "duration", keeping.duration)
door.add_url_rule("/du-lieu-ca-nhan/luu/<key>", "keep_duration", keeping.keep_duration, methods=["POST"])
door.add_url_rule("/du-lieu-ca-nhan/giu", "hold", keeping.hold, methods=["POST"])
door.add_url_rule("/du-lieu-ca-nhan/giu/<code>/bo", "end_hold", keeping.end_hold, methods=["POST"])

REFORM = "/cai-cach/<int(max=2147483647):reform_id>"
door.add_url_rule("/cai-cach", "reforms", reforms.reforms_list)
door.add_url_rule("/cai-cach", "prepare_reform", reforms.prepare_reform, methods=["POST"])
door.add_url_rule("/cai-cach/phuong-an", "plan_reform", reforms.plan_reform, methods=["POST"])
door.add_url_rule(REFORM, "reform", reforms.reform)
door.add_url_rule(f"{REFORM}/huy", "cancel_reform", reforms.cancel_reform, methods=["POST"])
