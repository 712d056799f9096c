"""Texts out of files of others, as they can be shown."""


def shown(text: str, most: int = 80) -> str:
    """A text out of a file as it can be shown: short, and nothing that a terminal would take for a command."""
    plain = "".join(letter if letter.isprintable() else "?" for letter in text)
    return plain if len(plain) <= most else f"{plain[: most - 1]}…"
