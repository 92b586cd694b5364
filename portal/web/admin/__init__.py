"""The administrator's door."""

from flask import Blueprint, redirect, url_for
from flask.typing import ResponseReturnValue

from portal.services.records import NoSuchPage
from portal.web import identity
from portal.web.admin import categories, listing, people, response_times, rules, units

door = Blueprint("admin", __name__, url_prefix="/quan-tri")
door.before_request(identity.guard("administrator"))
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

PERSON = "/nguoi-dung/<int(max=2147483647):account_id>"
door.add_url_rule("/nguoi-dung", "people", people.people)
door.add_url_rule("/nguoi-dung/them-moi", "new_person", people.new_person)
door.add_url_rule("/nguoi-dung/them-moi", "create_person", people.create_person, methods=["POST"])
door.add_url_rule(PERSON, "person", people.person)
door.add_url_rule(PERSON, "change_person", people.change_person, methods=["POST"])
door.add_url_rule(f"{PERSON}/trang-thai", "set_active", people.set_active, methods=["POST"])
door.add_url_rule(f"{PERSON}/mat-khau", "give_password", people.give_password, methods=["POST"])
