"""Once a password is set, nothing but the login page is had without it: not the page, not its API, not the tools."""

from __future__ import annotations

import base64
import itertools
from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient
from starlette.types import ASGIApp

from index import Index
from page.limits import Rates
from page.login import Login
from tests.fuzzing import toy_index
from tests.test_limits import AGENT, ASK, call, data
from tests.toy_page import toy_service

PASSWORD = "penguins at noon 企鵝"  # pragma: allowlist secret


@pytest.fixture(scope="module")
def toy() -> Index:
    return toy_index()


@pytest.fixture(scope="module")
def app(toy: Index) -> Iterator[ASGIApp]:
    service = toy_service(toy, user="zoo", password=PASSWORD)
    with TestClient(service.app, base_url="http://127.0.0.1"):
        yield service.app


_numbers = itertools.count(1)


@pytest.fixture
def client(app: ASGIApp) -> TestClient:
    """A client with an address of its own."""
    return TestClient(app, base_url="http://127.0.0.1", client=(f"10.0.0.{next(_numbers)}", 1))


def basic(user: str, password: str) -> dict[str, str]:
    return {"authorization": "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()}


def form(user: str, password: str) -> dict[str, str]:
    return {"username": user, "password": password}


BEARER = {"authorization": basic("zoo", PASSWORD)["authorization"].replace("Basic", "Bearer")}
GUARDED = [
    ("GET", "/config"),
    ("GET", "/document/0"),
    ("GET", "/relevance?q=housing"),
    ("GET", "/metrics"),
    ("GET", "/gradio_api/info"),
    ("GET", "/gradio_api/queue/data?session_hash=a"),
    ("GET", f"{ASK}/abc"),
    ("GET", "/gradio_api/heartbeat/abc"),
    ("POST", ASK),
    ("POST", "/gradio_api/queue/join"),
    ("POST", "/gradio_api/reset"),
    ("POST", "/mcp"),
]


@pytest.mark.parametrize(("method", "path"), GUARDED)
def test_nothing_is_had_without_the_password(client: TestClient, method: str, path: str) -> None:
    for headers in ({}, {"cookie": "access-token-x=y"}, basic("zoo", "wrong"), BEARER):
        answer = client.request(method, path, headers=headers)
        assert answer.status_code == 401, headers
        assert "Log in first" in answer.json()["detail"]
    assert client.request(method, path).headers["www-authenticate"].startswith("Basic ")


def test_the_login_page_says_nothing_of_the_documents(client: TestClient) -> None:
    page = client.get("/")
    assert page.status_code == 200
    assert "auth_required" in page.text
    assert "就業" not in page.text
    assert client.get("/healthz").json()["status"] == "ready"


def test_whoever_logs_in_on_the_page_is_let_in(client: TestClient) -> None:
    assert client.post("/login", data=form("zoo", "wrong")).status_code == 400
    assert client.get("/relevance?q=housing").status_code == 401
    assert client.post("/login", data=form("zoo", PASSWORD)).status_code == 200
    assert client.get("/relevance?q=housing").status_code == 200
    assert client.post(ASK, json=data("what is planned?")).status_code == 200
    client.cookies.clear()
    assert client.get("/relevance?q=housing").status_code == 401


def test_nobody_logs_others_out(client: TestClient) -> None:
    assert client.post("/login", data=form("zoo", PASSWORD)).status_code == 200
    for headers in ({}, basic("zoo", PASSWORD)):
        assert client.get("/logout", headers=headers).status_code == 404  # Gradio's ends every session of that name
    assert client.get("/config", headers=basic("zoo", PASSWORD)).status_code == 200
    assert client.get("/relevance?q=housing").status_code == 200


def test_an_office_behind_one_address_may_log_in(client: TestClient) -> None:
    assert [client.post("/login", data=form("zoo", PASSWORD)).status_code for _ in range(15)] == [200] * 15


def test_programs_and_agents_send_it_with_each_request(client: TestClient) -> None:
    headers = {**AGENT, **basic("zoo", PASSWORD)}
    assert client.get("/config", headers=headers).status_code == 200
    event = client.post(ASK, json=data("what is planned for housing?"), headers=headers).json()["event_id"]
    assert "event: complete" in client.get(f"{ASK}/{event}", headers=headers).text
    told = client.post("/mcp", json=call("what is planned for housing?"), headers=headers)
    assert told.json()["result"]["structuredContent"]["citations"]


def test_passwords_cannot_be_tried_for_long(client: TestClient) -> None:
    assert client.get("/healthz", headers=basic("zoo", "guess")).status_code == 401
    statuses = [client.get("/config", headers=basic("zoo", f"guess {n}")).status_code for n in range(11)]
    assert statuses == [401] * 9 + [429] * 2
    assert client.post("/login", data=form("zoo", "guess")).status_code == 429
    assert client.get("/healthz", headers=basic("zoo", "guess")).status_code == 429  # nor where none is needed
    assert client.get("/config", headers=basic("zoo", PASSWORD)).status_code == 429  # nor is the right guess told apart
    assert client.post("/login", data=form("zoo", PASSWORD)).status_code == 429


def test_whoever_is_logged_in_is_not_shut_out_by_the_guesses_of_others(client: TestClient) -> None:
    assert client.post("/login", data=form("zoo", PASSWORD)).status_code == 200
    for n in range(11):
        client.get("/config", headers=basic("zoo", f"guess {n}"))
    assert client.get("/relevance?q=housing").status_code == 200
    for _ in range(20):  # and the right one is sent as often as a program likes
        other = TestClient(client.app, base_url="http://127.0.0.1", client=("10.1.0.1", 1))
        assert other.get("/config", headers=basic("zoo", PASSWORD)).status_code == 200


def test_passwords_are_compared_by_their_hashes_in_constant_time(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[tuple[bytes, bytes]] = []
    monkeypatch.setattr("page.login.hmac.compare_digest", lambda a, b: compared.append((a, b)) or a == b)
    login = Login("zoo", PASSWORD, Rates(10))
    assert login.knows("zoo", PASSWORD)
    assert not login.knows("zo", PASSWORD)
    assert not login.knows("zoo", PASSWORD + " ")
    assert not login.knows("\ud800", "")
    assert len(compared) == 8
    assert all(len(a) == len(b) == 32 for a, b in compared)
    assert PASSWORD.encode() not in b"".join(part for pair in compared for part in pair)
    assert PASSWORD not in repr(vars(login))
