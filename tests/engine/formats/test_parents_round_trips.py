"""What stands below what, and other names, go out and come in again, with what follows told from what was said."""

import contextlib
import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from making import export_as
from pycocotools.coco import COCO

from engine.formats.registry import reader_for
from engine.jobs import Cancellation, Progress
from engine.project import Project
from engine.project.answer import Answer
from engine.project.history.edit_labels import set_supercategory
from engine.project.history.edit_parents import put_below, set_other_names, set_parents
from engine.project.history.history import answer, undo
from engine.project.label_state import IMPLIED, RULED_OUT, UNDECIDED, YES
from engine.project.labels import NewLabel, OtherName, label_set, use_label_set
from engine.project.take_snapshot import take_snapshot
from engine.stages.importing.import_labels import carry_out
from engine.stages.importing.import_plan import ImportChoice, Imported, NewLabels, read_source
from engine.stages.labelling.add_photos import add_photos

SPARROW, BIRD, ANIMAL, PET, CAT = range(1, 6)


@pytest.fixture
def aviary(project: Project) -> Project:
    """A sparrow on the first photo, a cat on the second, no animal on the third."""
    add_photos(project, Progress(), Cancellation())
    use_label_set(project, [NewLabel(name) for name in ("sparrow", "bird", "animal", "pet", "cat")])
    put_below(project, [SPARROW], [BIRD, PET])
    put_below(project, [BIRD], [ANIMAL])
    put_below(project, [CAT], [ANIMAL, PET])
    set_other_names(project, SPARROW, [OtherName("Spatz", "de"), OtherName("house sparrow")])
    said = [Answer(1, SPARROW, True), Answer(2, CAT, True), Answer(3, ANIMAL, False)]
    answer(project, "said", said)
    return project


@pytest.fixture
def other(aviary: Project, tmp_path: Path) -> Iterator[Project]:
    """A new project of the same photos."""
    with Project.open(aviary.photos, tmp_path / "other") as project:
        yield project


def take(project: Project, file: Path, new_labels: NewLabels = NewLabels.ADD) -> Imported:
    choice = ImportChoice(new_labels=new_labels)
    return carry_out(project, read_source(file), choice, Progress(), Cancellation())


def tree(project: Project) -> dict[str, set[str]]:
    names = {label.id: label.name for label in label_set(project)}
    return {label.name: {names[one] for one in label.parents} for label in label_set(project)}


def known(project: Project, photo: str) -> dict[str, int]:
    snapshot = take_snapshot(project)
    row = snapshot.known[[path.rpartition("/")[2] for path in snapshot.paths].index(photo)]
    return {label.name: int(value) for label, value in zip(snapshot.labels, row, strict=True)}


def names_of_photos(project: Project) -> list[str]:
    snapshot = take_snapshot(project)
    return [snapshot.paths[snapshot.row_of(photo)].rpartition("/")[2] for photo in (1, 2, 3)]


def test_coco_has_them_all_and_says_what_follows(aviary: Project, other: Project, tmp_path: Path) -> None:
    export_as(aviary, "coco", tmp_path / "out.json")
    with contextlib.redirect_stdout(io.StringIO()):
        coco = COCO(str(tmp_path / "out.json"))
    assert coco.loadCats([SPARROW, CAT, PET]) == [
        {
            "id": SPARROW,
            "name": "sparrow",
            "supercategory": "bird",
            "parents": ["bird", "pet"],
            "synonyms": ["Spatz", "house sparrow"],
            "synonym_languages": ["de", ""],
        },
        {"id": CAT, "name": "cat", "supercategory": "animal", "parents": ["animal", "pet"]},
        {"id": PET, "name": "pet", "supercategory": ""},
    ]
    # Who asks for animals gets those with sparrows.
    assert set(coco.getImgIds(catIds=coco.getCatIds(catNms=["animal"]))) == {1, 2}
    assert coco.getCatIds(supNms=["animal"]) == [BIRD, CAT]
    imported = take(other, tmp_path / "out.json")
    assert imported.plan.parents == 3
    assert tree(other) == tree(aviary)
    assert label_set(other)[0].other_names == label_set(aviary)[0].other_names
    first, second, third = names_of_photos(aviary)
    for photo in (first, second, third):
        assert known(other, photo) == known(aviary, photo)
    assert known(other, first) == {"sparrow": YES, "bird": IMPLIED, "animal": IMPLIED, "pet": IMPLIED, "cat": UNDECIDED}
    assert known(other, third)["cat"] == RULED_OUT
    assert take(other, tmp_path / "out.json").plan.changes_nothing
    undo(other)
    assert label_set(other) == []


