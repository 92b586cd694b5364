"""Which person holds which role in which unit, and from when to when; and about whose people a report is.

Locks: `account` for a moment; it has a row a person. `report` for a moment, on SQLite while its rows are read.
"""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None

OF_A_UNIT = "role IN ('officer', 'unit_lead', 'coordinator')"


ABOUT = (
    'ALTER TABLE report ADD COLUMN about_unit_id INTEGER'
    ' CONSTRAINT fk_report_about_unit_id_unit REFERENCES unit (id)'
    ' CONSTRAINT ck_report_not_led_by_the_concerned CHECK (about_unit_id <> lead_unit_id)'
)


def upgrade() -> None:
    op.execute(ABOUT)
    op.execute('CREATE INDEX ix_report_about_unit_id ON report (about_unit_id) WHERE about_unit_id IS NOT NULL')
    op.create_table('appointment',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('role', sa.String(), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=True),
    sa.Column('since', sa.Date(), nullable=False),
    sa.Column('until', sa.Date(), nullable=True),
    sa.CheckConstraint(
        "role IN ('officer', 'unit_lead', 'coordinator', 'administrator', 'auditor', 'editor')",
        name=op.f('ck_appointment_role'),
    ),
    sa.CheckConstraint(f'({OF_A_UNIT}) = (unit_id IS NOT NULL)', name=op.f('ck_appointment_role_has_unit')),
    sa.CheckConstraint('until IS NULL OR until >= since', name=op.f('ck_appointment_days')),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_appointment_account_id_account')),
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], name=op.f('fk_appointment_unit_id_unit')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_appointment'))
    )
    op.create_index('ix_appointment_account_id', 'appointment', ['account_id'])
    op.create_index('ix_appointment_unit_id', 'appointment', ['unit_id'])
    op.execute(
        'INSERT INTO appointment (account_id, role, unit_id, since)'
        " SELECT id, role, CASE WHEN role = 'officer' THEN unit_id END, date(created_at) FROM account ORDER BY id"
    )
    op.drop_index('ix_account_unit_id', 'account')
    with op.batch_alter_table('account') as batch:
        batch.drop_constraint(op.f('ck_account_role'), type_='check')
        batch.drop_constraint(op.f('ck_account_officer_has_unit'), type_='check')
        batch.drop_column('unit_id')
        batch.drop_column('role')


def downgrade() -> None:
    op.drop_index('ix_report_about_unit_id', 'report')
    op.drop_column('report', 'about_unit_id')
    with op.batch_alter_table('account') as batch:
        batch.add_column(sa.Column('role', sa.String(), nullable=False, server_default='administrator'))
        batch.add_column(sa.Column('unit_id', sa.Integer(), nullable=True))
        batch.create_foreign_key(op.f('fk_account_unit_id_unit'), 'unit', ['unit_id'], ['id'])
    _one_role_each()
    with op.batch_alter_table('account') as batch:
        batch.alter_column('role', server_default=None)
        batch.create_check_constraint(op.f('ck_account_role'), "role IN ('officer', 'administrator')")
        batch.create_check_constraint(
            op.f('ck_account_officer_has_unit'), "role <> 'officer' OR unit_id IS NOT NULL"
        )
    op.create_index('ix_account_unit_id', 'account', ['unit_id'])
    op.drop_table('appointment')


def _one_role_each() -> None:
    """The one in force of today, an administrator's before an officer's; who has neither keeps a closed account."""
    today = datetime.now(UTC).date()
    account = sa.table('account', *(sa.column(name) for name in ('id', 'role', 'unit_id', 'active')))
    held = sa.table('appointment', *(sa.column(name) for name in ('id', 'account_id', 'role', 'unit_id', 'since', 'until')))
    now = sa.and_(held.c.account_id == account.c.id, held.c.since <= today, sa.or_(held.c.until.is_(None), held.c.until > today))
    administers = sa.exists().where(now, held.c.role == 'administrator')
    unit = sa.select(held.c.unit_id).where(now, held.c.unit_id.is_not(None)).order_by(held.c.id).limit(1).scalar_subquery()
    op.execute(account.update().where(~administers).values(unit_id=unit))
    op.execute(account.update().where(account.c.unit_id.is_not(None)).values(role='officer'))
    op.execute(account.update().where(~administers, account.c.unit_id.is_(None)).values(active=False))
