"""Officers whom an internal note names.

Locks: `event` and `account` for a moment, while the new, empty table refers to them.
"""

import sqlalchemy as sa
from alembic import op

revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('mention',
    sa.Column('event_id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('seen_at', sa.DateTime(), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_mention_account_id_account')),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_mention_event_id_event')),
    sa.PrimaryKeyConstraint('event_id', 'account_id', name=op.f('pk_mention'))
    )
    op.create_index('ix_mention_account', 'mention', ['account_id', 'seen_at', 'event_id'])


def downgrade() -> None:
    op.drop_table('mention')
