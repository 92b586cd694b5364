"""Tasks between units, reports merged and reports come back, and broken clocks told upwards.

Locks: `report` and `cooperation` while columns are added, moments; `report` while two indexes are built, some
seconds with a million reports. The new tables are empty.
"""

import sqlalchemy as sa
from alembic import op

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None

INDEXES = (
    (
        'ix_report_ended',
        ['category_code', 'closed_at', 'latitude', 'area_code'],
        "status IN ('resolved', 'closed')",
    ),
    ('ix_report_recurrence_of_id', ['recurrence_of_id'], 'recurrence_of_id IS NOT NULL'),
)
# By hand: both engines take the CHECK or key with its column, and drop it with it.
ADDED = (
    ('report', 'recurrence_of_id', 'INTEGER CONSTRAINT fk_report_recurrence_of_id_report REFERENCES report (id)'),
    ('report', 'times_recurred', 'INTEGER NOT NULL DEFAULT 0'),
    ('report', 'times_merged', 'INTEGER NOT NULL DEFAULT 0'),
    (
        'cooperation',
        'kind',
        "VARCHAR NOT NULL DEFAULT 'rule' CONSTRAINT ck_cooperation_kind CHECK (kind IN ('rule', 'asked', 'superior'))",
    ),
)
EVENTS = (
    "'ask_task', 'accept_task', 'decline_task', 'finish_task', 'withdraw_task', 'remove_helper',"
    " 'escalate', 'separate', 'merged_in', 'parted', 'followed'"
)
MERGED = """
    UPDATE report SET times_merged = (
        WITH RECURSIVE below(id) AS (
            SELECT one.id FROM report AS one WHERE one.duplicate_of_id = report.id
            UNION SELECT one.id FROM report AS one JOIN below ON one.duplicate_of_id = below.id
        ) SELECT COUNT(*) FROM below
    ) WHERE id IN (SELECT duplicate_of_id FROM report WHERE duplicate_of_id IS NOT NULL)
"""


def upgrade() -> None:
    for table, name, column in ADDED:
        op.execute(f'ALTER TABLE {table} ADD COLUMN {name} {column}')
    op.execute(MERGED)
    for name, columns, where in INDEXES:
        op.create_index(name, 'report', columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))
    _tasks()
    _escalations()


def _tasks() -> None:
    op.create_table('task',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('report_id', sa.Integer(), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=True),
    sa.Column('by_unit_id', sa.Integer(), nullable=False),
    sa.Column('asked', sa.String(), nullable=False),
    sa.Column('asked_by_id', sa.Integer(), nullable=False),
    sa.Column('asked_at', sa.DateTime(), nullable=False),
    sa.Column('due_at', sa.DateTime(), nullable=False),
    sa.Column('hours', sa.String(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('answer', sa.String(), nullable=False),
    sa.Column('ended_at', sa.DateTime(), nullable=True),
    sa.CheckConstraint("state IN ('asked', 'accepted', 'declined', 'done', 'withdrawn')", name=op.f('ck_task_state')),
    sa.CheckConstraint("(state IN ('declined', 'done', 'withdrawn')) = (ended_at IS NOT NULL)", name=op.f('ck_task_ended_has_moment')),
    sa.CheckConstraint("state NOT IN ('declined', 'done') OR answer <> ''", name=op.f('ck_task_answered')),
    sa.CheckConstraint("asked <> ''", name=op.f('ck_task_says_what')),
    sa.ForeignKeyConstraint(['report_id'], ['report.id'], name=op.f('fk_task_report_id_report')),
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], name=op.f('fk_task_unit_id_unit')),
    sa.ForeignKeyConstraint(['by_unit_id'], ['unit.id'], name=op.f('fk_task_by_unit_id_unit')),
    sa.ForeignKeyConstraint(['asked_by_id'], ['account.id'], name=op.f('fk_task_asked_by_id_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_task'))
    )
    op.create_index('ix_task_report_id', 'task', ['report_id'])
    where = sa.text("state IN ('asked', 'accepted')")
    op.create_index('ix_task_open', 'task', ['unit_id', 'due_at'], sqlite_where=where, postgresql_where=where)


def _escalations() -> None:
    op.create_table('escalation_rule',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('category_code', sa.String(), nullable=True),
    sa.Column('unit_kind', sa.String(), nullable=True),
    sa.Column('clock', sa.String(), nullable=False),
    sa.Column('after_minutes', sa.Integer(), nullable=False),
    sa.Column('target', sa.String(), nullable=False),
    sa.Column('edited_at', sa.DateTime(), nullable=True),
    sa.CheckConstraint("clock IN ('receive', 'resolve')", name=op.f('ck_escalation_rule_clock')),
    sa.CheckConstraint('after_minutes >= 0', name=op.f('ck_escalation_rule_after')),
    sa.ForeignKeyConstraint(['category_code'], ['category.code'], name=op.f('fk_escalation_rule_category_code_category')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_escalation_rule'))
    )
    op.create_table('escalation',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('report_id', sa.Integer(), nullable=False),
    sa.Column('clock', sa.String(), nullable=False),
    sa.Column('due_at', sa.DateTime(), nullable=False),
    sa.Column('target', sa.String(), nullable=False),
    sa.Column('tell_at', sa.DateTime(), nullable=False),
    sa.Column('told_at', sa.DateTime(), nullable=True),
    sa.CheckConstraint("clock IN ('receive', 'resolve')", name=op.f('ck_escalation_clock')),
    sa.ForeignKeyConstraint(['report_id'], ['report.id'], name=op.f('fk_escalation_report_id_report')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_escalation')),
    sa.UniqueConstraint('report_id', 'clock', 'due_at', 'target', name=op.f('uq_escalation_report_id_clock_due_at_target'))
    )
    where = sa.text('told_at IS NULL')
    op.create_index('ix_escalation_tell', 'escalation', ['tell_at'], sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    op.execute(f"UPDATE message SET kind = 'answer' WHERE kind IN ({EVENTS})")
    op.execute(f"UPDATE event SET step = 'answer' WHERE step IN ({EVENTS}) AND public")
    op.execute(f"UPDATE event SET step = 'note' WHERE step IN ({EVENTS})")
    for table in ('escalation', 'escalation_rule', 'task'):
        op.drop_table(table)
    for name, _columns, _where in INDEXES:
        op.drop_index(name, 'report')
    for table, name, _column in reversed(ADDED):
        op.execute(f'ALTER TABLE {table} DROP COLUMN {name}')
