"""What a person is asked where several review."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QInputDialog, QMessageBox

from cdul_gui.desk.asking import Asking
from cdul_gui.session.people import settlement_in_words
from cdul_gui.wording import translated
from engine.project.history.settlement import ADJUDICATOR, MAJORITY, NEWEST, Settlement
from engine.wording import n_decisions


class PeopleQuestions(Asking):
    """Asks who reviews, whose answer is in force, and which photos one takes."""

    def who_reviews(self) -> None:
        """Ask who reviews from now on."""
        people = self._activities.people
        dialog = QInputDialog(self._window)
        dialog.setWindowTitle(self.tr("Reviewing as"))
        dialog.setLabelText(self.tr("Your name. Answers are kept under it, and undo takes back what is yours:"))
        dialog.setTextValue(people.name)
        dialog.textValueSelected.connect(people.be)
        self._show(dialog)

    def choose_settlement(self) -> None:
        """Ask which answer is in force where people differ, and say first how many decisions that changes."""
        people = self._activities.people
        found, me = people.agreement, people.name
        names = [name for name, _photos in found.people] if found is not None else [me]
        rules = [Settlement(NEWEST), Settlement(MAJORITY), *(Settlement(ADJUDICATOR, name) for name in names)]
        words = [settlement_in_words(rule) for rule in rules]
        dialog = QInputDialog(self._window)
        dialog.setWindowTitle(self.tr("Which answer is in force"))
        dialog.setLabelText(self.tr("Where people differ, in force is:"))
        dialog.setComboBoxItems(words)
        dialog.setTextValue(settlement_in_words(people.rule))
        dialog.textValueSelected.connect(lambda text: self._confirm_settlement(rules[words.index(text)]))
        self._show(dialog)

    def _confirm_settlement(self, rule: Settlement) -> None:
        people = self._activities.people
        if rule == people.rule:
            return

        def ask(decisions: int) -> None:
            if not decisions:
                people.set_settlement(rule)
                return
            box = QMessageBox(QMessageBox.Icon.Question, self.tr("Which answer is in force"), "", parent=self._window)
            told = self.tr("In force will be: {rule}. That changes {decisions}.")
            box.setText(told.format(rule=settlement_in_words(rule), decisions=translated(n_decisions(decisions))))
            box.setInformativeText(self.tr("No opinion is lost, and this can be undone."))
            box.setTextFormat(Qt.TextFormat.PlainText)
            button = box.addButton(self.tr("Change"), QMessageBox.ButtonRole.AcceptRole)
            box.addButton(QMessageBox.StandardButton.Cancel)
            box.setDefaultButton(button)
            button.clicked.connect(lambda: people.set_settlement(rule))
            self._show(box)

        people.plan_settlement(rule, ask)

    def take_photos(self) -> None:
        """Ask how many photos to take to review."""
        from cdul_gui.dialogs.taking import TakeDialog

        dialog = TakeDialog(self._window)
        dialog.accepted.connect(lambda: self._activities.people.take(dialog.count.value(), dialog.share.value() / 100))
        self._show(dialog)
