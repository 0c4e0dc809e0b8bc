"""Names and addresses of hosts, as the headers of a request give them."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit


def host_of(authority: str) -> str:
    """The host of "host:port", in lower case; "" of what is none."""
    try:
        return urlsplit(f"//{authority}").hostname or ""
    except ValueError:
        return ""


def is_address(name: str) -> bool:
    """Whether a host is given by its address and not by a name."""
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
