"""The encoder that the settings name, loaded once for the whole process."""

from __future__ import annotations

from functools import cache
from threading import Lock

from index.config import Settings
from index.encoder import Encoder
from index.model import load_model


@cache
def _encoder(model: str, threads: int | None) -> Encoder:
    return Encoder(load_model(model), threads)


_loading = Lock()


def shared_encoder() -> Encoder:
    """The encoder that the settings name, loaded once for the whole process."""
    settings = Settings.from_environment()
    with _loading:
        return _encoder(settings.model, settings.threads)
