"""What each correction taught, so that it can be taken back; mails to staff about requests.

What was learned before cannot be told apart by report, so it is forgotten; corrections teach anew.

Locks: `message` for a moment, while a column is added; `report` and `category` while a new, empty table refers to them.
"""

import sqlalchemy as sa
from alembic import op

revision = '0019'
down_revision = '0018'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'lesson',
        sa.Column('report_id', sa.Integer(), nullable=False),
        sa.Column('category_code', sa.String(), nullable=False),
        sa.Column('phrases', sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(['report_id'], ['report.id'], name=op.f('fk_lesson_report_id_report')),
        sa.ForeignKeyConstraint(
            ['category_code'], ['category.code'], name=op.f('fk_lesson_category_code_category')
        ),
        sa.PrimaryKeyConstraint('report_id', name=op.f('pk_lesson')),
    )
    op.execute('DELETE FROM learned_word')
    # By hand: both engines take key and CHECK with their column, and drop them with it.
    op.execute(
        'ALTER TABLE message ADD COLUMN data_request_id INTEGER'
        ' CONSTRAINT fk_message_data_request_id_data_request REFERENCES data_request (id)'
        ' CONSTRAINT ck_message_request_to_staff CHECK (data_request_id IS NULL OR account_id IS NOT NULL)'
    )


def downgrade() -> None:
    op.execute('DELETE FROM message WHERE data_request_id IS NOT NULL')
    op.execute('ALTER TABLE message DROP COLUMN data_request_id')
    op.drop_table('lesson')
