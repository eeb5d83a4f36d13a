"""Somebody finds their code used by another, and says so: kept like a signature, and no sooner in the record."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from ruban.service.dispute import dispute_many
from ruban.web.api import MAX_INVITATION_BYTES, Answer, parse_code_alone
from ruban.web.middleware import only
from ruban.web.signing.posted import acknowledge, answer_post
from ruban.web.site import Site, site


@csrf_exempt
@only("POST")
def dispute(request: HttpRequest) -> HttpResponse:
    """A promise that the dispute of this code will be recorded; the same for the same code."""
    return answer_post(request, site().codes, MAX_INVITATION_BYTES, _dispute)


def _dispute(here: Site, body: bytes) -> Answer:
    return acknowledge(here, dispute_many(here.kept, [parse_code_alone(body)], here.clock()))
