"""COCO JSON with labels of whole photos, in two profiles.

COCO has no task of this kind. `coco` gives every label a box over the whole photo, so that every reader loads it;
`coco-labels` is Datumaro's extension, without boxes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from importlib.metadata import version
from pathlib import Path
from typing import IO, Any

import numpy as np

from engine.formats.export_set import HUMAN, IMPLIED, MAYBE, RULE, ExportSet, rounded
from engine.formats.files.reading import in_place
from engine.formats.files.strict_json import encoded, kind_of, once, read_json, shown
from engine.formats.format import IN_IMAGES, Format, OneFile, Reader, Takes, Writer, named_after_split
from engine.formats.known_labels import ABSENT, IGNORED, PRESENT, FormatError, Gathering, KnownLabels, KnownLabelsError
from engine.project.label_state import NO, YES
from engine.project.storage.clock import now
from engine.wording import Sentence

CATEGORIES, IMAGES, ANNOTATIONS = "categories", "images", "annotations"
ID, NAME, SUPERCATEGORY = "id", "name", "supercategory"
FILE_NAME, REVIEWED, REJECTED = "file_name", "reviewed", "neg_category_ids"
RULED_OUT = "implied_neg_category_ids"
"""Those of the labels that a photo has not that nobody said: they follow from one above."""
_MORE = "extra"
"""Where Roboflow keeps what a photo was called before it was uploaded."""
_OTHER_PHOTO_KEYS = ("coco_url", "path", "flickr_url")
"""Where images are named that have no `file_name`, as those of LVIS."""
_SEGMENTS = "segments_info"
"""What COCO's panoptic annotations have in the place of a category."""
SYNONYMS, PARENTS, LANGUAGES = "synonyms", "parents", "synonym_languages"
"""LVIS's key for what else a category is called; and our own, as COCO has one supercategory and no languages."""
IMAGE_ID, CATEGORY_ID, SCORE, ATTRIBUTES, CONFIRMED = "image_id", "category_id", "score", "attributes", "confirmed"

_CONTRIBUTOR = "CDUL "
_LABELS_EVER = 1_000_000
"""More than a project ever knows, those that left the label set included: ids of annotations must not meet."""


def write_coco(export: ExportSet, stream: IO[bytes]) -> int:
    """Write the profile that loads everywhere; returns the number of annotations."""
    return _write(export, stream, _whole_photo_box)


def write_coco_labels(export: ExportSet, stream: IO[bytes]) -> int:
    """Write Datumaro's profile `coco_labels`; returns the number of annotations."""
    return _write(export, stream, lambda _width, _height: {})


