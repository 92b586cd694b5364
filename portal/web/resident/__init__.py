"""The resident's door: public, works on a slow phone without JavaScript."""

from flask import Blueprint

from portal.web.resident import home

door = Blueprint("resident", __name__)

door.add_url_rule("/", "home", home.home)
