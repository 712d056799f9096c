"""Tables of labels as they are read, ours and others': tidy, one row a photo and label, or wide, one column a label."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, field
from enum import Enum, auto
from pathlib import Path

from engine.formats.export_set import IMPLIED, MAYBE
from engine.formats.files.open_images import ClassNames
from engine.formats.files.reading import in_line, in_place
from engine.formats.files.tables import (
    PHOTO,
    csv_table,
    header_of,
    is_about_rows,
    is_gap,
    is_index,
    not_wide,
    photo_column,
    rows_in,
    several,
    unguarded,
)
from engine.formats.known_labels import ABSENT, IGNORED, PRESENT, FormatError, Gathering, KnownLabels
from engine.project.labels import MOST_LABELS
from engine.wording import Sentence

TIDY_COLUMNS = PHOTO, LABEL, SCORE, STATE, SOURCE = PHOTO, "label", "score", "state", "source"

SUGGESTED = None
WEAK = "?"
"""Behind the score of a weak suggestion in a wide table."""
_STATES = {
    "confirmed": PRESENT,
    "present": PRESENT,
    IMPLIED: PRESENT,
    "yes": PRESENT,
    "true": PRESENT,
    "1": PRESENT,
    "rejected": ABSENT,
    "absent": ABSENT,
    "no": ABSENT,
    "false": ABSENT,
    "0": ABSENT,
    "-1": ABSENT,
    **dict.fromkeys(
        ("x", "y", "t", "on", "\u2713", "\u2714", "\u2611", "ja", "wahr", "oui", "vrai", "s\u00ed"), PRESENT
    ),
    **dict.fromkeys(("n", "f", "off", "\u2717", "\u2718", "\u2610", "nein", "falsch", "non", "faux"), ABSENT),
    "ignored": IGNORED,
    "ignore": IGNORED,
    "difficult": IGNORED,
    "?": IGNORED,
    "suggested": SUGGESTED,
    "likely": SUGGESTED,
    MAYBE: SUGGESTED,
}
"""What is written in a cell to what it means, in small letters."""


def read_csv(file: Path) -> KnownLabels:
    """Read a tidy table: columns `file_name` and `label`, by any of their usual names, and where there are any `state`
    and `score`.

    A row without a state says that the photo has the label, one without a label that there is such a photo. A column
    `labels`, `tags` or the like may hold several in a cell. Where there is no column of states, scores are suggestions,
    and answers where nothing but 0 and 1 occurs, as persons have given them in Open Images. A row that is odd is passed
    over.

    Raises:
        KnownLabelsError: not to be read, too large, not such a table, or nothing in it is right; with the line.
    """
    gathering = Gathering()
    with csv_table(file, gathering.pass_over) as (first, rows):
        header = [cell.strip() for cell in first]
        photos, labels = photo_column(header), _label_column(header)
        if photos is None or labels is None:
            raise FormatError(
                Sentence("Expected the columns {photo!r} and {label!r}, but got {header}.").format(
                    photo=PHOTO, label=LABEL, header=header_of(header)
                )
            )
        states, scores = (_only(header, name) for name in (STATE, _score_column(header)))
        _only(header, header[photos]), _only(header, header[labels])
        of_many = _plain(header[labels]) in _MANY_LABELS
        are_answers = states is None and scores is not None and _are_answers(file, scores)
        names = ClassNames(file)
        names.tell_parents(gathering.stands_below)
        for line, row in rows:
            with gathering.entry(file, in_line(line)):
                photo = gathering.photo(unguarded(row[photos]))
                state = "" if states is None or is_gap(row[states]) else unguarded(row[states]).strip()
                score = "" if scores is None or is_gap(row[scores]) else unguarded(row[scores]).strip()
                if states is None and score:
                    state, score = (score, "") if are_answers else ("suggested", score)
                for name in several(row[labels]) if of_many else [unguarded(row[labels].strip())]:
                    if name.strip().lower() not in _NO_LABEL:
                        label = gathering.label(names[name])
                        with gathering.entry(file, in_line(line)):
                            _take(gathering, photo, label, state or "present", score.replace(",", "."))
        if names.problem is not None:
            gathering.tell(names.problem)
    return gathering.some


def read_wide_csv(file: Path) -> KnownLabels:
    """Read a wide table: a column with the photos' names, most often `file_name`, and one for each label.

    A cell says yes (1) or no (0), nothing, or with a fraction how sure a machine is that suggests the label; a question
    mark behind it makes the suggestion a weak one. Where there is no fraction in the whole table 1.0 and 0.0 are yes
    and no, as pandas writes them beside gaps. A cell that is none of these is passed over; so is a column in which
    there is nothing else.

    Raises:
        KnownLabelsError: not to be read, too large, not such a table, or nothing in it is right; with the line.
    """
    gathering = Gathering()
    columns = _look_through(file, gathering)
    with csv_table(file, lambda _again: None) as (_, rows):
        for line, row in rows:
            with gathering.entry(file, in_line(line)):
                photo = gathering.photo(unguarded(row[columns.photos]))
                for at, label in columns.labels.items():
                    cell = row[at].strip()
                    kind = columns.kind(cell)
                    if kind == _Cell.GAP:
                        continue
                    weak = kind == _Cell.SCORE and cell.endswith(WEAK)
                    score = "" if kind != _Cell.SCORE else cell.removesuffix(WEAK).replace(",", ".")
                    state = (MAYBE if weak else "suggested") if score else cell
                    with gathering.entry(file, in_line(line)):
                        _take(gathering, photo, label, state, score)
    return gathering.some


def looks_tidy(_path: Path, head: str) -> bool:
    """Whether a text begins as a tidy table does."""
    header, *rows = rows_in(head) or [[]]
    labels = _label_column(header)
    if photo_column(header) is None or labels is None:
        return False
    # A label of that name, of which a wide table says yes or no.
    cells = [row[labels] for row in rows if len(row) > labels]
    return set(header) <= set(TIDY_COLUMNS) or (
        bool(cells) and (_kind(cells[0]) == _Cell.GAP or any(_kind(cell) == _Cell.ODD for cell in cells))
    )


def looks_wide(path: Path, head: str) -> bool:
    """Whether a text begins as a wide table of answers does; one of scores alone is none."""
    header, *rows = rows_in(head) or [[]]
    photos = photo_column(header, rows[0] if rows else ())
    if photos is None or looks_tidy(path, head):
        return False
    kinds = {_kind(cell) for row in rows[:-1] or rows for cell in row[photos + 1 :]}
    return _Cell.STATE in kinds or (_Cell.WHOLE in kinds and _Cell.SCORE not in kinds)


class _Cell(Enum):
    """What a cell of a wide table holds."""

    GAP = auto()
    STATE = auto()
    WHOLE = auto()
    """1.0 or 0.0: an answer or a score."""
    SCORE = auto()
    ODD = auto()


_WHOLE = re.compile(r"[+-]?[01][.,]0{0,5}")
"""One or nothing as a fraction, but not with the six digits of our own scores."""
_FRACTION = re.compile(r"(0?[.,]\d*|1[.,]0*|\d([.,]\d*)?e-\d+)\??", re.IGNORECASE)


def _kind(cell: str) -> _Cell:
    text = cell.strip().lower()
    if is_gap(text):
        return _Cell.GAP
    if text in _STATES:
        return _Cell.STATE
    if _WHOLE.fullmatch(text):
        return _Cell.WHOLE
    return _Cell.SCORE if _FRACTION.fullmatch(text) else _Cell.ODD


class _Kinds(dict[str, _Cell]):
    """What cells hold, each text looked at once."""

    def __missing__(self, cell: str) -> _Cell:
        kind = _kind(cell)
        if len(self) < _MOST_KINDS:
            self[cell] = kind
        return kind


_MOST_KINDS = 100_000


@dataclass
class _Columns:
    """Of a wide table: which column names the photos, which is of which label, and what its cells hold."""

    photos: int
    labels: dict[int, str]
    kinds: _Kinds = field(default_factory=_Kinds)
    whole: _Cell = _Cell.STATE
    """What 1.0 and 0.0 are in this table."""

    def kind(self, cell: str) -> _Cell:
        """What a cell holds."""
        kind = self.kinds[cell]
        return self.whole if kind == _Cell.WHOLE else kind


def _look_through(file: Path, gathering: Gathering) -> _Columns:
    """Tell a wide table's columns, before anything is taken over."""
    with csv_table(file, gathering.pass_over) as (first, rows):
        header = [cell.strip() for cell in first]
        row = next(rows, None)
        photos = photo_column(header, row[1] if row else ())
        with in_place(file, in_line(1)):
            if photos is None:
                raise not_wide(header)
            _check_most(header)
        columns = _Columns(photos, {})
        seen: set[str] = set()
        for at, name in enumerate(header):
            if not (at == photos or is_about_rows(name) or (at < photos and is_index(name))):
                with gathering.entry(file, in_line(1)):
                    if name in seen:
                        raise FormatError(Sentence("The column {name!r} is there twice.").format(name=name))
                    seen.add(name)
                    columns.labels[at] = gathering.label(unguarded(name))
        with in_place(file, in_line(1)):
            if not columns.labels and not gathering.known.passed_over:
                raise not_wide(header)
        right, odd = dict.fromkeys(columns.labels, 0), dict.fromkeys(columns.labels, 0)
        example: dict[int, tuple[int, str]] = {}
        for line, cells in itertools.chain([row] if row else [], rows):
            for at in columns.labels:
                kind = columns.kinds[cells[at].strip()]
                if kind == _Cell.ODD:
                    odd[at] += 1
                    example.setdefault(at, (line, cells[at].strip()))
                elif kind != _Cell.GAP:
                    right[at] += 1
                    if kind == _Cell.SCORE:
                        columns.whole = kind
    for at in [at for at in columns.labels if odd[at] > right[at]]:
        line, cell = example[at]
        label = columns.labels.pop(at)
        gathering.forget_label(header[at])
        why = _expected(label, cell)
        place = Sentence("{file}, {place}: {why}").format(file=file, place=in_line(line), why=why)
        gathering.pass_over(Sentence("{why} The column is left out.").format(why=place))
    return columns


