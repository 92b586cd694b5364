"""Contacts sealed, and the codes and phones by which residents see their own reports.

Locks: none.
"""

revision = '0014'
down_revision = '0013'
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
