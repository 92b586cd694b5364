"""The administrator's door."""

from flask import Blueprint

from portal.web import identity

door = Blueprint("admin", __name__, url_prefix="/quan-tri")
door.before_request(identity.guard("administrator"))
