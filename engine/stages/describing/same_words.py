"""Which everyday words the labels of a project say already, in these or other words."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from engine.models.encoders.starter.glossary import named_by, read_glossary, singulars, text_directions
from engine.models.everyday.words import EverydayWord, word_directions
from engine.project.labels import LabelRow
from engine.project.same_label import match_labels
from engine.stages.labelling.company import sentences

_ALIKE = 0.85
"""From this cosine on two texts mean the same: other names for a thing lie above .9, siblings at .5 to .8."""


def said_already(words: Sequence[EverydayWord], labels: Sequence[LabelRow]) -> npt.NDArray[np.bool_]:
    """Of each word whether a label is called so, in the singular or plural or by another name, or has it as a prompt.

    Raises:
        EncoderUnavailable: the package of the texts' weights is missing or damaged.
    """
    if not labels:
        return np.zeros(len(words), bool)
    names = {name for label in labels for text in (label.name, *map(named_by, label.prompts)) for name in _names(text)}
    named = [match is not None for match in match_labels([word.name for word in words], sorted(names))]
    meant = [bool(names & _names(named_by(word.texts[0]))) for word in words]
    alike = word_directions() @ text_directions([label.texts for label in labels], sentences()).T
    return np.array(named) | np.array(meant) | (alike.max(axis=1) > _ALIKE)


def _names(text: str) -> set[str]:
    """A name in its singulars, and the glossary's other names for the same."""
    plain = {name for name in singulars(text.casefold()) if name}
    return plain.union(*(meaning.names for meaning in read_glossary() if plain & set(meaning.names)))
