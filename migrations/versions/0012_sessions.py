"""Sessions of staff, and links by which an account is opened or its password renewed.

Locks: `account`, `event` and `message` for a moment; SQLite writes `message` anew, because it cannot loosen a column.
"""

from collections.abc import Callable

import sqlalchemy as sa
from alembic import op

revision = '0012'
down_revision = '0011'
branch_labels = None
depends_on = None

RECIPIENT = 'account_id INTEGER CONSTRAINT fk_message_account_id_account REFERENCES account (id)'
NOTE = (  # by hand: both engines take key and CHECK with their column, and drop them with it
    'note_id INTEGER CONSTRAINT fk_message_note_id_event REFERENCES event (id)'
    ' CONSTRAINT ck_message_note_to_staff CHECK (note_id IS NULL OR account_id IS NOT NULL)'
)
LOOSE = ('report_id', 'event_id')
CHECKS = {
    'ck_message_event_of_report': '(report_id IS NULL) = (event_id IS NULL)',
    'ck_message_one_recipient': 'account_id IS NULL OR report_id IS NULL',
}


def upgrade() -> None:
    op.create_table('staff_session',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('token_hash', sa.String(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('passed', sa.String(), nullable=False),
    sa.Column('address', sa.String(), nullable=False),
    sa.Column('agent', sa.String(), nullable=False),
    sa.Column('started_at', sa.DateTime(), nullable=False),
    sa.Column('seen_at', sa.DateTime(), nullable=False),
    sa.Column('expires_at', sa.DateTime(), nullable=False),
    sa.Column('ended_at', sa.DateTime(), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_staff_session_account_id_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_staff_session')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_staff_session_token_hash'))
    )
    op.create_index(op.f('ix_staff_session_account_id'), 'staff_session', ['account_id'])
    op.create_table('account_link',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('token_hash', sa.String(), nullable=False),
    sa.Column('made_at', sa.DateTime(), nullable=False),
    sa.Column('expires_at', sa.DateTime(), nullable=False),
    sa.Column('used_at', sa.DateTime(), nullable=True),
    sa.CheckConstraint("kind IN ('invitation', 'reset')", name=op.f('ck_account_link_kind')),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_account_link_account_id_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_account_link')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_account_link_token_hash'))
    )
    op.create_index(op.f('ix_account_link_account_id'), 'account_link', ['account_id'])
    op.add_column('account', sa.Column('email', sa.String(), nullable=True))
    op.create_index('ix_account_email', 'account', ['email'], unique=True)
    for name in ('failed_sign_ins', 'locked_until'):
        op.drop_column('account', name)
    _write_to_staff_too()
    op.execute(f'ALTER TABLE message ADD COLUMN {NOTE}')
    op.create_index('ix_message_note', 'message', ['note_id', 'account_id'], unique=True)


def downgrade() -> None:
    op.execute('DELETE FROM message WHERE report_id IS NULL')
    op.drop_index('ix_message_note', 'message')
    op.execute('ALTER TABLE message DROP COLUMN note_id')
    _write_to_reporters_alone()
    op.add_column('account', sa.Column('failed_sign_ins', sa.Integer(), nullable=False, server_default='0'))
    op.add_column('account', sa.Column('locked_until', sa.DateTime(), nullable=True))
    op.drop_index('ix_account_email', 'account')
    op.drop_column('account', 'email')
    op.drop_table('account_link')
    op.drop_table('staff_session')


def _write_to_staff_too() -> None:
    if op.get_bind().dialect.name == 'sqlite':
        checks = ''.join(f', CONSTRAINT {name} CHECK ({condition})' for name, condition in CHECKS.items())
        _write_anew(lambda written: f"{_loosened(written).rpartition(')')[0]}{checks})")
        return
    op.execute(f'ALTER TABLE message ADD COLUMN {RECIPIENT}')
    for name in LOOSE:
        op.execute(f'ALTER TABLE message ALTER COLUMN {name} DROP NOT NULL')
    for name, condition in CHECKS.items():
        op.execute(f'ALTER TABLE message ADD CONSTRAINT {name} CHECK ({condition})')


def _write_to_reporters_alone() -> None:
    if op.get_bind().dialect.name == 'sqlite':
        _write_anew(_tightened)
        return
    for name in CHECKS:
        op.execute(f'ALTER TABLE message DROP CONSTRAINT {name}')
    for name in LOOSE:
        op.execute(f'ALTER TABLE message ALTER COLUMN {name} SET NOT NULL')
    op.drop_column('message', 'account_id')


def _loosened(written: str) -> str:
    for name in LOOSE:
        written = _replaced(written, f'{name} INTEGER NOT NULL', f'{name} INTEGER')
    return _replaced(written, 'channel VARCHAR', f'{RECIPIENT}, channel VARCHAR')


def _tightened(written: str) -> str:
    for name, condition in CHECKS.items():
        written = _replaced(written, f', CONSTRAINT {name} CHECK ({condition})', '')
    for name in LOOSE:
        written = _replaced(written, f'{name} INTEGER', f'{name} INTEGER NOT NULL')
    return _replaced(written, f'{RECIPIENT}, ', '')


def _replaced(written: str, old: str, new: str) -> str:
    if old not in written:
        raise RuntimeError(f'message is not as this migration knows it: {old}')
    return written.replace(old, new, 1)


def _write_anew(change: Callable[[str], str]) -> None:
    """The way of SQLite's own handbook, as in 0004."""
    bind = op.get_bind()
    schema = sa.text("SELECT sql FROM sqlite_master WHERE tbl_name = 'message' AND type = :type AND sql IS NOT NULL")
    [written], indexes = (bind.scalars(schema, {'type': type_}).all() for type_ in ('table', 'index'))
    kept = (column['name'] for column in sa.inspect(bind).get_columns('message') if column['name'] != 'account_id')
    columns = ', '.join(kept)
    bind.exec_driver_sql(change(written).replace('message', 'message_anew', 1))
    bind.exec_driver_sql(f'INSERT INTO message_anew ({columns}) SELECT {columns} FROM message')
    bind.exec_driver_sql('DROP TABLE message')
    bind.exec_driver_sql('ALTER TABLE message_anew RENAME TO message')
    for index in indexes:
        bind.exec_driver_sql(index)
