"""Labels stand below others, and have other names."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    for name in ("parents", "other_names"):
        op.add_column("label", sa.Column(name, sa.JSON(), nullable=False, server_default="[]"))
