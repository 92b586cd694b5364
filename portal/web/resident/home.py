"""The first page: one thing to do, one code to follow."""

from flask import render_template

from portal.services import directory


def home() -> str:
    return render_template("resident/home.html", categories=directory.active_categories())
