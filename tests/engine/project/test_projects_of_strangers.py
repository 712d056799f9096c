"""A project file that a stranger made cannot lead out of the photo folder or run anything."""

import os
from pathlib import Path

import pytest
from making import export_as, make_photo

from engine.errors import UserError
from engine.jobs import Cancellation, Progress
from engine.project import Project
from engine.project.answer import Answer
from engine.project.history.history import answer
from engine.project.take_snapshot import take_snapshot
from engine.stages.exporting.export import export, preview
from engine.stages.exporting.export_request import ExportRequest
from engine.stages.labelling.label_photos import LabelRequest, label_photos


def forge(project: Project, statement: str, *values: str) -> None:
    with project.writing() as connection:
        connection.exec_driver_sql(statement, values)


@pytest.mark.parametrize("path", ["../secret.jpg", "trip/../../secret.jpg", "{absolute}"])
def test_no_photo_outside_of_the_folder_is_opened(path: str, labelled: Project, tmp_path: Path) -> None:
    secret = make_photo(tmp_path / "secret.jpg")
    path = path.format(absolute=secret)
    forge(labelled, "UPDATE photo SET path = ?, width = NULL WHERE id = 1", path)
    with pytest.raises(UserError, match="names a photo outside of its folder"):
        labelled.file_of(path)
    with pytest.raises(UserError, match="names a photo outside of its folder"):
        export(labelled, ExportRequest("coco"), tmp_path / "out.json", Progress(), Cancellation())
    assert not (tmp_path / "out.json").exists()


@pytest.mark.parametrize("path", ["../secret.jpg", "{absolute}"])
@pytest.mark.parametrize(("format_name", "photos"), [("text", "leave"), ("labelme", "leave"), ("voc", "copy")])
def test_nothing_is_written_or_copied_by_a_path_that_leads_out(
    format_name: str, photos: str, path: str, labelled: Project, tmp_path: Path
) -> None:
    secret = make_photo(tmp_path / "secret.jpg")
    forge(labelled, "UPDATE photo SET path = ? WHERE id = 1", path.format(absolute=secret))
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(UserError, match="names a photo outside of its folder"):
        export_as(labelled, format_name, tmp_path / "out", photos=photos)
    with pytest.raises(UserError, match="names a photo outside of its folder"):
        preview(labelled, take_snapshot(labelled), ExportRequest(format_name))
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.skipif(os.name == "nt", reason="On Windows not everybody may make links")
def test_nothing_is_written_beside_a_photo_through_a_linked_folder(labelled: Project, tmp_path: Path) -> None:
    forge(labelled, "UPDATE photo SET path = 'linked/secret.jpg', width = 1 WHERE id = 1")
    make_photo(tmp_path / "elsewhere" / "secret.jpg")
    (labelled.photos / "linked").symlink_to(tmp_path / "elsewhere")
    answer(labelled, "confirmed", [Answer(1, 1, True)])
    for format_name in ("text", "labelme", "xmp"):
        result = export(labelled, ExportRequest(format_name, beside=True), None, Progress(), Cancellation())
        assert result.beside is not None
        assert any("lies outside of" in one for one in result.beside.left_alone)
    assert [file.name for file in (tmp_path / "elsewhere").iterdir()] == ["secret.jpg"]


def test_a_photo_outside_of_the_folder_is_dropped_by_labelling(
    labelled: Project, tmp_path: Path, tiny_clip: Path
) -> None:
    make_photo(tmp_path / "secret.jpg")
    forge(labelled, "UPDATE photo SET path = '../secret.jpg', content = NULL, modified_ns = 1 WHERE id = 1")
    result = label_photos(labelled, LabelRequest("cat", str(tiny_clip)), Progress(), Cancellation())
    assert result.unreadable == (("../secret.jpg", "The file is no longer there."),)


def test_triggers_of_a_strangers_project_get_no_functions(labelled: Project) -> None:
    called = []
    forge(labelled, "CREATE TRIGGER evil AFTER INSERT ON setting BEGIN SELECT evil(); END")

    def call_the_trigger() -> None:
        with labelled.writing() as connection:
            driver = connection.connection.driver_connection
            assert driver is not None
            driver.create_function("evil", 0, lambda: called.append(True))
            connection.exec_driver_sql("INSERT INTO setting VALUES ('a', '1')")

    with pytest.raises(UserError, match="unsafe use of evil"):
        call_the_trigger()
    assert called == []
