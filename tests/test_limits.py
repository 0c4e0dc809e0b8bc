"""What is too large, too often, too many or too slow is refused in a sentence; a stopped server ends its work."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient
from uvicorn.server import ServerState

from index import Index
from page.connections import PromptProtocol
from page.limits import MOST_BYTES, Limits, Rates, client_of
from page.server import _Server
from page.texts import text
from tests.fuzzing import toy_index
from tests.serving import free_port, wait_for
from tests.toy_page import toy_service

ROOT = Path(__file__).parents[1]
ASK = "/gradio_api/call/ask"
AGENT = {"accept": "application/json, text/event-stream"}


@pytest.fixture(scope="module")
def toy() -> Index:
    return toy_index()


@pytest.fixture(scope="module")
def client(toy: Index) -> Iterator[TestClient]:
    with TestClient(toy_service(toy).app, base_url="http://127.0.0.1") as client:
        yield client


def data(question: str, history: Any = ()) -> dict[str, Any]:
    return {"data": [question, list(history)]}


def call(question: str) -> dict[str, Any]:
    params = {"name": "ask", "arguments": {"question": question}}
    return {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params}


def test_a_question_that_is_too_long_is_refused_everywhere(client: TestClient) -> None:
    for path, sent in (
        (ASK, data("x" * 2001)),
        ("/gradio_api/queue/join", data("南" * 2001)),
        ("/mcp", call("x" * 2001)),
    ):
        answer = client.post(path, json=sent, headers=AGENT)
        assert answer.status_code == 413, path
        assert answer.json()["detail"] == "The question is too long: at most 2000 characters are taken. Shorten it."
    assert client.get("/relevance", params={"q": "x" * 2001}).status_code == 413
    assert client.post(ASK, json=data("x" * 2000)).status_code == 200


@pytest.mark.parametrize("declared", [True, False])
def test_a_request_that_is_too_large_is_refused_before_it_is_read(client: TestClient, declared: bool) -> None:
    content = json.dumps(data("hi", [["x" * MOST_BYTES, ""]])).encode()
    for path in (ASK, "/mcp", "/login"):
        sent = content if declared else iter([content[:1000], content[1000:]])
        answer = client.post(path, content=sent, headers={"accept-language": "zh-CN"})
        assert answer.status_code == 413, path
        assert "最多接受 256 KiB" in answer.json()["detail"]
    assert client.post(ASK, content=content, headers={"content-length": "9" * 5000}).status_code == 413


def test_what_is_said_to_be_too_large_is_not_read_at_all() -> None:
    sent: list[Any] = []

    async def receive() -> Any:
        raise AssertionError("it was read")

    async def send(message: Any) -> None:
        sent.append(message)

    headers = [(b"content-length", str(MOST_BYTES + 1).encode())]
    scope = {"type": "http", "method": "POST", "path": "/login", "headers": headers, "query_string": b""}
    asyncio.run(Limits(1, 1, 1).wrap(receive)(scope, receive, send))  # type: ignore[arg-type]
    assert sent[0]["status"] == 413


def test_a_request_that_does_not_come_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("page.limits.PATIENCE", 0.05)
    sent: list[Any] = []

    async def receive() -> Any:
        await asyncio.sleep(5)

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "POST", "path": "/login", "headers": [], "query_string": b""}
    asyncio.run(Limits(1, 1, 1).wrap(receive)(scope, receive, send))  # type: ignore[arg-type]
    assert sent[0]["status"] == 408


def test_a_connection_that_brings_no_whole_request_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("page.connections.PATIENCE", 0.1)

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await asyncio.sleep(0.5)  # an answer may take longer
        await PlainTextResponse("answered")(scope, receive, send)

    async def told(*sent: bytes) -> bytes:
        config = uvicorn.Config(app, log_level="warning", lifespan="off", timeout_keep_alive=20)
        config.load()
        loop, state = asyncio.get_running_loop(), ServerState()
        server = await loop.create_server(lambda: PromptProtocol(config, state, {}), "127.0.0.1", 0)
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        writer.write(sent[0])
        answer = b""
        for more in sent[1:]:
            answer += await reader.readuntil(b"answered")
            writer.write(more)
        answer += await asyncio.wait_for(reader.read(), 3)
        writer.close()
        server.close()
        return answer

    whole, part = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n", b"GET / HTTP/1.1\r\nHost:"
    assert asyncio.run(told(part)) == b""
    assert asyncio.run(told(b"")) == b""
    assert asyncio.run(told(whole, whole, part)).count(b"200 OK") == 2


def test_a_connection_is_kept_open_for_longer_than_programs_keep_theirs(toy: Index) -> None:
    assert _Server(toy_service(toy), "").config.timeout_keep_alive > 2 * (httpx.Limits().keepalive_expiry or 0) > 0


def test_streams_held_open_keep_nobody_else_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """One call, fetched by many who each wait for ever; the answer comes to the first of them only."""
    monkeypatch.setattr("page.limits._OPEN", 5)
    limits = Limits(100, 3, 1)
    statuses: list[int] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["path"] == "/relevance":
            await PlainTextResponse("answered")(scope, receive, send)
        else:
            await asyncio.sleep(60)

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])

    def get(path: str, client: str) -> Any:
        scope = {
            "type": "http",
            "method": "GET",
            "path": path,
            "headers": [],
            "query_string": b"",
            "client": (client, 1),
        }
        return limits.wrap(app)(scope, None, send)  # type: ignore[arg-type]

    async def run() -> None:
        paths = (f"{ASK}/abc", "/gradio_api/queue/data", "/gradio_api/heartbeat/x")
        held = [asyncio.create_task(get(paths[number % 3], "10.0.0.1")) for number in range(8)]
        await asyncio.sleep(0)
        assert statuses == [429] * 3  # more than one client may hold
        await get("/relevance", "10.0.0.2")
        assert statuses[3:] == [200]
        assert limits.idle
        assert limits.streams == 5
        for each in held:
            each.cancel()
        await asyncio.gather(*held, return_exceptions=True)
        assert limits.streams == 0
        assert not limits._open

    asyncio.run(run())


def test_a_server_is_not_idle_while_anyone_waits() -> None:
    limits = Limits(1, 1, 1)
    assert limits.idle
    limits.queued = lambda: 1
    assert not limits.idle
    limits.queued, limits.under_way = lambda: 0, 1
    assert not limits.idle


def test_a_client_that_asks_too_often_waits_and_others_do_not(toy: Index) -> None:
    with TestClient(toy_service(toy, rate=3).app, base_url="http://127.0.0.1", client=("10.0.0.1", 1)) as one:
        statuses = [one.get("/relevance", params={"q": "housing"}).status_code for _ in range(4)]
        assert statuses == [200, 200, 200, 429]
        refused = one.post(ASK, json=data("hi"), headers={"accept-language": "zh-TW"})
        assert refused.status_code == 429
        assert 1 <= int(refused.headers["retry-after"]) <= 20
        assert "請等" in refused.json()["detail"]
        assert one.get("/healthz").status_code == 200
        two = TestClient(one.app, base_url="http://127.0.0.1", client=("10.0.0.2", 1))
        assert two.get("/relevance", params={"q": "housing"}).status_code == 200


def test_whom_a_trusted_proxy_names_is_who_asks(toy: Index) -> None:
    app = toy_service(toy, rate=2, proxies="10.0.0.0/8").app
    with TestClient(app, base_url="http://127.0.0.1"):
        for proxy, statuses in (
            ("10.1.2.3", [200] * 4),
            ("::ffff:10.1.2.4", [200] * 4),  # IPv4, as it arrives where both are served
            ("10.1.2.3", [429] * 4),
            ("192.0.2.1", [200, 200, 429, 429]),
        ):
            client = TestClient(app, base_url="http://127.0.0.1", client=(proxy, 1))
            readers = [{"x-forwarded-for": f"198.51.100.{number}"} for number in range(4)]
            assert [client.get("/relevance?q=housing", headers=of).status_code for of in readers] == statuses


def test_rates_fill_again_and_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr("page.limits.time.monotonic", lambda: now[0])
    rates = Rates(60)
    assert [rates.take("a") for _ in range(61)] == [0] * 60 + [1]
    now[0] = 1.0
    assert (rates.take("a"), rates.take("a")) == (0, 1)
    for number in range(10_050):
        rates.take(str(number))
    assert len(rates._left) == 10_000


@pytest.mark.parametrize(
    ("address", "client"),
    [
        ("1.2.3.4", "1.2.3.4"),
        ("2001:db8:1:2:3::4", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("x", "x"),
        ("::ffff:1.2.3.4", "1.2.3.4"),
    ],
)
def test_who_a_client_is(address: str, client: str) -> None:
    assert client_of({"client": (address, 1)}) == client


class Slow:
    """An index whose answers wait until they are let go."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self.let_go = threading.Event()
        self.begun = threading.Semaphore(0)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._index, name)

    def hold(self) -> None:
        self.begun.release()
        self.let_go.wait(30)

    def ask(self, *given: Any) -> Any:
        self.hold()
        return self._index.ask(*given)

    def ask_ranked(self, *given: Any) -> Any:
        self.hold()
        return self._index.ask_ranked(*given)

    rank = ask


