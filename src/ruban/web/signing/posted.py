"""What a POST that answers in JSON goes through: origin, type, rate, size; the hot routes do the same in bare ASGI."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from ruban.errors import ProofInvalid, RubanError
from ruban.service.intake import Answer as Taken
from ruban.web.api import Answer, check_request, error_answer, promise_answer, too_large
from ruban.web.rate import FALSE_PROOF_COST, RateLimit, place_of_request
from ruban.web.site import Site, site
from ruban.web.speech import language_for


def answer_post(
    request: HttpRequest, limit: RateLimit, most_bytes: int, take: Callable[[Site, bytes], Answer]
) -> HttpResponse:
    """What `take` answers to the body; a typed error becomes JSON in the language of the request's header."""
    here = site()
    try:
        check_request(here, request.headers.get)
        limit.check(place_of_request(request, here.configuration.trust_forwarded), here.clock())
        answer = take(here, _body(request, most_bytes))
    except ProofInvalid as error:
        limit.charge(place_of_request(request, here.configuration.trust_forwarded), FALSE_PROOF_COST)
        answer = error_answer(error, _language(here, request))
    except RubanError as error:
        answer = error_answer(error, _language(here, request))
    response = HttpResponse(answer.body, status=answer.status, content_type=answer.media)
    for name, value in answer.headers:
        response.headers[name] = value
    return response


def acknowledge(here: Site, answers: list[Taken]) -> Answer:
    """The promise that a use case gave for the one thing that came; raises what refused it."""
    here.taken(answers)
    [taken] = answers
    if isinstance(taken, RubanError):
        raise taken
    return promise_answer(taken.promise)


def _language(here: Site, request: HttpRequest) -> str:
    return language_for(request.headers.get("Accept-Language", ""), here.configuration.language)


def _body(request: HttpRequest, most_bytes: int) -> bytes:
    # Django stops at the length that the request announces.
    body: bytes = request.read(most_bytes + 1)
    if len(body) > most_bytes:
        raise too_large(most_bytes)
    return body