@pytest.mark.parametrize(
    ("made", "out", "read"),
    [
        ("coco", "out.json", "out.json"),
        ("xmp", "out", "out"),
        ("open-images", "out", "out/annotations-human-imagelabels.csv"),
    ],
)
def test_what_came_in_goes_out_again_as_it_came(
    aviary: Project, other: Project, tmp_path: Path, made: str, out: str, read: str
) -> None:
    """Four levels, two parents, one of them at two distances: twice through a format nothing is lost or added."""
    put_below(aviary, [PET], [ANIMAL])
    put_below(aviary, [SPARROW], [ANIMAL])
    for generation, project in (("first", aviary), ("second", other)):
        (tmp_path / generation).mkdir()
        export_as(project, made, tmp_path / generation / out)
        with Project.open(aviary.photos, tmp_path / f"of the {generation}") as next_one:
            for project_that_reads in (next_one, other) if project is aviary else (next_one,):
                take(project_that_reads, tmp_path / generation / read, NewLabels.TREE)
            assert tree(next_one) == tree(aviary)
            for photo in names_of_photos(aviary)[:2]:
                assert known(next_one, photo) == known(aviary, photo)


def test_a_kind_that_is_also_the_name_of_a_label_comes_back_as_a_kind(
    aviary: Project, other: Project, tmp_path: Path
) -> None:
    set_parents(aviary, [SPARROW, BIRD, CAT], [])
    set_supercategory(aviary, CAT, "animal")
    export_as(aviary, "coco", tmp_path / "out.json")
    take(other, tmp_path / "out.json", NewLabels.TREE)
    assert not any(tree(other).values())
    assert {label.name: label.supercategory for label in label_set(other)}["cat"] == "animal"
    export_as(other, "coco", tmp_path / "again.json")
    first, again = (json.loads((tmp_path / name).read_bytes()) for name in ("out.json", "again.json"))
    assert len(again["annotations"]) == len(first["annotations"]) == 2


def test_without_what_follows_nothing_but_answers_goes_out(aviary: Project, tmp_path: Path) -> None:
    result = export_as(aviary, "coco", tmp_path / "out.json", implied=False)
    data = json.loads((tmp_path / "out.json").read_bytes())
    assert [(one["image_id"], one["category_id"]) for one in data["annotations"]] == [(1, SPARROW), (2, CAT)]
    assert [image["neg_category_ids"] for image in data["images"] if "neg_category_ids" in image] == [[ANIMAL]]
    assert result.selection.implied == 0
    assert result.selection.labels_left_out["implied by labels below"] == 5


def test_a_table_of_labels_says_what_is_implied(aviary: Project, other: Project, tmp_path: Path) -> None:
    result = export_as(aviary, "csv", tmp_path / "out.csv")
    assert result.selection.implied == 5
    lines = (tmp_path / "out.csv").read_text().splitlines()
    assert sum(line.endswith(",1,implied,implied") for line in lines) == 5
    use_label_set(other, [NewLabel(name) for name in tree(aviary)])
    put_below(other, [SPARROW], [BIRD, PET])
    take(other, tmp_path / "out.csv")
    first, second, _ = names_of_photos(aviary)
    # It follows where the tree says so; where it does not it is said.
    assert known(other, first) == {
        "sparrow": YES, "bird": IMPLIED, "animal": YES, "pet": IMPLIED, "cat": UNDECIDED
    }  # fmt: skip
    assert known(other, second)["pet"] == YES


def test_sidecars_have_every_way_down_and_bring_the_tree_back(aviary: Project, other: Project, tmp_path: Path) -> None:
    export_as(aviary, "xmp", tmp_path / "out")
    first, second, _ = names_of_photos(aviary)
    text = next((tmp_path / "out").rglob(f"{first}.xmp")).read_text()
    for keyword in ("animal|bird|sparrow", "pet|sparrow", "animal/bird/sparrow", "pet/sparrow"):
        assert f"<rdf:li>{keyword}</rdf:li>" in text
    # Photo managers find a photo by the levels above as well, which are listed once, and nobody said.
    assert "<rdf:li>animal</rdf:li>" in text
    assert "<rdf:li>animal|bird</rdf:li>" not in text
    imported = take(other, tmp_path / "out", NewLabels.TREE)
    assert tree(other) == tree(aviary)
    assert set(imported.plan.new_labels) == {"sparrow", "bird", "animal", "pet", "cat"}
    for photo in (first, second):
        assert known(other, photo) == known(aviary, photo)
    assert take(other, tmp_path / "out", NewLabels.TREE).plan.changes_nothing


def test_sidecars_without_the_tree_keep_what_stands_above_as_text(
    aviary: Project, other: Project, tmp_path: Path
) -> None:
    export_as(aviary, "xmp", tmp_path / "out")
    take(other, tmp_path / "out")
    assert {label.name: label.supercategory for label in label_set(other)} == {
        "sparrow": "animal|bird",
        "cat": "animal",
    }


