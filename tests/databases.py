"""A furnished PostgreSQL database that every test finds as it was: far cheaper than a new one for each."""

from sqlalchemy import Connection, create_engine, text

from portal.models import db

TABLES = [table.name for table in db.metadata.sorted_tables]
NUMBERED = [
    table.name for table in db.metadata.sorted_tables if "id" in table.c and table.name != "territory"
]


WATCH = """
    CREATE TRIGGER touched AFTER INSERT OR UPDATE OR DELETE ON public.{0}
    FOR EACH STATEMENT EXECUTE FUNCTION pristine.touch()
"""
REMEMBER = """
    CREATE SCHEMA pristine;
    CREATE TABLE pristine.touched (name text);
    CREATE FUNCTION pristine.touch() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN INSERT INTO pristine.touched VALUES (TG_TABLE_NAME); RETURN NULL; END $$
"""


class Furnished:
    """Keeps a copy of every filled table in a schema of its own, and brings back those that a test has touched."""

    def __init__(self, url: str):
        self.url = url
        self.engine = create_engine(url)
        with self.engine.begin() as connection:
            connection.exec_driver_sql(REMEMBER)
            for name in TABLES:
                connection.execute(text(f"CREATE TABLE pristine.{name} AS TABLE public.{name}"))
                connection.execute(text(WATCH.format(name)))
            filled = {name: connection.scalar(text(f"SELECT max(id) FROM {name}")) or 0 for name in NUMBERED}
        self.count_on = ", ".join(
            f"setval(pg_get_serial_sequence('{name}', 'id'), {last + 1}, false)"
            for name, last in filled.items()
        )

    def restore(self) -> None:
        with self.engine.begin() as connection:
            touched = self._touched(connection)
            statements = [
                "SET LOCAL session_replication_role = replica",  # no foreign key is asked, no trigger fires
                "SET LOCAL lock_timeout = '10s'",
                "DELETE FROM pristine.touched",
                *(f"DELETE FROM public.{name}" for name in touched),
                *(f"INSERT INTO public.{name} SELECT * FROM pristine.{name}" for name in touched),
                f"SELECT {self.count_on}",
            ]
            connection.exec_driver_sql(";".join(statements))

    def _touched(self, connection: Connection) -> list[str]:
        """The tables written to since; all of them, watched anew, where a migration has made them anew."""
        watched = set(
            connection.scalars(
                text("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'touched'")
            )
        )
        if len(watched) == len(TABLES):
            return list(connection.scalars(text("SELECT DISTINCT name FROM pristine.touched")))
        for name in set(TABLES) - watched:
            connection.execute(text(WATCH.format(name)))
        return TABLES
