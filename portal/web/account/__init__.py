"""The door to one's own account: whoever is signed in, in whatever role, sees and ends what is theirs."""

from flask import Blueprint

from portal.web import identity
from portal.web.account import adding, confirming, factors, linking, passwords, sessions
from portal.web.factors.asking_again import asked_again

door = Blueprint("account", __name__, url_prefix="/tai-khoan")
identity.guard(door)

door.add_url_rule("/", "own", sessions.own)
door.add_url_rule("/mat-khau", "password", passwords.password)
door.add_url_rule("/mat-khau", "change_password", passwords.change_password, methods=["POST"])
door.add_url_rule("/phien/ket-thuc", "end_others", sessions.end_others, methods=["POST"])
door.add_url_rule(
    "/phien/<int(max=2147483647):session_id>/ket-thuc", "end_session", sessions.end_one, methods=["POST"]
)

FACTORS = "/xac-thuc"
APP, PASSKEY = f"{FACTORS}/ung-dung", f"{FACTORS}/khoa"
ONE_PASSKEY = f"{PASSKEY}/<int(max=2147483647):passkey_id>"
BOTH = ["GET", "POST"]
door.add_url_rule("/xac-nhan", "confirm", confirming.confirm, methods=BOTH)
door.add_url_rule(FACTORS, "factors", factors.overview)
door.add_url_rule(APP, "authenticator", asked_again(adding.authenticator), methods=BOTH)
door.add_url_rule(
    f"{APP}/bo", "remove_authenticator", asked_again(factors.remove_authenticator), methods=["POST"]
)
door.add_url_rule(PASSKEY, "passkey", asked_again(adding.passkey), methods=BOTH)
door.add_url_rule(f"{PASSKEY}/cau-hoi.json", "passkey_question", asked_again(adding.passkey_question))
door.add_url_rule(
    f"{ONE_PASSKEY}/bo", "remove_passkey", asked_again(factors.remove_passkey), methods=["POST"]
)
door.add_url_rule(
    f"{FACTORS}/ma-du-phong", "recovery_codes", asked_again(factors.recovery_codes), methods=["POST"]
)
door.add_url_rule("/lien-ket", "link", asked_again(linking.link), methods=["POST"])
door.add_url_rule("/lien-ket/bo", "unlink", asked_again(linking.unlink), methods=["POST"])
