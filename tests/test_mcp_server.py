"""The MCP server, as an agent uses it: the SDK's own client, on standard input and output and over HTTP."""

from __future__ import annotations

import json
import os
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import anyio
import pytest
import uvicorn
from fastapi import FastAPI
from mcp import Client
from mcp.client.stdio import StdioServerParameters
from starlette.types import ASGIApp

from index import Answer, Document, Index
from index.errors import IndexFileError
from index.lead import lead
from index.mcp_server import build_server, http_endpoint
from tests.serving import free_port

ROOT = Path(__file__).parents[1]
QUESTIONS = (
    "what does Nanguan plan for employment?",
    "南關區怎樣促進就業?",
    "学生的课业负担会减轻吗?",
    "What is the population of Nanguan?",
    "Which metro lines are supported?",
)


def told(answer: Answer) -> dict[str, Any]:
    """What the tool should say of an answer: all of it but the sources as text, and the line that opens it."""
    values = json.loads(json.dumps({**answer.to_dict(), "lead": lead(answer)}))
    del values["sources"]
    return values


def parted(said: Any) -> tuple[Any, list[float]]:
    """What was said without its scores, and these: in a batch, a question is read a little otherwise than alone."""
    scores: list[float] = []

    def without(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: without(part) for key, part in value.items()}
        if isinstance(value, list):
            return [without(part) for part in value]
        if isinstance(value, float):
            scores.append(value)
            return 0.0
        return value

    return without(said), scores


def called(server: Any, *calls: tuple[str, dict[str, Any]]) -> list[Any]:
    """The results of tools called one after the other."""

    async def call() -> list[Any]:
        async with Client(server) as client:
            return [await client.call_tool(*one) for one in calls]

    return anyio.run(call)


@pytest.fixture(scope="module")
def zoo() -> Index:
    """Two documents that no test changes."""
    text = (
        "The zoo\n\nOpening hours\n\nThe zoo opens at nine. Penguins are fed at noon.\n\nPrices\n\nChildren pay half.\n"
    )
    return Index.build([Document("zoo", text, title="A guide"), Document("farm", "農場清晨六點餵牛。")])


def test_tools_say_what_they_take_and_give(zoo: Index) -> None:
    async def listed() -> list[Any]:
        async with Client(build_server(lambda: zoo)) as client:
            assert client.instructions
            return (await client.list_tools()).tools

    tools = {tool.name: tool for tool in anyio.run(listed)}
    assert set(tools) == {"ask", "search", "read_section", "list_sections"}
    assert tools["ask"].input_schema["required"] == ["question"]
    for tool in tools.values():
        assert len(tool.description) > 60
        assert tool.output_schema["type"] == "object"
        assert tool.annotations.read_only_hint
        assert all("description" in taken for taken in tool.input_schema["properties"].values())
    assert set(tools["ask"].output_schema["required"]) >= {
        "answered",
        "lead",
        "text",
        "language",
        "confidence",
        "citations",
    }


def test_asking_searching_and_reading(zoo: Index) -> None:
    history = [["When are penguins fed?", "At noon."]]
    asked, followed, found, read, listed, passed_over = called(
        build_server(lambda: zoo),
        ("ask", {"question": "When are penguins fed?"}),
        ("ask", {"question": "and the cows?", "history": history}),
        ("search", {"question": "penguins", "k": 2}),
        ("read_section", {"document": "zoo", "heading": "opening"}),
        ("list_sections", {}),
        ("list_sections", {"offset": 1}),
    )
    assert asked.structured_content == told(zoo.ask("When are penguins fed?"))
    assert json.loads(asked.content[0].text) == asked.structured_content
    assert followed.structured_content == told(zoo.ask("and the cows?", [tuple(turn) for turn in history]))
    assert followed.structured_content["understood"] != "and the cows?"
    hits = found.structured_content["hits"]
    assert [{name: hit[name] for name in ("document", "start", "end", "score")} for hit in hits] == [
        asdict(hit) for hit in zoo.search("penguins", 2)
    ]
    assert (hits[0]["text"], hits[0]["section"], hits[0]["title"]) == (
        "Penguins are fed at noon.",
        "Opening hours",
        "A guide",
    )
    section = read.structured_content
    assert (section["number"], section["heading"], section["rendering"]) == (1, "Opening hours", "")
    assert zoo.documents["zoo"].text[section["start"] : section["end"]] == section["text"]
    assert [document["document"] for document in listed.structured_content["documents"]] == ["zoo", "farm"]
    assert [place["heading"] for place in listed.structured_content["documents"][0]["sections"]] == [
        "",
        "Opening hours",
        "Prices",
    ]
    assert [document["document"] for document in passed_over.structured_content["documents"]] == ["farm"]
    assert passed_over.structured_content["total"] == 2


