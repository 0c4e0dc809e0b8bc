"""Settings, from NANGUAN_* environment variables: typed, bounded; an unknown name is an error."""

from __future__ import annotations

import difflib
import os
from collections.abc import Mapping
from pathlib import Path

from platformdirs import user_cache_path, user_data_path
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    IPvAnyNetwork,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)

from index.errors import ConfigError

PREFIX = "NANGUAN_"
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})  # the names that only this machine reaches

_RATE, _MOST_RATE = 600, 1_000_000  # requests a minute


class Settings(BaseModel):
    """What a user may set. Each field `name` is read from the variable NANGUAN_NAME."""

    model_config = ConfigDict(frozen=True, extra="forbid", protected_namespaces=())

    model: str = Field(
        "multilingual-e5-small", min_length=1, description="the packaged encoder, a folder, or a hub model's name"
    )
    corpus: Path | None = Field(None, description="a folder of documents to ask in the article's place")
    cache: Path = Field(
        default_factory=lambda: user_cache_path("nanguan", appauthor=False), description="where built indexes are kept"
    )
    data: Path = Field(
        default_factory=lambda: user_data_path("nanguan", appauthor=False),
        description="where readers' feedback is kept",
    )
    feedback: bool = Field(True, description="whether readers' verdicts on answers are kept, on this machine")
    threads: int | None = Field(None, ge=1, le=256, description="processor threads of the encoder; unset: all")
    host: str = Field("127.0.0.1", min_length=1, description="the address the chat page is served on")
    port: int | None = Field(None, ge=1, le=65535, description="the page's port; unset: the first free one from 7860")
    names: tuple[str, ...] = Field((), description="further host names the page is reached under, with commas between")
    proxies: tuple[IPvAnyNetwork, ...] = Field(
        (), description="addresses or networks of proxies whose word on who asks is taken, with commas between"
    )
    user: str = Field("reader", min_length=1, description="who may log in, where there is a password")
    password: SecretStr | None = Field(
        None, min_length=8, description="what the page, its API and the agents' tools ask for; unset: nothing"
    )
    rate: int | None = Field(
        None,
        ge=1,
        le=_MOST_RATE,
        description="requests a minute that one client may make; unset: 600, on this machine alone no limit",
    )
    queue: int = Field(64, ge=1, le=10_000, description="questions that may wait or be under way at once")
    timeout: float = Field(60.0, ge=1, le=3600, description="seconds that an answer may take")
    log: Path | None = Field(None, description='a file that gets a line of JSON for each question; "-": standard error')
    log_questions: bool = Field(False, description="whether those lines hold the questions; only where feedback is on")

    @field_validator("names", "proxies", mode="before")
    @classmethod
    def _listed(cls, listed: object) -> object:
        if not isinstance(listed, str):
            return listed
        return tuple(name.strip().lower() for name in listed.split(",") if name.strip())

    @model_validator(mode="after")
    def _consistent(self) -> Settings:
        if self.log_questions and not self.feedback:
            raise ConfigError(
                "NANGUAN_LOG_QUESTIONS is on while NANGUAN_FEEDBACK is off, so nothing of readers may be kept.",
                "Turn one of them round.",
            )
        return self

    @property
    def is_local(self) -> bool:
        """Whether the page is served to this machine alone; one that has further names is reached through a proxy."""
        return self.host.lower() in LOOPBACK and not self.names

    @property
    def reached_at(self) -> str:
        """The names, or else the address, under which others reach the page."""
        return ", ".join(self.names) or self.host

    @property
    def allowed_rate(self) -> int:
        """Requests a minute that one client may make: a machine's own users share one address and one machine."""
        return self.rate or (_MOST_RATE if self.is_local else _RATE)

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Settings:
        """The settings in force.

        Raises:
            ConfigError: a variable's name is unknown or its value out of bounds.
        """
        variables = os.environ if environment is None else environment
        values = {
            name.removeprefix(PREFIX).lower(): value for name, value in variables.items() if name.startswith(PREFIX)
        }
        for name in values:
            if name not in cls.model_fields:
                close = difflib.get_close_matches(name, cls.model_fields, n=1)
                meant = f"Did you mean {PREFIX}{close[0].upper()}?" if close else f"Known: {_names(cls)}."
                raise ConfigError(f"The setting {PREFIX}{name.upper()} is unknown.", meant)
        try:
            return cls.model_validate({name: value for name, value in values.items() if value})
        except ValidationError as error:
            first = error.errors()[0]
            name = f"{PREFIX}{str(first['loc'][0]).upper()}"
            value = "a value that is not shown" if first["loc"][0] == "password" else repr(first["input"])
            raise ConfigError(f"{name} is set to {value}: {first['msg']}.", "Change it or unset it.") from None


def _names(settings: type[Settings]) -> str:
    return ", ".join(f"{PREFIX}{name.upper()}" for name in settings.model_fields)
