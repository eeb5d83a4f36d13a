"""Natural batching: what arrives while a batch is verified and written makes the next one.

One thread does the work, so that a batch's proofs are verified together and one transaction keeps them all.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Generic, TypeVar

from ruban.errors import IntakePaused, Message, RubanError
from ruban.service.intake import Answer
from ruban.store.ports import Submitted

T = TypeVar("T")
MAX_BATCH_COUNT = 128
"""More would cost a proof little less, and make everybody wait longer for one that is false."""
SETTLE_SECONDS = 0.004
"""Those who were answered by the last batch send again at once: they are let in before the next one begins."""
MAX_WAITING_COUNT = 4096
"""Above this a request is refused at once: the queue would take longer than a person waits."""


class Intake(Generic[T]):
    """A queue in front of a use case that takes many at a time."""

    def __init__(self, take: Callable[[Sequence[T]], list[Answer]], executor: ThreadPoolExecutor) -> None:
        self._take = take
        self._executor = executor
        self._waiting: list[tuple[T, asyncio.Future[Submitted]]] = []
        self._working = False

    async def __call__(self, request: T) -> Submitted:
        """The acknowledgement, once what was sent is durable; the error that refused it."""
        if len(self._waiting) >= MAX_WAITING_COUNT:
            raise IntakePaused("server", Message("one that can take more"), Message("one with a long queue"))
        future: asyncio.Future[Submitted] = asyncio.get_running_loop().create_future()
        self._waiting.append((request, future))
        if not self._working:
            self._working = True
            asyncio.get_running_loop().create_task(self._work())
        # A client that goes away does not take its signature back: the batch it is in goes on.
        return await asyncio.shield(future)

    async def _work(self) -> None:
        loop = asyncio.get_running_loop()
        try:
            while self._waiting:
                await self._settle()
                batch, self._waiting = self._waiting[:MAX_BATCH_COUNT], self._waiting[MAX_BATCH_COUNT:]
                try:
                    answers = await loop.run_in_executor(self._executor, self._take, [item for item, _ in batch])
                # The boundary of the batch: whatever went wrong, everybody in it is told.
                except Exception as error:
                    answers = [error if isinstance(error, RubanError) else _broken()] * len(batch)
                for (_, future), answer in zip(batch, answers, strict=True):
                    if future.done():
                        continue
                    if isinstance(answer, Submitted):
                        future.set_result(answer)
                    else:
                        future.set_exception(answer)
        finally:
            self._working = False

    async def _settle(self) -> None:
        """Wait as long as more arrive and the batch is not full: a batch costs much, another proof in it little."""
        before = 0
        while before < len(self._waiting) < MAX_BATCH_COUNT:
            before = len(self._waiting)
            await asyncio.sleep(SETTLE_SECONDS)


def _broken() -> RubanError:
    return IntakePaused("server", Message("one that works"), Message("a fault of ours"))
