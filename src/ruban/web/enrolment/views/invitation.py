"""Whose invitation a code is, so that the page can say so before anything is spent. Looking spends nothing."""

from __future__ import annotations

import json
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from ruban.service.invite import look_up
from ruban.web.api import MAX_INVITATION_BYTES, Answer, parse_code_alone
from ruban.web.headers import JSON
from ruban.web.middleware import only
from ruban.web.signing.posted import answer_post
from ruban.web.site import Site, site


@csrf_exempt
@only("POST")
def invitation(request: HttpRequest) -> HttpResponse:
    """{"name", "role"} of the invitation that a code belongs to, if nobody has enrolled with it."""
    return answer_post(request, site().codes, MAX_INVITATION_BYTES, _look)


def _look(here: Site, body: bytes) -> Answer:
    found = look_up(here.kept, parse_code_alone(body), here.clock())
    said = json.dumps({"name": found.name, "role": found.role}, ensure_ascii=False).encode("utf-8")
    return Answer(HTTPStatus.OK, JSON, said)
