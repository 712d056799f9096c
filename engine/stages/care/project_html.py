"""A project as a piece of HTML, as a notebook shows it: what there is, a few photos, and a line for each label."""

from __future__ import annotations

import io
from base64 import b64encode

import numpy as np

from engine.photos.decode import PhotoProblem, decode_file
from engine.project import Project
from engine.project.label_state import LabelState
from engine.project.snapshot import Snapshot
from engine.resources import resource
from engine.stages.review.photo_labels import labels_of
from engine.stages.teaching.teaching import snapshot_in_force
from engine.wording import n_labels, n_photos

_PHOTOS, _SIDE = 6, 120
_LABELS = 20


def project_html(project: Project) -> str:
    """HTML without scripts or links; of the photos and labels the first few, of the labels those with most photos."""
    from jinja2 import Environment, StrictUndefined

    snapshot = snapshot_in_force(project)
    states = snapshot.states()
    count = {state: (states == state).sum(axis=0) for state in LabelState}
    order = np.argsort(
        -(count[LabelState.LIKELY] + count[LabelState.CONFIRMED] + count[LabelState.IMPLIED]), kind="stable"
    )
    # As in the report, every name is escaped.
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    template = environment.from_string(resource("project.html.jinja").read_text("utf-8"))
    return template.render(
        folder=_printable(str(project.photos)),
        photos=n_photos(len(snapshot)),
        unreadable=sum(problem is not None for problem in snapshot.problems),
        reviewed=int(snapshot.reviewed.sum()),
        stage=snapshot.stage,
        shown=_photos(project, snapshot),
        labels=[
            {
                "name": snapshot.labels[column].name,
                "threshold": float(snapshot.thresholds[column]),
                **{state.name.lower(): int(count[state][column]) for state in LabelState},
            }
            for column in order[:_LABELS].tolist()
        ],
        all_labels=n_labels(len(snapshot.labels)),
        more_labels=max(0, len(snapshot.labels) - _LABELS),
    )


def _photos(project: Project, snapshot: Snapshot) -> list[dict[str, str]]:
    """The first photos that can be read, small, with their labels."""
    shown: list[dict[str, str]] = []
    for row in range(min(len(snapshot), 4 * _PHOTOS)):
        try:
            picture = decode_file(project.file_of(snapshot.paths[row]), at_least=(_SIDE, _SIDE)).picture
        except PhotoProblem:
            continue
        picture.thumbnail((_SIDE, _SIDE))
        made = io.BytesIO()
        picture.save(made, "JPEG", quality=80)
        names = ", ".join(
            snapshot.labels[column].name for column, state in labels_of(snapshot, row) if state != LabelState.MAYBE
        )
        shown.append(
            {"path": _printable(snapshot.paths[row]), "labels": names, "jpeg": b64encode(made.getvalue()).decode()}
        )
        if len(shown) == _PHOTOS:
            break
    return shown


def _printable(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode()
