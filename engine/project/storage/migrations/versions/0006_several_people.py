"""Who did an edit, where somebody else says so; what was said of a photo, found by it; photos taken to review."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.add_column("edit", sa.Column("done_by", sa.String(), nullable=True))
    op.create_index(
        "change_of_photo",
        "change",
        ["photo_id", "label_id"],
        unique=False,
        sqlite_where=sa.text("photo_id IS NOT NULL"),
    )
    op.create_table(
        "claim",
        sa.Column("photo_id", sa.Integer(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("taken_at", sa.DateTime(), nullable=False),
        sa.Column("until", sa.DateTime(), nullable=False),
        sa.Column("second", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["photo_id"], ["photo.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("photo_id", "person"),
        sqlite_with_rowid=False,
    )
