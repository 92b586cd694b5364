"""Who did and who read what, in a chain, and triggers that let it only grow.

Locks: `account` and `unit` for a moment, while the new, empty table refers to them; `event` while two triggers are
made. On SQLite a later migration that makes `event` anew has to make its triggers anew too.
"""

import sqlalchemy as sa
from alembic import op

revision = '0016'
down_revision = '0015'
branch_labels = None
depends_on = None

# Trigger, table, when it fires, and on which condition; what it does is refuse.
KEPT = (
    ('audit_entry_kept', 'audit_entry', 'DELETE', ''),
    (
        'audit_entry_said',
        'audit_entry',
        'UPDATE OF id, at, deed, account_id, role, unit_id, subject_kind, subject_id, details,'
        ' words_digest',
        '',
    ),
    (
        'audit_entry_forgotten',
        'audit_entry',
        'UPDATE OF address, reason, salt, forgotten_by',
        "NEW.salt <> '' OR OLD.forgotten_by IS NOT NULL",
    ),
    ('audit_seal_kept', 'audit_seal', 'DELETE', ''),
    ('audit_seal_said', 'audit_seal', 'UPDATE OF day, number, kind, row_id, digest, hash', ''),
    ('audit_seal_forgotten', 'audit_seal', 'UPDATE OF salt, forgotten_by', "NEW.salt <> '' OR OLD.salt = ''"),
    ('audit_day_kept', 'audit_day', 'DELETE', ''),
    ('audit_day_said', 'audit_day', 'UPDATE OF day, previous', ''),
)
SEALED = "SELECT 1 FROM audit_seal WHERE kind = 'event' AND row_id = OLD.id AND salt <> ''"
EVENT_KEPT = (('event_kept', 'DELETE'), ('event_said', 'UPDATE'))
REFUSE = """
    CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION '% is only added to', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
    END $$
"""
KEEP_EVENT = f"""
    CREATE FUNCTION audit_keep_event() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF EXISTS ({SEALED}) THEN
            RAISE EXCEPTION 'event is only added to' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
        RETURN NEW;
    END $$
"""


def upgrade() -> None:
    _tables()
    if op.get_bind().dialect.name == 'postgresql':
        _postgres_triggers()
    else:
        _sqlite_triggers()


def downgrade() -> None:
    postgres = op.get_bind().dialect.name == 'postgresql'
    for name, _ in EVENT_KEPT:
        op.execute(f'DROP TRIGGER {name} ON event' if postgres else f'DROP TRIGGER {name}')
    op.drop_table('audit_day')
    op.drop_table('audit_seal')
    op.drop_table('audit_entry')
    if postgres:
        op.execute('DROP FUNCTION audit_refuse()')
        op.execute('DROP FUNCTION audit_keep_event()')


def _tables() -> None:
    op.create_table(
        'audit_entry',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('at', sa.DateTime(), nullable=False),
        sa.Column('deed', sa.String(), nullable=False),
        sa.Column('account_id', sa.Integer(), nullable=True),
        sa.Column('role', sa.String(), nullable=False),
        sa.Column('unit_id', sa.Integer(), nullable=True),
        sa.Column('subject_kind', sa.String(), nullable=False),
        sa.Column('subject_id', sa.String(), nullable=False),
        sa.Column('details', sa.JSON(), nullable=False),
        sa.Column('words_digest', sa.String(), nullable=False),
        sa.Column('address', sa.String(), nullable=False),
        sa.Column('reason', sa.String(), nullable=False),
        sa.Column('salt', sa.String(), nullable=False),
        sa.Column('forgotten_by', sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(salt = '') = (address = '' AND reason = '')", name=op.f('ck_audit_entry_words_with_salt')
        ),
        sa.CheckConstraint(
            "(salt = '' AND words_digest <> '') = (forgotten_by IS NOT NULL)",
            name=op.f('ck_audit_entry_forgotten_by'),
        ),
        sa.ForeignKeyConstraint(
            ['forgotten_by'], ['audit_entry.id'], name=op.f('fk_audit_entry_forgotten_by_audit_entry')
        ),
        sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_audit_entry_account_id_account')),
        sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], name=op.f('fk_audit_entry_unit_id_unit')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_audit_entry')),
    )
    for name, *columns in (
        ('at',),
        ('account', 'account_id'),
        ('deed', 'deed'),
        ('subject', 'subject_kind', 'subject_id'),
        ('address', 'address'),
    ):
        op.create_index(f'ix_audit_entry_{name}', 'audit_entry', [*columns, 'at', 'id'])
    op.create_table(
        'audit_seal',
        sa.Column('day', sa.Date(), nullable=False),
        sa.Column('number', sa.Integer(), nullable=False),
        sa.Column('kind', sa.String(), nullable=False),
        sa.Column('row_id', sa.Integer(), nullable=False),
        sa.Column('salt', sa.String(), nullable=False),
        sa.Column('digest', sa.String(), nullable=False),
        sa.Column('hash', sa.String(), nullable=False),
        sa.Column('forgotten_by', sa.Integer(), nullable=True),
        sa.CheckConstraint("kind IN ('entry', 'event')", name=op.f('ck_audit_seal_kind')),
        sa.CheckConstraint(
            "(kind = 'event' AND salt = '') = (forgotten_by IS NOT NULL)", name=op.f('ck_audit_seal_forgotten_by')
        ),
        sa.ForeignKeyConstraint(
            ['forgotten_by'], ['audit_entry.id'], name=op.f('fk_audit_seal_forgotten_by_audit_entry')
        ),
        sa.PrimaryKeyConstraint('day', 'number', name=op.f('pk_audit_seal')),
        sa.UniqueConstraint('kind', 'row_id', name=op.f('uq_audit_seal_kind_row_id')),
    )
    op.create_table(
        'audit_day',
        sa.Column('day', sa.Date(), nullable=False),
        sa.Column('previous', sa.String(), nullable=False),
        sa.Column('head', sa.String(), nullable=False),
        sa.Column('count', sa.Integer(), nullable=False),
        sa.Column('verified_at', sa.DateTime(), nullable=True),
        sa.Column('fault', sa.String(), nullable=False),
        sa.PrimaryKeyConstraint('day', name=op.f('pk_audit_day')),
    )


def _postgres_triggers() -> None:
    op.execute(REFUSE)
    op.execute(KEEP_EVENT)
    for name, table, deed, condition in KEPT:
        when = f'WHEN ({condition})' if condition else ''
        op.execute(
            f'CREATE TRIGGER {name} BEFORE {deed} ON {table} FOR EACH ROW {when} EXECUTE FUNCTION audit_refuse()'
        )
    for table in ('audit_entry', 'audit_seal', 'audit_day'):
        op.execute(f'CREATE TRIGGER {table}_whole BEFORE TRUNCATE ON {table} EXECUTE FUNCTION audit_refuse()')
    for name, deed in EVENT_KEPT:
        op.execute(
            f'CREATE TRIGGER {name} BEFORE {deed} ON event FOR EACH ROW EXECUTE FUNCTION audit_keep_event()'
        )


def _sqlite_triggers() -> None:
    events = tuple((name, 'event', deed, f'EXISTS ({SEALED})') for name, deed in EVENT_KEPT)
    for name, table, deed, condition in (*KEPT, *events):
        when = f'WHEN {condition}' if condition else ''
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {deed} ON {table} {when}"
            f" BEGIN SELECT RAISE(ABORT, '{table} is only added to'); END"
        )
