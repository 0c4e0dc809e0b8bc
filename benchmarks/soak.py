"""A long day of the page: many mixed questions from many clients, each answer compared, memory watched.

    .venv/bin/python benchmarks/soak.py                          20,000 questions from 50 clients
    .venv/bin/python benchmarks/soak.py --questions 2000 --clients 20

Starts the page on a free port of this machine, asks it by every way there is (HTTP, the page's own events, the tools
for agents, the ribbon's relevance), stops it, and prints what came of it. Exit status 1 where an answer was wrong or
lost, or memory grew by more than 5 % after the first fifth.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import re
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from tests.serving import served_page, wait_until_ready

GOLDEN = ROOT / "tests" / "golden" / "nanguan.jsonl"
AGENT = {"accept": "application/json, text/event-stream"}
BAD = ("", "?!", "x" * 2001, "\x00\x1b[")  # what cannot be taken
WARM = 0.2  # share of the questions after which memory is to stay as it is
FLAT = 0.05
SEED = 11

Question = tuple[str, tuple[tuple[str, str], ...]]


class Soak:
    """One run against one server."""

    def __init__(self, address: str, questions: int, clients: int) -> None:
        self.address, self.left, self.clients = address, questions, clients
        self.total = questions
        self.came: Counter[str] = Counter()
        self.seconds: list[float] = []
        self.expected: dict[tuple[str, Question], str] = {}
        self.memory: list[tuple[int, float]] = []
        cases = [json.loads(line) for line in GOLDEN.read_text("utf-8").splitlines()]
        self.questions: list[Question] = [
            (case["question"], tuple((asked, "") for asked, *_ in case.get("history", ()))) for case in cases
        ]

    async def run(self) -> None:
        limits = httpx.Limits(max_connections=4 * self.clients)
        async with httpx.AsyncClient(base_url=self.address, timeout=120, limits=limits) as http:
            self.reply = await self.page_event(http)
            await asyncio.gather(self.watch(http), *(self.client(http, number) for number in range(self.clients)))

    async def page_event(self, http: httpx.AsyncClient) -> int:
        """The number of the event by which the page asks."""
        config = (await http.get("/config")).json()
        return next(
            d["id"] for d in config["dependencies"] if d["api_visibility"] == "private" and len(d["inputs"]) == 4
        )

    async def client(self, http: httpx.AsyncClient, number: int) -> None:
        chance = random.Random(SEED + number)  # noqa: S311
        headers = {"x-forwarded-for": f"10.1.{number // 250}.{number % 250 + 1}"}
        ways = (self.by_http, self.by_http, self.by_agent, self.by_relevance, self.by_page, self.bad)
        while self.left > 0:
            self.left -= 1
            way = chance.choice(ways)
            question = chance.choice(self.questions)
            started = time.perf_counter()
            try:
                said = await way(http, question, headers, chance)
            except (httpx.HTTPError, ValueError, KeyError, IndexError) as error:
                self.came[f"lost: {way.__name__}: {type(error).__name__} {str(error)[:80]}"] += 1
                continue
            self.seconds.append(time.perf_counter() - started)
            key = (way.__name__, question)
            right = way == self.bad or alike(said, self.expected.setdefault(key, said))
            self.came["right" if right else f"wrong: {way.__name__}"] += 1

    async def by_http(self, http: httpx.AsyncClient, question: Question, headers: dict[str, str], _: Any) -> str:
        asked = await http.post("/gradio_api/call/ask", json={"data": [question[0], question[1]]}, headers=headers)
        told = await http.get(f"/gradio_api/call/ask/{asked.raise_for_status().json()['event_id']}", headers=headers)
        kind, data = re.findall(r"event: (\w+)\ndata: (.*)", told.text)[-1]
        if kind != "complete":
            raise ValueError(told.text[-200:])
        return essence(json.loads(data)[0])

    async def by_agent(self, http: httpx.AsyncClient, question: Question, headers: dict[str, str], _: Any) -> str:
        arguments = {"question": question[0], "history": question[1]}
        sent = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "ask", "arguments": arguments}}
        told = await http.post("/mcp", json=sent, headers={**AGENT, **headers})
        return essence(told.raise_for_status().json()["result"]["structuredContent"])

    async def by_relevance(self, http: httpx.AsyncClient, question: Question, headers: dict[str, str], _: Any) -> str:
        told = await http.get("/relevance", params={"q": question[0]}, headers=headers)
        return json.dumps(told.raise_for_status().json()["fits"])

    async def by_page(self, http: httpx.AsyncClient, question: Question, headers: dict[str, str], chance: Any) -> str:
        session = f"soak{chance.randrange(10**12)}"
        sent = {"data": [question[0], 0, None, "en"], "fn_index": self.reply, "session_hash": session}
        (await http.post("/gradio_api/queue/join", json=sent, headers=headers)).raise_for_status()
        last = ""
        async with http.stream(
            "GET", "/gradio_api/queue/data", params={"session_hash": session}, headers=headers
        ) as told:
            async for line in told.aiter_lines():
                if '"process_completed"' in line:
                    last = line
        if '"success":true' not in last:
            raise ValueError(last[:200] or "nothing came")
        return str("refusal" in last)

    async def bad(self, http: httpx.AsyncClient, _: Question, headers: dict[str, str], chance: Any) -> str:
        asked = await http.post("/gradio_api/call/ask", json={"data": [chance.choice(BAD), []]}, headers=headers)
        if asked.status_code == 413:
            return ""
        told = await http.get(f"/gradio_api/call/ask/{asked.raise_for_status().json()['event_id']}", headers=headers)
        if "event: error" not in told.text:
            raise ValueError(told.text[-200:])
        return ""

    async def watch(self, http: httpx.AsyncClient) -> None:
        """Note how much memory the server takes, until all is asked."""
        while self.left > 0:
            metrics = (await http.get("/metrics")).text
            resident = float(re.findall(r"^process_resident_memory_bytes (\S+)", metrics, re.MULTILINE)[0])
            self.memory.append((self.total - self.left, resident / 2**20))
            await asyncio.sleep(1)


def essence(answer: dict[str, Any]) -> str:
    """What must be the same each time a question is asked."""
    cited = [[c["document"], c["start"], c["end"], c["quote"]] for c in answer["citations"]]
    return json.dumps([answer["answered"], answer["text"], cited], ensure_ascii=False)


def alike(said: str, expected: str) -> bool:
    """Whether it is the same; of a ribbon's shares, to two hundredths.

    Questions that come at once are encoded together, and how bfloat16 rounds depends on how many they are.
    """
    if said == expected or not said.startswith("[["):
        return said == expected
    shares, before = dict(json.loads(said)), dict(json.loads(expected))
    return all(abs(shares.get(place, 0) - before.get(place, 0)) <= 0.02 for place in shares.keys() | before.keys())


def growth(memory: list[tuple[int, float]], total: int) -> float:
    """By what share memory grew, from its highest in the first fifth and a bit to its highest in the last tenth."""
    before = [size for asked, size in memory if WARM / 2 * total <= asked <= WARM * total]
    after = [size for asked, size in memory if asked >= 0.9 * total]
    return max(after) / max(before) - 1 if before and after else 0.0


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--questions", type=int, default=20_000)
    parser.add_argument("--clients", type=int, default=50)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log"
        started = time.monotonic()
        with served_page(log, NANGUAN_RATE="100000", NANGUAN_QUEUE=str(4 * given.clients)) as address:
            wait_until_ready(address)
            soak = Soak(address, given.questions, given.clients)
            asyncio.run(soak.run())
        lines = log.read_text().splitlines()[1:]
        complaints = [line for line in lines if line.strip() and not line.startswith("Indexing")]
    seconds = sorted(soak.seconds)
    grown = growth(soak.memory, given.questions)
    print(
        f"asked       {given.questions:,} questions from {given.clients} clients in {time.monotonic() - started:.0f} s"
    )
    for name, number in soak.came.most_common():
        print(f"{number:>11,} {name}")
    print(f"seconds     median {seconds[len(seconds) // 2]:.2f}, 95 % {seconds[int(0.95 * len(seconds))]:.2f}")
    first, last = soak.memory[0][1], soak.memory[-1][1]
    print(f"memory      {first:.0f} MiB first, {last:.0f} MiB last; {grown:+.1%} after the first fifth")
    steps = [max(s for a, s in soak.memory if a <= n * given.questions / 10) for n in range(1, 11)]
    print(f"            highest up to each tenth: {' '.join(f'{step:.0f}' for step in steps)}")
    print(f"complaints  {len(complaints)} lines in the server's log")
    for line in complaints[:5]:
        print(f"            {line[:150]}")
    sys.exit(int(soak.came["right"] < given.questions or grown > FLAT or bool(complaints)))


if __name__ == "__main__":
    main()
