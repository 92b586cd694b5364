"""The officer's door: only people of a unit, only its own tickets."""

from flask import Blueprint

from portal.web import identity

door = Blueprint("staff", __name__, url_prefix="/can-bo")
door.before_request(identity.guard("officer"))
