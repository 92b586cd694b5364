"""What the documents promise is what the code has: every setting, command and room is written down."""

from dataclasses import fields
from pathlib import Path

from flask import Flask

from portal.config import Config
from portal.core.packs import COLUMNS
from tests.packs import QUANG_TRI

ROOT = Path(__file__).parents[2]
OPERATIONS = ROOT / "docs" / "operations.md"
ARCHITECTURE = ROOT / "docs" / "architecture.md"


def test_every_setting_is_documented() -> None:
    page = OPERATIONS.read_text(encoding="utf-8")
    for setting in fields(Config):
        assert f"`PORTAL_{setting.name}`" in page, setting.name


def test_every_command_is_documented_and_says_what_it_does(app: Flask) -> None:
    page = OPERATIONS.read_text(encoding="utf-8")
    ours = {name: command for name, command in app.cli.commands.items() if name != "db"}
    for name, command in ours.items():
        inner = getattr(command, "commands", {"": command})
        for sub, leaf in inner.items():
            assert f"`{f'{name} {sub}'.strip()}" in page, f"{name} {sub}"
            assert leaf.help, f"{name} {sub}"


def test_every_room_is_on_the_plan() -> None:
    page = ARCHITECTURE.read_text(encoding="utf-8")
    for path in (ROOT / "portal").iterdir():
        if path.is_dir() and path.name != "__pycache__":
            assert f"`{path.name}/" in page or f"`portal/{path.name}" in page, path.name


def test_every_column_of_a_pack_is_explained() -> None:
    page = (QUANG_TRI / "README.md").read_text(encoding="utf-8")
    lines = {line.split("`")[1]: line for line in page.splitlines() if line.startswith("| `")}
    assert lines.keys() == COLUMNS.keys()
    for file, columns in COLUMNS.items():
        assert [column for column in columns if f"`{column}`" not in lines[file]] == [], file


def test_make_has_the_promised_targets_and_no_more() -> None:
    lines = (ROOT / "Makefile").read_text(encoding="utf-8").splitlines()
    phony = {word for line in lines if line.startswith(".PHONY:") for word in line.split()[1:]}
    assert phony == {"run", "test", "setup", "worker", "check", "bench", "seed"}


def test_the_law_on_paper_is_the_law(app: Flask) -> None:
    page = (ROOT / "docs" / "workflow.md").read_text(encoding="utf-8")
    printed = app.test_cli_runner().invoke(args=["workflow", "show"]).output
    assert page.split("\n## ", 1)[1] == printed.split("## ", 1)[1], "flask workflow show prints it"
