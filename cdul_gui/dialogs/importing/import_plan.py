"""What an import will do, in sentences, and the conflicts with decisions that are there, one by one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHeaderView, QTreeWidget, QTreeWidgetItem, QVBoxLayout

from cdul_gui.look.controls import heading, plain
from cdul_gui.look.tables import as_table
from cdul_gui.wording import decisions_in_words, labels_in_words, photos_in_words, translated
from engine.formats.registry import READERS
from engine.stages.importing.import_plan import ImportPlan, TakeAs

_NAMES_SHOWN = 5
_CONFLICTS_SHOWN = 1000


class ImportPlanView(QFrame):
    """Sentences, and below them a table of conflicts where there are any."""

    def __init__(self) -> None:
        super().__init__()
        self.text = plain(wraps=True)
        self.text.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.conflicts_heading = heading("")
        self.conflicts = QTreeWidget()
        as_table(self.conflicts, self.tr("Conflicts with my decisions"))
        self.conflicts.setHeaderLabels([self.tr("Photo"), self.tr("Label"), self.tr("Mine"), self.tr("The file's")])
        self.conflicts.header().setStretchLastSection(False)
        self.conflicts.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(heading(self.tr("What will happen")))
        layout.addWidget(self.text)
        layout.addWidget(self.conflicts_heading)
        layout.addWidget(self.conflicts, 1)
        layout.addStretch(0)

    def say(self, sentence: str) -> None:
        """Show one sentence alone."""
        self.text.setText(sentence)
        for part in (self.conflicts_heading, self.conflicts):
            part.hide()

    def show_plan(self, plan: ImportPlan) -> None:
        """Show what will happen."""
        self.say("\n".join(self._sentences(plan)))
        if not plan.conflicts:
            return
        count = f"{len(plan.conflicts):,}"
        self.conflicts_heading.setText(self.tr("Conflicts with my decisions: {count}").format(count=count).upper())
        yes, no = self.tr("yes"), self.tr("no")
        self.conflicts.clear()
        self.conflicts.addTopLevelItems(
            [
                QTreeWidgetItem([one.photo, one.label, yes if one.mine else no, yes if one.theirs else no])
                for one in plan.conflicts[:_CONFLICTS_SHOWN]
            ]
        )
        for part in (self.conflicts_heading, self.conflicts):
            part.show()

    def _sentences(self, plan: ImportPlan) -> Iterator[str]:
        yield self.tr("Read as {format}.").format(format=translated(READERS[plan.format].description))
        yield self._what_happens(plan)
        if plan.take_as == TakeAs.DECISIONS and plan.suggested:
            yield self.tr("Left out, as the file only suggests them: {labels}.").format(
                labels=labels_in_words(plan.suggested)
            )
        if plan.new_labels:
            yield self.tr("New labels: {names}").format(names=_some(plan.new_labels))
        if plan.parents:
            yield self.tr("Will stand below others, as in the file: {labels}").format(
                labels=labels_in_words(plan.parents)
            )
        if plan.skipped_labels:
            yield self.tr("Left out, as this project does not have these labels: {names}").format(
                names=_some(plan.skipped_labels)
            )
        if plan.other_names:
            names = [
                self.tr("{theirs} is {ours}").format(theirs=theirs, ours=ours) for theirs, ours in plan.other_names
            ]
            yield self.tr("By another name here: {names}").format(names=_some(names))
        found = self.tr("{photos} found.").format(photos=photos_in_words(plan.photos))
        if plan.photos_without:
            found += " " + self.tr("Of this project, not in the file: {photos}.").format(
                photos=photos_in_words(plan.photos_without)
            )
        yield found
        if plan.unmatched_photos:
            yield self.tr("Of the file, not here: {photos} ({names})").format(
                photos=photos_in_words(len(plan.unmatched_photos)), names=_some(plan.unmatched_photos)
            )
        if plan.renamed:
            names = [self.tr("{theirs} is {ours}").format(theirs=theirs, ours=ours) for theirs, ours in plan.renamed]
            yield self.tr("By names that an upload changed: {names}").format(names=_some(names))
        if plan.passed_over:
            yield self.tr("Entries and files passed over: {count}").format(count=f"{plan.passed_over:,}")
        for problem in plan.problems[:_NAMES_SHOWN]:
            yield translated(problem)

    def _what_happens(self, plan: ImportPlan) -> str:
        if plan.changes_nothing:
            return self.tr("All of it is there already: there is nothing to import.")
        if plan.take_as == TakeAs.TRUTH:
            return self.tr("Will be kept beside your labels: {labels} of {photos}.").format(
                labels=labels_in_words(plan.labels), photos=photos_in_words(plan.photos)
            )
        if plan.take_as == TakeAs.OPINION:
            return self.tr("Will stand beside what suggests, as a second opinion on {photos}.").format(
                photos=photos_in_words(plan.photos)
            )
        if plan.take_as == TakeAs.SUGGESTIONS:
            return self.tr(
                "Will suggest {labels} on {photos}, in place of what was suggested before. "
                "The history can take it back."
            ).format(labels=labels_in_words(plan.suggested), photos=photos_in_words(plan.photos))
        sentence = self.tr("Will confirm {confirmed} and reject {rejected}.")
        if plan.same:
            sentence += " " + self.tr("There already: {same}.")
        if plan.reviewed:
            sentence += " " + self.tr("Will mark {reviewed} as reviewed.")
        if plan.conflicts and plan.replaces:
            sentence += " " + self.tr("Will turn {turned} of yours.")
        return sentence.format(
            confirmed=labels_in_words(plan.confirmed),
            rejected=f"{plan.rejected:,}",
            same=decisions_in_words(plan.same),
            reviewed=photos_in_words(plan.reviewed),
            turned=decisions_in_words(len(plan.conflicts)),
        )


def _some(names: Sequence[str]) -> str:
    return ", ".join(names[:_NAMES_SHOWN]) + (", …" if len(names) > _NAMES_SHOWN else "")
