"""Speaks ASGI to an application in this process, as a server would."""

from __future__ import annotations

import asyncio
from collections.abc import MutableMapping, Sequence
from dataclasses import dataclass
from typing import Any

from ruban.web.hot.asgi import App, Receive

Header = tuple[str, str]


@dataclass(frozen=True)
class Reply:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class AsgiClient:
    """Sends one request after the other, or many at once; `host` and Accept-Language as given."""

    app: App
    host: str
    language: str = "en"

    async def ask(
        self,
        method: str,
        path: str,
        body: bytes = b"",
        headers: Sequence[Header] = (),
        receive: Receive | None = None,
    ) -> Reply:
        named = [("host", self.host), ("accept-language", self.language), *headers]
        whole = {name: value for name, value in named}
        path, _, query = path.partition("?")
        scope: dict[str, Any] = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": path,
            "raw_path": path.encode("ascii"),
            "query_string": query.encode("ascii"),
            "root_path": "",
            "headers": [(name.encode("ascii"), value.encode("latin-1")) for name, value in whole.items()],
            "client": ("127.0.0.1", 40_000),
            "server": ("127.0.0.1", 8000),
        }
        parts = [body[start : start + 4096] for start in range(0, len(body), 4096)] or [b""]
        sent: list[MutableMapping[str, Any]] = []

        async def receive_parts() -> MutableMapping[str, Any]:
            part = parts.pop(0) if parts else b""
            return {"type": "http.request", "body": part, "more_body": bool(parts)}

        async def send(message: MutableMapping[str, Any]) -> None:
            sent.append(message)

        await self.app(scope, receive or receive_parts, send)
        start = sent[0]
        found = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in start["headers"]}
        return Reply(int(start["status"]), found, b"".join(message.get("body", b"") for message in sent[1:]))

    def get(self, path: str, *headers: Header) -> Reply:
        return asyncio.run(self.ask("GET", path, headers=headers))

    def post(self, path: str, body: bytes, *headers: Header) -> Reply:
        return asyncio.run(self.ask("POST", path, body, [("content-type", "application/json"), *headers]))

    def post_together(self, path: str, bodies: Sequence[bytes]) -> list[Reply]:
        """All at once, in one loop."""

        async def all_of_them() -> list[Reply]:
            json = [("content-type", "application/json")]
            return list(await asyncio.gather(*(self.ask("POST", path, body, json) for body in bodies)))

        return asyncio.run(all_of_them())
