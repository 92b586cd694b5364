"""Sealed originals, consents, requests about personal data, retention.

Consents leave `contact` for a table of their own, one row for each purpose. Texts that were saved before are screened
by the worker, who begins at the first one.

Locks: `contact` is read once and loses three columns (on SQLite it is written anew), seconds with a million contacts;
`report`, `event`, `account` and `category` for a moment, while new, empty tables refer to them.
"""

from datetime import datetime

import sqlalchemy as sa
from alembic import op

revision = '0015'
down_revision = '0014'
branch_labels = None
depends_on = None

SENTENCE = 'Tôi đồng ý cho lưu thông tin liên hệ này để xử lý và trả lời phản ánh'
SENTENCE_EN = 'I agree that these contact details are kept to handle and answer the report'
BEFORE = '2026-01'
HOW = "consent_how IN ('form', 'oral', 'written')"


def upgrade() -> None:
    _texts()
    _consents()
    _requests()
    _retention()
    connection = op.get_bind()
    if connection.scalar(sa.text('SELECT count(*) FROM contact')):
        connection.execute(
            sa.text(
                "INSERT INTO consent_text (purpose, version, text, text_en, since)"
                " SELECT 'follow', 1, :text, :text_en, min(consent_at) FROM contact"
            ),
            {'text': SENTENCE, 'text_en': SENTENCE_EN},
        )
        connection.execute(
            sa.text(
                'INSERT INTO consent (report_id, purpose, text_id, how, given_at)'
                " SELECT report_id, 'follow', (SELECT id FROM consent_text), consent_how, consent_at FROM contact"
            )
        )
    with op.batch_alter_table('contact') as table:
        table.drop_constraint(op.f('ck_contact_consent_how'), type_='check')
        for name in ('consent_at', 'consent_version', 'consent_how'):
            table.drop_column(name)


def downgrade() -> None:
    with op.batch_alter_table('contact') as table:
        table.add_column(
            sa.Column('consent_at', sa.DateTime(), nullable=False, server_default=str(datetime(2026, 1, 1)))
        )
        table.add_column(sa.Column('consent_version', sa.String(), nullable=False, server_default=BEFORE))
        table.add_column(sa.Column('consent_how', sa.String(), nullable=False, server_default='form'))
        table.create_check_constraint(op.f('ck_contact_consent_how'), HOW)
    first = '(SELECT {} FROM consent WHERE consent.report_id = contact.report_id ORDER BY id LIMIT 1)'
    op.execute(
        f"UPDATE contact SET consent_at = {first.format('given_at')}, consent_how = {first.format('how')}"
        " WHERE EXISTS (SELECT 1 FROM consent WHERE consent.report_id = contact.report_id)"
    )
    with op.batch_alter_table('contact') as table:
        for name in ('consent_at', 'consent_version', 'consent_how'):
            table.alter_column(name, server_default=None)
    for name in (
        'certificate',
        'doomed_file',
        'retention_run',
        'duration',
        'legal_hold',
        'data_request',
        'consent',
        'consent_text',
        'screening',
        'sealed_text',
    ):
        op.drop_table(name)


def _key(table: str) -> tuple[sa.Column, sa.PrimaryKeyConstraint]:
    return sa.Column('id', sa.Integer(), nullable=False), sa.PrimaryKeyConstraint('id', name=op.f(f'pk_{table}'))


