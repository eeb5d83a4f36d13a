"""The names under a letter: paged, searchable, in the order of the alphabet, which says nothing about when."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from ruban.web.access import page_for_token
from ruban.web.letters.reading import sort_key
from ruban.web.letters.views.letter import context_of
from ruban.web.middleware import only
from ruban.web.pages import render

PER_PAGE = 100
MAX_SEARCH_CHARACTERS = 100


@only("GET")
def names(request: HttpRequest, token: str) -> HttpResponse:
    """One page of the names, or of those that hold what is searched for."""
    context = context_of(request, page_for_token(token))
    wanted = request.GET.get("q", "")[:MAX_SEARCH_CHARACTERS].strip()
    every = context["reading"].names
    sought = sort_key(wanted)
    found = [one for one in every if sought in one.key] if sought else every
    pages = max(1, -(-len(found) // PER_PAGE))
    number = _page_number(request.GET.get("page", "1"), pages)
    return render(
        request,
        "letters/names.html",
        context
        | {
            "wanted": wanted,
            "found": len(found),
            "shown": found[(number - 1) * PER_PAGE : number * PER_PAGE],
            "number_of_page": number,
            "pages": pages,
        },
    )


def _page_number(text: str, pages: int) -> int:
    return min(max(int(text), 1), pages) if text.isascii() and text.isdigit() and len(text) < 7 else 1
