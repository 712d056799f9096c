"""What goes out comes in again: in a new project every photo has the decisions that it had, whatever the names."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pytest

from engine.formats.registry import READERS, WRITERS, guess_format
from engine.formats.xmp import SidecarName
from engine.jobs import Cancellation, Progress
from engine.project import Project
from engine.project.history.edit_thresholds import set_thresholds
from engine.project.label_state import NO, YES, LabelState
from engine.project.take_snapshot import take_snapshot
from engine.project.thresholds import ManualThreshold
from engine.stages.exporting.export import export
from engine.stages.exporting.export_request import ExportRequest
from engine.stages.importing.import_labels import carry_out
from engine.stages.importing.import_plan import ImportChoice, Imported, TakeAs, read_source

Decided = dict[str, dict[str, bool]]

BOTH_WAYS = sorted(set(WRITERS) & set(READERS) - {"scores"})
WITH_LEFT_ALONE = {"voc"}
WITH_REJECTED = {"coco", "coco-labels", "csv", "csv-wide", "huggingface", "labelme", "voc"}
"""Formats that keep what a photo has not; the others have no place for it."""
WITH_SUGGESTED = {"coco", "coco-labels", "csv", "csv-wide", "huggingface", "fiftyone"}
"""Formats that tell what is suggested from what is confirmed."""
WITH_REVIEWED = {"coco", "coco-labels", "huggingface"}


def decided(project: Project, *, rejected: bool = True, left_alone: bool = False) -> Decided:
    """Photo to label to yes or no; photos by their content, which no format changes.

    `left_alone`: with what counts as no on photos that are reviewed.
    """
    snapshot = take_snapshot(project)
    names = [label.name for label in snapshot.labels]
    found = {}
    said = snapshot.answers() if left_alone else snapshot.decisions
    for path, row in zip(snapshot.paths, said, strict=True):
        content = hashlib.sha256((project.photos / path).read_bytes()).hexdigest()
        wanted = (YES, NO) if rejected else (YES,)
        found[content] = {names[at]: bool(row[at] == YES) for at in np.flatnonzero(np.isin(row, wanted))}
    assert len(found) == len(snapshot.paths)
    return found


def reviewed(project: Project) -> set[str]:
    snapshot = take_snapshot(project)
    return {snapshot.paths[row] for row in np.flatnonzero(snapshot.reviewed)}


def out(project: Project, request: ExportRequest, place: Path) -> Path:
    """Export; returns what to import."""
    many = not WRITERS[request.format_name].suffix or request.photos != "leave"
    target = place / "out" if many else place / f"out{WRITERS[request.format_name].suffix}"
    export(project, request, target, Progress(), Cancellation())
    return target


def back(photos: Path, folder: Path, path: Path, format_name: str, choice: ImportChoice) -> tuple[Project, Imported]:
    project = Project.open(photos, folder)
    return project, carry_out(project, read_source(path, format_name), choice, Progress(), Cancellation())


@pytest.mark.parametrize("format_name", BOTH_WAYS)
def test_the_same_decisions_in_a_new_project(format_name: str, hard_names: Project, tmp_path: Path) -> None:
    states = "suggested" if format_name in WITH_SUGGESTED else "confirmed"
    path = out(hard_names, ExportRequest(format_name, states=states), tmp_path)
    assert guess_format(path) == format_name.removesuffix("-labels")
    other, imported = back(hard_names.photos, tmp_path / "other", path, format_name, ImportChoice())
    with other:
        assert imported.plan.unmatched_photos == ()
        assert imported.plan.problems == ()
        assert decided(other) == decided(
            hard_names, rejected=format_name in WITH_REJECTED, left_alone=format_name in WITH_LEFT_ALONE
        )
        assert reviewed(other) == (reviewed(hard_names) if format_name in WITH_REVIEWED else set())
        again = carry_out(other, read_source(path), ImportChoice(), Progress(), Cancellation())
        assert again.plan.changes_nothing
        assert again.edit is None


@pytest.mark.parametrize("format_name", BOTH_WAYS)
def test_the_same_decisions_on_the_copied_photos(format_name: str, hard_names: Project, tmp_path: Path) -> None:
    """The exported photos are a project of their own; their names are such that every system takes."""
    folder = out(hard_names, ExportRequest(format_name, states="confirmed", photos="copy"), tmp_path)
    writer = WRITERS[format_name]
    path = folder / writer.files.place("") if writer.suffix else folder
    other, imported = back(folder / writer.photos(""), tmp_path / "other", path, format_name, ImportChoice())
    with other:
        assert imported.plan.unmatched_photos == ()
        assert decided(other) == decided(
            hard_names, rejected=format_name in WITH_REJECTED, left_alone=format_name in WITH_LEFT_ALONE
        )


@pytest.mark.parametrize("sidecars", SidecarName)
@pytest.mark.parametrize("format_name", [name for name in BOTH_WAYS if WRITERS[name].beside])
def test_the_same_decisions_from_beside_the_photos(
    format_name: str, sidecars: str, hard_names: Project, tmp_path: Path
) -> None:
    request = ExportRequest(format_name, states="confirmed", beside=True, sidecars=sidecars)
    export(hard_names, request, None, Progress(), Cancellation())
    other, imported = back(hard_names.photos, tmp_path / "other", hard_names.photos, format_name, ImportChoice())
    with other:
        assert imported.plan.unmatched_photos == ()
        assert decided(other) == decided(
            hard_names, rejected=format_name in WITH_REJECTED, left_alone=format_name in WITH_LEFT_ALONE
        )


@pytest.mark.parametrize("format_name", ["scores", *sorted(WITH_SUGGESTED)])
def test_the_same_suggestions_in_a_new_project(format_name: str, hard_names: Project, tmp_path: Path) -> None:
    path = out(hard_names, ExportRequest(format_name), tmp_path)
    choice = ImportChoice(TakeAs.SUGGESTIONS)
    other, _ = back(hard_names.photos, tmp_path / "other", path, format_name, choice)
    with other:
        before, after = take_snapshot(hard_names), take_snapshot(other)
        columns = [[label.name for label in after.labels].index(label.name) for label in before.labels]
        undecided = before.decisions == 0
        suggested = (after.scores >= after.thresholds)[:, columns]
        np.testing.assert_array_equal(suggested[undecided], (before.scores >= before.thresholds)[undecided])


@pytest.mark.parametrize("format_name", sorted(WITH_SUGGESTED))
def test_weak_suggestions_come_back_as_weak_ones(format_name: str, hard_names: Project, tmp_path: Path) -> None:
    label = take_snapshot(hard_names).labels[0]
    set_thresholds(hard_names, [ManualThreshold(label.id, "initial", 1.0)])  # nowhere likely
    path = out(hard_names, ExportRequest(format_name, states="maybe"), tmp_path)
    other, _ = back(hard_names.photos, tmp_path / "other", path, format_name, ImportChoice(TakeAs.SUGGESTIONS))
    with other:
        before, after = take_snapshot(hard_names), take_snapshot(other)
        columns = [[label.name for label in after.labels].index(label.name) for label in before.labels]
        undecided = before.decisions == 0
        assert {LabelState.LIKELY, LabelState.MAYBE} <= set(before.states()[undecided])
        np.testing.assert_array_equal(after.states()[:, columns][undecided], before.states()[undecided])


def test_supercategories_come_back(hard_names: Project, tmp_path: Path) -> None:
    from engine.project.history.edit_labels import set_supercategory

    for label in take_snapshot(hard_names).labels[::2]:
        set_supercategory(hard_names, label.id, "animal")
    expected = {label.name: label.supercategory for label in take_snapshot(hard_names).labels}
    for format_name in ("coco", "xmp"):
        path = out(hard_names, ExportRequest(format_name, states="confirmed"), tmp_path / format_name)
        other, _ = back(hard_names.photos, tmp_path / f"other {format_name}", path, format_name, ImportChoice())
        with other:
            found = {label.name: label.supercategory for label in take_snapshot(other).labels}
            # A keyword that holds both separators has no place below another one.
            flat = {name for name in found if "|" in name and "/" in name} if format_name == "xmp" else set()
            assert {name: above for name, above in found.items() if name not in flat} == {
                name: above for name, above in expected.items() if name not in flat and name in found
            }
