"""The twin of the hot route that counts: it answers alike."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from ruban.errors import RubanError
from ruban.web.api import count_answer, error_answer
from ruban.web.middleware import only
from ruban.web.pages import language_of_request
from ruban.web.site import site


@only("GET")
def count(request: HttpRequest, letter_id: str) -> HttpResponse:
    """The count of a letter as JSON."""
    try:
        answer = count_answer(site(), letter_id)
    except RubanError as error:
        answer = error_answer(error, language_of_request(request))
    response = HttpResponse(answer.body, status=answer.status, content_type=answer.media)
    for name, value in answer.headers:
        response.headers[name] = value
    return response
