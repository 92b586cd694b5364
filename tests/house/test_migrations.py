"""The schema is what the migrations say, they go down as well as up, and the head is one line in one file."""

from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect

from portal.models import Report, Territory, db
from portal.services import territory
from tests.conftest import MONDAY_8AM
from tests.factories import send_report

MIGRATIONS = Path(__file__).parents[2] / "migrations"


def test_the_head_is_one_line_in_one_file() -> None:
    heads = ScriptDirectory(str(MIGRATIONS)).get_heads()
    assert heads == [(MIGRATIONS / "HEAD").read_text().strip()]


def test_the_tables_are_those_of_the_models(app: Flask) -> None:
    with db.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), db.metadata) == []


def test_every_check_of_the_models_stands_in_the_database(app: Flask) -> None:
    inspector = inspect(db.engine)
    for table in db.metadata.sorted_tables:
        wanted = {
            check.name
            for check in table.constraints
            if check.__visit_name__ == "table_or_column_check_constraint"
        }
        assert wanted <= {check["name"] for check in inspector.get_check_constraints(table.name)}, table.name


def test_the_house_goes_up_down_and_up_with_data(app: Flask) -> None:
    send_report()
    db.session.remove()
    downgrade(revision="base")
    assert set(inspect(db.engine).get_table_names()) <= {"alembic_version"}
    upgrade()
    territory.load(app.config["PACK"], now=MONDAY_8AM)
    send_report()
    assert db.session.query(Territory).count() == db.session.query(Report).count() == 1