def test_a_tree_of_a_file_joins_the_one_there_is_without_a_circle(aviary: Project, tmp_path: Path) -> None:
    first, *_ = names_of_photos(aviary)
    data = {
        "images": [{"id": 1, "file_name": first}],
        "categories": [
            {"id": 1, "name": "animal", "supercategory": "sparrow"},
            {"id": 2, "name": "sparrow", "supercategory": "dinosaur"},
            {"id": 3, "name": "dinosaur", "supercategory": "dinosaur"},
        ],
        "annotations": [{"id": 1, "image_id": 1, "category_id": 2}],
    }
    (tmp_path / "in.json").write_text(json.dumps(data))
    before = tree(aviary)
    take(aviary, tmp_path / "in.json")
    assert tree(aviary) == {**before, "dinosaur": set()}
    take(aviary, tmp_path / "in.json", NewLabels.TREE)
    assert tree(aviary) == {**before, "sparrow": {"bird", "pet", "dinosaur"}, "dinosaur": set()}
    undo(aviary)
    assert tree(aviary)["sparrow"] == {"bird", "pet"}


def test_the_categories_of_lvis_have_their_other_names(other: Project, aviary: Project, tmp_path: Path) -> None:
    first, *_ = names_of_photos(aviary)
    data = {
        "images": [{"id": 1, "coco_url": f"http://images/{first}", "neg_category_ids": [2]}],
        "categories": [
            {"id": 1, "name": "aerosol_can", "synset": "aerosol.n.02", "synonyms": ["aerosol_can", "spray_can"]},
            {"id": 2, "name": "alcohol", "synset": "alcohol.n.01", "synonyms": ["alcohol", "alcoholic_beverage"]},
        ],
        "annotations": [{"id": 1, "image_id": 1, "category_id": 1}],
    }
    (tmp_path / "lvis.json").write_text(json.dumps(data))
    take(other, tmp_path / "lvis.json")
    assert [(label.name, [one.name for one in label.other_names]) for label in label_set(other)] == [
        ("aerosol_can", ["spray_can"]),
        ("alcohol", ["alcoholic_beverage"]),
    ]


def test_open_images_brings_the_hierarchy_that_lies_beside_it(other: Project, aviary: Project, tmp_path: Path) -> None:
    first, *_ = names_of_photos(aviary)
    (tmp_path / "class-descriptions-boxable.csv").write_text("/m/0jbk,Animal\n/m/015p6,Bird\n/m/0gv1x,Parrot\n")
    hierarchy = {
        "LabelName": "/m/0bl9f",
        "Subcategory": [
            {
                "LabelName": "/m/0jbk",
                "Subcategory": [{"LabelName": "/m/015p6", "Subcategory": [{"LabelName": "/m/0gv1x"}]}],
                "Part": [{"LabelName": "/m/0283dt1"}],
            }
        ],
    }
    (tmp_path / "bbox_labels_600_hierarchy.json").write_text(json.dumps(hierarchy))
    stem = first.rpartition(".")[0]
    file = tmp_path / "labels.csv"
    file.write_text(
        f"ImageID,Source,LabelName,Confidence\n{stem},verification,/m/0gv1x,1\n{stem},verification,/m/0jbk,1\n"
    )
    assert reader_for("csv", file).read(file).parents == {"Bird": ("Animal",), "Parrot": ("Bird",)}
    take(other, file)
    # A level that is no label is passed over.
    assert tree(other) == {"Parrot": {"Animal"}, "Animal": set()}


@pytest.mark.parametrize("hierarchy", ["", "[]", '{"Subcategory": 7}', '{"LabelName": {}, "Subcategory": [[], 1]}'])
def test_a_hierarchy_that_is_none_does_no_harm(hierarchy: str, tmp_path: Path) -> None:
    (tmp_path / "hierarchy.json").write_text(hierarchy)
    (tmp_path / "in.csv").write_text("file_name,label\na.jpg,cat\n")
    assert reader_for("csv", tmp_path / "in.csv").read(tmp_path / "in.csv").labels == ("cat",)


def test_a_folder_as_open_images_publishes_it_brings_answers_and_tree_back(
    aviary: Project, other: Project, tmp_path: Path
) -> None:
    export_as(aviary, "open-images", tmp_path / "out")
    tables = {file.name: file.read_text().splitlines() for file in (tmp_path / "out").glob("[a-z]*")}
    assert set(tables) == {
        "annotations-human-imagelabels.csv",
        "annotations-machine-imagelabels.csv",
        "class-descriptions.csv",
        "label_hierarchy.json",
    }
    assert len(tables["annotations-human-imagelabels.csv"]) == 4  # what follows has no row
    take(other, tmp_path / "out" / "annotations-human-imagelabels.csv", NewLabels.TREE)
    assert tree(other) == tree(aviary)
    for photo in names_of_photos(aviary):
        assert known(other, photo) == known(aviary, photo)
