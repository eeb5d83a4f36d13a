"""The members of the demonstration, each with a device of their own, played by a few processes.

A device gets nothing from the organiser's process but the public record, as a real one would, and replays it itself.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field

from ruban.proof import MemberSecret
from ruban.record.member import make_row, sign_by_name, sign_unnamed_together, step_forward, withdraw
from ruban.record.replay import replay
from ruban.record.state import State
from ruban.record.submission import Submission

FEW = 16
"""Acts that take less time than starting a process."""

_device = State()


@dataclass(frozen=True, slots=True)
class Member:
    """A fictional person with a secret."""

    name: str
    seed: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Act:
    """What one member does about one letter: enrol, unnamed, name, step_forward, withdraw."""

    what: str
    member: Member
    letter: bytes = b""


def perform(leaves: Sequence[bytes], acts: Sequence[Act]) -> Iterator[Submission]:
    """What each member sends, in order, made over the record `leaves`."""
    if len(acts) < FEW:
        _read_record(list(leaves))
        yield from _acts(acts)
        return
    count = os.cpu_count() or 1
    # spawn: a device inherits no key, no lock and no file of the organiser's process.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(count, mp_context=context, initializer=_read_record, initargs=(list(leaves),)) as pool:
        parts = [acts[at : at + FEW] for at in range(0, len(acts), FEW)]
        for made in pool.map(_acts, parts):
            yield from made


def _read_record(leaves: list[bytes]) -> None:
    global _device
    _device = State()
    replay(_device, leaves)


def _acts(acts: Sequence[Act]) -> list[Submission]:
    """What these members send, in order. Those who sign unnamed share this machine, which verifies once."""
    unnamed = [act for act in acts if act.what == "unnamed"]
    proven: Iterator[Submission] = iter(())
    if unnamed:
        letter = _device.letters[unnamed[0].letter]
        proven = iter(sign_unnamed_together(_device, letter, [_secret(act) for act in unnamed]))
    return [next(proven) if act.what == "unnamed" else _act(act) for act in acts]


def _secret(act: Act) -> MemberSecret:
    return MemberSecret.from_seed(_device.opened.roll_id, act.member.seed)


def _act(act: Act) -> Submission:
    secret = _secret(act)
    if act.what == "enrol":
        return make_row(_device, secret, act.member.name)
    letter = _device.letters[act.letter]
    if act.what == "name":
        return sign_by_name(_device, letter, secret, act.member.name)
    if act.what == "step_forward":
        return step_forward(_device, letter, secret, act.member.name)
    return withdraw(_device, letter, secret)
