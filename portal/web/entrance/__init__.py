"""The hall that everybody passes: sign-in, sign-out, forgotten passwords, language, and whether the building stands."""

from flask import Blueprint

from portal.web.entrance import access, health, passkeys, passwords, single_sign_on, stepping

door = Blueprint("entrance", __name__)

door.add_url_rule("/dang-nhap", "sign_in", access.sign_in, methods=["GET", "POST"])
door.add_url_rule("/dang-nhap/buoc-hai", "second_step", stepping.second_step, methods=["GET", "POST"])
door.add_url_rule("/dang-nhap/khoa", "passkey", passkeys.sign_in, methods=["POST"])
door.add_url_rule("/dang-nhap/khoa/cau-hoi.json", "passkey_question", passkeys.question)
door.add_url_rule("/dang-nhap/mot-lan", "single_sign_on", single_sign_on.begin)
door.add_url_rule("/dang-nhap/mot-lan/ve", "come_back", single_sign_on.come_back, methods=["GET", "POST"])
door.add_url_rule("/dang-nhap/nhiem-vu", "choose_seat", access.choose_seat, methods=["POST"])
door.add_url_rule("/dang-xuat", "sign_out", access.sign_out, methods=["POST"])
door.add_url_rule("/quen-mat-khau", "forgotten", passwords.forgotten, methods=["GET", "POST"])
door.add_url_rule("/quen-mat-khau/da-gui", "asked", passwords.asked)
door.add_url_rule("/dat-mat-khau/<token>", "follow_link", passwords.follow)
door.add_url_rule("/dat-mat-khau", "new_password", passwords.new_password)
door.add_url_rule("/dat-mat-khau", "choose_password", passwords.choose_password, methods=["POST"])
door.add_url_rule("/ngon-ngu/<language>", "language", access.language)
door.add_url_rule("/healthz", "alive", health.alive)
door.add_url_rule("/readyz", "ready", health.ready)
