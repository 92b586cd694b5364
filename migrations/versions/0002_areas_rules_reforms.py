"""Boundaries, questions, conditions and tests of rules, clocks by priority and unit, cues, texts, reforms.

Locks: `report` for a moment, the new columns have constant defaults; the other tables are small or new.
"""

import sqlalchemy as sa
from alembic import op

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('boundary_source',
    sa.Column('vintage', sa.String(), nullable=False),
    sa.Column('file', sa.String(), nullable=False),
    sa.Column('source', sa.String(), nullable=False),
    sa.Column('licence', sa.String(), nullable=False),
    sa.Column('taken_on', sa.Date(), nullable=True),
    sa.Column('sha256', sa.String(), nullable=False),
    sa.Column('imported_at', sa.DateTime(), nullable=False),
    sa.PrimaryKeyConstraint('vintage', name=op.f('pk_boundary_source'))
    )
    op.create_table('cue',
    sa.Column('subject', sa.String(), nullable=False),
    sa.Column('phrase', sa.String(), nullable=False),
    sa.Column('weight', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('subject', 'phrase', name=op.f('pk_cue'))
    )
    op.create_table('neighbour',
    sa.Column('code', sa.String(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('name_en', sa.String(), nullable=False),
    sa.Column('latitude', sa.Double(), nullable=False),
    sa.Column('longitude', sa.Double(), nullable=False),
    sa.PrimaryKeyConstraint('code', name=op.f('pk_neighbour'))
    )
    op.create_table('text',
    sa.Column('key', sa.String(), nullable=False),
    sa.Column('text', sa.String(), nullable=False),
    sa.Column('text_en', sa.String(), nullable=False),
    sa.Column('edited_at', sa.DateTime(), nullable=True),
    sa.PrimaryKeyConstraint('key', name=op.f('pk_text'))
    )
    op.create_table('boundary',
    sa.Column('vintage', sa.String(), nullable=False),
    sa.Column('code', sa.String(), nullable=False),
    sa.Column('exact', sa.LargeBinary(), nullable=False),
    sa.Column('web', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['vintage', 'code'], ['area.vintage', 'area.code'], name='fk_boundary_area'),
    sa.ForeignKeyConstraint(['vintage'], ['boundary_source.vintage'], name=op.f('fk_boundary_vintage_boundary_source')),
    sa.PrimaryKeyConstraint('vintage', 'code', name=op.f('pk_boundary'))
    )
    op.create_table('learned_word',
    sa.Column('category_code', sa.String(), nullable=False),
    sa.Column('phrase', sa.String(), nullable=False),
    sa.Column('times', sa.Integer(), nullable=False),
    sa.CheckConstraint('times > 0', name=op.f('ck_learned_word_times')),
    sa.ForeignKeyConstraint(['category_code'], ['category.code'], name=op.f('fk_learned_word_category_code_category')),
    sa.PrimaryKeyConstraint('category_code', 'phrase', name=op.f('pk_learned_word'))
    )
    op.create_table('question',
    sa.Column('category_code', sa.String(), nullable=False),
    sa.Column('code', sa.String(), nullable=False),
    sa.Column('label', sa.String(), nullable=False),
    sa.Column('label_en', sa.String(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['category_code'], ['category.code'], name=op.f('fk_question_category_code_category')),
    sa.PrimaryKeyConstraint('category_code', 'code', name=op.f('pk_question'))
    )
    op.create_table('routing_case',
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('category_code', sa.String(), nullable=False),
    sa.Column('area_vintage', sa.String(), nullable=False),
    sa.Column('area_code', sa.String(), nullable=False),
    sa.Column('facts', sa.String(), nullable=False),
    sa.Column('at', sa.DateTime(), nullable=False),
    sa.Column('lead', sa.String(), nullable=False),
    sa.Column('cooperating', sa.String(), nullable=False),
    sa.Column('edited_at', sa.DateTime(), nullable=True),
    sa.ForeignKeyConstraint(['area_vintage', 'area_code'], ['area.vintage', 'area.code'], name='fk_routing_case_area'),
    sa.ForeignKeyConstraint(['category_code'], ['category.code'], name=op.f('fk_routing_case_category_code_category')),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_routing_case'))
    )
    op.create_table('service_level',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('category_code', sa.String(), nullable=True),
    sa.Column('priority', sa.String(), nullable=True),
    sa.Column('unit_code', sa.String(), nullable=True),
    sa.Column('receive_minutes', sa.Integer(), nullable=False),
    sa.Column('resolve_minutes', sa.Integer(), nullable=False),
    sa.Column('round_the_clock', sa.Boolean(), nullable=False),
    sa.Column('legal_basis', sa.String(), nullable=False),
    sa.Column('edited_at', sa.DateTime(), nullable=True),
    sa.CheckConstraint("priority IN ('normal', 'urgent', 'emergency')", name=op.f('ck_service_level_priority')),
    sa.CheckConstraint('receive_minutes > 0 AND resolve_minutes >= receive_minutes', name=op.f('ck_service_level_clocks')),
    sa.ForeignKeyConstraint(['category_code'], ['category.code'], name=op.f('fk_service_level_category_code_category')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_service_level'))
    )
    op.create_table('choice',
    sa.Column('category_code', sa.String(), nullable=False),
    sa.Column('question_code', sa.String(), nullable=False),
    sa.Column('code', sa.String(), nullable=False),
    sa.Column('label', sa.String(), nullable=False),
    sa.Column('label_en', sa.String(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['category_code', 'question_code'], ['question.category_code', 'question.code'], name='fk_choice_question'),
    sa.PrimaryKeyConstraint('category_code', 'question_code', 'code', name=op.f('pk_choice'))
    )
    op.create_table('reform',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('effective_on', sa.Date(), nullable=False),
    sa.Column('digest', sa.String(), nullable=False),
    sa.Column('plan', sa.JSON(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('prepared_at', sa.DateTime(), nullable=False),
    sa.Column('prepared_by_id', sa.Integer(), nullable=True),
    sa.Column('done_at', sa.DateTime(), nullable=True),
    sa.Column('counts', sa.JSON(), nullable=False),
    sa.CheckConstraint("(state = 'done') = (done_at IS NOT NULL)", name=op.f('ck_reform_done_has_moment')),
    sa.CheckConstraint("state IN ('prepared', 'done', 'cancelled')", name=op.f('ck_reform_state')),
    sa.ForeignKeyConstraint(['prepared_by_id'], ['account.id'], name=op.f('fk_reform_prepared_by_id_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reform')),
    sa.UniqueConstraint('digest', name=op.f('uq_reform_digest'))
    )
    op.create_table('cooperation',
    sa.Column('report_id', sa.Integer(), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=False),
    sa.Column('since', sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(['report_id'], ['report.id'], name=op.f('fk_cooperation_report_id_report')),
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], name=op.f('fk_cooperation_unit_id_unit')),
    sa.PrimaryKeyConstraint('report_id', 'unit_id', name=op.f('pk_cooperation'))
    )
    with op.batch_alter_table('cooperation', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_cooperation_unit_id'), ['unit_id'], unique=False)

    with op.batch_alter_table('category', schema=None) as batch_op:
        batch_op.add_column(sa.Column('successor_code', sa.String(), nullable=True))

    # By hand: both engines take the CHECK with the column, and SQLite need not write the table anew.
    op.execute(
        "ALTER TABLE report ADD COLUMN known_by VARCHAR NOT NULL DEFAULT 'resident'"
        " CONSTRAINT ck_report_known_by CHECK (known_by IN ('inside', 'near', 'estimate', 'resident'))"
    )
    op.execute("ALTER TABLE report ADD COLUMN private BOOLEAN NOT NULL DEFAULT false")
    op.execute("UPDATE report SET known_by = 'estimate' WHERE latitude IS NOT NULL")
    with op.batch_alter_table('report', schema=None) as batch_op:
        batch_op.add_column(sa.Column('answers', sa.JSON(), nullable=False, server_default='{}'))

    with op.batch_alter_table('routing_rule', schema=None) as batch_op:
        batch_op.add_column(sa.Column('conditions', sa.String(), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('cooperating', sa.String(), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('fault', sa.String(), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('fault_at', sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column('fault_count', sa.Integer(), nullable=False, server_default='0'))

    with op.batch_alter_table('unit', schema=None) as batch_op:
        batch_op.add_column(sa.Column('email', sa.String(), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('address', sa.String(), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('office_hours', sa.String(), nullable=False, server_default=''))

    op.create_index('ix_contact_phone', 'contact', ['phone'])
    op.create_index('ix_contact_email', 'contact', ['email'])


ADDED = {
    'unit': ('office_hours', 'address', 'email'),
    'routing_rule': ('fault_count', 'fault_at', 'fault', 'cooperating', 'conditions'),
    'report': ('answers', 'private', 'known_by'),
    'category': ('successor_code',),
}


def downgrade() -> None:
    op.drop_index('ix_contact_email', 'contact')
    op.drop_index('ix_contact_phone', 'contact')

    # Not in batches: SQLite would write whole tables anew, to which others refer.
    for table, columns in ADDED.items():
        for column in columns:
            op.execute(f'ALTER TABLE {table} DROP COLUMN {column}')

    with op.batch_alter_table('cooperation', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_cooperation_unit_id'))

    op.drop_table('cooperation')
    op.drop_table('reform')
    op.drop_table('choice')
    op.drop_table('service_level')
    op.drop_table('routing_case')
    op.drop_table('question')
    op.drop_table('learned_word')
    op.drop_table('boundary')
    op.drop_table('text')
    op.drop_table('neighbour')
    op.drop_table('cue')
    op.drop_table('boundary_source')
