"""Contacts sealed.

In the migration's transaction and with the keys of the configuration: after it nothing lies open, before it everything
does, and no program ever meets both. Going down opens them again.

Locks: `contact` is written anew, two or three minutes with a million contacts; reports and messages wait for it. The old
table goes as a whole, so its words do not stay behind in freed rows; backups and write-ahead archives keep them.
"""

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from alembic import op
from flask import current_app

revision = '0014'
down_revision = '0013'
branch_labels = None
depends_on = None

BATCH = 1_000
OPEN = ('name', 'phone', 'email')
ADDED = ('words', 'phone_index', 'email_index')
CHECKS = {'not_empty': "phone <> '' OR email <> '' OR name <> ''"}
INDEXED = {'indexed': "(phone = '') = (phone_index = '') AND (email = '') = (email_index = '')"}
HOW = "consent_how IN ('form', 'oral', 'written')"
Turn = Callable[[dict[str, Any]], dict[str, Any]]


def upgrade() -> None:
    vault = current_app.extensions['vault']

    def sealed(row: dict[str, Any]) -> dict[str, Any]:
        return row | {name: vault.seal(row[name]) for name in OPEN} | {
            'words': '',
            'phone_index': vault.index('phone', row['phone']),
            'email_index': vault.index('email', row['email']),
        }

    _write_anew((*OPEN, *ADDED), CHECKS | INDEXED, ('phone_index', 'email_index'), sealed)


def downgrade() -> None:
    vault = current_app.extensions['vault']

    def opened(row: dict[str, Any]) -> dict[str, Any]:
        kept = {name: value for name, value in row.items() if name not in ADDED}
        return kept | {name: vault.unseal(row[name]) for name in OPEN}

    _write_anew(OPEN, CHECKS, ('phone', 'email'), opened)


def _write_anew(words: tuple[str, ...], checks: dict[str, str], indexed: tuple[str, ...], turn: Turn) -> None:
    """Make the table with these columns instead of the old one, each of its rows turned into one of them."""
    op.rename_table('contact', 'contact_before')
    if op.get_bind().dialect.name == 'postgresql':
        op.execute('ALTER INDEX pk_contact RENAME TO pk_contact_before')
    table = op.create_table(
        'contact',
        sa.Column('report_id', sa.Integer(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in words),
        sa.Column('consent_at', sa.DateTime(), nullable=False),
        sa.Column('consent_version', sa.String(), nullable=False),
        # its CHECK stands in the column, with which 0007 drops it
        sa.Column('consent_how', sa.String(), sa.CheckConstraint(HOW, name=op.f('ck_contact_consent_how')), nullable=False),
        *(sa.CheckConstraint(says, name=op.f(f'ck_contact_{name}')) for name, says in checks.items()),
        sa.ForeignKeyConstraint(['report_id'], ['report.id'], name=op.f('fk_contact_report_id_report')),
        sa.PrimaryKeyConstraint('report_id', name=op.f('pk_contact')),
    )
    for batch in _rows():
        op.bulk_insert(table, [turn(row) for row in batch])
    op.drop_table('contact_before')
    for name in indexed:
        op.create_index(f'ix_contact_{name}', 'contact', [name])


def _rows():
    """The rows of the old table, a thousand at a time."""
    connection = op.get_bind()
    before = sa.Table('contact_before', sa.MetaData(), autoload_with=connection)
    query = sa.select(before).order_by(before.c.report_id).limit(BATCH)
    last = 0
    while rows := connection.execute(query.where(before.c.report_id > last)).mappings().all():
        last = rows[-1]['report_id']
        yield [dict(row) for row in rows]
