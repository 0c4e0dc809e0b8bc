"""The errors of the engine; every one is a QAError."""

from corpus.errors import DocumentError, QAError

__all__ = [
    "ConfigError",
    "DocumentError",
    "FeedbackError",
    "IndexBusyError",
    "IndexFileError",
    "ModelError",
    "QAError",
    "QuestionError",
]


class QuestionError(QAError):
    """The question cannot be taken: empty, too long, or not text."""


class ConfigError(QAError):
    """A setting is unknown or out of bounds."""


class ModelError(QAError):
    """The encoder's weights or tokenizer are missing, damaged or unsuitable."""


class IndexFileError(QAError):
    """An index on disk is missing, damaged, or was written for something else."""


class IndexBusyError(IndexFileError):
    """Another build is writing the same index."""


class FeedbackError(QAError):
    """A verdict on an answer cannot be kept or read."""
