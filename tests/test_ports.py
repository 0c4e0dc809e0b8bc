"""The port that the page is served on."""

from __future__ import annotations

import asyncio
import errno
import socket
from concurrent.futures import ThreadPoolExecutor

import pytest

from index.errors import ConfigError
from index.ports import listening


def test_where_no_port_would_do_no_other_is_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[int] = []

    def bind(listener: socket.socket, address: tuple[str, int]) -> None:
        tried.append(address[1])
        raise OSError(errno.EADDRNOTAVAIL, "Cannot assign requested address")

    monkeypatch.setattr(socket, "socket", type("Socket", (socket.socket,), {"bind": bind}))
    with pytest.raises(ConfigError, match="Set NANGUAN_HOST"):
        listening("127.0.0.1", None)
    assert tried == [7860]


def test_a_machine_without_ipv6_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def none(*_: object) -> None:
        raise OSError(errno.EAFNOSUPPORT, "Address family not supported by protocol")

    monkeypatch.setattr(socket, "socket", none)
    with pytest.raises(ConfigError, match=r"not supported by protocol\)\. Set NANGUAN_HOST"):
        listening("::1", None)


def test_what_is_written_is_sent_at_once() -> None:
    async def nodelay() -> int:
        accepted: asyncio.Future[int] = asyncio.get_running_loop().create_future()

        def told(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            accepted.set_result(writer.get_extra_info("socket").getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
            writer.close()

        with listening("127.0.0.1", None) as listener:
            async with await asyncio.start_server(told, sock=listener):
                _, writer = await asyncio.open_connection(*listener.getsockname())
                found = await accepted
                writer.close()
        return found

    with ThreadPoolExecutor(1) as apart:  # the browser's tests leave a loop running in this thread
        assert apart.submit(lambda: asyncio.run(nodelay())).result()
