"""Routes that Django alone answers, through the same door as a browser's requests."""

from __future__ import annotations

import json

from tests.service.cast import Cast
from tests.web.hot.asgi_client import AsgiClient
from tests.web.hot.conftest import hot

__all__ = ["hot"]


def test_a_question_about_a_code_reaches_its_view_with_its_body(cast: Cast, hot: AsgiClient) -> None:
    body = json.dumps({"code": cast.invited[12].code}).encode()
    reply = hot.post("/cast/invitation", body, ("content-length", str(len(body))))
    assert (reply.status, json.loads(reply.body)["name"]) == (200, "Member 12")
