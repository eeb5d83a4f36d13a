"""Public pages as they were last rendered, good until the record grows or the clock passes a time that they depend on.

Single flight: when many ask for a page that has to be rendered, one renders it and the others wait.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from ruban.web.api import Answer
from ruban.web.hot.asgi import Ready, ready

MAX_PAGES_COUNT = 512
MAX_SECONDS = 15
"""A page is at most so old: what it depends on besides record and clock (made public or not) changes seldom."""

Key = tuple[str, str]
"""Path and language."""


@dataclass(frozen=True, slots=True)
class _Kept:
    answer: Ready
    version: object
    until: int


class Memo:
    """Pages by path and language."""

    def __init__(self) -> None:
        self._pages: OrderedDict[Key, _Kept] = OrderedDict()
        self._flights: dict[tuple[Key, object], asyncio.Future[Ready]] = {}

    def get(self, key: Key, version: object, now: int) -> Ready | None:
        """The page, if it is still good."""
        kept = self._pages.get(key)
        return kept.answer if kept is not None and kept.version == version and now < kept.until else None

    async def render(
        self, key: Key, version: object, now: int, make: Callable[[], Awaitable[tuple[Answer, int]]]
    ) -> Ready:
        """What `make` makes, once however many ask; kept if it is a page (status 200) up to the time it comes with."""
        flight = self._flights.get((key, version))
        if flight is not None:
            return await asyncio.shield(flight)
        flight = asyncio.get_running_loop().create_future()
        self._flights[key, version] = flight
        try:
            made, until = await make()
            answer = ready(made)
            if made.status == 200:
                self._pages[key] = _Kept(answer, version, min(now + MAX_SECONDS, until))
                if len(self._pages) > MAX_PAGES_COUNT:
                    self._pages.popitem(last=False)
            flight.set_result(answer)
            return answer
        except BaseException as error:
            flight.set_exception(error)
            # Whoever waits is told; if nobody does, it is no warning.
            flight.exception()
            raise
        finally:
            del self._flights[key, version]