def _check_most(header: list[str]) -> None:
    if len(header) > MOST_LABELS + 2:
        raise FormatError(Sentence("Expected at most {most:,} labels.").format(most=MOST_LABELS))


def _label_column(header: list[str]) -> int | None:
    plain = [_plain(name) for name in header]
    return next((plain.index(name) for name in (*_LABEL_NAMES, *_MANY_LABELS) if name in plain), None)


def _plain(name: str) -> str:
    return "".join(filter(str.isalpha, name.casefold()))


def _score_column(header: list[str]) -> str:
    """What the column of scores is called, as people and Open Images call it."""
    return next((name for name in header if _plain(name) in _SCORE_NAMES), SCORE)


def _are_answers(file: Path, column: int) -> bool:
    """Whether a column of scores holds nothing but 0, 1 and gaps."""
    with csv_table(file, lambda _later: None) as (_, rows):
        return all(_kind(unguarded(row[column])) in (_Cell.GAP, _Cell.STATE, _Cell.WHOLE) for _, row in rows)


def _only(header: list[str], name: str) -> int | None:
    """Where the column of this name is, None for nowhere; FormatError for two."""
    if header.count(name) > 1:
        raise FormatError(Sentence("The column {name!r} is there twice.").format(name=name))
    return header.index(name) if name in header else None


