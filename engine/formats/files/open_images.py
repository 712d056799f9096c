"""What Open Images calls its classes: its tables have codes such as `/m/0cgh4`, another table has their names."""

from __future__ import annotations

import csv
import re
from contextlib import suppress
from pathlib import Path

from engine.formats.files.reading import MOST_BYTES_BESIDE, KnownLabelsError, opened_text
from engine.wording import Sentence

_CODE = re.compile(r"/[a-z]/[0-9a-z_]+")
_TABLES = "*class-descriptions*.csv"


class ClassNames:
    """Names of classes by their codes, out of the tables beside a file; everything else is its own name."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._names: dict[str, str] | None = None
        self.problem: Sentence | None = None
        """What a person should know where a code has no name."""

    def __getitem__(self, name: str) -> str:
        if not _CODE.fullmatch(name):
            return name
        if self._names is None:
            self._names = {}
            for table in sorted(self._file.parent.glob(_TABLES)):
                with suppress(KnownLabelsError, csv.Error), opened_text(table, MOST_BYTES_BESIDE) as text:
                    self._names |= {row[0].strip(): row[1].strip() for row in csv.reader(text) if len(row) > 1}
        if name not in self._names:
            self.problem = self.problem or Sentence(
                "Its labels are codes, as {code!r}. Put Open Images' class-descriptions.csv beside it, which has their "
                "names."
            ).format(code=name)
        return self._names.get(name) or name
