"""The filter line: a small language that says which photos to show.

    label:dog -label:cat score(dog)>0.4 state:unreviewed folder:trip name:*.png "two words"

Conditions side by side must all hold; OR, NOT, a leading - and parentheses do what they say.
"""

from engine.project.filters.completion import Completion, complete
from engine.project.filters.filter import Filter, FilterError, explain
from engine.project.filters.language import parse

__all__ = ["Completion", "Filter", "FilterError", "complete", "explain", "parse"]