_NO_LABEL = ("", "nan", "<na>")
_LABEL_NAMES = (LABEL, "labelname", "class", "classname", "category", "categoryname", "tag", "keyword")
"""Of columns with labels, in small letters without signs between."""
_MANY_LABELS = ("labels", "tags", "keywords", "classes", "categories", "choice", "choices")
"""Of columns with several labels in a cell."""
_SCORE_NAMES = (SCORE, "confidence", "probability")


def _take(gathering: Gathering, photo: str, label: str, state: str, score: str) -> None:
    try:
        _answer(gathering, photo, label, state, score)
    except FormatError:
        gathering.doubt(photo, label)
        raise


def _answer(gathering: Gathering, photo: str, label: str, state: str, score: str) -> None:
    text = state.strip().lower()
    answer = _STATES.get(re.sub(r"[.,]0*$", "", text), text)
    if isinstance(answer, str):
        raise FormatError(_expected(label, state))
    if score or answer is SUGGESTED:
        try:
            value = float(score or 1)
        except ValueError:
            value = -1.0
        gathering.score(photo, label, value if value >= 0 else score[:40], weak=text == MAYBE)
    if answer is not SUGGESTED:
        gathering.answer(photo, label, answer)
    if text == IMPLIED:
        gathering.implied(photo, label)


def _expected(label: str, state: str) -> Sentence:
    return Sentence(
        "Expected confirmed, rejected, suggested or maybe (1, 0 or a score) for {label!r}, but got {state!r}."
    ).format(label=label, state=state[:40])
