"""What goes out and comes in, one module a format."""

from engine.formats.readers import READERS, Reader, guess_format, reader_for
from engine.formats.writers import WRITERS, Writer, writer_for

__all__ = ["READERS", "WRITERS", "Reader", "Writer", "guess_format", "reader_for", "writer_for"]
