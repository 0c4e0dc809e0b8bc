"""The root of this project's errors, each message one sentence that says what to do."""


class QAError(Exception):
    """Base of every error this project raises on purpose.

    Attributes:
        message: one sentence for the person at the keyboard.
        remedy: the command or the step that mends it, when there is one; it is part of `str(error)`.
    """

    def __init__(self, message: str, remedy: str = "") -> None:
        self.message = message
        self.remedy = remedy
        super().__init__(f"{message} {remedy}".strip())


class DocumentError(QAError):
    """A document, its rendering or its metadata cannot be used."""