def test_more_than_the_queue_holds_is_refused_and_the_rest_is_answered(toy: Index) -> None:
    slow = Slow(toy)
    with TestClient(toy_service(slow, queue=2).app, base_url="http://127.0.0.1") as client:  # type: ignore[arg-type]
        asked = [client.post(ASK, json=data("what is planned?")) for _ in range(2)]
        assert [answer.status_code for answer in asked] == [200, 200]
        for path, status in ((ASK, 503), ("/gradio_api/queue/join", 429)):
            refused = client.post(
                path, json={**data("hi"), "session_hash": "a"}, headers={"accept-language": "zh-Hans"}
            )
            assert refused.status_code == status
            assert refused.json()["detail"] == "目前要回答的问题太多。请过几秒再问。"
        agents = client.post("/mcp", json=call("what is planned?"), headers=AGENT)
        assert agents.status_code == 503
        assert 'nanguan_requests_refused_total{status="503"} 3.0' in client.get("/metrics").text
        slow.let_go.set()
        for answer in asked:
            told = client.get(f"{ASK}/{answer.json()['event_id']}").text
            assert "event: complete" in told
        assert client.post(ASK, json=data("what is planned?")).status_code == 200


def test_a_queue_that_filled_up_meanwhile_is_said_as_everything_else_is(toy: Index) -> None:
    slow = Slow(toy)
    service = toy_service(slow, queue=1)  # type: ignore[arg-type]
    service.limits.queued = lambda: 0  # as if each had looked before the others came
    with TestClient(service.app, base_url="http://127.0.0.1") as client:
        answers = [client.post(ASK, json=data("what is planned?")) for _ in range(20)]
        slow.let_go.set()
    refused = [answer for answer in answers if answer.status_code == 503]
    assert refused
    assert {answer.json()["detail"] for answer in refused} == {text("too many", "en")}


