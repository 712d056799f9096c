"""Taking the labels away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from cdul_gui.session.file_manager import show_in_folder
from cdul_gui.session.jobs import Job
from cdul_gui.session.offers import Choice, Done
from cdul_gui.session.session import NO_ROWS, Session
from cdul_gui.settings import Settings
from cdul_gui.wording import labels_in_words, nobody_looked_at, photos_in_words, sentence_of, translated
from engine.errors import UserError
from engine.jobs import Cancellation, Progress
from engine.wording import Sentence

if TYPE_CHECKING:  # all formats come with it, which the window has no use for until something is exported
    from engine.stages.exporting.beside_files import WrittenBeside
    from engine.stages.exporting.export import ExportResult, Preview
    from engine.stages.exporting.export_request import ExportRequest

_MOST_TOLD = 5


@dataclass(frozen=True)
class Look:
    """What would be exported, and what is in its place: an earlier export in a folder, somebody else's file, or
    something that is wrong with it."""

    preview: Preview
    replaceable: bool = False
    foreign: bool = False
    problem: str | None = None


class Exporting(QObject):
    """Writes the open project's labels to a file or folder, or beside the photos."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session = session
        session.edits.files_changed.connect(self.follow_history)

    def proposal(self) -> ExportRequest:
        """What was asked for last in this project."""
        from engine.stages.exporting.export_request import ExportRequest, kept_request

        project = self._session.project
        return kept_request(project) if project is not None else ExportRequest()

    def look(self, request: ExportRequest, out: Path | None) -> Job | None:
        """Look at what would be exported, and at its place; the job finishes with a `Look`."""
        project, snapshot = self._session.project, self._session.snapshot
        if project is None or snapshot is None:
            return None

        def work() -> Look:
            from engine.formats.files.whole_folder import exported_in
            from engine.stages.exporting.export import check_export, preview
            from engine.stages.exporting.exported_files import is_ours

            shown = preview(project, snapshot, request)
            if out is None:
                return Look(shown)
            try:
                check_export(project, request, out, replace=True, force=True)
            except UserError as error:
                return Look(shown, problem=sentence_of(error))
            if request.one_file:
                return Look(shown, foreign=out.is_file() and not is_ours(project, out))
            return Look(shown, replaceable=out.is_dir() and exported_in(out) is not None)

        return self._session.workers.read(work)

    def export(self, request: ExportRequest, out: Path | None, *, replace: bool = False) -> None:
        """Write what holds every edit made so far.

        Args:
            out: the file or folder; None for beside the photos.
            replace: an earlier export in the place of the folder, or the file in its place, may be replaced.
        """
        session, project = self._session, self._session.project
        if project is None:
            return
        if out is not None:
            Settings().export_folder = out.parent

        def work(progress: Progress, cancellation: Cancellation) -> ExportResult:
            from engine.stages.exporting.export import export
            from engine.stages.exporting.export_request import keep_request

            if not project.read_only:
                keep_request(project, request)
            return export(project, request, out, progress, cancellation, replace=replace, force=replace)

        def begin() -> Job:
            return session.run_job(self.tr("Exporting"), work, self._tell)

        session.workers.write(lambda: None).finished.connect(begin)

    @Slot(int)
    def follow_history(self, edit_id: int) -> None:
        """Bring files beside photos in line with an undo or a redo."""
        project = self._session.project
        if project is None:
            return

        def work(progress: Progress, cancellation: Cancellation) -> WrittenBeside:
            from engine.stages.exporting.beside_files import follow_history

            return follow_history(project, edit_id, progress, cancellation)

        def tell(written: WrittenBeside) -> None:
            changed = f"{written.changed:,}"
            self._session.said.emit(self.tr("Files beside photos as they were: {changed}").format(changed=changed))
            self._notice(written.left_alone)

        self._session.run_job(self.tr("Exporting"), work, tell)

    def _notice(self, left: Sequence[Sentence]) -> None:
        if left:
            self._session.noticed.emit("\n".join(_few(left)))

    def _tell(self, result: ExportResult) -> None:
        """What was written goes into the status bar, what a person should know and can do now below the photos."""
        counts, told = result.selection, []
        # Who has exported begins anew: the next key is not for what was selected long ago.
        if len(self._session.selection) > 1:
            self._session.select(NO_ROWS)
        if counts.unconfirmed and result.counts == "labels":
            told = [nobody_looked_at(counts.unconfirmed, counts.labels)]
        elif counts.unseen and result.counts == "labels":
            unseen = photos_in_words(counts.unseen)
            told = [self.tr("Without a label, and reviewed by nobody: {photos}").format(photos=unseen)]
        if result.beside is not None:
            said = self.tr("Files changed beside {photos}: {changed}").format(
                changed=f"{result.beside.changed:,}", photos=photos_in_words(result.photos)
            )
            left = result.beside.left_alone
        else:
            written = photos_in_words(result.photos)
            if result.counts == "labels":
                written += ", " + labels_in_words(result.written)
            said = self.tr("{written} written to {file}").format(written=written, file=result.file)
            left = result.left_out
        self._session.said.emit(said)
        show = Choice(self.tr("Show in folder"), partial(show_in_folder, result.file, self._session.said.emit))
        self._session.done.emit(Done("\n".join([said, *told, *_few(left)]), (show,)))


def _few(sentences: Sequence[Sentence]) -> list[str]:
    more = [f"… (+{len(sentences) - _MOST_TOLD:,})"] if len(sentences) > _MOST_TOLD else []
    return [*map(translated, sentences[:_MOST_TOLD]), *more]
