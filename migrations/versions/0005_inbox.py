"""Indexes for the tabs of the inbox and for what is near; filters that officers save; reports of one cause.

Locks: `report` while five indexes are built, about ten seconds with a million reports; the new tables are empty.
"""

import sqlalchemy as sa
from alembic import op

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None

INBOX = (
    (
        'ix_report_running',
        ['lead_unit_id', 'next_due_at', 'id', 'status', 'led_since'],
        'next_due_at IS NOT NULL',
    ),
    ('ix_report_standing', ['lead_unit_id', 'waiting_since', 'id'], 'waiting_since IS NOT NULL'),
    ('ix_report_closed', ['lead_unit_id', 'closed_at', 'id'], 'closed_at IS NOT NULL'),
    ('ix_report_assigned', ['assignee_id', 'lead_unit_id', 'next_due_at', 'id'], 'closed_at IS NULL'),
)


def upgrade() -> None:
    for name, columns, where in INBOX:
        op.create_index(
            name, 'report', columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where)
        )
    op.create_index('ix_report_alike', 'report', ['lead_unit_id', 'category_code', 'latitude'])
    op.drop_index('ix_report_lead_unit_due', 'report')

    op.create_table('saved_filter',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('query', sa.String(), nullable=False),
    sa.Column('shared', sa.Boolean(), nullable=False),
    sa.CheckConstraint("name <> ''", name=op.f('ck_saved_filter_named')),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_saved_filter_account_id_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_saved_filter')),
    sa.UniqueConstraint('account_id', 'name', name=op.f('uq_saved_filter_account_id_name'))
    )
    op.create_table('shared_cause',
    sa.Column('report_id', sa.Integer(), nullable=False),
    sa.Column('cause_id', sa.Integer(), nullable=False),
    sa.CheckConstraint('report_id <> cause_id', name=op.f('ck_shared_cause_another')),
    sa.ForeignKeyConstraint(['report_id'], ['report.id'], name=op.f('fk_shared_cause_report_id_report')),
    sa.ForeignKeyConstraint(['cause_id'], ['report.id'], name=op.f('fk_shared_cause_cause_id_report')),
    sa.PrimaryKeyConstraint('report_id', name=op.f('pk_shared_cause'))
    )
    op.create_index('ix_shared_cause_cause_id', 'shared_cause', ['cause_id'])


def downgrade() -> None:
    op.drop_table('shared_cause')
    op.drop_table('saved_filter')
    op.create_index('ix_report_lead_unit_due', 'report', ['lead_unit_id', 'next_due_at'])
    op.drop_index('ix_report_alike', 'report')
    for name, _columns, _where in INBOX:
        op.drop_index(name, 'report')
