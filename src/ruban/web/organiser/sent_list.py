"""The list of people that comes with a form: a file, or the one that came before it and is still here.

A browser never sends a file twice by itself. So that nothing has to be chosen again when something else on the form was
wrong, the list waits as lists do: for half an hour, in memory, for this session alone.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field, replace

from django.http import HttpRequest

from ruban.people.file import ENCODINGS, Preview, preview_people
from ruban.people.table import MAX_PEOPLE_BYTES
from ruban.web.errors import NotFound
from ruban.web.organiser.holding import holding

FIELD = "list"
"""The form's field that says which list is still here."""


@dataclass(frozen=True, slots=True)
class _File:
    name: str = field(repr=False)
    data: bytes = field(repr=False)
    encoding: str | None
    """As the organiser named it."""


@dataclass(frozen=True, slots=True)
class SentList:
    """A list as it was read, under the name of its file; `token` finds it again."""

    token: str
    name: str = field(repr=False)
    preview: Preview = field(repr=False)


def sent_list(request: HttpRequest) -> SentList | None:
    """What the file `people` of a form holds, else what came before it; None if there is neither."""
    sent, before = request.FILES.get("people"), request.POST.get(FIELD, "")
    chosen = request.POST.get("encoding")
    encoding = chosen if chosen in ENCODINGS else None
    file: _File | None = None
    with suppress(NotFound):
        file = holding.find(request, before, _File)
    if sent is None and (file is None or encoding in (None, file.encoding)):
        return kept_list(request, before)
    if file is not None:
        holding.drop(request, before, _File)
    if sent is not None:
        file = _File(sent.name or "", sent.read(MAX_PEOPLE_BYTES + 1), encoding)
    elif file is not None:
        file = replace(file, encoding=encoding)
    return kept_list(request, holding.keep(request, file))


def kept_list(request: HttpRequest, token: str) -> SentList | None:
    """The list that came before, read again; None if it is no longer here."""
    with suppress(NotFound):
        file = holding.find(request, token, _File)
        return SentList(token, file.name, preview_people(file.data, file.encoding))
    return None
