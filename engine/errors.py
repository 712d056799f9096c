"""The errors whose messages are written for the person who uses the program."""


class UserError(Exception):
    """Something cannot be done; the message says what was expected, what came, and what to do.

    The command line prints it and ends with 1, the window shows it. Every other exception is a defect.
    """


class WrongUsage(UserError):
    """What was asked for is not among what there is; the command line ends with 2."""