def test_every_citation_leads_to_its_section(nanguan: Index) -> None:
    answer = nanguan.ask(QUESTIONS[0])
    results = called(
        build_server(lambda: nanguan),
        *(("read_section", {"document": c.document, "position": c.start}) for c in answer.citations),
    )
    for citation, result in zip(answer.citations, results, strict=True):
        assert citation.quote in result.structured_content["text"]
        assert result.structured_content["heading"] == citation.section
        assert citation.rendering in result.structured_content["rendering"]


@pytest.mark.parametrize(
    ("tool", "arguments", "says"),
    [
        ("ask", {"question": "  "}, "The question is empty. Type a few words."),
        ("ask", {"question": "x" * 2001}, "The question has 2,001 characters; at most 2,000 are taken. Shorten it."),
        ("search", {"question": "penguins", "k": 0}, "k must be at least 1, not 0."),
        ("read_section", {"document": "ark", "number": 1}, "There is no document 'ark'. There is: zoo, farm."),
        (
            "read_section",
            {"document": "zoo"},
            "A section is named by one of position, number and heading. Give exactly",
        ),
        ("read_section", {"document": "zoo", "number": 9}, "There is no section 9. zoo has sections 0 to 2."),
        ("list_sections", {"document": "ark"}, "There is no document 'ark'."),
    ],
)
def test_an_error_is_one_sentence(zoo: Index, tool: str, arguments: dict[str, Any], says: str) -> None:
    [result] = called(build_server(lambda: zoo), (tool, arguments))
    assert result.is_error
    assert result.content[0].text.startswith(says)
    assert "\n" not in result.content[0].text


def test_an_index_that_does_not_open_is_said_so() -> None:
    def fail() -> Index:
        raise IndexFileError("The index is gone.", "Build it.")

    [result] = called(build_server(fail), ("ask", {"question": "hi"}))
    assert (result.is_error, result.content[0].text) == (True, "The index is gone. Build it.")


@pytest.mark.slow
def test_over_standard_input_and_output(nanguan: Index, tmp_path: Path) -> None:
    log = (tmp_path / "log").open("w+")
    from mcp.client.stdio import stdio_client

    program = StdioServerParameters(command=sys.executable, args=["-m", "index", "mcp"], cwd=ROOT, env=dict(os.environ))

    async def talk() -> tuple[list[str], list[Any]]:
        async with Client(stdio_client(program, errlog=log)) as client:
            names = [tool.name for tool in (await client.list_tools()).tools]
            calls: tuple[tuple[str, dict[str, Any]], ...] = (
                ("ask", {"question": QUESTIONS[0]}),
                ("search", {"question": "metro"}),
                ("read_section", {"document": "nanguan", "number": 4}),
                ("ask", {"question": "?"}),
            )
            return names, [await client.call_tool(*call) for call in calls]

    names, (asked, found, read, refused) = anyio.run(talk)
    assert names == ["ask", "search", "read_section", "list_sections"]
    assert asked.structured_content == told(nanguan.ask(QUESTIONS[0]))
    assert len(found.structured_content["hits"]) == 5
    assert read.structured_content["text"] in nanguan.documents["nanguan"].text
    assert (refused.is_error, refused.content[0].text) == (True, "The question holds no words. Type a few words.")
    log.seek(0)
    assert "Traceback" not in log.read()