def test_an_answer_that_takes_too_long_is_given_up(toy: Index) -> None:
    slow = Slow(toy)
    with TestClient(toy_service(slow, timeout=1).app, base_url="http://127.0.0.1") as client:  # type: ignore[arg-type]
        with ThreadPoolExecutor(3) as pool:
            event = client.post(ASK, json=data("有什麼計劃?")).json()["event_id"]
            queued = pool.submit(client.get, f"{ASK}/{event}")
            agent = pool.submit(client.post, "/mcp", json=call("what is planned?"), headers=AGENT)
            assert "超過 1 秒" in json.loads(queued.result(20).text.split("data: ")[1])["error"]
            assert agent.result(20).status_code == 503
            assert "longer than 1 seconds" in agent.result().json()["detail"]
        slow.let_go.set()


PROGRAM = """
import os, sys, time
from index.config import Settings
from page.server import serve
from tests.fuzzing import toy_index
from tests.test_limits import Slow
from tests.toy_page import toy_service
slow = Slow(toy_index())
slow.hold = lambda: (print("begun", flush=True), time.sleep(2))
serve(toy_service(slow, timeout=10), "127.0.0.1", int(sys.argv[1]), "{address}")
print("ended", flush=True)
"""


@pytest.mark.slow
def test_a_server_that_is_stopped_ends_what_is_under_way_and_takes_nothing_new(tmp_path: Path) -> None:
    log = tmp_path / "log"
    with log.open("w") as stream:
        server = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, str(free_port())], cwd=ROOT, stdout=stream, stderr=subprocess.STDOUT
        )
    try:
        address = wait_for(server, log)
        # A page that is open all the while does not keep the server.
        page = urllib.request.urlopen(f"{address}/gradio_api/heartbeat/abc", timeout=30)
        event = json.load(_post(f"{address}{ASK}", data("what is planned for housing?")))["event_id"]
        with ThreadPoolExecutor(2) as pool:
            queued = pool.submit(lambda: urllib.request.urlopen(f"{address}{ASK}/{event}", timeout=30).read().decode())
            agent = pool.submit(lambda: _post(f"{address}/mcp", call("what is planned for schools?")).read().decode())
            waited = time.monotonic()
            while log.read_text().count("begun") < 2:
                assert server.poll() is None
                assert time.monotonic() - waited < 20
                time.sleep(0.05)
            stopped = time.monotonic()
            os.kill(server.pid, signal.SIGTERM)
            time.sleep(0.3)
            with pytest.raises(urllib.error.HTTPError) as refused:
                _post(f"{address}{ASK}", data("and another?"))
            assert refused.value.code == 503
            assert "is being stopped" in json.load(refused.value)["detail"]
            assert "event: complete" in queued.result(20)
            assert "citations" in agent.result(20)
        assert server.wait(15) in (0, -signal.SIGTERM)
        assert time.monotonic() - stopped < 8
        page.close()
        assert "Traceback" not in log.read_text()
    finally:
        if server.poll() is None:
            server.kill()
            server.wait()


