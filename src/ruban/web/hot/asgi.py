"""The few moves of ASGI that the hot routes need."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from typing import Any

from ruban.web.api import Answer, too_large, too_slow
from ruban.web.headers import SECURITY_HEADERS

BODY_SECONDS = 30
"""For what members send, a few kilobytes."""

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

_ALWAYS = [(name.lower().encode("ascii"), value.encode("ascii")) for name, value in SECURITY_HEADERS]


class Disconnected(Exception):
    """The client went away before its request was whole; there is nobody to answer."""


def header(scope: Scope, name: str, *, joined: bool = False) -> str | None:
    """The value of a request's header by its lower-case name; None if it is not there exactly once.

    `joined`: if it is there more often, its values in their order, between commas (RFC 9110, section 5.3).
    """
    wanted = name.encode("ascii")
    found = [value for key, value in scope["headers"] if key == wanted]
    return b",".join(found).decode("latin-1") if len(found) == 1 or (joined and found) else None


async def read_body(scope: Scope, receive: Receive, limit: int, seconds: int = BODY_SECONDS) -> bytes:
    """The body, at most `limit` bytes; TooLarge as soon as that is known, before the rest is read.

    TooSlow if it is not whole after `seconds`.
    """
    announced = header(scope, "content-length")
    if announced is not None and announced.isascii() and announced.isdigit() and int(announced[:12]) > limit:
        raise too_large(limit)
    parts, size = [], 0
    try:
        async with asyncio.timeout(seconds):
            while True:
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise Disconnected
                part: bytes = message.get("body", b"")
                parts.append(part)
                size += len(part)
                if size > limit:
                    raise too_large(limit)
                if not message.get("more_body", False):
                    return b"".join(parts)
    except TimeoutError:
        raise too_slow(seconds) from None


async def whole_body(scope: Scope, receive: Receive, limit: int, seconds: int) -> Receive:
    """What gives the body in one piece, once it is here: a thread must never wait for a client."""
    body = await read_body(scope, receive, limit, seconds)
    given = False

    async def receive_whole() -> MutableMapping[str, Any]:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return receive_whole


def head_of(answer: Answer) -> dict[str, Any]:
    """The first message of an answer."""
    own = [(name.lower().encode("ascii"), value.encode("latin-1")) for name, value in answer.headers]
    headers = [
        (b"content-type", answer.media.encode("ascii")),
        (b"content-length", str(len(answer.body)).encode("ascii")),
        *own,
        *_ALWAYS,
    ]
    return {"type": "http.response.start", "status": int(answer.status), "headers": headers}


@dataclass(frozen=True, slots=True)
class Ready:
    """An answer as the two messages that send it, made once for as many readers as it has."""

    answer: Answer
    head: dict[str, Any]
    body: dict[str, Any]


_NO_BODY = {"type": "http.response.body", "body": b""}


def ready(answer: Answer) -> Ready:
    """The answer's messages."""
    return Ready(answer, head_of(answer), {"type": "http.response.body", "body": answer.body})


async def send_ready(send: Send, prepared: Ready, *, only_head: bool = False) -> None:
    """Send an answer whole."""
    await send(prepared.head)
    await send(_NO_BODY if only_head else prepared.body)


async def send_answer(send: Send, answer: Answer, *, only_head: bool = False) -> None:
    """Send an answer that is made for one reader."""
    await send_ready(send, ready(answer), only_head=only_head)
