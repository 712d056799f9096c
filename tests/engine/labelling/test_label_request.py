"""What a request leaves open is as it was before; a change of encoder is told beforehand and can be undone."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from making import make_photo, make_tiny_clip

from engine.errors import UserError
from engine.models.encoders.clip_encoder import ClipEncoder
from engine.models.encoders.encoder import Encoder
from engine.project import Project
from engine.project.answer import Answer
from engine.project.history.edit_labels import set_prompts
from engine.project.history.history import answer, withdraw_run
from engine.project.label_state import LabelState
from engine.project.labels import label_set
from engine.project.runs import (
    INITIAL,
    REFINED,
    begin_run,
    finish_run,
    load_scores,
    newest_run_with,
    runs,
    store_scores,
)
from engine.project.take_snapshot import take_snapshot
from engine.stages.labelling.initialise_settings import InitialiseSettings, settings_of
from engine.stages.labelling.label_photos import LabelRequest, LabelResult, label_photos
from engine.stages.labelling.labelled_before import labelled_before
from engine.stages.teaching.coordinates import coordinates_of
from engine.stages.teaching.teaching import snapshot_in_force


@pytest.fixture(scope="module")
def other_clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_tiny_clip(tmp_path_factory.mktemp("other_clip"), seed=2)


class Labeller:
    """Labels a project with what may be opened by name, and tells which were opened."""

    def __init__(self, project: Project, *encoders: ClipEncoder) -> None:
        self.project = project
        self.opened: list[str] = []
        self.told: list[str] = []
        self.encoders = {encoder.name: encoder for encoder in encoders}

    def __call__(self, request: LabelRequest | None = None, **asked: object) -> LabelResult:
        return label_photos(
            self.project,
            request or LabelRequest(**asked),
            open_encoder=self._open,
            on_replaced=lambda sentence: self.told.append(str(sentence)),
        )

    def _open(self, name: str) -> Encoder:
        self.opened.append(name)
        return self.encoders[name]


@pytest.fixture
def label(project: Project, tiny_clip_encoder: ClipEncoder, other_clip: Path) -> Labeller:
    return Labeller(project, tiny_clip_encoder, ClipEncoder.open(str(other_clip), device="cpu"))


def newest_settings(project: Project) -> InitialiseSettings:
    return settings_of(runs(project)[0])


def test_what_is_left_open_is_as_in_the_run_before_and_nothing_is_encoded(
    label: Labeller, tiny_clip: Path, project: Project
) -> None:
    first = label(labels="cat,dog", encoder=str(tiny_clip), grids=(2,), preset="paper", temperature=0.03)
    make_photo(project.photos / "new.jpg", 77)
    second = label()
    assert (first.encoded, second.encoded, second.labelled) == (8, 1, 9)
    assert label.opened == [str(tiny_clip)] * 2
    assert newest_settings(project) == InitialiseSettings(
        (2,), 0.03, 0.5, centre=False, rerank=False, company=False, detector=False, crop=True
    )
    assert label().run == second.run
    assert label.told == []


def test_what_may_be_is_told_where_there_is_some(label: Labeller, tiny_clip: Path) -> None:
    result = label(labels="cat,dog", encoder=str(tiny_clip), grids=(2,))
    assert "1 suggestion, and 3 that may be; 8 photos" in replace(result, suggested=1, maybe=3).sentence
    assert "1 suggestion; 8 photos" in replace(result, suggested=1, maybe=0).sentence


def test_only_what_is_named_is_changed(label: Labeller, tiny_clip: Path, project: Project) -> None:
    label(labels="cat,dog", encoder=str(tiny_clip), grids=(2, 3), zeta=0.2)
    label(rerank=False)
    kept = newest_settings(project)
    assert (kept.grids, kept.zeta, kept.centre, kept.rerank) == ((2, 3), 0.2, True, False)
    label(preset="default")
    assert (newest_settings(project).grids, newest_settings(project).preset) == ((2, 3), "default")


def test_settings_that_a_training_keeps_from_being_seen_are_told_so(
    label: Labeller, tiny_clip: Path, project: Project
) -> None:
    label(labels="cat,dog", encoder=str(tiny_clip), grids=(2,))
    assert label(zeta=0.2).warnings == ()
    initial = load_scores(project, INITIAL)
    assert initial is not None
    run = begin_run(project, "refine", label_ids=[one.id for one in label_set(project)], settings={})
    store_scores(project, run, REFINED, initial.photo_ids.tolist(), initial.values)
    finish_run(project, run)
    assert label().warnings == ()
    (warning,) = label(preset="paper").warnings
    assert "still suggested by the last training" in str(warning)


def test_a_new_project_gets_the_defaults(label: Labeller, project: Project) -> None:
    with pytest.raises(KeyError, match="starter"):  # no such one among those of the test
        label()
    assert labelled_before(project) is None


def test_another_encoder_is_told_before_and_its_temperature_is_its_own(
    label: Labeller, tiny_clip: Path, other_clip: Path, project: Project
) -> None:
    label(labels="cat,dog", encoder=str(tiny_clip), preset="paper", temperature=0.5)
    result = label(encoder=str(other_clip))
    said = f"{tiny_clip}'s scores of 8 photos are replaced; they come back if the new run is withdrawn in the history."
    assert label.told == [said]
    assert result.replaced == said
    kept = newest_settings(project)
    assert kept.preset == "paper"
    assert kept.temperature == label.encoders[str(other_clip)].temperature
    assert label().replaced is None


def test_an_encoder_that_is_not_there_replaces_nothing(label: Labeller, tiny_clip: Path, project: Project) -> None:
    label(labels="cat,dog", encoder=str(tiny_clip))
    told: list[str] = []
    with pytest.raises(UserError, match="no encoder 'nonsense'"):
        label_photos(project, LabelRequest(encoder="nonsense"), on_replaced=told.append)
    assert told == []
    assert len(runs(project)) == 1


def test_a_change_of_encoder_is_undone_however_often_was_scored_since(
    label: Labeller, tiny_clip: Path, other_clip: Path, project: Project
) -> None:
    first = label(labels="cat,dog,boat", encoder=str(tiny_clip))
    before = load_scores(project, INITIAL)
    label(encoder=str(other_clip))
    for prompt in ("a lion", "a tiger", "a lynx", "a panther"):
        set_prompts(project, label_set(project)[0].id, [prompt])
        label()
    for run in runs(project)[:-1]:
        withdraw_run(project, run.id)
    after = load_scores(project, INITIAL)
    assert before is not None
    assert after is not None
    assert after.run_id == first.run
    np.testing.assert_array_equal(after.values, before.values)
    again = label(look_for_photos=False)
    assert (again.encoder, again.encoded) == (str(tiny_clip), 0)


def test_a_run_in_force_again_gets_its_heatmaps_back(
    label: Labeller, tiny_clip: Path, other_clip: Path, project: Project
) -> None:
    first = label(labels="cat,dog", encoder=str(tiny_clip))
    withdraw_run(project, label(encoder=str(other_clip)).run)
    again = label()
    assert (again.encoder, again.encoded) == (first.encoder, 0)
    assert [file.name for file in project.folder.glob("similarities-*")] == [f"similarities-{again.run}.f32"]


def test_where_all_was_withdrawn_labelling_brings_it_back(label: Labeller, tiny_clip: Path, project: Project) -> None:
    withdraw_run(project, label(labels="cat,dog", encoder=str(tiny_clip), grids=(2,)).run)
    again = label()
    assert (again.encoder, again.encoded, newest_settings(project).grids) == (str(tiny_clip), 0, (2,))


def test_runs_of_older_programs_are_read(label: Labeller, tiny_clip: Path, project: Project) -> None:
    first = label(labels="cat,dog", encoder=str(tiny_clip))
    with project.writing() as connection:
        connection.exec_driver_sql(
            "UPDATE run SET settings = json_set(json_remove(settings, '$.rerank'), '$.second_look', json('true'))"
        )
    assert "rerank" not in newest_run_with(project, INITIAL).settings
    assert newest_settings(project).rerank
    assert label().run == first.run


def test_a_project_labelled_before_there_was_a_detector_is_told_so(
    label: Labeller, tiny_clip: Path, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    label(labels="cat,dog", encoder=str(tiny_clip))
    forget = "UPDATE run SET settings = json_remove(settings, '$.detector', '$.company')"
    assert not label(preset="default").warnings
    with project.writing() as connection:
        connection.exec_driver_sql(forget)
    assert not label().warnings  # this encoder takes no detector beside it
    monkeypatch.setattr(ClipEncoder, "takes_witness", True)
    with project.writing() as connection:
        connection.exec_driver_sql(forget)
    assert "--preset default" in label().warnings[0]
    assert label(detector=False).warnings == ()


def test_what_is_counted_is_suggested_by_what_answers_taught(
    label: Labeller, tiny_clip: Path, project: Project
) -> None:
    for seed in range(50, 54):
        make_photo(project.photos / f"{seed}.jpg", seed)
    label(labels="cat,dog", encoder=str(tiny_clip))
    cat = label_set(project)[0].id
    answer(project, "said", [Answer(photo, cat, photo < 9) for photo in range(1, 11)])
    states = snapshot_in_force(project).states()
    assert not np.array_equal(states, take_snapshot(project).states())
    again = label()
    assert again.suggested == (states == LabelState.LIKELY).sum()
    assert again.maybe == (states == LabelState.MAYBE).sum()


def test_how_photos_look_is_known_once_they_are_labelled(label: Labeller, tiny_clip: Path, project: Project) -> None:
    label(labels="cat,dog", encoder=str(tiny_clip))
    coordinates = coordinates_of(project, take_snapshot(project).photo_ids, make=False)
    assert coordinates is not None
    assert (np.abs(coordinates).sum(axis=1) > 0).all()
