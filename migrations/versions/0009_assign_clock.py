"""The clock to name who is in charge, beside those to receive and to resolve.

Locks: `report` while it is filled and its new CHECKs are read, some seconds with a million reports on PostgreSQL;
SQLite writes it anew, because it cannot add a CHECK, about a minute with a million. `alarm`, `clock_move` and the
tables of escalations too.
"""

import re
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from alembic import op

revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None

SHORTER = 'CASE WHEN receive_minutes < 240 THEN receive_minutes ELSE 240 END'  # at most the time to receive
OF_CLOCKS = ('category', 'service_level')
ALARMED = ('alarm', 'clock_move', 'escalation_rule', 'escalation')
UNASSIGNED = "status IN ('received', 'in_progress') AND assignee_id IS NULL"
CHECKS = {
    'ck_report_assigned_has_moment': '(assignee_id IS NULL) = (assigned_at IS NULL)',
    'ck_report_assign_counts_from': '(assign_from IS NULL) = (assign_due_at IS NULL)',
    'ck_report_unassigned_has_due': f'assign_due_at IS NOT NULL OR NOT ({UNASSIGNED})',
}
MOMENTS = ('assigned_at', 'assign_from', 'assign_due_at')
TWO, THREE = "clock IN ('receive', 'resolve')", "clock IN ('receive', 'assign', 'resolve')"
ONE_DAY = timedelta(days=1)  # longer than any working day: the next recount or assignment says better


def upgrade() -> None:
    for table in OF_CLOCKS:
        op.execute(
            f'ALTER TABLE {table} ADD COLUMN assign_minutes INTEGER NOT NULL DEFAULT 240'
            f' CONSTRAINT ck_{table}_assign CHECK (assign_minutes > 0)'
        )
        op.execute(f'UPDATE {table} SET assign_minutes = {SHORTER}')
    op.add_column('report', sa.Column('assign_minutes', sa.Integer(), nullable=False, server_default='240'))
    for name in MOMENTS:
        op.add_column('report', sa.Column(name, sa.DateTime(), nullable=True))
    op.execute(f'UPDATE report SET assign_minutes = {SHORTER}')
    op.execute('UPDATE report SET assigned_at = COALESCE(received_at, led_since) WHERE assignee_id IS NOT NULL')
    _start()
    _change_checks('report', {}, CHECKS)
    for table in ALARMED:
        _change_checks(table, {f'ck_{table}_clock': TWO}, {f'ck_{table}_clock': THREE})


def _start() -> None:
    """Who waits for a person already gets a day from now on."""
    report = sa.table('report', *(sa.column(name, sa.DateTime()) for name in ('assign_from', 'assign_due_at', 'next_due_at')))
    now = datetime.now(UTC).replace(tzinfo=None)
    waits = sa.text(UNASSIGNED)
    op.execute(report.update().where(waits).values(assign_from=now, assign_due_at=now + ONE_DAY))
    sooner = report.c.next_due_at > report.c.assign_due_at
    op.execute(report.update().where(waits, sooner).values(next_due_at=report.c.assign_due_at))


def downgrade() -> None:
    for table in ALARMED:
        op.execute(f"DELETE FROM {table} WHERE clock = 'assign'")
        _change_checks(table, {f'ck_{table}_clock': THREE}, {f'ck_{table}_clock': TWO})
    op.execute("DELETE FROM event WHERE details ->> 'clock' = 'assign'")
    op.execute("UPDATE event SET step = 'note' WHERE step = 'unassign'")
    op.execute(f'UPDATE report SET next_due_at = resolve_due_at WHERE {UNASSIGNED}')
    _change_checks('report', CHECKS, {})
    for name in ('assign_minutes', *MOMENTS):
        op.drop_column('report', name)
    for table in OF_CLOCKS:
        op.execute(f'ALTER TABLE {table} DROP COLUMN assign_minutes')


def _change_checks(table: str, old: dict[str, str], new: dict[str, str]) -> None:
    if op.get_bind().dialect.name == 'sqlite':
        _write_anew(table, old, new)
        return
    for name in old:
        op.execute(f'ALTER TABLE {table} DROP CONSTRAINT {name}')
    for name, condition in new.items():
        op.execute(f'ALTER TABLE {table} ADD CONSTRAINT {name} CHECK ({condition})')


def _write_anew(table: str, old: dict[str, str], new: dict[str, str]) -> None:
    """The way of SQLite's own handbook, as in 0004."""
    bind = op.get_bind()
    schema = sa.text('SELECT sql FROM sqlite_master WHERE tbl_name = :table AND type = :type AND sql IS NOT NULL')
    [written], indexes = (bind.scalars(schema, {'table': table, 'type': type_}).all() for type_ in ('table', 'index'))
    for name, condition in old.items():
        written, times = re.subn(rf',\s*CONSTRAINT {name} CHECK \({re.escape(condition)}\)', '', written)
        if times != 1:
            raise RuntimeError(f'{table} is not as this migration knows it: {name}')
    said = ''.join(f', CONSTRAINT {name} CHECK ({condition})' for name, condition in new.items())
    written = f"{written.rpartition(')')[0]}{said})"
    columns = ', '.join(column['name'] for column in sa.inspect(bind).get_columns(table))
    bind.exec_driver_sql(written.replace(table, f'{table}_anew', 1))
    bind.exec_driver_sql(f'INSERT INTO {table}_anew ({columns}) SELECT {columns} FROM {table}')
    bind.exec_driver_sql(f'DROP TABLE {table}')
    bind.exec_driver_sql(f'ALTER TABLE {table}_anew RENAME TO {table}')
    for index in indexes:
        bind.exec_driver_sql(index)
