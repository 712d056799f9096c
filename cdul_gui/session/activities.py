"""All that one can do with the open project, put together; it needs no window."""

from __future__ import annotations

from PySide6.QtCore import QObject

from cdul_gui.session.arrangement import Arrangement
from cdul_gui.session.current_photo import CurrentPhoto
from cdul_gui.session.describing import Describing
from cdul_gui.session.details import Details
from cdul_gui.session.drawn_over import DrawnOver
from cdul_gui.session.encoders import Encoders
from cdul_gui.session.evaluating import Evaluating
from cdul_gui.session.exporting import Exporting
from cdul_gui.session.finding import Finding
from cdul_gui.session.following import Following
from cdul_gui.session.importing import Importing
from cdul_gui.session.kept_arrangement import KeptArrangement
from cdul_gui.session.kept_filters import KeptFilters
from cdul_gui.session.kept_label_order import KeptLabelOrder
from cdul_gui.session.key_names import KeyNames
from cdul_gui.session.label_clipboard import LabelClipboard
from cdul_gui.session.label_set import LabelSetEditing
from cdul_gui.session.label_use import LabelUse
from cdul_gui.session.labelling import Labelling
from cdul_gui.session.labels_of_photo import LabelsOfPhoto
from cdul_gui.session.live_teaching import LiveTeaching
from cdul_gui.session.opening import Opening
from cdul_gui.session.people import People
from cdul_gui.session.photo_file import PhotoFile
from cdul_gui.session.photos_of_label import PhotosOfLabel
from cdul_gui.session.queues import Queues
from cdul_gui.session.review import Review
from cdul_gui.session.rules import RuleEditing
from cdul_gui.session.second_opinion import SecondOpinion
from cdul_gui.session.second_says import SecondSays
from cdul_gui.session.session import Session
from cdul_gui.session.sweep import Sweep
from cdul_gui.session.thresholds import Thresholds
from cdul_gui.session.tidying import Tidying
from cdul_gui.session.training import Training
from cdul_gui.session.undoing import Undoing
from cdul_gui.session.watching import Watching


class Activities(QObject):
    """One of each, following the same session."""

    def __init__(self, session: Session, taken_keys: frozenset[str], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.key_names = KeyNames(self)
        self.photo = CurrentPhoto(session)
        self.drawn_over = DrawnOver(session)
        self.photo_file = PhotoFile(session)
        self.undoing = Undoing(session)
        self.label_order = KeptLabelOrder(session)
        self.use = LabelUse(session, taken_keys)
        self.labels_of_photo = LabelsOfPhoto(session, self.use)
        self.arrangement = Arrangement(session)
        self.review = Review(session, self.arrangement)
        self.label_clipboard = LabelClipboard(session, self.review)
        self.opening = Opening(session)
        self.details = Details(session)
        self.labelling = Labelling(session)
        self.encoders = Encoders(session)
        self.label_set = LabelSetEditing(session, self.labelling, self.use, self.key_names)
        self.review.joined.connect(self.label_set.offer_to_look_for)
        self.describing = Describing(session, self.labelling)
        self.rules = RuleEditing(session)
        self.exporting = Exporting(session)
        self.tidying = Tidying(session)
        self.training = Training(session)
        self.evaluating = Evaluating(session)
        self.queues = Queues(session)
        self.importing = Importing(session, self.queues)
        self.second_says = SecondSays(session, self.queues)
        self.labels_of_photo.follow_what_is_asked(self.second_says, self.arrangement)
        self.watching = Watching(session, self.labelling, self.queues)
        self.second_opinion = SecondOpinion(session, self.labelling, self.queues)
        self.photos_of_label = PhotosOfLabel(session, self.arrangement, self.queues)
        self.photos_of_label.never_looked_for.connect(self.label_set.offer_to_look_for)
        self.label_set.looked_for.connect(self.photos_of_label.tell_of_found)
        self.sweep = Sweep(session, self.review, self.arrangement)
        self.teaching = LiveTeaching(session)
        self.thresholds = Thresholds(session, self.teaching)
        self.kept_arrangement = KeptArrangement(session, self.arrangement)
        self.kept_filters = KeptFilters(session)
        self.finding = Finding(session, self.arrangement, self.labelling, self.queues)
        self.people = People(session, self.finding, self.queues)
        self.people.changed.connect(self.labels_of_photo.look)
        # A folder that is watched is labelled by itself.
        self.opening.looked.connect(lambda: None if self.watching.on else self.labelling.offer_the_rest())
        self.opening.looked.connect(self.training.offer_the_rest)
        self.following = Following(session)
