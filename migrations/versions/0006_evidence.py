"""Photos and documents that prove a step, what each category demands, answer templates, the last answers of a unit.

Locks: `category` and `photo` for a moment; `event` while its index is built, some seconds with a million reports;
the other tables are new.
"""

import sqlalchemy as sa
from alembic import op

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None

ANSWERS = "step IN ('answer', 'resolve', 'approve', 'reject')"
PHOTO = (
    sa.Column('taken_at', sa.DateTime(), nullable=True),
    sa.Column('latitude', sa.Double(), nullable=True),
    sa.Column('longitude', sa.Double(), nullable=True),
)
# By hand: both engines take the CHECK with its column, and drop it with it.
CHECKED = {
    'event_id': 'INTEGER CONSTRAINT fk_photo_event_id_event REFERENCES event (id)',
    'source': "VARCHAR NOT NULL DEFAULT 'none'"
    " CONSTRAINT ck_photo_source CHECK (source IN ('exif', 'device', 'none'))"
    ' CONSTRAINT ck_photo_whole_point CHECK ((latitude IS NULL) = (longitude IS NULL))',
}


def upgrade() -> None:
    op.execute(
        "ALTER TABLE category ADD COLUMN evidence VARCHAR NOT NULL DEFAULT 'none' CONSTRAINT ck_category_evidence"
        " CHECK (evidence IN ('none', 'photo', 'document', 'photo_or_document'))"
    )
    for column in PHOTO:
        op.add_column('photo', column)
    for name, column in CHECKED.items():
        op.execute(f'ALTER TABLE photo ADD COLUMN {name} {column}')
    op.create_index(
        'ix_event_answers', 'event', ['unit_id', 'id'],
        sqlite_where=sa.text(ANSWERS), postgresql_where=sa.text(ANSWERS),
    )
    _create_document()
    op.create_table('answer_template',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('step', sa.String(), nullable=False),
    sa.Column('category_code', sa.String(), nullable=True),
    sa.Column('unit_code', sa.String(), nullable=True),
    sa.Column('text', sa.String(), nullable=False),
    sa.Column('edited_at', sa.DateTime(), nullable=True),
    sa.ForeignKeyConstraint(['category_code'], ['category.code'], name=op.f('fk_answer_template_category_code_category')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_answer_template')),
    sa.UniqueConstraint('step', 'name', name=op.f('uq_answer_template_step_name'))
    )


def _create_document() -> None:
    op.create_table('document',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('report_id', sa.Integer(), nullable=True),
    sa.Column('event_id', sa.Integer(), nullable=True),
    sa.Column('token', sa.String(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('stored_at', sa.DateTime(), nullable=False),
    sa.CheckConstraint('(report_id IS NULL) = (event_id IS NULL)', name=op.f('ck_document_taken')),
    sa.ForeignKeyConstraint(['report_id'], ['report.id'], name=op.f('fk_document_report_id_report')),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_document_event_id_event')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_document')),
    sa.UniqueConstraint('token', name=op.f('uq_document_token'))
    )
    op.create_index('ix_document_report_id', 'document', ['report_id'])
    op.create_index('ix_document_event_id', 'document', ['event_id'])
    op.create_index(
        'ix_document_unattached', 'document', ['stored_at'],
        sqlite_where=sa.text('report_id IS NULL'), postgresql_where=sa.text('report_id IS NULL'),
    )


def downgrade() -> None:
    op.drop_table('answer_template')
    op.drop_table('document')
    op.drop_index('ix_event_answers', 'event')
    # An older house would show everybody whatever photo hangs on a report.
    op.execute('UPDATE photo SET report_id = NULL WHERE event_id IN (SELECT id FROM event WHERE NOT public)')
    for name in (*CHECKED, *(column.name for column in PHOTO)):
        op.execute(f'ALTER TABLE photo DROP COLUMN {name}')
    op.execute('ALTER TABLE category DROP COLUMN evidence')