def read_coco(file: Path) -> KnownLabels:
    """Read COCO JSON, with boxes or with labels of whole photos.

    An annotation with `ignore` or `difficult` makes its label neither present nor absent, unless another
    annotation of the photo has it. One whose attributes say that nobody confirmed it is only suggested. LVIS's
    `neg_category_ids` are labels that a photo has not. Of the file names nothing is opened; they are only compared.
    A supercategory that is a category of its own is what a label stands below, but in files that were written here,
    which tell that apart; LVIS's `synonyms` are other names. An entry that is odd is passed over, e.g. an annotation
    of an image that is not there.

    Raises:
        KnownLabelsError: not to be read, not COCO, or nothing in it is right.
    """
    data = read_json(file)
    if not isinstance(data, dict):
        raise KnownLabelsError(
            Sentence("{file}: Expected an object with images, categories and annotations.").format(file=file)
        )
    with in_place(file):
        once(data, CATEGORIES, IMAGES, ANNOTATIONS)
    gathering, ours = Gathering(), _is_ours(data.get("info"))
    labels, above = _Named("category", CATEGORIES), list[tuple[str, Any]]()
    for index, entry in enumerate(_list(file, data, CATEGORIES)):
        with gathering.entry(file, f"{CATEGORIES}[{index}]"):
            _check(entry, NAME)
            label = gathering.label(entry[NAME], entry.get(SUPERCATEGORY))
            labels.add(entry[ID], label)
            # In our own files a supercategory may be a kind, though some label is called the same.
            higher = _some(entry.get(PARENTS)) if ours else (entry.get(SUPERCATEGORY), *_some(entry.get(PARENTS)))
            above += [(label, parent) for parent in higher]
            names, languages = _some(entry.get(SYNONYMS)), _some(entry.get(LANGUAGES))
            for at, name in enumerate(names):
                gathering.called(label, name, languages[at] if len(languages) == len(names) else "")
    # What is no category of its own is a heading.
    for label, parent in above:
        if isinstance(parent, str) and labels.has(parent.strip()):
            gathering.stands_below(label, parent)
    photos = _Named("image", IMAGES)
    for index, entry in enumerate(_list(file, data, IMAGES)):
        with gathering.entry(file, f"{IMAGES}[{index}]"):
            named = _check(entry, FILE_NAME, *_OTHER_PHOTO_KEYS)
            photo = gathering.photo(entry[named], reviewed=entry.get(REVIEWED) is True)
            photos.add(entry[ID], photo)
            if isinstance(more := entry.get(_MORE), dict):
                gathering.called_before(photo, more.get(NAME))
            follows = _some(entry.get(RULED_OUT))
            for label in _label_ids(entry.get(REJECTED)):
                with gathering.entry(file, f"{IMAGES}[{index}].{REJECTED}"):
                    gathering.answer(photo, labels.name(label), ABSENT)
                    if label in follows:
                        gathering.implied(photo, labels.name(label))
    for index, annotation in enumerate(_list(file, data, ANNOTATIONS)):
        place = f"{ANNOTATIONS}[{index}]"
        with gathering.entry(file, place):
            if not isinstance(annotation, dict):
                raise FormatError(Sentence("Expected an object, but got {kind}.").format(kind=kind_of(annotation)))
            segments = annotation.get(_SEGMENTS)
            if CATEGORY_ID in annotation or not isinstance(segments, list):
                _take(gathering, photos, labels, annotation)
                continue
            for at, segment in enumerate(segments):
                with gathering.entry(file, f"{place}.{_SEGMENTS}[{at}]"):
                    if not isinstance(segment, dict):
                        raise FormatError(Sentence("Expected an object, but got {kind}.").format(kind=kind_of(segment)))
                    _take(gathering, photos, labels, {**segment, IMAGE_ID: annotation.get(IMAGE_ID)})
    return gathering.some


def looks_like_coco(_path: Path, head: str) -> bool:
    """Whether a text begins as COCO JSON does."""
    return head.lstrip().startswith("{") and any(f'"{key}"' in head for key in (IMAGES, CATEGORIES, ANNOTATIONS))


def _write(export: ExportSet, stream: IO[bytes], more: Callable[[int, int], dict[str, Any]]) -> int:
    stream.write(b'{"info": ' + encoded(_info()) + b',\n"licenses": []')
    _write_list(stream, IMAGES, _images(export))
    written = _write_list(stream, ANNOTATIONS, _annotations(export, more))
    # Last, as in COCO's own files: whoever looks at the beginning sees photos.
    _write_list(stream, CATEGORIES, _categories(export))
    stream.write(b"}\n")
    return written


def _whole_photo_box(width: int, height: int) -> dict[str, Any]:
    # pycocotools filters out an area of 0, and needs `iscrowd`.
    return {"bbox": [0, 0, width, height], "area": width * height, "iscrowd": 0, "segmentation": []}


def _info() -> dict[str, Any]:
    return {
        "description": "Labels of whole photos. width and height are the stored pixels, before any EXIF rotation.",
        "version": "1.0",
        "contributor": f"{_CONTRIBUTOR}{version('cdul')}",
        "date_created": now().isoformat(timespec="seconds") + "Z",
    }


def _is_ours(info: object) -> bool:
    return isinstance(info, dict) and str(info.get("contributor")).startswith(_CONTRIBUTOR)


