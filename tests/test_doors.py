"""Which paths are open, under which names, to which pages; and what a browser is told."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from starlette.testclient import TestClient
from starlette.types import Message
from starlette.websockets import WebSocketDisconnect

from index import Index
from page.server import Service
from tests.fuzzing import toy_index
from tests.toy_page import toy_service

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def toy() -> Index:
    return toy_index()


@pytest.fixture(scope="module")
def service(toy: Index) -> Service:
    return toy_service(toy)


@pytest.fixture(scope="module")
def client(service: Service) -> Iterator[TestClient]:
    with TestClient(service.app, base_url="http://127.0.0.1:7860") as client:
        yield client


OPEN = [
    "/",
    "/config",
    "/theme.css",
    "/gradio_api/info",
    "/gradio_api/startup-events",
    "/healthz",
    "/metrics",
    "/page-files/page.js",
    "/document/0",
    "/relevance?q=housing",
]


@pytest.mark.parametrize("path", OPEN)
def test_what_the_page_and_programs_need_is_open(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 200


KNOWN = {
    *"/ /config /theme.css /favicon.ico /manifest.json /robots.txt /login /login_check".split(),
    *"/healthz /metrics /relevance /mcp /assets /static /page-files /document".split(),
}
KNOWN_API = {*"info app_id startup-events theme.css login_check queue heartbeat call reset cancel".split()}


def test_every_other_route_of_gradio_is_as_if_it_were_not_there(client: TestClient, service: Service) -> None:
    closed = 0
    for route in _all(service.gradio.routes):
        path = re.sub(r"\{[^}]*\}", "0", route.path)
        first = "/" + path.split("/")[1]
        api = path.removeprefix("/gradio_api/").split("/")[0]
        if first in KNOWN or (first == "/gradio_api" and api in KNOWN_API):
            continue
        for method in getattr(route, "methods", None) or {"GET"}:
            answer = client.request(method, path)
            assert answer.status_code == 404, path
            if method != "HEAD":
                assert answer.json() == {"detail": "There is nothing at this address."}
        closed += 1
    assert closed > 30
    for path in ("/gradio_api/run/ask", "/gradio_api/api/ask", "/gradio_api/call/v2/ask", "/gradio_api/run/ask/"):
        assert client.post(path, json={"data": ["what is planned?", []]}).status_code == 404, path


def test_only_what_need_not_queue_can_be_called_directly(client: TestClient) -> None:
    functions = client.get("/config").json()["dependencies"]
    queued = [function["id"] for function in functions if function["queue"] is not False]
    assert len(queued) >= 4
    assert len(queued) < len(functions)
    for number in queued:
        answer = client.post("/gradio_api/run/predict", json={"data": ["what is planned?"], "fn_index": number})
        assert answer.status_code == 404, number
        assert "join the queue" in answer.json()["detail"]


def _all(routes: Iterable[Any]) -> Iterator[Any]:
    for route in routes:
        inner = getattr(route, "original_router", None)
        yield from _all(inner.routes) if inner else [route]


@pytest.mark.parametrize("path", ["/", "/gradio_api/queue/join", "/mcp"])
def test_no_websocket_is_opened(client: TestClient, path: str) -> None:
    with pytest.raises(WebSocketDisconnect) as refused, client.websocket_connect(path):
        pass
    assert refused.value.code == 1008


OUTSIDE = [
    "/gradio_api/file=/etc/passwd",
    "/gradio_api/file=app.py",
    "/file=/etc/passwd",
    "/gradio_api/proxy=http://127.0.0.1/",
    "/static/../../../../etc/passwd",
    "/static/..%2f..%2f..%2fetc/passwd",
    "/assets/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
    "/assets//etc/passwd",
    "/page-files/../server.py",
    "/page-files/..%2fserver.py",
    "/page-files/%2e%2e/server.py",
    "/page-files/....//server.py",
    "/page-files//etc/passwd",
    "/page-files/C:/Windows/win.ini",
    "/document/../../etc/passwd",
    "/document/-1",
    "/document/99",
    "/document/1e0",
    "/document/９",
    "/svelte/../x",
    "/gradio_api/custom_component/1/server/x/../../../etc/passwd",
]


def got(client: TestClient, path: str) -> tuple[int, str]:
    """The status and the body of an answer to a path as it is written: a client would make one of "/a/../b"."""
    scope = {
        "type": "http",
        "method": "GET",
        "scheme": "http",
        "path": unquote(path),
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": [(b"host", b"127.0.0.1:7860")],
        "client": ("127.0.0.1", 1),
    }
    asked: list[Message] = [{"type": "http.request", "body": b""}]
    sent: list[Message] = []

    async def receive() -> Message:
        if not asked:
            await asyncio.Event().wait()  # it stays to hear the answer
        return asked.pop()

    async def send(message: Message) -> None:
        sent.append(message)

    client.portal.call(client.app, scope, receive, send)
    return sent[0]["status"], b"".join(message.get("body", b"") for message in sent).decode()


@pytest.mark.parametrize("path", OUTSIDE)
def test_no_file_of_this_machine_is_served(client: TestClient, path: str) -> None:
    status, body = got(client, path)
    assert status in (404, 422), path
    assert "root:" not in body
    assert "import" not in body


def test_a_file_that_is_served_is_got_by_its_path(client: TestClient) -> None:
    assert got(client, "/page-files/page.js") == (200, (ROOT / "page" / "assets" / "page.js").read_text("utf-8"))


POLICY = {
    "default-src": {"'self'"},
    "script-src": {"'self'", "'nonce-'", "'unsafe-eval'"},
    "style-src": {"'self'", "'unsafe-inline'"},
    "img-src": {"'self'", "data:", "blob:"},
    "font-src": {"'self'", "data:"},
    "connect-src": {"'self'"},
    "object-src": {"'none'"},
    "base-uri": {"'self'"},
    "form-action": {"'self'"},
    "frame-ancestors": {"'none'"},
}
TOLD = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
}


def test_every_answer_tells_the_browser_what_it_may_do(client: TestClient) -> None:
    nonces = set()
    for path in ("/", "/healthz", "/page-files/page.js", "/nothing", "/gradio_api/run/ask"):
        headers = client.get(path, headers={"origin": "http://127.0.0.1:7860"}).headers
        policy = headers["content-security-policy"]
        [nonce] = re.findall(r"'nonce-([\w-]+)'", policy)
        said = {name: set(sources) for name, *sources in map(str.split, policy.replace(nonce, "").split(";"))}
        assert said == POLICY, path
        assert {name: headers.get(name) for name in TOLD} == TOLD, path
        assert not [name for name in headers if name.startswith("access-control-")], path
        nonces.add(nonce)
    assert len(nonces) == 5


def test_every_script_of_the_page_carries_its_nonce_and_no_other_does(client: TestClient) -> None:
    answer = client.get("/")
    [nonce] = re.findall(r"'nonce-([\w-]+)'", answer.headers["content-security-policy"])
    scripts = re.findall(r"<script[^>]*>", answer.text)
    assert len(scripts) > 4
    assert all(f'nonce="{nonce}"' in script for script in scripts)
    assert not re.search(r"\son\w+=", re.sub(r"<script.*?</script>", "", answer.text, flags=re.DOTALL))


@pytest.mark.parametrize(
    "origin",
    [
        "http://evil.example",
        "null",
        "https://127.0.0.1.evil.example",
        "",
        "http://127.0.0.1:1",
        "http://127.0.0.1:78600",
    ],
)
def test_pages_of_other_sites_are_not_answered(client: TestClient, origin: str) -> None:
    for method, path in (("POST", "/gradio_api/call/ask"), ("POST", "/mcp"), ("GET", "/relevance?q=housing")):
        answer = client.request(method, path, json={"data": ["hi", []]}, headers={"origin": origin})
        assert answer.status_code == 403, (method, path)
        assert "other sites" in answer.json()["detail"]


FETCHED = {"sec-fetch-mode": "no-cors", "sec-fetch-dest": "image"}
FRAMED = {"sec-fetch-mode": "navigate", "sec-fetch-dest": "iframe"}
FOLLOWED = {"sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}


@pytest.mark.parametrize("site", ["cross-site", "same-site"])  # another port of this machine is the latter
def test_what_a_page_of_another_site_draws_in_is_not_answered_and_its_links_are(client: TestClient, site: str) -> None:
    for path in ("/relevance?q=housing", "/", "/healthz"):
        for headers in (FETCHED, FRAMED, {}):
            assert client.get(path, headers={"sec-fetch-site": site, **headers}).status_code == 403, (path, headers)
    assert client.get("/relevance?q=housing", headers={"sec-fetch-site": site, **FOLLOWED}).status_code == 403
    assert client.get("/?q=housing", headers={"sec-fetch-site": site, **FOLLOWED}).status_code == 200
    for own in ("same-origin", "none"):
        assert client.get("/relevance?q=housing", headers={"sec-fetch-site": own, **FETCHED}).status_code == 200


def test_where_a_browser_says_no_more_than_whence_it_comes_that_is_looked_at(client: TestClient) -> None:
    elsewhere, own = {"referer": "http://127.0.0.1:9999/page?q=1"}, {"referer": "http://127.0.0.1:7860/?q=1"}
    assert client.get("/relevance?q=housing", headers=elsewhere).status_code == 403
    assert client.get("/relevance?q=housing", headers=own).status_code == 200
    assert client.get("/?q=housing", headers=elsewhere).status_code == 200


def test_its_own_page_is_answered(client: TestClient) -> None:
    asked = {"json": {"data": ["what is planned?", []]}, "headers": {"origin": "http://127.0.0.1:7860"}}
    assert client.post("/gradio_api/call/ask", **asked).status_code == 200


def test_only_its_own_names_are_answered(client: TestClient, toy: Index) -> None:
    for host in ("127.0.0.1:7860", "localhost", "[::1]:80"):
        assert client.get("/healthz", headers={"host": host}).status_code == 200, host
    for host in ("evil.example", "192.168.1.5", "[", ""):
        answer = client.get("/healthz", headers={"host": host, "accept-language": "zh-TW,en"})
        assert answer.status_code == 421, host
        assert "NANGUAN_NAMES" in answer.json()["detail"]
    wide = TestClient(toy_service(toy, host="0.0.0.0", names="zoo.example, Farm.example").app)
    for host in ("192.168.1.5:7860", "zoo.example", "FARM.example:1", "localhost"):
        assert wide.get("/healthz", headers={"host": host}).status_code == 200, host
    assert wide.get("/healthz", headers={"host": "evil.example"}).status_code == 421


def test_a_refusal_is_in_the_language_of_the_page(client: TestClient) -> None:
    said = {
        language: client.get("/nothing", headers=headers).json()["detail"]
        for language, headers in {
            "cookie": {"cookie": "a/b=c; nanguan-language=zh-Hans", "accept-language": "en"},
            "header": {"accept-language": "de, zh-HK;q=0.9, en;q=0.5"},
            "script": {"accept-language": "zh-Hans-HK, zh-HK;q=0.9"},
            "other": {"accept-language": "de", "cookie": "nanguan-language=xx"},
            "broken": {"cookie": "=;;;=\x7f", "accept-language": ",;q="},
        }.items()
    }
    assert said["cookie"] == said["script"] == "这个地址没有内容。"
    assert said["header"] == "這個位址沒有內容。"
    assert said["other"] == said["broken"] == "There is nothing at this address."
