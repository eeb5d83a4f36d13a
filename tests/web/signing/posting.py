"""Posting JSON as a page of the server does."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpResponse
from django.test import Client


def post_json(client: Client, path: str, value: object, *, origin: str | None = None) -> HttpResponse:
    """POST `value`; `origin` as a browser names it."""
    more: dict[str, Any] = {} if origin is None else {"headers": {"origin": origin}}
    answer: HttpResponse = client.post(path, json.dumps(value), content_type="application/json", **more)
    return answer


def error_of(answer: HttpResponse) -> str:
    """The class of the error that an answer names."""
    return str(json.loads(answer.content)["error"])
