"""One-time codes to phone and e-mail, and the phones on which residents see their reports.

Locks: `message` for a moment, while a column is added.
"""

import sqlalchemy as sa
from alembic import op

revision = '0018'
down_revision = '0017'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'contact_code',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('channel', sa.String(), nullable=False),
        sa.Column('contact_index', sa.String(), nullable=False),
        sa.Column('recipient', sa.String(), nullable=False),
        sa.Column('digest', sa.String(), nullable=False),
        sa.Column('tries', sa.Integer(), nullable=False),
        sa.Column('asked_at', sa.DateTime(), nullable=False),
        sa.Column('expires_at', sa.DateTime(), nullable=False),
        sa.Column('used_at', sa.DateTime(), nullable=True),
        sa.CheckConstraint("channel IN ('sms', 'mail')", name=op.f('ck_contact_code_channel')),
        sa.CheckConstraint('tries BETWEEN 0 AND 5', name=op.f('ck_contact_code_tries')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_contact_code')),
    )
    op.create_index('ix_contact_code_asked_at', 'contact_code', ['asked_at'])
    op.create_table(
        'resident_device',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('token_hash', sa.String(), nullable=False),
        sa.Column('channel', sa.String(), nullable=False),
        sa.Column('contact_index', sa.String(), nullable=False),
        sa.Column('agent', sa.String(), nullable=False),
        sa.Column('since', sa.DateTime(), nullable=False),
        sa.Column('expires_at', sa.DateTime(), nullable=False),
        sa.Column('ended_at', sa.DateTime(), nullable=True),
        sa.CheckConstraint("channel IN ('sms', 'mail')", name=op.f('ck_resident_device_channel')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_resident_device')),
        sa.UniqueConstraint('token_hash', name=op.f('uq_resident_device_token_hash')),
    )
    op.create_index('ix_resident_device_expires_at', 'resident_device', ['expires_at'])
    op.create_index('ix_resident_device_contact', 'resident_device', ['contact_index', 'channel'])
    # By hand: both engines take key and CHECK with their column, and drop them with it.
    op.execute(
        'ALTER TABLE message ADD COLUMN contact_code_id INTEGER'
        ' CONSTRAINT fk_message_contact_code_id_contact_code REFERENCES contact_code (id)'
        ' CONSTRAINT ck_message_code_alone CHECK (contact_code_id IS NULL OR report_id IS NULL)'
    )
    op.create_index('ix_message_contact_code_id', 'message', ['contact_code_id'])


def downgrade() -> None:
    op.execute('DELETE FROM message WHERE contact_code_id IS NOT NULL')
    op.drop_index('ix_message_contact_code_id', 'message')
    op.execute('ALTER TABLE message DROP COLUMN contact_code_id')
    op.drop_table('resident_device')
    op.drop_table('contact_code')