def _some(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _categories(export: ExportSet) -> Iterator[dict[str, Any]]:
    for column, label in enumerate(export.labels):
        parents, others = export.parents_of(column), label.other_names
        category = {ID: label.id, NAME: label.name, SUPERCATEGORY: parents[0] if parents else label.supercategory}
        if parents:
            category[PARENTS] = list(parents)
        if others:
            category[SYNONYMS] = [one.name for one in others]
            if any(one.language for one in others):
                category[LANGUAGES] = [one.language for one in others]
        yield category


def _images(export: ExportSet) -> Iterator[dict[str, Any]]:
    label_ids = np.array([label.id for label in export.labels], np.int64)
    rejected = export.decisions == NO
    some_rejected = rejected.any(axis=1)
    facts = zip(export.photo_ids.tolist(), export.names, export.sizes.tolist(), export.reviewed.tolist(), strict=True)
    for row, (photo, name, (width, height), reviewed) in enumerate(facts):
        image: dict[str, Any] = {
            ID: photo,
            FILE_NAME: name,
            "width": width,
            "height": height,
            "license": 0,
            REVIEWED: reviewed,
        }
        if some_rejected[row]:
            image[REJECTED] = label_ids[rejected[row]].tolist()
            if export.implied is not None and (ruled_out := rejected[row] & export.implied[row]).any():
                image[RULED_OUT] = label_ids[ruled_out].tolist()
        yield image


def _annotations(export: ExportSet, more: Callable[[int, int], dict[str, Any]]) -> Iterator[dict[str, Any]]:
    # Whole columns at once, since there may be a million annotations.
    rows, columns = np.nonzero(export.present)
    label_ids = np.array([label.id for label in export.labels], np.int64)[columns]
    photo_ids = export.photo_ids[rows]
    by_rule = np.zeros(len(rows), bool) if export.by_rule is None else export.by_rule[rows, columns]
    facts = zip(
        # Unique, and the same at every export, because those of photo and label are.
        ((photo_ids - 1) * _LABELS_EVER + label_ids).tolist(),
        photo_ids.tolist(),
        label_ids.tolist(),
        export.sizes[rows].tolist(),
        export.shown_scores[rows, columns].tolist(),
        (export.decisions[rows, columns] == YES).tolist(),
        export.maybe[rows, columns].tolist(),
        by_rule.tolist(),
        ([False] * len(rows) if export.implied is None else export.implied[rows, columns].tolist()),
        strict=True,
    )
    for annotation, photo, label, (width, height), score, confirmed, maybe, is_by_rule, implied in facts:
        source = (IMPLIED if implied else HUMAN) if confirmed else RULE if is_by_rule else export.stage
        yield {
            ID: annotation,
            IMAGE_ID: photo,
            CATEGORY_ID: label,
            **more(width, height),
            SCORE: rounded(score),
            ATTRIBUTES: {"image_level": True, "source": source, CONFIRMED: confirmed}
            | ({MAYBE: True} if maybe else {})
            | ({IMPLIED: True} if implied and confirmed else {}),
        }


def _write_list(stream: IO[bytes], key: str, items: Iterable[dict[str, Any]]) -> int:
    """Write a list of objects, one a line, as the next thing in an object; returns how many."""
    stream.write(b",\n" + encoded(key) + b": [")
    written = 0
    for item in items:
        stream.write((b",\n" if written else b"\n") + encoded(item))
        written += 1
    stream.write(b"\n]" if written else b"]")
    return written


def _take(gathering: Gathering, photos: _Named, labels: _Named, annotation: dict[str, Any]) -> None:
    once(annotation, IMAGE_ID, CATEGORY_ID, SCORE, ATTRIBUTES)
    photo = photos.name(annotation.get(IMAGE_ID))
    label = labels.name(annotation.get(CATEGORY_ID))
    attributes = annotation.get(ATTRIBUTES)
    said = attributes if isinstance(attributes, dict) else {}
    suggested = said.get(CONFIRMED) is False
    score = annotation.get(SCORE)
    try:
        if score is not None or suggested:
            gathering.score(photo, label, 1.0 if score is None else score, weak=suggested and said.get(MAYBE) is True)
        if not suggested:
            ignored = annotation.get("ignore") or annotation.get("difficult")
            gathering.answer(photo, label, IGNORED if ignored else PRESENT)
            if said.get(IMPLIED) is True and not ignored:
                gathering.implied(photo, label)
    except FormatError:
        gathering.doubt(photo, label)
        raise


class _Named:
    """The names of images, or of categories, by their ids."""

    def __init__(self, what: str, key: str) -> None:
        self._what, self._key = what, key
        self._names: dict[Any, str] = {}
        self._spelt: dict[str, set[Any]] = {}
        """The ids that are the same whole number, or the same text."""
        self._twice: set[Any] = set()
        """Ids of two names: which one is meant, nobody knows."""

    def add(self, key: Any, name: str) -> None:
        """Raise FormatError where the id has another name already."""
        if self._names.setdefault(key, name) != name:
            self._twice.add(key)
            raise FormatError(Sentence("The id {id} is there twice.").format(id=shown(key)))
        self._spelt.setdefault(_spelt(key), set()).add(key)

    def has(self, name: str) -> bool:
        """Whether one of them has this name."""
        return name in self._names.values()

    def name(self, key: Any) -> str:
        """The name that an annotation means, which may write the id as text or as a number; FormatError for none."""
        if _is_id(key):
            if key not in self._names:
                (key,) = alike if len(alike := self._spelt.get(_spelt(key), set())) == 1 else (key,)
            if key in self._twice:
                raise FormatError(Sentence("The id {id} is there twice.").format(id=shown(key)))
            if key in self._names:
                return self._names[key]
        raise FormatError(
            Sentence("The {what}_id {key} is not among the {known}.").format(
                what=self._what, key=shown(key), known=self._key
            )
        )


def _spelt(key: int | float | str) -> str:
    """An id whatever it is written as: 7, 7.0, "7" and "0007" are the same."""
    if isinstance(key, float):
        return str(int(key)) if key.is_integer() else repr(key)
    text = str(key).strip() if isinstance(key, str) or abs(key) < _LARGE else hex(key)
    found = _WHOLE.fullmatch(text)
    return f"{found[1]}{found[2]}" if found else text


_WHOLE = re.compile(r"(-?)0*(\d{1,300})(?:\.0+)?")
_LARGE = 10**300
"""Of so many digits Python makes no text."""


def _check(entry: Any, *names: str) -> str:
    """The first of these keys under which there is a text; FormatError for none, or where its id can be none."""
    if not isinstance(entry, dict):
        raise FormatError(Sentence("Expected an object, but got {kind}.").format(kind=kind_of(entry)))
    once(entry, ID, *names)
    name = next((name for name in names if isinstance(entry.get(name), str)), None)
    if name is None:
        raise FormatError(
            Sentence("Expected a text under {name!r}, but got {value}.").format(
                name=names[0], value=shown(entry.get(names[0]))
            )
        )
    if not _is_id(entry.get(ID)):
        raise FormatError(Sentence("Expected a number as id, but got {id}.").format(id=shown(entry.get(ID))))
    return name


def _is_id(value: Any) -> bool:
    # pandas writes whole numbers with a fraction, and text must not be lost where somebody uses it.
    return isinstance(value, int | str | float) and not isinstance(value, bool) and value == value


def _list(file: Path, data: dict[str, Any], key: str) -> list[Any]:
    values = data.get(key)
    if not isinstance(values, list):
        raise KnownLabelsError(
            Sentence("{file}: Expected a list under {key!r}, but got {kind}. Is it COCO JSON?").format(
                file=file, key=key, kind=kind_of(values)
            )
        )
    return values


def _label_ids(value: Any) -> list[Any]:
    if value is None:
        return []
    if not isinstance(value, list):
        raise FormatError(
            Sentence("Expected a list under 'neg_category_ids', but got {kind}.").format(kind=kind_of(value))
        )
    return value


FORMATS = (
    Format(
        "coco",
        Reader(
            Sentence("COCO, with boxes or with labels of whole photos"),
            Takes.FILE,
            read_coco,
            looks_like_coco,
        ),
        Writer(
            title=Sentence("COCO"),
            description=Sentence("COCO JSON that loads everywhere: each label as a box over the whole photo"),
            writes_no=True,
            files=OneFile(".json", named_after_split("annotations/instances_{split}.json"), write_coco),
            photos=IN_IMAGES,
        ),
    ),
    Format(
        "coco-labels",
        Reader(Sentence("COCO without boxes, as Datumaro writes it"), Takes.FILE, read_coco),
        Writer(
            title=Sentence("COCO without boxes"),
            description=Sentence("COCO JSON with labels of whole photos, as Datumaro reads it (coco_labels)"),
            writes_no=True,
            files=OneFile(".json", named_after_split("annotations/labels_{split}.json"), write_coco_labels),
            photos=IN_IMAGES,
        ),
    ),
)
