"""Run the numbered migrations on the application's own engine."""

from alembic import context
from flask import current_app

database = current_app.extensions["migrate"].db


def include(thing: object, name: str | None, kind: str, reflected: bool, _against: object) -> bool:
    """Full-text shadow tables and other things that no model knows are left alone."""
    return not (kind == "table" and reflected and name not in database.metadata.tables)


with database.engine.connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=database.metadata,
        include_object=include,
        render_as_batch=True,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()
