"""Sessions of staff, and links by which an account is opened or its password renewed.

Locks: none.
"""

revision = '0012'
down_revision = '0011'
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
