"""The index in a folder, as its last build left it: for whoever answers from it while it may be built anew."""

from __future__ import annotations

import logging
import time
from pathlib import Path
from threading import Lock, Thread

from index import storage
from index.engine import Index
from index.errors import QAError

_log = logging.getLogger(__name__)
_EVERY = 1.0  # seconds between two looks at the folder


class Current:
    """An open index, and the one that replaces it.

    Asking for it never waits: once a new build is in the folder, it is opened in a thread of its own, and the old one
    answers until that is done, and for good where the new one cannot be opened.
    """

    def __init__(self, folder: Path, index: Index | None = None) -> None:
        """Args: index: what is in the folder, where it is open already, or stands for it while nothing is there.

        Raises:
            IndexFileError: the index cannot be opened.
        """
        self._folder = folder
        self._seen = storage.stamp(folder)
        self._index = index or Index.open(folder)
        self._looked = time.monotonic()
        self._changing = Lock()

    def index(self) -> Index:
        """The index, for one question; from any thread."""
        if time.monotonic() - self._looked >= _EVERY and self._changing.acquire(blocking=False):
            self._looked = time.monotonic()
            found = storage.stamp(self._folder)
            if found in (None, self._seen):
                self._changing.release()
            else:
                self._seen = found
                Thread(target=self._replace, name="opening the new index", daemon=True).start()
        return self._index

    def _replace(self) -> None:
        try:
            self._index = Index.open(self._folder)
            _log.info("The index at %s was built anew and is in use.", self._folder)
        except QAError as error:
            _log.warning("%s The index opened before it stays in use.", error)
        finally:
            self._changing.release()