def _of(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    target, key = other.split('.')
    name = op.f(f'fk_{table}_{column}_{target}')
    return sa.ForeignKeyConstraint([column], [f'{target}.{key}'], name=name)


def _check(table: str, name: str, says: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(says, name=op.f(f'ck_{table}_{name}'))


def _unique_where(name: str, table: str, columns: list[str], where: str) -> None:
    condition = sa.text(where)
    op.create_index(name, table, columns, unique=True, sqlite_where=condition, postgresql_where=condition)


def _texts() -> None:
    op.create_table(
        'sealed_text',
        *_key('sealed_text'),
        sa.Column('report_id', sa.Integer(), nullable=False),
        sa.Column('event_id', sa.Integer(), nullable=True),
        sa.Column('field', sa.String(), nullable=False),
        sa.Column('words', sa.String(), nullable=False),
        sa.Column('kinds', sa.JSON(), nullable=False),
        sa.Column('sealed_at', sa.DateTime(), nullable=False),
        _check('sealed_text', 'field', "field IN ('description', 'place', 'note')"),
        _check('sealed_text', 'note_of_event', "(field = 'note') = (event_id IS NOT NULL)"),
        _of('sealed_text', 'report_id', 'report.id'),
        _of('sealed_text', 'event_id', 'event.id'),
    )
    _unique_where('ix_sealed_text_report', 'sealed_text', ['report_id', 'field'], 'event_id IS NULL')
    _unique_where('ix_sealed_text_event', 'sealed_text', ['report_id', 'event_id'], 'event_id IS NOT NULL')
    op.create_table(
        'screening',
        sa.Column('what', sa.String(), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('last_id', sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint('what', name=op.f('pk_screening')),
    )


def _consents() -> None:
    op.create_table(
        'consent_text',
        *_key('consent_text'),
        sa.Column('purpose', sa.String(), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('text', sa.String(), nullable=False),
        sa.Column('text_en', sa.String(), nullable=False),
        sa.Column('since', sa.DateTime(), nullable=False),
        sa.UniqueConstraint('purpose', 'version', name=op.f('uq_consent_text_purpose_version')),
    )
    op.create_table(
        'consent',
        *_key('consent'),
        sa.Column('report_id', sa.Integer(), nullable=False),
        sa.Column('purpose', sa.String(), nullable=False),
        sa.Column('text_id', sa.Integer(), nullable=False),
        sa.Column('how', sa.String(), nullable=False),
        sa.Column('given_at', sa.DateTime(), nullable=False),
        sa.Column('withdrawn_at', sa.DateTime(), nullable=True),
        _check('consent', 'purpose', "purpose IN ('follow', 'contact')"),
        _check('consent', 'how', "how IN ('form', 'oral', 'written')"),
        _of('consent', 'report_id', 'report.id'),
        _of('consent', 'text_id', 'consent_text.id'),
    )
    _unique_where('ix_consent_in_force', 'consent', ['report_id', 'purpose'], 'withdrawn_at IS NULL')


def _requests() -> None:
    op.create_table(
        'data_request',
        *_key('data_request'),
        sa.Column('report_id', sa.Integer(), nullable=False),
        sa.Column('kind', sa.String(), nullable=False),
        sa.Column('words', sa.String(), nullable=False),
        sa.Column('request_key', sa.String(), nullable=False),
        sa.Column('received_at', sa.DateTime(), nullable=False),
        sa.Column('reply_due_at', sa.DateTime(), nullable=False),
        sa.Column('due_at', sa.DateTime(), nullable=False),
        sa.Column('ring_at', sa.DateTime(), nullable=True),
        sa.Column('extended_because', sa.String(), nullable=False),
        sa.Column('state', sa.String(), nullable=False),
        sa.Column('decided_at', sa.DateTime(), nullable=True),
        sa.Column('decided_by_id', sa.Integer(), nullable=True),
        sa.Column('reason', sa.String(), nullable=False),
        _check('data_request', 'kind', "kind IN ('correct', 'erase')"),
        _check('data_request', 'state', "state IN ('open', 'granted', 'refused')"),
        _check('data_request', 'decided_has_moment', "(state = 'open') = (decided_at IS NULL)"),
        _check('data_request', 'refused_has_reason', "state <> 'refused' OR reason <> ''"),
        _check('data_request', 'decided_is_quiet', "state = 'open' OR ring_at IS NULL"),
        _of('data_request', 'report_id', 'report.id'),
        _of('data_request', 'decided_by_id', 'account.id'),
        sa.UniqueConstraint('request_key', name=op.f('uq_data_request_request_key')),
    )
    _unique_where('ix_data_request_open', 'data_request', ['report_id', 'kind'], "state = 'open'")
    op.create_index('ix_data_request_due', 'data_request', ['state', 'due_at'])
    rings = sa.text('ring_at IS NOT NULL')
    op.create_index('ix_data_request_ring', 'data_request', ['ring_at'], sqlite_where=rings, postgresql_where=rings)
    op.create_table(
        'certificate',
        *_key('certificate'),
        sa.Column('code', sa.String(), nullable=False),
        sa.Column('report_id', sa.Integer(), nullable=False),
        sa.Column('at', sa.DateTime(), nullable=False),
        sa.Column('says', sa.JSON(), nullable=False),
        sa.Column('digest', sa.String(), nullable=False),
        _of('certificate', 'report_id', 'report.id'),
        sa.UniqueConstraint('code', name=op.f('uq_certificate_code')),
        sa.UniqueConstraint('report_id', name=op.f('uq_certificate_report_id')),
    )


def _retention() -> None:
    op.create_table(
        'legal_hold',
        *_key('legal_hold'),
        sa.Column('report_id', sa.Integer(), nullable=False),
        sa.Column('reason', sa.String(), nullable=False),
        sa.Column('held_by_id', sa.Integer(), nullable=True),
        sa.Column('held_at', sa.DateTime(), nullable=False),
        sa.Column('until', sa.DateTime(), nullable=False),
        sa.Column('ended_at', sa.DateTime(), nullable=True),
        _check('legal_hold', 'reason', "reason <> ''"),
        _of('legal_hold', 'report_id', 'report.id'),
        _of('legal_hold', 'held_by_id', 'account.id'),
    )
    _unique_where('ix_legal_hold_report', 'legal_hold', ['report_id'], 'ended_at IS NULL')
    op.create_table(
        'duration',
        *_key('duration'),
        sa.Column('key', sa.String(), nullable=False),
        sa.Column('category_code', sa.String(), nullable=True),
        sa.Column('days', sa.Integer(), nullable=True),
        sa.Column('legal_basis', sa.String(), nullable=False),
        sa.Column('edited_at', sa.DateTime(), nullable=True),
        _check('duration', 'days', 'days > 0'),
        _of('duration', 'category_code', 'category.code'),
        sa.UniqueConstraint('key', 'category_code', name=op.f('uq_duration_key_category_code')),
    )
    _unique_where('ix_duration_everywhere', 'duration', ['key'], 'category_code IS NULL')
    op.create_table(
        'retention_run',
        *_key('retention_run'),
        sa.Column('at', sa.DateTime(), nullable=False),
        sa.Column('counts', sa.JSON(), nullable=False),
    )
    op.create_table(
        'doomed_file', *_key('doomed_file'), sa.Column('key', sa.String(), nullable=False)
    )
