"""A project file that a stranger made cannot lead out of the photo folder or run anything."""

from pathlib import Path

import pytest
from making import make_photo

from engine.errors import UserError
from engine.formats.export_request import ExportRequest
from engine.jobs import Control, Progress
from engine.project import Project
from engine.stages.export import export
from engine.stages.label_command import LabelRequest, label_photos


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
        export(labelled, ExportRequest("coco"), tmp_path / "out.json", Progress(), Control())
    assert not (tmp_path / "out.json").exists()


def test_a_photo_outside_of_the_folder_is_dropped_by_labelling(
    labelled: Project, tmp_path: Path, tiny_clip: Path
) -> None:
    make_photo(tmp_path / "secret.jpg")
    forge(labelled, "UPDATE photo SET path = '../secret.jpg', content = NULL WHERE id = 1")
    result = label_photos(labelled, LabelRequest("cat", str(tiny_clip)), Progress(), Control())
    assert result.unreadable == (("../secret.jpg", "The file is no longer there."),)


def test_triggers_of_a_strangers_project_get_no_functions(labelled: Project) -> None:
    forge(labelled, "CREATE TRIGGER evil AFTER INSERT ON setting BEGIN SELECT load_extension('evil'); END")
    with pytest.raises(UserError, match=r"unsafe use of load_extension|not authorized"):
        forge(labelled, "INSERT INTO setting VALUES ('a', '1')")
