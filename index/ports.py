"""The port that the page is served on."""

from __future__ import annotations

import errno
import os
import socket

from index.errors import ConfigError

PORTS = range(7860, 7960)  # of which the first free one is taken, where none is named
_WAITING = 2048  # connections that wait to be taken


def listening(host: str, port: int | None) -> socket.socket:
    """A socket that listens on a port of a host; None: on the first free one of PORTS.

    Raises:
        ConfigError: there is none; it says why, and what to set.
    """
    reason = OSError(errno.EADDRINUSE, os.strerror(errno.EADDRINUSE))
    for number in [port] if port else PORTS:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        # Of a socket whose protocol is not named, asyncio does not tell that it is TCP's, and leaves Nagle's algorithm
        # on: what is written in two parts then waits, up to 40 ms, until the other side has acknowledged the first.
        try:
            listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        except OSError as error:  # no IPv6 here
            reason = error
            break
        if os.name == "posix":  # elsewhere it would let two pages share one port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, number))
            listener.listen(_WAITING)
        except OSError as error:
            listener.close()
            reason = error
            if error.errno != errno.EADDRINUSE:
                break  # no other port would do
        else:
            return listener
    wanted = f"port {port}" if port else f"any port from {PORTS[0]} to {PORTS[-1]}"
    remedy = {
        errno.EADDRINUSE: "Set NANGUAN_PORT to one that is free, or stop the page that is served already.",
        errno.EACCES: "Set NANGUAN_PORT to one above 1023.",
    }.get(reason.errno or 0, "Set NANGUAN_HOST to an address of this machine.")
    raise ConfigError(f"The page cannot be served on {wanted} of {host} ({reason.strerror or reason}).", remedy)
