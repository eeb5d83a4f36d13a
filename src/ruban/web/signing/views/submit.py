"""The twin of the hot route that takes signatures and statements: it answers alike, one at a time."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from ruban.record.submission import parse_submission
from ruban.service.submit import submit_many
from ruban.web.api import MAX_SUBMIT_BYTES, Answer
from ruban.web.middleware import only
from ruban.web.signing.posted import acknowledge, answer_post
from ruban.web.site import Site, site


@csrf_exempt
@only("POST")
def submit(request: HttpRequest) -> HttpResponse:
    """Acknowledge a signature or statement, with a promise."""
    return answer_post(request, site().submits, MAX_SUBMIT_BYTES, _take)


def _take(here: Site, body: bytes) -> Answer:
    return acknowledge(here, submit_many(here.kept, [parse_submission(body)], here.clock()))
