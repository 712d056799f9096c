"""What the window remembers from one start to the next, for this user."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Generic, TypeVar

from PySide6.QtCore import QByteArray, QPoint, QSettings, QStandardPaths

if TYPE_CHECKING:
    from engine.stages.labelling.label_photos import LabelRequest

MOST_RECENT = 8

LABELS_OF_PROJECT = "project"
"""As label set of a `LabellingChoice`: the labels that the project has."""


@dataclass(frozen=True)
class LabellingChoice:
    """How to label. `label_set` is what the command line takes as `--labels`, `preset` is None for one as before.

    `detector`: whether it is heard beside the starter; None as the preset has it, or as before.
    """

    label_set: str = "everyday"
    encoder: str = "starter"
    grids: tuple[int, ...] = (3,)
    preset: str | None = "default"
    detector: bool | None = None

    def request(self) -> LabelRequest:
        """For the engine."""
        from engine.stages.labelling.label_photos import LabelRequest

        labels = None if self.label_set == LABELS_OF_PROJECT else self.label_set
        return LabelRequest(labels, self.encoder, self.grids, self.preset, detector=self.detector)


Value = TypeVar("Value", str, bool, int)


class _Kept(Generic[Value]):
    """A text, a number, or whether something is so, in the file of settings under a name."""

    def __init__(self, name: str, default: Value) -> None:
        self._name = name
        self._default: Value = default

    def __get__(self, settings: Settings, _owner: type[Settings]) -> Value:
        text, kind = settings._text(self._name, ""), type(self._default)
        try:
            return kind(text == "yes" if kind is bool else text) if text else self._default
        except ValueError:  # somebody mended the file by hand
            return self._default

    def __set__(self, settings: Settings, value: Value) -> None:
        text = ("yes" if value else "no") if isinstance(value, bool) else str(value)
        settings._kept.setValue(self._name, text)


class Settings:
    """A thin face on QSettings, one property a thing that is remembered."""

    def __init__(self) -> None:
        # The same format everywhere, so that a person can read, copy and mend it.
        self._kept = QSettings(QSettings.Format.IniFormat, QSettings.Scope.UserScope, "cdul", "cdul")

    unfinished_download = _Kept("encoders/unfinished_download", "")
    """The encoder whose download was under way when the program ended; empty for none."""
    better_encoder_refused = _Kept("encoders/better_refused", False)
    """Whether a person does not want to be asked again whether to get a better encoder than the starter."""
    training = _Kept("training/choice", "{}")
    """How the window trains, as `cdul_gui.session.training_choice.TrainingChoice` keeps it."""
    colour_scheme = _Kept("look/colour_scheme", "system")
    """`system`, `light` or `dark`."""
    language = _Kept("look/language", "system")
    """Of the window: `system`, or a language and country such as `de_DE`."""
    english_labels = _Kept("look/english_labels", False)
    """Whether labels are shown by their English names in a window of another language."""
    thumbnail_side = _Kept("look/thumbnail_side", 128)
    """Of the gallery, in pixels."""
    heatmap_opacity = _Kept("look/heatmap_opacity", 60)
    """In percent."""
    heatmap_smooth = _Kept("look/heatmap_smooth", False)
    """Whether heatmaps are drawn without the steps between snippets."""
    detector_boxes = _Kept("look/detector_boxes", False)
    """Whether the boxes of the detector are drawn over photos."""
    map_colours = _Kept("look/map_colours", "state")
    """What the colours of the map tell, as `cdul_gui.panels.map.map_colours.ColourBy` has it."""

    @property
    def labelling(self) -> LabellingChoice:
        """What is proposed for a project that was never labelled; one that was is labelled as before."""
        default = LabellingChoice()
        label_set, grids = self._text("labelling/label_set", default.label_set), self._text("labelling/grids", "")
        return LabellingChoice(
            default.label_set if label_set == LABELS_OF_PROJECT else label_set,
            self._text("labelling/encoder", default.encoder),
            tuple(int(part) for part in grids.split("+") if part.isdigit()) or default.grids,
            self._text("labelling/preset", str(default.preset)),
            {"yes": True, "no": False}.get(self._text("labelling/detector", "")),
        )

    @labelling.setter
    def labelling(self, choice: LabellingChoice) -> None:
        # What only one project has is proposed to no other.
        if choice.label_set != LABELS_OF_PROJECT:
            self._kept.setValue("labelling/label_set", choice.label_set)
        self._kept.setValue("labelling/encoder", choice.encoder)
        self._kept.setValue("labelling/grids", "+".join(map(str, choice.grids)))
        if choice.preset is not None:
            self._kept.setValue("labelling/preset", choice.preset)
        self._kept.setValue("labelling/detector", {True: "yes", False: "no", None: ""}[choice.detector])

    @property
    def recent(self) -> list[Path]:
        """Photo folders that were opened, the last one first; those that are gone are left out."""
        kept = self._kept.value("recent/folders", [])
        folders = [kept] if isinstance(kept, str) else kept if isinstance(kept, list) else []
        return [Path(folder) for folder in folders if _is_there(Path(folder))]

    def remember_folder(self, folder: Path) -> None:
        """Put a photo folder first among the recent ones."""
        folders = [str(folder), *(str(other) for other in self.recent if other != folder)]
        self._kept.setValue("recent/folders", folders[:MOST_RECENT])

    @property
    def export_folder(self) -> Path:
        """Where something was exported to last; at first the user's documents."""
        documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        kept = Path(self._text("export/folder", documents))
        return kept if _is_there(kept) else Path.home()

    @export_folder.setter
    def export_folder(self, folder: Path) -> None:
        self._kept.setValue("export/folder", str(folder))

    def export_folder_for(self, photos: Path) -> Path:
        """Where something was exported to last; at first beside the folder of photos, where that can be written."""
        kept = Path(self._text("export/folder", str(photos.parent)))
        return kept if _is_there(kept) and os.access(kept, os.W_OK) else self.export_folder

    @property
    def import_folder(self) -> Path:
        """Where something was imported from last; at first where something was exported to."""
        kept = Path(self._text("import/folder", str(self.export_folder)))
        return kept if _is_there(kept) else self.export_folder

    @import_folder.setter
    def import_folder(self, folder: Path) -> None:
        self._kept.setValue("import/folder", str(folder))

    @property
    def layout(self) -> tuple[QByteArray, QByteArray] | None:
        """Geometry and dock state of the window."""
        geometry, docks = self._kept.value("layout/geometry"), self._kept.value("layout/docks")
        if isinstance(geometry, QByteArray) and isinstance(docks, QByteArray):
            return geometry, docks
        return None

    @layout.setter
    def layout(self, layout: Sequence[QByteArray]) -> None:
        geometry, docks = layout
        self._kept.setValue("layout/geometry", geometry)
        self._kept.setValue("layout/docks", docks)

    @property
    def frame_margin(self) -> QPoint:
        """How far what is in the window lay from the left and upper edge of its frame, in pixels."""
        kept = self._kept.value("layout/frame_margin")
        return kept if isinstance(kept, QPoint) else QPoint()

    @frame_margin.setter
    def frame_margin(self, margin: QPoint) -> None:
        self._kept.setValue("layout/frame_margin", margin)

    @property
    def dock_widths(self) -> dict[str, int]:
        """Pixels, by the name of a dock at a side: as a person drew it."""
        try:
            kept = json.loads(self._text("layout/dock_widths", "{}"))
            return {str(name): int(width) for name, width in kept.items()}
        except (ValueError, AttributeError, TypeError):  # somebody mended the file by hand
            return {}

    @dock_widths.setter
    def dock_widths(self, widths: dict[str, int]) -> None:
        self._kept.setValue("layout/dock_widths", json.dumps(widths))

    @property
    def shortcuts(self) -> dict[str, list[str]]:
        """Command to keys, for the commands whose keys a person changed."""
        try:
            kept = json.loads(self._text("keys/of_commands", "{}"))
            return {str(command): [str(key) for key in keys] for command, keys in kept.items()}
        except (ValueError, AttributeError, TypeError):  # somebody mended the file by hand
            return {}

    @shortcuts.setter
    def shortcuts(self, keys: dict[str, list[str]]) -> None:
        self._kept.setValue("keys/of_commands", json.dumps(keys))

    def _text(self, name: str, default: str) -> str:
        return str(self._kept.value(name, default))


def _is_there(folder: Path) -> bool:
    try:
        return folder.is_dir()
    except OSError:  # below one that cannot be entered
        return False
