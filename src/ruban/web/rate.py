"""How often one address may send: counted in memory, under a key that is thrown away every few minutes.

No address is kept: only its keyed hash, which means nothing without the key, and both are gone at the next change.
"""

from __future__ import annotations

import hashlib
import hmac
import threading
from dataclasses import dataclass, field
from ipaddress import IPv6Address, ip_address, ip_network

from django.http import HttpRequest

from ruban.errors import Message
from ruban.primitives.randomness import random_bytes
from ruban.web.errors import TooMany

KEY_SECONDS = 600
MAX_ADDRESSES_COUNT = 100_000
FALSE_PROOF_COST = 50
"""Requests that a false proof counts for: nobody's device makes one, and finding it costs everybody in its batch."""


def place_of(client: str, forwarded: str, *, trust_forwarded: bool) -> str:
    """Where a request comes from: its last X-Forwarded-For if the server in front sets it, else its own address.

    Of IPv6 the first 64 bits: one household has all the addresses that begin so.
    """
    address = forwarded.rpartition(",")[2].strip() if trust_forwarded else client
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address):
        return str(parsed.ipv4_mapped or ip_network((parsed, 64), strict=False))
    return str(parsed)


def place_of_request(request: HttpRequest, trust_forwarded: bool) -> str:
    """Where a request that Django answers comes from."""
    client, forwarded = str(request.META.get("REMOTE_ADDR", "")), request.headers.get("X-Forwarded-For", "")
    return place_of(client, forwarded, trust_forwarded=trust_forwarded)


@dataclass(slots=True)
class RateLimit:
    """At most `most` requests of one address in KEY_SECONDS; a whole company may sit behind one."""

    most: int
    _key: bytes = field(default_factory=lambda: random_bytes(32), repr=False)
    _until: int = 0
    _seen: dict[bytes, int] = field(default_factory=dict, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def check(self, address: str, now: int) -> None:
        """Count one request; TooMany if there have been too many."""
        with self._lock:
            # Full of strangers: a flood from many addresses must not fill the memory, nor shut anybody out.
            if now >= self._until or len(self._seen) >= MAX_ADDRESSES_COUNT:
                self._key, self._until, self._seen = random_bytes(32), now + KEY_SECONDS, {}
            name = self._name(address)
            count = self._seen.get(name, 0) + 1
            self._seen[name] = count
        if count > self.most:
            raise TooMany(
                "requests",
                Message("fewer in ten minutes from one place"),
                Message("more"),
                hint=Message("Wait a few minutes. Nothing is lost: the page keeps what you wanted to send."),
            )

    def charge(self, address: str, requests: int) -> None:
        """Count what has been answered already as so many more."""
        with self._lock:
            name = self._name(address)
            self._seen[name] = self._seen.get(name, 0) + requests

    def _name(self, address: str) -> bytes:
        return hmac.digest(self._key, address.encode("utf-8"), hashlib.sha256)