@pytest.mark.slow
def test_a_wrong_setting_or_index_ends_the_program_at_once() -> None:
    from tests.test_main import run

    for arguments, environment in ((["mcp", "--index", "/nowhere"], {}), (["mcp"], {"NANGUAN_PROT": "1"})):
        done = run(*arguments, **environment)
        assert (done.returncode, done.stdout) == (2, "")
        assert len(done.stderr.strip().splitlines()) == 1


@contextmanager
def served(app: ASGIApp, port: int = 0) -> Iterator[str]:
    """The application on a free port of this machine, or the one named."""
    port = port or free_port()
    settings = uvicorn.Config(app, host="127.0.0.1", port=port, log_level="critical", timeout_graceful_shutdown=1)
    server = uvicorn.Server(settings)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started and thread.is_alive():
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(30)


def posted(address: str, **headers: str) -> tuple[int, str]:
    """Status and body of a request for the list of tools."""
    request = urllib.request.Request(
        f"{address}/mcp",
        b'{"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {}}',
        {"Content-Type": "application/json", "Accept": "application/json, text/event-stream", **headers},
    )
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


@pytest.mark.slow
def test_fifty_parallel_calls_over_http(nanguan: Index) -> None:
    endpoint = http_endpoint(lambda: nanguan)
    questions = [QUESTIONS[number % len(QUESTIONS)] for number in range(50)]
    results: dict[int, Any] = {}

    async def ask(address: str, number: int) -> None:
        async with Client(f"{address}/mcp") as client:
            results[number] = await client.call_tool("ask", {"question": questions[number]})

    async def ask_all(address: str) -> None:
        async with anyio.create_task_group() as group:
            for number in range(50):
                group.start_soon(ask, address, number)

    with served(FastAPI(routes=[endpoint.route], lifespan=endpoint.lifespan)) as address:
        anyio.run(ask_all, address)
    expected = {question: told(nanguan.ask(question)) for question in QUESTIONS}
    assert len(results) == 50
    for number, result in results.items():
        assert not result.is_error
        said, scores = parted(result.structured_content)
        wanted, wanted_scores = parted(expected[questions[number]])
        assert said == wanted
        assert scores == pytest.approx(wanted_scores, abs=0.05)


@pytest.mark.slow
def test_beside_a_gradio_page(zoo: Index) -> None:
    import gradio as gr

    with gr.Blocks(title="The page", analytics_enabled=False) as page:
        gr.Textbox()
    endpoint = http_endpoint(lambda: zoo)
    app = FastAPI(routes=[endpoint.route], lifespan=endpoint.lifespan)
    app = gr.mount_gradio_app(app, page, path="", ssr_mode=False)
    with served(app) as address:
        with urllib.request.urlopen(f"{address}/", timeout=30) as answer:
            assert "The page" in answer.read().decode()
        [result] = called(f"{address}/mcp", ("ask", {"question": "When are penguins fed?"}))
        assert result.structured_content == told(zoo.ask("When are penguins fed?"))


def test_only_its_own_names_and_pages_are_answered(zoo: Index) -> None:
    endpoint = http_endpoint(lambda: zoo, host="0.0.0.0", names=["Zoo.example"])
    with served(FastAPI(routes=[endpoint.route], lifespan=endpoint.lifespan)) as address:
        own = address.removeprefix("http://")
        for host in (own, "localhost:7860", "[::1]:80", "127.0.0.1", "192.168.1.5:7860", "zoo.example", "0.0.0.0:1"):
            status, body = posted(address, Host=host)
            assert (status, "list_sections" in body) == (200, True), (host, body)
        for host in ("evil.example:7860", "127.0.0.1.evil.example", "zoo.example.evil", "[", ""):
            assert posted(address, Host=host)[0] in (400, 421), host
        for origin in (address, "http://localhost:3000", "https://zoo.example"):
            assert posted(address, Origin=origin)[0] == 200, origin
        for origin in ("http://evil.example", "null", "http://6.6.6.6", "http://127.0.0.1.evil.example", ""):
            assert posted(address, Origin=origin)[0] == 403, origin
        with pytest.raises(urllib.error.HTTPError, match="405"):
            urllib.request.urlopen(f"{address}/mcp", timeout=30)
        assert posted(address, **{"Content-Type": "text/plain"})[0] == 400
