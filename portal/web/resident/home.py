"""The first page."""

from flask import render_template


def home() -> str:
    return render_template("resident/home.html")
