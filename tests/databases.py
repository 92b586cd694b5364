"""A furnished PostgreSQL database that every test finds as it was: far cheaper than a new one for each."""

from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from portal.models import db

TABLES = [table.name for table in db.metadata.sorted_tables]
NUMBERED = [table.name for table in db.metadata.sorted_tables if "id" in table.c]


class Furnished:
    """Keeps a copy of every filled table in a schema of its own, and brings it back."""

    def __init__(self, url: str):
        self.url = url
        self.engine = create_engine(url, poolclass=NullPool)
        with self.engine.begin() as connection:
            filled = [
                name
                for name in TABLES
                if connection.scalar(text(f"SELECT EXISTS (SELECT FROM public.{name})"))
            ]
            connection.execute(text("CREATE SCHEMA pristine"))
            for name in filled:
                connection.execute(text(f"CREATE TABLE pristine.{name} AS TABLE public.{name}"))
        self.statements = [
            "SET LOCAL session_replication_role = replica",  # no foreign key is asked meanwhile
            "SET LOCAL lock_timeout = '10s'",
            *(f"DELETE FROM public.{name}" for name in TABLES),
            *(f"INSERT INTO public.{name} SELECT * FROM pristine.{name}" for name in filled),
            *(
                f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), coalesce(max(id), 0) + 1, false) FROM {name}"
                for name in NUMBERED
                if name != "territory"
            ),
        ]

    def restore(self) -> None:
        with self.engine.begin() as connection:
            connection.exec_driver_sql(";".join(self.statements))
