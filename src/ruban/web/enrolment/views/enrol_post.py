"""The twin of the hot route that takes rows: it answers alike, one at a time."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from ruban.service.enrol import enrol_many
from ruban.web.api import MAX_ENROL_BYTES, Answer, parse_enrolment
from ruban.web.middleware import only
from ruban.web.signing.posted import acknowledge, answer_post
from ruban.web.site import Site, site


@csrf_exempt
@only("POST")
def enrol_post(request: HttpRequest) -> HttpResponse:
    """Acknowledge a row, with a promise."""
    return answer_post(request, site().codes, MAX_ENROL_BYTES, _take)


def _take(here: Site, body: bytes) -> Answer:
    return acknowledge(here, enrol_many(here.kept, [parse_enrolment(body)], here.clock()))
