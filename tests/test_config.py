"""Settings from the environment."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.config import Settings
from index.errors import ConfigError


def test_what_is_unset_has_a_default() -> None:
    settings = Settings.from_environment({})
    assert (settings.model, settings.host, settings.port) == ("multilingual-e5-small", "127.0.0.1", None)
    for folder in (settings.cache, settings.data):
        assert folder.is_absolute()
        assert Path(__file__).parents[1] not in folder.parents
    assert settings.feedback


def test_variables_are_read_and_typed() -> None:
    settings = Settings.from_environment(
        {"NANGUAN_PORT": "8000", "NANGUAN_CORPUS": "/tmp/x", "NANGUAN_MODEL": "", "HOME": "/"}
    )
    assert not Settings.from_environment({"NANGUAN_FEEDBACK": "false"}).feedback
    assert (settings.port, settings.corpus, settings.model) == (8000, Path("/tmp/x"), "multilingual-e5-small")


def test_a_machines_own_users_have_no_rate_unless_one_is_set() -> None:
    assert Settings.from_environment({}).allowed_rate == 1_000_000
    assert Settings.from_environment({"NANGUAN_HOST": "0.0.0.0"}).allowed_rate == 600
    assert Settings.from_environment({"NANGUAN_RATE": "7"}).allowed_rate == 7


@pytest.mark.parametrize(
    ("variables", "says"),
    [
        ({"NANGUAN_MODLE": "x"}, "NANGUAN_MODLE is unknown. Did you mean NANGUAN_MODEL"),
        ({"NANGUAN_ZZZ": "x"}, "Known: NANGUAN_MODEL"),
        ({"NANGUAN_PORT": "70000"}, "NANGUAN_PORT is set to '70000'"),
        ({"NANGUAN_FEEDBACK": "perhaps"}, "NANGUAN_FEEDBACK is set to 'perhaps'"),
        ({"NANGUAN_THREADS": "many"}, "NANGUAN_THREADS is set to 'many'"),
    ],
)
def test_what_cannot_be_meant_is_an_error(variables: dict[str, str], says: str) -> None:
    with pytest.raises(ConfigError, match=says):
        Settings.from_environment(variables)


def test_a_password_is_never_shown() -> None:
    settings = Settings.from_environment({"NANGUAN_PASSWORD": "penguins at noon"})  # pragma: allowlist secret
    assert "penguins" not in f"{settings!r} {settings} {settings.model_dump()}"
    with pytest.raises(ConfigError) as raised:
        Settings.from_environment({"NANGUAN_PASSWORD": "short"})  # pragma: allowlist secret
    assert "short" not in str(raised.value).replace("too_short", "")
    assert raised.value.__cause__ is None


def test_proxies_are_addresses_or_networks() -> None:
    settings = Settings.from_environment({"NANGUAN_PROXIES": "172.17.0.1, 10.0.0.0/8,fd00::/8"})
    assert [str(proxy) for proxy in settings.proxies] == ["172.17.0.1/32", "10.0.0.0/8", "fd00::/8"]
    with pytest.raises(ConfigError, match=r"NANGUAN_PROXIES is set to .*Change it"):
        Settings.from_environment({"NANGUAN_PROXIES": "proxy.example"})


def test_names_are_listed_with_commas_and_only_loopback_is_local() -> None:
    settings = Settings.from_environment({"NANGUAN_NAMES": "Zoo.example, farm.example,", "NANGUAN_HOST": "0.0.0.0"})
    assert settings.names == ("zoo.example", "farm.example")
    assert not settings.is_local
    assert Settings.from_environment({}).is_local
    behind_a_proxy = Settings.from_environment({"NANGUAN_NAMES": "zoo.example"})
    assert not behind_a_proxy.is_local
    assert behind_a_proxy.allowed_rate == settings.allowed_rate < Settings.from_environment({}).allowed_rate
