"""Alembic's entry: runs migrations on the connection it is handed."""

from alembic import context

from engine.project.storage.schema import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
)
context.run_migrations()
