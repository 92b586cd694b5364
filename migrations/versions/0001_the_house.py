"""The house: territory, directory, accounts, reports, outbox.

Locks: none that matters, every table is new.
"""

import sqlalchemy as sa
from alembic import op

revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('area',
    sa.Column('vintage', sa.String(), nullable=False),
    sa.Column('code', sa.String(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('name_folded', sa.String(), nullable=False),
    sa.Column('level', sa.String(), nullable=False),
    sa.Column('parent_code', sa.String(), nullable=True),
    sa.Column('latitude', sa.Double(), nullable=True),
    sa.Column('longitude', sa.Double(), nullable=True),
    sa.Column('area_km2', sa.Double(), nullable=True),
    sa.Column('population', sa.Integer(), nullable=True),
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('valid_until', sa.Date(), nullable=True),
    sa.Column('legal_basis', sa.String(), nullable=False),
    sa.Column('point_source', sa.String(), nullable=False),
    sa.CheckConstraint("level IN ('province', 'district', 'commune')", name=op.f('ck_area_level')),
    sa.CheckConstraint('valid_until IS NULL OR valid_until >= valid_from', name=op.f('ck_area_validity')),
    sa.ForeignKeyConstraint(['vintage', 'parent_code'], ['area.vintage', 'area.code'], name='fk_area_parent'),
    sa.PrimaryKeyConstraint('vintage', 'code', name=op.f('pk_area'))
    )
    op.create_table('category',
    sa.Column('code', sa.String(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('name_en', sa.String(), nullable=False),
    sa.Column('hint', sa.String(), nullable=False),
    sa.Column('hint_en', sa.String(), nullable=False),
    sa.Column('pictogram', sa.String(), nullable=False),
    sa.Column('priority', sa.String(), nullable=False),
    sa.Column('receive_minutes', sa.Integer(), nullable=False),
    sa.Column('resolve_minutes', sa.Integer(), nullable=False),
    sa.Column('round_the_clock', sa.Boolean(), nullable=False),
    sa.Column('visibility', sa.String(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('legal_basis', sa.String(), nullable=False),
    sa.Column('edited_at', sa.DateTime(), nullable=True),
    sa.CheckConstraint("priority IN ('normal', 'urgent', 'emergency')", name=op.f('ck_category_priority')),
    sa.CheckConstraint("visibility IN ('public', 'private')", name=op.f('ck_category_visibility')),
    sa.CheckConstraint('receive_minutes > 0 AND resolve_minutes >= receive_minutes', name=op.f('ck_category_clocks')),
    sa.PrimaryKeyConstraint('code', name=op.f('pk_category'))
    )
    op.create_table('holiday',
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('effect', sa.String(), nullable=False),
    sa.Column('status', sa.String(), nullable=False),
    sa.Column('legal_basis', sa.String(), nullable=False),
    sa.CheckConstraint("effect IN ('off', 'work')", name=op.f('ck_holiday_effect')),
    sa.CheckConstraint("status IN ('official', 'projected')", name=op.f('ck_holiday_status')),
    sa.PrimaryKeyConstraint('day', name=op.f('pk_holiday'))
    )
    op.create_table('territory',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('name_en', sa.String(), nullable=False),
    sa.Column('code_prefix', sa.String(), nullable=False),
    sa.Column('fallback_unit', sa.String(), nullable=False),
    sa.Column('hotline', sa.String(), nullable=False),
    sa.Column('south', sa.Double(), nullable=False),
    sa.Column('west', sa.Double(), nullable=False),
    sa.Column('north', sa.Double(), nullable=False),
    sa.Column('east', sa.Double(), nullable=False),
    sa.Column('digest', sa.String(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('loaded_at', sa.DateTime(), nullable=False),
    sa.CheckConstraint('id = 1', name=op.f('ck_territory_only_one')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_territory'))
    )
    op.create_table('unit',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('name_folded', sa.String(), nullable=False),
    sa.Column('name_en', sa.String(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('area_code', sa.String(), nullable=True),
    sa.Column('parent_code', sa.String(), nullable=True),
    sa.Column('successor_code', sa.String(), nullable=True),
    sa.Column('phone', sa.String(), nullable=False),
    sa.Column('note', sa.String(), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('valid_until', sa.Date(), nullable=True),
    sa.Column('legal_basis', sa.String(), nullable=False),
    sa.Column('verified', sa.Boolean(), nullable=False),
    sa.Column('edited_at', sa.DateTime(), nullable=True),
    sa.CheckConstraint('valid_until IS NULL OR valid_until >= valid_from', name=op.f('ck_unit_validity')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_unit')),
    sa.UniqueConstraint('code', 'valid_from', name=op.f('uq_unit_code_valid_from'))
    )
    op.create_index('ix_unit_area_code', 'unit', ['area_code'], unique=False)
    op.create_table('account',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('username', sa.String(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('role', sa.String(), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=True),
    sa.Column('password_hash', sa.String(), nullable=False),
    sa.Column('sign_in_stamp', sa.String(), nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('demonstration', sa.Boolean(), nullable=False),
    sa.Column('failed_sign_ins', sa.Integer(), nullable=False),
    sa.Column('locked_until', sa.DateTime(), nullable=True),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.CheckConstraint("role <> 'officer' OR unit_id IS NOT NULL", name=op.f('ck_account_officer_has_unit')),
    sa.CheckConstraint("role IN ('officer', 'administrator')", name=op.f('ck_account_role')),
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], name=op.f('fk_account_unit_id_unit')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_account')),
    sa.UniqueConstraint('username', name=op.f('uq_account_username'))
    )
    op.create_index('ix_account_unit_id', 'account', ['unit_id'], unique=False)
    op.create_table('routing_rule',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('category_code', sa.String(), nullable=True),
    sa.Column('area_vintage', sa.String(), nullable=True),
    sa.Column('area_code', sa.String(), nullable=True),
    sa.Column('lead', sa.String(), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('valid_until', sa.Date(), nullable=True),
    sa.Column('legal_basis', sa.String(), nullable=False),
    sa.Column('verified', sa.Boolean(), nullable=False),
    sa.Column('note', sa.String(), nullable=False),
    sa.Column('edited_at', sa.DateTime(), nullable=True),
    sa.CheckConstraint('(area_code IS NULL) = (area_vintage IS NULL)', name=op.f('ck_routing_rule_area')),
    sa.CheckConstraint('valid_until IS NULL OR valid_until >= valid_from', name=op.f('ck_routing_rule_validity')),
    sa.ForeignKeyConstraint(['category_code'], ['category.code'], name=op.f('fk_routing_rule_category_code_category')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_routing_rule'))
    )
    op.create_table('succession',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('from_vintage', sa.String(), nullable=False),
    sa.Column('from_code', sa.String(), nullable=False),
    sa.Column('to_vintage', sa.String(), nullable=False),
    sa.Column('to_code', sa.String(), nullable=False),
    sa.Column('legal_basis', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['from_vintage', 'from_code'], ['area.vintage', 'area.code'], name='fk_succession_from'),
    sa.ForeignKeyConstraint(['to_vintage', 'to_code'], ['area.vintage', 'area.code'], name='fk_succession_to'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_succession')),
    sa.UniqueConstraint('from_vintage', 'from_code', 'to_vintage', 'to_code', name=op.f('uq_succession_from_vintage_from_code_to_vintage_to_code'))
    )
    op.create_table('report',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(), nullable=False),
    sa.Column('reporter_key', sa.String(), nullable=False),
    sa.Column('submission_key', sa.String(), nullable=False),
    sa.Column('category_code', sa.String(), nullable=False),
    sa.Column('priority', sa.String(), nullable=False),
    sa.Column('description', sa.String(), nullable=False),
    sa.Column('words_folded', sa.String(), nullable=False),
    sa.Column('latitude', sa.Double(), nullable=True),
    sa.Column('longitude', sa.Double(), nullable=True),
    sa.Column('area_vintage', sa.String(), nullable=False),
    sa.Column('area_code', sa.String(), nullable=False),
    sa.Column('place', sa.String(), nullable=False),
    sa.Column('located', sa.String(), nullable=False),
    sa.Column('language', sa.String(), nullable=False),
    sa.Column('channel', sa.String(), nullable=False),
    sa.Column('status', sa.String(), nullable=False),
    sa.Column('lead_unit_id', sa.Integer(), nullable=False),
    sa.Column('assignee_id', sa.Integer(), nullable=True),
    sa.Column('decision', sa.JSON(), nullable=False),
    sa.Column('refusal_reason', sa.String(), nullable=True),
    sa.Column('submitted_at', sa.DateTime(), nullable=False),
    sa.Column('received_at', sa.DateTime(), nullable=True),
    sa.Column('closed_at', sa.DateTime(), nullable=True),
    sa.Column('waiting_since', sa.DateTime(), nullable=True),
    sa.Column('receive_due_at', sa.DateTime(), nullable=False),
    sa.Column('resolve_due_at', sa.DateTime(), nullable=False),
    sa.Column('next_due_at', sa.DateTime(), nullable=True),
    sa.Column('paused_minutes', sa.Integer(), nullable=False),
    sa.Column('handled_minutes', sa.Integer(), nullable=True),
    sa.Column('times_reopened', sa.Integer(), nullable=False),
    sa.CheckConstraint("(status = 'rejected') = (refusal_reason IS NOT NULL)", name=op.f('ck_report_refused_has_reason')),
    sa.CheckConstraint("(status = 'waiting') = (waiting_since IS NOT NULL)", name=op.f('ck_report_waiting_has_moment')),
    sa.CheckConstraint("(status IN ('resolved', 'rejected')) = (closed_at IS NOT NULL)", name=op.f('ck_report_closed_has_moment')),
    sa.CheckConstraint("(status IN ('submitted', 'received', 'in_progress')) = (next_due_at IS NOT NULL)", name=op.f('ck_report_running_has_due')),
    sa.CheckConstraint("located IN ('device', 'pin', 'area')", name=op.f('ck_report_located')),
    sa.CheckConstraint("status IN ('submitted', 'received', 'in_progress', 'waiting', 'resolved', 'rejected')", name=op.f('ck_report_status')),
    sa.CheckConstraint('(latitude IS NULL) = (longitude IS NULL)', name=op.f('ck_report_whole_point')),
    sa.ForeignKeyConstraint(['area_vintage', 'area_code'], ['area.vintage', 'area.code'], name='fk_report_area'),
    sa.ForeignKeyConstraint(['assignee_id'], ['account.id'], name=op.f('fk_report_assignee_id_account')),
    sa.ForeignKeyConstraint(['category_code'], ['category.code'], name=op.f('fk_report_category_code_category')),
    sa.ForeignKeyConstraint(['lead_unit_id'], ['unit.id'], name=op.f('fk_report_lead_unit_id_unit')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_report')),
    sa.UniqueConstraint('code', name=op.f('uq_report_code')),
    sa.UniqueConstraint('submission_key', name=op.f('uq_report_submission_key'))
    )
    op.create_index('ix_report_category_code', 'report', ['category_code'], unique=False)
    op.create_index('ix_report_lead_unit_due', 'report', ['lead_unit_id', 'next_due_at'], unique=False)
    op.create_index('ix_report_next_due', 'report', ['next_due_at'], unique=False, sqlite_where=sa.text("status IN ('submitted', 'received', 'in_progress')"), postgresql_where=sa.text("status IN ('submitted', 'received', 'in_progress')"))
    op.create_index('ix_report_submitted_at', 'report', ['submitted_at'], unique=False)
    op.create_table('contact',
    sa.Column('report_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('phone', sa.String(), nullable=False),
    sa.Column('email', sa.String(), nullable=False),
    sa.Column('consent_at', sa.DateTime(), nullable=False),
    sa.Column('consent_version', sa.String(), nullable=False),
    sa.CheckConstraint("phone <> '' OR email <> '' OR name <> ''", name=op.f('ck_contact_not_empty')),
    sa.ForeignKeyConstraint(['report_id'], ['report.id'], name=op.f('fk_contact_report_id_report')),
    sa.PrimaryKeyConstraint('report_id', name=op.f('pk_contact'))
    )
    op.create_table('event',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('report_id', sa.Integer(), nullable=False),
    sa.Column('step', sa.String(), nullable=False),
    sa.Column('actor', sa.String(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=True),
    sa.Column('unit_id', sa.Integer(), nullable=True),
    sa.Column('from_status', sa.String(), nullable=True),
    sa.Column('to_status', sa.String(), nullable=False),
    sa.Column('note', sa.String(), nullable=False),
    sa.Column('public', sa.Boolean(), nullable=False),
    sa.Column('details', sa.JSON(), nullable=False),
    sa.Column('request_key', sa.String(), nullable=True),
    sa.Column('at', sa.DateTime(), nullable=False),
    sa.CheckConstraint("actor IN ('resident', 'officer', 'system')", name=op.f('ck_event_actor')),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_event_account_id_account')),
    sa.ForeignKeyConstraint(['report_id'], ['report.id'], name=op.f('fk_event_report_id_report')),
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], name=op.f('fk_event_unit_id_unit')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_event')),
    sa.UniqueConstraint('request_key', name=op.f('uq_event_request_key'))
    )
    op.create_index('ix_event_report_id', 'event', ['report_id'], unique=False)
    op.create_table('photo',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('report_id', sa.Integer(), nullable=True),
    sa.Column('token', sa.String(), nullable=False),
    sa.Column('width', sa.Integer(), nullable=False),
    sa.Column('height', sa.Integer(), nullable=False),
    sa.Column('stored_at', sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(['report_id'], ['report.id'], name=op.f('fk_photo_report_id_report')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_photo')),
    sa.UniqueConstraint('token', name=op.f('uq_photo_token'))
    )
    op.create_index('ix_photo_report_id', 'photo', ['report_id'], unique=False)
    op.create_index('ix_photo_unattached', 'photo', ['stored_at'], unique=False, sqlite_where=sa.text('report_id IS NULL'), postgresql_where=sa.text('report_id IS NULL'))
    op.create_table('message',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('report_id', sa.Integer(), nullable=False),
    sa.Column('event_id', sa.Integer(), nullable=False),
    sa.Column('channel', sa.String(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('language', sa.String(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.Column('due_at', sa.DateTime(), nullable=False),
    sa.Column('sent_at', sa.DateTime(), nullable=True),
    sa.CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name=op.f('ck_message_sent_has_moment')),
    sa.CheckConstraint("state IN ('waiting', 'sent', 'failed')", name=op.f('ck_message_state')),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_message_event_id_event')),
    sa.ForeignKeyConstraint(['report_id'], ['report.id'], name=op.f('fk_message_report_id_report')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_message')),
    sa.UniqueConstraint('event_id', 'channel', name=op.f('uq_message_event_id_channel'))
    )
    op.create_index('ix_message_due', 'message', ['due_at'], unique=False, sqlite_where=sa.text("state = 'waiting'"), postgresql_where=sa.text("state = 'waiting'"))
    op.create_index('ix_message_report_id', 'message', ['report_id'], unique=False)



def downgrade() -> None:
    op.drop_index('ix_message_report_id', table_name='message')
    op.drop_index('ix_message_due', table_name='message')
    op.drop_table('message')
    op.drop_index('ix_photo_unattached', table_name='photo')
    op.drop_index('ix_photo_report_id', table_name='photo')
    op.drop_table('photo')
    op.drop_index('ix_event_report_id', table_name='event')
    op.drop_table('event')
    op.drop_table('contact')
    op.drop_index('ix_report_submitted_at', table_name='report')
    op.drop_index('ix_report_next_due', table_name='report')
    op.drop_index('ix_report_lead_unit_due', table_name='report')
    op.drop_index('ix_report_category_code', table_name='report')
    op.drop_table('report')
    op.drop_table('succession')
    op.drop_table('routing_rule')
    op.drop_index('ix_account_unit_id', table_name='account')
    op.drop_table('account')
    op.drop_index('ix_unit_area_code', table_name='unit')
    op.drop_table('unit')
    op.drop_table('territory')
    op.drop_table('holiday')
    op.drop_table('category')
    op.drop_table('area')
