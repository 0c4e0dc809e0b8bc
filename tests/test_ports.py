from __future__ import annotations

import errno
import socket

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
