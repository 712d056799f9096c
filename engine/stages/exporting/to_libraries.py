"""Photos with their labels as objects of other libraries, without a file in between; each library is an extra."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.errors import UserError
from engine.project.label_state import LabelState
from engine.wording import Sentence

if TYPE_CHECKING:
    from engine.project import Project
    from engine.project.snapshot import Snapshot


@dataclass(frozen=True)
class _Photo:
    file: str
    name: str
    reviewed: bool
    labels: dict[LabelState, list[tuple[str, float]]]
    """By state: names with scores, nan where there is none."""


def to_dataset(project: Project, snapshot: Snapshot) -> Any:
    """A `datasets.Dataset` of Hugging Face, a row for each photo that can be read.

    `image` is decoded when it is asked for. `labels` are all that a photo has, confirmed or likely; `suggested` those
    of them that nobody confirmed; `maybe` what may be there besides; `rejected` and `reviewed` what a person said.

    Raises:
        UserError: the library datasets is not installed.
    """
    try:
        from datasets import Dataset, Features, Image, List, Value
    except ModuleNotFoundError as error:
        raise _missing("datasets") from error
    columns: dict[str, list[Any]] = {
        name: [] for name in ("image", "file_name", "labels", "suggested", "maybe", "rejected", "reviewed")
    }
    for photo in _photos(project, snapshot):
        names = {state: [name for name, _ in labels] for state, labels in photo.labels.items()}
        columns["image"].append(photo.file)
        columns["file_name"].append(photo.name)
        columns["labels"].append(names[LabelState.CONFIRMED] + names[LabelState.IMPLIED] + names[LabelState.LIKELY])
        columns["suggested"].append(names[LabelState.LIKELY])
        columns["maybe"].append(names[LabelState.MAYBE])
        columns["rejected"].append(names[LabelState.REJECTED])
        columns["reviewed"].append(photo.reviewed)
    texts = List(Value("string"))
    features = Features(
        image=Image(),
        file_name=Value("string"),
        labels=texts,
        suggested=texts,
        maybe=texts,
        rejected=texts,
        reviewed=Value("bool"),
    )
    return Dataset.from_dict(columns, features=features)


def to_fiftyone(project: Project, snapshot: Snapshot, name: str | None = None) -> Any:
    """A `fiftyone.Dataset` with a sample for each photo that can be read.

    `labels` are classifications, each with its score as `confidence` and whether a person `confirmed` it; `maybe` and
    `rejected` likewise; `reviewed` whether a person has looked the photo through.

    Args:
        name: of the dataset, which must not be there yet; None for one that is forgotten at the end.

    Raises:
        UserError: the library fiftyone is not installed.
    """
    try:
        import fiftyone
    except ModuleNotFoundError as error:
        raise _missing("fiftyone") from error
    dataset = fiftyone.Dataset(name)
    dataset.add_samples(fiftyone_samples(project, snapshot), progress=False)
    return dataset


def fiftyone_samples(project: Project, snapshot: Snapshot) -> list[Any]:
    """The samples of `to_fiftyone`, in no dataset; unlike a dataset they need none of FiftyOne's database."""
    import fiftyone

    def classified(labels: list[tuple[str, float]], **more: Any) -> list[Any]:
        return [
            fiftyone.Classification(label=name, confidence=None if np.isnan(score) else score, **more)
            for name, score in labels
        ]

    samples = []
    for photo in _photos(project, snapshot):
        present = classified(photo.labels[LabelState.CONFIRMED], confirmed=True)
        present += classified(photo.labels[LabelState.LIKELY], confirmed=False)
        samples.append(
            fiftyone.Sample(
                filepath=photo.file,
                labels=fiftyone.Classifications(classifications=present),
                maybe=fiftyone.Classifications(classifications=classified(photo.labels[LabelState.MAYBE])),
                rejected=fiftyone.Classifications(classifications=classified(photo.labels[LabelState.REJECTED])),
                reviewed=photo.reviewed,
            )
        )
    return samples


def _photos(project: Project, snapshot: Snapshot) -> Iterator[_Photo]:
    states, names = snapshot.states(), [label.name for label in snapshot.labels]
    for row, path in enumerate(snapshot.paths):
        if snapshot.problems[row] is not None:
            continue
        labels = {
            state: [
                (names[column], float(snapshot.scores[row, column])) for column in np.flatnonzero(states[row] == state)
            ]
            for state in LabelState
        }
        yield _Photo(str(project.photos / path), path, bool(snapshot.reviewed[row]), labels)


def _missing(library: str) -> UserError:
    return UserError(
        Sentence("The library {library} is not installed. Install it with pip install {library}.").format(
            library=library
        )
    )
