"""The whole law of a report: pauses, approval by a second person, returns, duplicates, other channels, the end.

Locks: `report` for the whole migration. PostgreSQL reads it once for each new CHECK, some seconds with a million
reports; SQLite writes it anew, because it cannot change a CHECK, about a minute with a million.
"""

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None

STATUSES = "'submitted', 'received', 'in_progress', 'waiting', 'paused', 'awaiting_approval', 'resolved', 'closed', 'rejected', 'duplicate', 'redirected'"
RUNNING = "status IN ('submitted', 'received', 'in_progress', 'awaiting_approval')"
RAN = "status IN ('submitted', 'received', 'in_progress')"
CHECKS = {  # name: (before, after)
    'status': (
        "status IN ('submitted', 'received', 'in_progress', 'waiting', 'resolved', 'rejected')",
        f'status IN ({STATUSES})',
    ),
    'closed_has_moment': (
        "(status IN ('resolved', 'rejected')) = (closed_at IS NOT NULL)",
        "(status IN ('resolved', 'closed', 'rejected', 'duplicate', 'redirected')) = (closed_at IS NOT NULL)",
    ),
    'waiting_has_moment': (
        "(status = 'waiting') = (waiting_since IS NOT NULL)",
        "(status IN ('waiting', 'paused')) = (waiting_since IS NOT NULL)",
    ),
    'running_has_due': (f'({RAN}) = (next_due_at IS NOT NULL)', f'({RUNNING}) = (next_due_at IS NOT NULL)'),
}
# By hand: both engines take the CHECK with its column, and drop it with it.
ADDED = {
    'pause_reason': "VARCHAR CONSTRAINT ck_report_paused_has_reason CHECK ((status = 'paused') = (pause_reason IS NOT NULL))",
    'redirect_channel': 'VARCHAR CONSTRAINT ck_report_redirected_has_channel'
    " CHECK ((status = 'redirected') = (redirect_channel IS NOT NULL))",
    'duplicate_of_id': 'INTEGER CONSTRAINT fk_report_duplicate_of_id_report REFERENCES report (id)'
    " CONSTRAINT ck_report_duplicate_has_original CHECK ((status = 'duplicate') = (duplicate_of_id IS NOT NULL))"
    ' CONSTRAINT ck_report_duplicate_of_another CHECK (duplicate_of_id <> id)',
    'proposed_by_id': 'INTEGER CONSTRAINT fk_report_proposed_by_id_account REFERENCES account (id)'
    " CONSTRAINT ck_report_proposed_by CHECK ((status = 'awaiting_approval') = (proposed_by_id IS NOT NULL))",
    'hops': 'INTEGER NOT NULL DEFAULT 0',
    'times_returned': 'INTEGER NOT NULL DEFAULT 0'
    ' CONSTRAINT ck_report_returned CHECK (times_returned BETWEEN 0 AND 2 AND hops >= times_returned)',
}
# What a house without this law makes of it: (status, columns that the old status needs, old status).
FORMER = (
    ("'paused'", "status = 'waiting', pause_reason = NULL"),
    ("'awaiting_approval'", "status = 'in_progress', proposed_by_id = NULL"),
    ("'closed'", "status = 'resolved'"),
    ("'duplicate'", "status = 'rejected', refusal_reason = 'duplicate', duplicate_of_id = NULL"),
    ("'redirected'", "status = 'rejected', refusal_reason = 'other_procedure', redirect_channel = NULL"),
)
FORMER_STATUS = {
    'paused': 'waiting',
    'awaiting_approval': 'in_progress',
    'closed': 'resolved',
    'duplicate': 'rejected',
    'redirected': 'rejected',
}
NEW_STEPS = "'pause', 'resume', 'return', 'propose', 'approve', 'send_back', 'confirm', 'close', 'duplicate', 'redirect'"


def upgrade() -> None:
    op.execute('ALTER TABLE unit ADD COLUMN needs_approval BOOLEAN NOT NULL DEFAULT false')
    op.drop_index('ix_report_next_due', 'report')
    _change_checks(before=0, after=1)
    for name, column in ADDED.items():
        op.execute(f'ALTER TABLE report ADD COLUMN {name} {column}')
    op.execute(
        'UPDATE report SET hops = (SELECT COUNT(*) FROM event'
        " WHERE event.report_id = report.id AND event.step = 'forward')"
    )
    _index('ix_report_next_due', 'next_due_at', RUNNING)
    _index('ix_report_resolved', 'closed_at', "status = 'resolved'")
    op.create_index('ix_report_duplicate_of_id', 'report', ['duplicate_of_id'])


def downgrade() -> None:
    for index in ('ix_report_duplicate_of_id', 'ix_report_resolved', 'ix_report_next_due'):
        op.drop_index(index, 'report')
    for status, former in FORMER:
        op.execute(f'UPDATE report SET {former} WHERE status = {status}')
    for status, former in FORMER_STATUS.items():
        for column in ('from_status', 'to_status'):
            op.execute(f"UPDATE event SET {column} = '{former}' WHERE {column} = '{status}'")
    # Words and messages of steps that the older house does not know are kept as answers and notes.
    op.execute(f"UPDATE message SET kind = 'answer' WHERE kind IN ({NEW_STEPS})")
    op.execute(f"UPDATE event SET step = 'answer' WHERE step IN ({NEW_STEPS}) AND public")
    op.execute(f"UPDATE event SET step = 'note' WHERE step IN ({NEW_STEPS})")
    for name in reversed(ADDED):
        op.execute(f'ALTER TABLE report DROP COLUMN {name}')
    _change_checks(before=1, after=0)
    _index('ix_report_next_due', 'next_due_at', RAN)
    op.execute('ALTER TABLE unit DROP COLUMN needs_approval')


def _index(name: str, column: str, where: str) -> None:
    op.create_index(name, 'report', [column], sqlite_where=sa.text(where), postgresql_where=sa.text(where))


def _change_checks(before: int, after: int) -> None:
    if op.get_bind().dialect.name == 'sqlite':
        _write_anew(before, after)
        return
    for name, condition in CHECKS.items():
        op.execute(f'ALTER TABLE report DROP CONSTRAINT ck_report_{name}')
        op.execute(f'ALTER TABLE report ADD CONSTRAINT ck_report_{name} CHECK ({condition[after]})')


def _write_anew(before: int, after: int) -> None:
    """The way of SQLite's own handbook: a new table under another name, filled, and given the old one's name.

    Foreign keys of other tables go on naming `report`; they are off meanwhile, and checked at the end (env.py).
    """
    bind = op.get_bind()
    schema = sa.text("SELECT sql FROM sqlite_master WHERE tbl_name = 'report' AND type = :type AND sql IS NOT NULL")
    [table], indexes = (bind.scalars(schema, {'type': type_}).all() for type_ in ('table', 'index'))
    for name, condition in CHECKS.items():
        old, new = (f'CONSTRAINT ck_report_{name} CHECK ({condition[which]})' for which in (before, after))
        if table.count(old) != 1:
            raise RuntimeError(f'report is not as this migration knows it: {old}')
        table = table.replace(old, new)
    columns = ', '.join(column['name'] for column in sa.inspect(bind).get_columns('report'))
    bind.exec_driver_sql(table.replace('report', 'report_anew', 1))
    bind.exec_driver_sql(f'INSERT INTO report_anew ({columns}) SELECT {columns} FROM report')
    bind.exec_driver_sql('DROP TABLE report')
    bind.exec_driver_sql('ALTER TABLE report_anew RENAME TO report')
    for index in indexes:
        bind.exec_driver_sql(index)
