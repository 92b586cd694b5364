"""Sealed originals, consents, requests about personal data, retention.

Texts that were saved before are screened by the worker, who begins at the first one.

Locks: `report` and `event` for a moment, while the new, empty tables refer to them.
"""

import sqlalchemy as sa
from alembic import op

revision = '0015'
down_revision = '0014'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'sealed_text',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('report_id', sa.Integer(), nullable=False),
        sa.Column('event_id', sa.Integer(), nullable=True),
        sa.Column('field', sa.String(), nullable=False),
        sa.Column('words', sa.String(), nullable=False),
        sa.Column('kinds', sa.JSON(), nullable=False),
        sa.Column('sealed_at', sa.DateTime(), nullable=False),
        sa.CheckConstraint("field IN ('description', 'place', 'note')", name=op.f('ck_sealed_text_field')),
        sa.CheckConstraint(
            "(field = 'note') = (event_id IS NOT NULL)", name=op.f('ck_sealed_text_note_of_event')
        ),
        sa.ForeignKeyConstraint(['report_id'], ['report.id'], name=op.f('fk_sealed_text_report_id_report')),
        sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_sealed_text_event_id_event')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_sealed_text')),
    )
    op.create_index('ix_sealed_text_sealed_at', 'sealed_text', ['sealed_at'])
    for name, column, where in (
        ('ix_sealed_text_report', 'field', sa.text('event_id IS NULL')),
        ('ix_sealed_text_event', 'event_id', sa.text('event_id IS NOT NULL')),
    ):
        op.create_index(
            name,
            'sealed_text',
            ['report_id', column],
            unique=True,
            sqlite_where=where,
            postgresql_where=where,
        )
    op.create_table(
        'screening',
        sa.Column('what', sa.String(), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('last_id', sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint('what', name=op.f('pk_screening')),
    )


def downgrade() -> None:
    op.drop_table('screening')
    op.drop_table('sealed_text')
