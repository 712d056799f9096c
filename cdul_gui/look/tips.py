"""Tool tips that show what they say: a name may hold what Qt would take for markup, and load pictures by."""

from __future__ import annotations

from html import escape


def plain_tip(text: str) -> str:
    """A tool tip that reads as this text, whatever is in it."""
    return f"<qt>{escape(text).replace(chr(10), '<br>')}</qt>" if "<" in text else text
