"""The labels and photos of the tests about labels that stand below others."""

from engine.project import Project
from engine.project.answer import Answer
from engine.project.history.edit_parents import put_below
from engine.project.history.history import answer
from engine.project.labels import NewLabel, use_label_set
from engine.project.photos import FoundPhoto, record_folder
from engine.project.take_snapshot import take_snapshot

SPARROW, BIRD, ANIMAL, PET, CAT = range(1, 6)
A, B, C = range(1, 4)


def fill_aviary(project: Project) -> None:
    """A sparrow is a bird, a bird is an animal; a cat is an animal and a pet. Three photos."""
    record_folder(project, [FoundPhoto(f"{name}.jpg", 1, place) for place, name in enumerate("abc")])
    use_label_set(project, [NewLabel(name) for name in ("sparrow", "bird", "animal", "pet", "cat")])
    put_below(project, [SPARROW], [BIRD])
    put_below(project, [BIRD], [ANIMAL])
    put_below(project, [CAT], [ANIMAL, PET])


def say(project: Project, photo: int, label: int, value: bool | None) -> None:
    answer(project, "said", [Answer(photo, label, value)])


def known_of(project: Project, photo: int) -> list[int]:
    snapshot = take_snapshot(project)
    return snapshot.known[snapshot.row_of(photo)].tolist()
