"""Until when the reporter may answer a question of the unit; how somebody agreed to be kept as a contact.

Locks: `report` while one column is added and its index is built, some seconds with a million reports.
"""

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from alembic import op

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None

ASKED = 'answer_due_at IS NOT NULL'
STILL_TO_ANSWER = timedelta(days=7)  # five working days and a weekend


def upgrade() -> None:
    # By hand: both engines take the CHECK with its column, and drop it with it.
    moment = 'TIMESTAMP' if op.get_bind().dialect.name == 'postgresql' else 'DATETIME'
    op.execute(
        f'ALTER TABLE report ADD COLUMN answer_due_at {moment}'
        " CONSTRAINT ck_report_asked_waits CHECK (answer_due_at IS NULL OR status = 'waiting')"
    )
    report = sa.table('report', sa.column('status'), sa.column('answer_due_at', sa.DateTime()))
    due = (datetime.now(UTC) + STILL_TO_ANSWER).replace(tzinfo=None)
    op.execute(report.update().where(report.c.status == 'waiting').values(answer_due_at=due))
    op.create_index(
        'ix_report_answer_due',
        'report',
        ['answer_due_at'],
        sqlite_where=sa.text(ASKED),
        postgresql_where=sa.text(ASKED),
    )


    op.execute(
        "ALTER TABLE contact ADD COLUMN consent_how VARCHAR NOT NULL DEFAULT 'form'"
        " CONSTRAINT ck_contact_consent_how CHECK (consent_how IN ('form', 'oral', 'written'))"
    )


def downgrade() -> None:
    op.execute('ALTER TABLE contact DROP COLUMN consent_how')
    op.drop_index('ix_report_answer_due', 'report')
    op.execute('ALTER TABLE report DROP COLUMN answer_due_at')
    op.execute("UPDATE message SET kind = 'start' WHERE kind = 'fall_back'")
    op.execute("UPDATE event SET step = 'start' WHERE step = 'fall_back'")
