"""Posting JSON as a page of the server does."""

from __future__ import annotations

import json
from typing import Any, cast

from django.http import HttpResponse
from django.test import Client


def post_json(client: Client, path: str, value: object, *, origin: str | None = None) -> HttpResponse:
    """POST `value`; `origin` as a browser names it."""
    more: dict[str, Any] = {} if origin is None else {"headers": {"origin": origin}}
    return post_bytes(client, path, json.dumps(value).encode(), **more)


def post_bytes(client: Client, path: str, body: bytes, **more: Any) -> HttpResponse:
    """POST these very bytes as JSON."""
    return cast(HttpResponse, client.post(path, body, **{"content_type": "application/json"} | more))


def error_of(answer: HttpResponse) -> str:
    """The class of the error that an answer names."""
    return str(json.loads(answer.content)["error"])
