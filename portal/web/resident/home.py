"""The first page: one thing to do, one code to follow."""

from flask import render_template

from portal.web.resident import offering


def home() -> str:
    return render_template("resident/home.html", offer=offering)
