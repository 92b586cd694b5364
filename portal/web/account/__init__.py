"""The door to one's own account: whoever is signed in, in whatever role, sees and ends what is theirs."""

from flask import Blueprint

from portal.web import identity
from portal.web.account import sessions

door = Blueprint("account", __name__, url_prefix="/tai-khoan")
door.before_request(identity.guard())

door.add_url_rule("/", "own", sessions.own)
door.add_url_rule("/phien/ket-thuc", "end_others", sessions.end_others, methods=["POST"])
door.add_url_rule(
    "/phien/<int(max=2147483647):session_id>/ket-thuc", "end_session", sessions.end_one, methods=["POST"]
)
