"""The data sets of the paper's table: where their unpacked archives lie, which photos train and which test."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.formats.coco import read_coco
from engine.formats.known_labels import PRESENT, KnownLabels
from engine.formats.nus_wide import photo_list, read_nus_wide
from engine.formats.voc import read_voc
from engine.stages.labelling.photo_list import read_photo_list

IGNORE, NEGATIVE = "ignore", "negative"


@dataclass(frozen=True)
class Half:
    """One side, train or test.

    `read`: the truth; its second argument says what VOC's difficult objects are. `names`: a list of the photos; None
    where the folder has no others. `labelled_only`: photos without any label are left out, as the literature does.
    """

    photos: Path
    truth: Path
    read: Callable[[Path, str], KnownLabels]
    names: Path | None
    labelled_only: bool = True

    def photo_names(self, known: KnownLabels) -> tuple[str, ...]:
        """The photos of this side, as the list has them."""
        names = tuple(known.answers)
        if self.names is not None:
            names = tuple(name.strip().replace("\\", "/") for name in read_photo_list(self.names))
        if not self.labelled_only:
            return names
        return tuple(name for name in names if PRESENT in known.answers.get(name, {}).values())


@dataclass(frozen=True)
class DataSet:
    """A data set of the table.

    `published`: CDUL's mAP, in %. `label_set`: by the program's name for it. `batch`: photos learnt from at a time.
    `rules`: what difficult objects are counted as, one line of the table each.
    """

    name: str
    title: str
    published: float
    label_set: str
    batch: int
    look: Callable[[Path], Found]
    rules: tuple[str, ...] = (IGNORE,)


@dataclass(frozen=True)
class Found:
    """Where the two sides of a data set are; without them, `missing` says what was looked for."""

    train: Half | None
    test: Half | None
    missing: tuple[Path, ...] = ()


def _first_complete(places: Sequence[tuple[Path, ...]]) -> tuple[tuple[Path, ...] | None, tuple[Path, ...]]:
    """The first group of paths that are all there; else, of the group that lacks least, what is lacking."""
    lacking = [tuple(path for path in group if not path.exists()) for group in places]
    for group, lacks in zip(places, lacking, strict=True):
        if not lacks:
            return group, ()
    return None, min(lacking, key=len)


def _read_voc(path: Path, difficult: str) -> KnownLabels:
    from engine.stages.importing.import_truth import read_truth

    return read_truth(path, "voc", difficult) if difficult != IGNORE else read_voc(path)


def _voc(year: int, train: str, test: str) -> Callable[[Path], Found]:
    def look(root: Path) -> Found:
        folders = [root / "VOCdevkit" / f"VOC{year}", root / f"VOC{year}", root]
        group, missing = _first_complete(
            [
                (top / "JPEGImages", *(top / "ImageSets" / "Main" / f"{part}.txt" for part in (train, test)))
                for top in folders
            ]
        )
        if group is None:
            return Found(None, None, missing)
        photos, *lists = group
        first, second = (Half(photos, photos.parent, _read_voc, names, labelled_only=False) for names in lists)
        return Found(first, second)

    return look


def _look_for_coco(root: Path) -> Found:
    tops = [root, *(root / name for name in ("coco", "COCO", "coco2014", "COCO2014", "MSCOCO"))]
    group, missing = _first_complete(
        [
            (
                *(top / folder / f"{side}2014" for side in ("train", "val")),
                *(top / "annotations" / f"instances_{side}2014.json" for side in ("train", "val")),
            )
            for top in tops
            for folder in (".", "images")
        ]
    )
    if group is None:
        return Found(None, None, missing)
    train, val, train_truth, val_truth = group

    def read(path: Path, _difficult: str) -> KnownLabels:
        return read_coco(path)

    return Found(Half(train, train_truth, read, None), Half(val, val_truth, read, None))


def _look_for_nus_wide(root: Path) -> Found:
    tops = [*(root / name for name in ("NUS-WIDE", "NUS_WIDE", "NUSWIDE", "nus-wide", "nuswide")), root]
    top = next((top for top in tops if (top / "Groundtruth").is_dir()), tops[0])
    photos = next((top / name for name in ("Flickr", "images", "Images") if (top / name).is_dir()), top / "Flickr")
    lists = [photo_list(top, f"{side}Imagelist.txt") for side in ("Train", "Test")]
    wanted = [photos, top / "Groundtruth", *(top / "ImageList" / f"{side}Imagelist.txt" for side in ("Train", "Test"))]
    train, test = lists
    missing = [*(path for path in wanted[:2] if not path.exists())]
    missing += [path for path, found in zip(wanted[2:], lists, strict=True) if found is None]
    if missing or train is None or test is None:
        return Found(None, None, tuple(missing))

    def read(path: Path, _difficult: str) -> KnownLabels:
        return read_nus_wide(path)

    return Found(Half(photos, top, read, train), Half(photos, top, read, test))


DATA_SETS = (
    DataSet("voc2012", "VOC2012", 88.6, "voc", 8, _voc(2012, "train", "val"), (IGNORE, NEGATIVE)),
    DataSet("voc2007", "VOC2007", 89.0, "voc", 8, _voc(2007, "trainval", "test"), (IGNORE, NEGATIVE)),
    DataSet("coco", "COCO 2014", 69.2, "coco", 16, _look_for_coco),
    DataSet("nus-wide", "NUS-WIDE", 44.0, "nus-wide", 16, _look_for_nus_wide),
)
"""In the order of the paper's table."""
