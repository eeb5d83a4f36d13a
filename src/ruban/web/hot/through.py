"""Ask Django for a page as if a reader without headers had: what is memorised must depend on nobody."""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any

from ruban.web.api import Answer
from ruban.web.headers import SECURITY_HEADERS
from ruban.web.hot.asgi import App, Scope

_KEPT = (b"host", b"accept-language")
_SET_ANYWAY = {name.lower() for name, _ in SECURITY_HEADERS} | {"content-length", "content-type"}


async def answer_of(django: App, scope: Scope) -> Answer:
    """What Django answers to a GET of this path, with its own headers but for those that every answer has."""
    asked = {
        **scope,
        "method": "GET",
        "query_string": b"",
        "headers": [(name, value) for name, value in scope["headers"] if name in _KEPT],
    }
    start: dict[str, Any] = {}
    parts: list[bytes] = []

    async def receive() -> MutableMapping[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            start.update(message)
        else:
            parts.append(message.get("body", b""))

    await django(asked, receive, send)
    found = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in start["headers"]]
    media = next((value for name, value in found if name.lower() == "content-type"), "text/html; charset=utf-8")
    own = tuple((name, value) for name, value in found if name.lower() not in _SET_ANYWAY)
    return Answer(start["status"], media, b"".join(parts), own)
