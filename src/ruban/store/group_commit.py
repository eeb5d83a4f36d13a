"""Submissions wait in a queue, and one thread commits all that wait in one transaction: group commit."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import Future

from ruban.errors import IntakePaused, Message, RubanError
from ruban.log.tiles import MAX_ENTRY_BYTES
from ruban.store.ports import MAX_CLAIM_BYTES, SPENT_BYTES, Pending, Submitted

MAX_GROUP_COUNT = 1024
"""Submissions in one transaction; those above it wait for the next."""

Verdict = Submitted | RubanError


class GroupCommit:
    """A queue, and the thread that empties it with `decide`, which makes a group durable and has a verdict for each."""

    def __init__(self, decide: Callable[[list[Pending]], Sequence[Verdict]], gather_seconds: float = 0) -> None:
        """`gather_seconds` is how long a group waits, at most, to become as large as the one before it."""
        self._decide, self._gather_seconds = decide, gather_seconds
        self._wake = threading.Condition()
        self._queue: deque[tuple[Pending, Future[Submitted]]] = deque()
        self._closing = False
        self._writer = threading.Thread(target=self._write, name="ruban-store", daemon=True)
        self._writer.start()

    def enqueue(self, pending: Pending) -> Future[Submitted]:
        """See `ports.LogStore.enqueue`."""
        check_pending(pending)
        future: Future[Submitted] = Future()
        with self._wake:
            if self._closing:
                raise IntakePaused("store", Message("one that is open"), Message("one that closes"))
            self._queue.append((pending, future))
            self._wake.notify()
        return future

    def close(self) -> bool:
        """Answer what waits, and take nothing more; False if it was closed already."""
        with self._wake:
            if self._closing:
                return False
            self._closing = True
            self._wake.notify()
        self._writer.join()
        return True

    def _write(self) -> None:
        """The writer's thread: commit all that wait, again and again, until closing and nothing waits."""
        company = 0
        while True:
            with self._wake:
                while not self._queue and not self._closing:
                    self._wake.wait()
                self._gather(company)
                group = [self._queue.popleft() for _ in range(min(len(self._queue), MAX_GROUP_COUNT))]
            if not group:
                return
            company = len(group)
            self._commit([(pending, future) for pending, future in group if future.set_running_or_notify_cancel()])

    def _gather(self, company: int) -> None:
        """Wait for as many as went together last: they were answered together, and come back together.

        A group that is cut in two costs twice.
        """
        if self._gather_seconds:
            self._wake.wait_for(lambda: len(self._queue) >= company or self._closing, self._gather_seconds)

    def _commit(self, group: list[tuple[Pending, Future[Submitted]]]) -> None:
        try:
            verdicts = self._decide([pending for pending, _ in group])
        # The boundary of the writer's thread: whatever went wrong, those who wait are told, and the thread lives on.
        except Exception as error:
            for _, future in group:
                future.set_exception(again(error))
            return
        for (_, future), verdict in zip(group, verdicts, strict=True):
            if isinstance(verdict, Submitted):
                future.set_result(verdict)
            else:
                future.set_exception(verdict)


def again(error: Exception) -> Exception:
    """A copy for one more thread to raise: a raised exception collects the traceback of whoever raises it."""
    if isinstance(error, RubanError):
        return type(error)(error.field, error.expected, error.got, hint=error.hint, evidence=error.evidence)
    return error


def check_pending(pending: Pending) -> None:
    """ValueError unless a submission is within the bounds that `Pending` names."""
    check_sizes([pending.leaf], pending.claims)
    if len(set(pending.claims)) != len(pending.claims):
        raise ValueError("a submission claims a key once")
    if pending.spent is not None and len(pending.spent) != SPENT_BYTES:
        raise ValueError("the mark of a spent invitation has 32 bytes")


def check_sizes(leaves: Sequence[bytes], claims: Collection[bytes]) -> None:
    """ValueError for a leaf or a claim that no log takes."""
    if any(len(leaf) > MAX_ENTRY_BYTES for leaf in leaves):
        raise ValueError("a leaf has at most 8192 bytes")
    if not all(1 <= len(key) <= MAX_CLAIM_BYTES for key in claims):
        raise ValueError("a claim's key has 1 to 256 bytes")
