"""The errors whose messages are written for the person who uses the program."""

from engine.wording import Sentence


class UserError(Exception):
    """Something cannot be done; the sentence says what was expected, what came, and what to do.

    The command line prints it and ends with 1, the window shows it in its language. Every other exception is a defect.
    """

    def __init__(self, sentence: Sentence) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class WrongUsage(UserError):
    """What was asked for is not among what there is; the command line ends with 2."""
