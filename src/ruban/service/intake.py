"""Take what members send, many at a time: one batch of proofs, one transaction, an answer for each.

A use case prepares each entry (parse, rules, openings) into a `Candidate`; what arrives while a batch is verified and
written makes the next one. One bad proof costs its sender an error and the others nothing but a little time.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from typing import TypeVar

from ruban.errors import HeadMoved, Message, ProofInvalid, RubanError
from ruban.log.merkle import leaf_hash
from ruban.proof import BatchInvalid, Claim, verify_batch
from ruban.service.keeper import Keeper, one_at_a_time
from ruban.store.ports import Pending, Submitted

MOST_RETRIES = 5

T = TypeVar("T")
Answer = Submitted | RubanError


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entry that the rules allow, with the proof that is still to be judged."""

    pending: Pending
    claim: Claim | None
    """None for what needs no proof: a dispute, whose code the use case has seen."""


def sent_before(keeper: Keeper, leaf: bytes, now: int) -> Submitted | None:
    """The answer to an entry that is recorded or pending, to be asked before the rules.

    They would take it for a second one by its tag, for one too late, or for one whose code is used.
    """
    digest = leaf_hash(leaf)
    if keeper.store.index_of(digest) is not None:
        return Submitted(keeper.promise(leaf, now, None), recorded=True)
    promise = keeper.store.promise(digest)
    return None if promise is None else Submitted(promise, recorded=False)


def take(keeper: Keeper, requests: Sequence[T], prepare: Callable[[T], Candidate | Submitted]) -> list[Answer]:
    """For each request, in order, the acknowledgement once it is durable, or the error that refused it."""
    answers = _take(keeper, requests, prepare)
    for _ in range(MOST_RETRIES):
        # Another process has appended since the rules were asked: they are asked again.
        moved = [place for place, answer in enumerate(answers) if isinstance(answer, HeadMoved)]
        if not moved:
            break
        for place, answer in zip(moved, _take(keeper, [requests[n] for n in moved], prepare), strict=True):
            answers[place] = answer
    return answers


@one_at_a_time
def _take(keeper: Keeper, requests: Sequence[T], prepare: Callable[[T], Candidate | Submitted]) -> list[Answer]:
    try:
        keeper.check_takes_in()
    except RubanError as error:
        return [error] * len(requests)
    answers: list[Answer | None] = [None] * len(requests)
    candidates: list[tuple[int, Candidate]] = []
    for place, request in enumerate(requests):
        try:
            prepared = prepare(request)
        except RubanError as error:
            answers[place] = error
            continue
        if isinstance(prepared, Submitted):
            answers[place] = prepared
        else:
            candidates.append((place, prepared))
    waiting: list[tuple[int, Future[Submitted]]] = []
    proofs = [number for number, (_, candidate) in enumerate(candidates) if candidate.claim is not None]
    claims = [candidate.claim for _, candidate in candidates if candidate.claim is not None]
    culprits = {proofs[culprit] for culprit in _culprits(claims)}
    for number, (place, candidate) in enumerate(candidates):
        if number in culprits:
            answers[place] = ProofInvalid("proof", Message("one whose equations hold"), Message("one that does not"))
        else:
            waiting.append((place, keeper.store.enqueue(replace(candidate.pending, seen=keeper.state.size))))
    for place, future in waiting:
        try:
            answers[place] = future.result()
        except RubanError as error:
            answers[place] = error
    return [answer for answer in answers if answer is not None]


def take_one(keeper: Keeper, request: T, prepare: Callable[[T], Candidate | Submitted]) -> Submitted:
    """The acknowledgement of one request; raises what refused it."""
    [answer] = take(keeper, [request], prepare)
    if isinstance(answer, RubanError):
        raise answer
    return answer


def _culprits(claims: Sequence[Claim]) -> frozenset[int]:
    try:
        verify_batch(claims)
    except BatchInvalid as failed:
        return frozenset(failed.culprits)
    return frozenset()
