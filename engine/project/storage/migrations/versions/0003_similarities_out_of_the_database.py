"""Similarities go: they are made again from the embeddings, faster than they were read from here."""

from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.drop_table("similarity")
