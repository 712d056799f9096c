"""What Open Images calls its classes: its tables have codes such as `/m/0cgh4`, another table has their names.

A further file has what stands below what: `bbox_labels_600_hierarchy.json` and those like it.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from engine.formats.files.reading import MOST_BYTES_BESIDE, KnownLabelsError, opened_text
from engine.formats.files.strict_json import read_json
from engine.wording import Sentence

_CODE = re.compile(r"/[a-z]/[0-9a-z_]+")
_TABLES = "*class-descriptions*.csv"
_HIERARCHIES = "*hierarchy*.json"
_CODE_OF, _BELOW = "LabelName", "Subcategory"
_MOST_LEVELS = 50


class ClassNames:
    """Names of classes by their codes, out of the tables beside a file; everything else is its own name."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._names: dict[str, str] | None = None
        self.problem: Sentence | None = None
        """What a person should know where a code has no name."""

    def tell_parents(self, stands_below: Callable[[str, str], None]) -> None:
        """Tell of each class what it stands right below, out of the hierarchies beside the file.

        A class without a name stands for nothing, as what all of them stand below does; so does what is only a part.
        """
        for file in sorted(self._file.parent.glob(_HIERARCHIES)):
            with suppress(KnownLabelsError):
                tree = read_json(file)
                waiting: list[tuple[Any, str, int]] = [(tree, "", 0)]
                while waiting:
                    node, above, level = waiting.pop()
                    if not isinstance(node, dict) or level > _MOST_LEVELS:
                        continue
                    code = node.get(_CODE_OF)
                    name = self._called(code) if isinstance(code, str) else ""
                    if name and above:
                        stands_below(name, above)
                    below = node.get(_BELOW)
                    waiting += [(one, name, level + 1) for one in below] if isinstance(below, list) else []

    def _called(self, name: str) -> str:
        return (name if not _CODE.fullmatch(name) else self._read().get(name)) or ""

    def _read(self) -> dict[str, str]:
        if self._names is None:
            self._names = {}
            for table in sorted(self._file.parent.glob(_TABLES)):
                with suppress(KnownLabelsError, csv.Error), opened_text(table, MOST_BYTES_BESIDE) as text:
                    self._names |= {row[0].strip(): row[1].strip() for row in csv.reader(text) if len(row) > 1}
        return self._names

    def __getitem__(self, name: str) -> str:
        if not _CODE.fullmatch(name):
            return name
        names = self._read()
        if name not in names:
            self.problem = self.problem or Sentence(
                "Its labels are codes, as {code!r}. Put Open Images' class-descriptions.csv beside it, which has their "
                "names."
            ).format(code=name)
        return names.get(name) or name