@pytest.mark.slow
def test_ctrl_c_ends_the_page_without_a_traceback(tmp_path: Path) -> None:
    log = tmp_path / "log"
    environment = {**os.environ, "NANGUAN_PORT": str(free_port()), "NANGUAN_CACHE": str(tmp_path)}
    with log.open("w") as stream:
        server = subprocess.Popen(
            [sys.executable, "app.py"], cwd=ROOT, stdout=stream, stderr=subprocess.STDOUT, env=environment
        )
    try:
        wait_for(server, log)  # the index is being built
        server.send_signal(signal.SIGINT)
        assert server.wait(20) == -signal.SIGINT
        assert len(log.read_text().splitlines()) == 1  # where the page was
    finally:
        if server.poll() is None:
            server.kill()
            server.wait()


def _post(url: str, sent: object) -> Any:
    headers = {"Content-Type": "application/json", **AGENT}
    return urllib.request.urlopen(urllib.request.Request(url, json.dumps(sent).encode(), headers), timeout=30)


def test_nothing_is_kept_of_a_call_that_is_over(toy: Index) -> None:
    service = toy_service(toy)
    with TestClient(service.app, base_url="http://127.0.0.1") as client:
        for _ in range(3):
            event = client.post(ASK, json=data("what is planned?")).json()["event_id"]
            assert "event: complete" in client.get(f"{ASK}/{event}").text
        queue = service.gradio.get_blocks()._queue
        assert len(service.gradio.state_holder.session_data) == 0
        assert len(queue.pending_messages_per_session) == len(queue.pending_event_ids_session) == 0
    assert service.gradio.state_holder.capacity == 500


def test_no_statistics_are_made_of_calls_that_are_over() -> None:
    """Gradio makes them anew after every call, of the last 10,000."""
    program = """
import app
import gradio
queue = gradio.Blocks()._queue
queue.events_recorded = 10_000
queue._get_df = lambda records: print("made")
queue.compute_analytics_summary([{}])
print(queue.ANALYTICS_MAX_EVENTS)
"""
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["1"]
