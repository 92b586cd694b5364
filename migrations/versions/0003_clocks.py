"""What was promised stands with each report; extensions, alarms, and recounts after a change of the calendar.

Locks: `report` while the new columns are filled from categories and events, some seconds with a million reports;
`holiday` for a moment; the other tables are new.
"""

import sqlalchemy as sa
from alembic import op

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None

UNALARMED = 'next_due_at IS NOT NULL AND (alarmed_for IS NULL OR alarmed_for <> next_due_at)'
ADDED = (
    sa.Column('led_since', sa.DateTime(), nullable=False, server_default='2000-01-01 00:00:00'),
    sa.Column('promised_from', sa.DateTime(), nullable=False, server_default='2000-01-01 00:00:00'),
    sa.Column('hours', sa.String(), nullable=False, server_default=''),
    sa.Column('receive_minutes', sa.Integer(), nullable=False, server_default='0'),
    sa.Column('resolve_minutes', sa.Integer(), nullable=False, server_default='0'),
    sa.Column('put_off_minutes', sa.Integer(), nullable=False, server_default='0'),
    sa.Column('alarmed_for', sa.DateTime(), nullable=True),
    sa.Column('times_extended', sa.Integer(), nullable=False, server_default='0'),
)


def upgrade() -> None:
    for column in ADDED:
        op.add_column('report', column)
    for name, step in (('led_since', 'forward'), ('promised_from', 'reopen')):
        op.execute(
            f"UPDATE report SET {name} = COALESCE((SELECT MAX(event.at) FROM event"
            f" WHERE event.report_id = report.id AND event.step = '{step}'), submitted_at)"
        )
    for clock in ('receive_minutes', 'resolve_minutes'):
        op.execute(
            f'UPDATE report SET {clock} ='
            f' (SELECT category.{clock} FROM category WHERE category.code = report.category_code)'
        )
    op.execute(
        "UPDATE report SET hours = '24/7'"
        ' WHERE category_code IN (SELECT code FROM category WHERE round_the_clock)'
    )
    op.execute('UPDATE report SET put_off_minutes = paused_minutes WHERE times_reopened = 0')
    op.create_index(
        'ix_report_unalarmed', 'report', ['next_due_at'],
        sqlite_where=sa.text(UNALARMED), postgresql_where=sa.text(UNALARMED),
    )
    op.add_column('holiday', sa.Column('edited_at', sa.DateTime(), nullable=True))

    op.create_table('extension',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('report_id', sa.Integer(), nullable=False),
    sa.Column('asked_by_id', sa.Integer(), nullable=False),
    sa.Column('asked_at', sa.DateTime(), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('old_due_at', sa.DateTime(), nullable=False),
    sa.Column('new_due_at', sa.DateTime(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('decided_by_id', sa.Integer(), nullable=True),
    sa.Column('decided_at', sa.DateTime(), nullable=True),
    sa.CheckConstraint("state IN ('asked', 'granted', 'refused', 'withdrawn')", name=op.f('ck_extension_state')),
    sa.CheckConstraint("(state IN ('granted', 'refused')) = (decided_by_id IS NOT NULL)", name=op.f('ck_extension_decided_by')),
    sa.CheckConstraint('decided_by_id <> asked_by_id', name=op.f('ck_extension_two_people')),
    sa.CheckConstraint('new_due_at > old_due_at', name=op.f('ck_extension_later')),
    sa.CheckConstraint("reason <> ''", name=op.f('ck_extension_has_reason')),
    sa.ForeignKeyConstraint(['report_id'], ['report.id'], name=op.f('fk_extension_report_id_report')),
    sa.ForeignKeyConstraint(['asked_by_id'], ['account.id'], name=op.f('fk_extension_asked_by_id_account')),
    sa.ForeignKeyConstraint(['decided_by_id'], ['account.id'], name=op.f('fk_extension_decided_by_id_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_extension'))
    )
    op.create_index('ix_extension_report_id', 'extension', ['report_id'])
    op.create_index(
        'uq_extension_asked', 'extension', ['report_id'], unique=True,
        sqlite_where=sa.text("state = 'asked'"), postgresql_where=sa.text("state = 'asked'"),
    )
    op.create_table('alarm',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('report_id', sa.Integer(), nullable=False),
    sa.Column('clock', sa.String(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('due_at', sa.DateTime(), nullable=False),
    sa.Column('ring_at', sa.DateTime(), nullable=False),
    sa.Column('rung_at', sa.DateTime(), nullable=True),
    sa.CheckConstraint("clock IN ('receive', 'resolve')", name=op.f('ck_alarm_clock')),
    sa.CheckConstraint("kind IN ('reminder', 'breach')", name=op.f('ck_alarm_kind')),
    sa.ForeignKeyConstraint(['report_id'], ['report.id'], name=op.f('fk_alarm_report_id_report')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_alarm')),
    sa.UniqueConstraint('report_id', 'clock', 'kind', 'due_at', name=op.f('uq_alarm_report_id_clock_kind_due_at'))
    )
    op.create_index(
        'ix_alarm_ring', 'alarm', ['ring_at'],
        sqlite_where=sa.text('rung_at IS NULL'), postgresql_where=sa.text('rung_at IS NULL'),
    )
    op.create_table('recount',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('cause', sa.JSON(), nullable=False),
    sa.Column('asked_at', sa.DateTime(), nullable=False),
    sa.Column('asked_by_id', sa.Integer(), nullable=True),
    sa.Column('last_report_id', sa.Integer(), nullable=False),
    sa.Column('moved', sa.Integer(), nullable=False),
    sa.Column('done_at', sa.DateTime(), nullable=True),
    sa.ForeignKeyConstraint(['asked_by_id'], ['account.id'], name=op.f('fk_recount_asked_by_id_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_recount'))
    )
    op.create_index(
        'ix_recount_open', 'recount', ['id'],
        sqlite_where=sa.text('done_at IS NULL'), postgresql_where=sa.text('done_at IS NULL'),
    )
    op.create_table('clock_move',
    sa.Column('recount_id', sa.Integer(), nullable=False),
    sa.Column('report_id', sa.Integer(), nullable=False),
    sa.Column('clock', sa.String(), nullable=False),
    sa.Column('old_due_at', sa.DateTime(), nullable=False),
    sa.Column('new_due_at', sa.DateTime(), nullable=False),
    sa.CheckConstraint("clock IN ('receive', 'resolve')", name=op.f('ck_clock_move_clock')),
    sa.ForeignKeyConstraint(['recount_id'], ['recount.id'], name=op.f('fk_clock_move_recount_id_recount')),
    sa.ForeignKeyConstraint(['report_id'], ['report.id'], name=op.f('fk_clock_move_report_id_report')),
    sa.PrimaryKeyConstraint('recount_id', 'report_id', 'clock', name=op.f('pk_clock_move'))
    )


def downgrade() -> None:
    for table in ('clock_move', 'recount', 'alarm', 'extension'):
        op.drop_table(table)
    op.execute('ALTER TABLE holiday DROP COLUMN edited_at')
    op.drop_index('ix_report_unalarmed', 'report')
    # Not in batches: SQLite would write the whole table anew, to which others refer.
    for column in reversed(ADDED):
        op.execute(f'ALTER TABLE report DROP COLUMN {column.name}')
