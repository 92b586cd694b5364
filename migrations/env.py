"""Run the numbered migrations on the application's own engine."""

from alembic import context
from alembic.runtime.migration import MigrationContext
from flask import current_app
from sqlalchemy import Connection

database = current_app.extensions["migrate"].db


def include(thing: object, name: str | None, kind: str, reflected: bool, _against: object) -> bool:
    """Full-text shadow tables and other things that no model knows are left alone."""
    return not (kind == "table" and reflected and name not in database.metadata.tables)


def heed_foreign_keys(connection: Connection, yes: bool) -> None:
    """SQLite drops and renames a table to which others refer only while it does not heed foreign keys.

    Said to the driver itself, because SQLite hears it only outside a transaction.
    """
    if connection.dialect.name == "sqlite":
        connection.connection.execute(f"PRAGMA foreign_keys={'ON' if yes else 'OFF'}")


def check_foreign_keys(ctx: MigrationContext, **_: object) -> None:
    """Inside the migration's transaction: nothing refers to what is not there."""
    if ctx.connection.dialect.name == "sqlite":
        astray = ctx.connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        if astray:
            raise RuntimeError(f"rows that refer to nothing: {astray[:5]}")


with database.engine.connect() as connection:
    heed_foreign_keys(connection, False)
    context.configure(
        connection=connection,
        target_metadata=database.metadata,
        include_object=include,
        render_as_batch=True,
        transactional_ddl=True,  # on SQLite too: base.py begins transactions itself, so the driver commits nothing
        transaction_per_migration=True,
        on_version_apply=check_foreign_keys,
    )
    try:
        with context.begin_transaction():
            context.run_migrations()
    finally:
        connection.rollback()
        heed_foreign_keys(connection, True)
