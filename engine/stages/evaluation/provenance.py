"""How the scores of an evaluation were made, in words that somebody else may read."""

from __future__ import annotations

import re
from importlib.metadata import version

from engine.project import Project
from engine.project.labels import DEFAULT_PROMPT, label_set
from engine.project.runs import RunRow, newest_run_with, runs
from engine.stages.evaluation.result import Evaluation
from engine.stages.labelling.initialise_settings import INITIALISE, settings_of
from engine.stages.labelling.labelled_before import run_before
from engine.wording import n_labels

_FOLDERS = re.compile(r"(^|:)(?:~[^\\/]*|[A-Za-z]:(?=[\\/]))?[\\/].*[\\/]")
"""From the root, a drive or a home to the last part of a path; at the beginning or behind an encoder's model."""


def without_folders(text: str) -> str:
    """A name or path without the folders of an absolute path in it, which are nobody else's business."""
    return _FOLDERS.sub(r"\1…/", text)


def provenance(project: Project, evaluation: Evaluation) -> list[str]:
    """Encoder, settings, prompts, trainings and versions, a part each. No name of a person or folder is in it."""
    if evaluation.run is None:
        run = newest_run_with(project, evaluation.stage)
    else:
        run = next((one for one in runs(project) if one.id == evaluation.run), None)
    labelling = run if run is not None and run.stage == INITIALISE else run_before(project)
    parts = _of_labelling(labelling) if labelling is not None else []
    own = sum(bool(label.prompts) for label in label_set(project))
    prompt = f"prompt “{DEFAULT_PROMPT}”"
    parts.append(f"{prompt}, and {n_labels(own)} with prompts of their own" if own else prompt)
    if run is not None and run.stage != INITIALISE:
        named = run.settings.get("network") or run.settings.get("file") or ""
        parts.append(
            f"{run.stage} {without_folders(str(named))}".strip() + f", run {run.id} of {run.started_at:%Y-%m-%d}"
        )
    if evaluation.taught:
        parts.append(f"{n_labels(len(evaluation.taught))} taught by answers")
    return [*parts, f"CDUL {version('cdul')}, torch {version('torch')}"]


def _of_labelling(run: RunRow) -> list[str]:
    if "encoder" not in run.settings:
        return []
    settings = settings_of(run)
    grids = " and ".join(f"{grid} × {grid}" for grid in settings.grids)
    return [
        f"encoder {without_folders(str(run.settings['encoder']))}, run {run.id} of {run.started_at:%Y-%m-%d}",
        f"preset {settings.preset or 'of its own'}",
        f"grid {grids}",
        f"temperature {settings.temperature:g}" if settings.temperature else "temperature of the encoder",
        f"zeta {settings.zeta:g}",
        *(["with the detector"] if settings.detector and run.settings.get("heard") else []),
    ]
