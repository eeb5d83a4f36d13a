"""The one way to a group's record: its store, its keys, its desk, and the state that a replay of the log yields."""

from __future__ import annotations

import functools
import hashlib
import hmac
import threading
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Concatenate, ParamSpec, TypeVar

from ruban.errors import IntakePaused, Message, Refused, StoreCorrupt, StoreError, StoreFrozen
from ruban.log.checkpoint import Checkpoint, grease_signature, sign_checkpoint
from ruban.log.merkle import Tree, leaf_hash, root_of
from ruban.log.note import parse_note
from ruban.log.receipt import Promise, parse_promise, sign_promise
from ruban.primitives.ed25519 import public_key
from ruban.primitives.randomness import random_bytes
from ruban.record.commitment import Opening
from ruban.record.entry import Entry, parse_entry, with_signatures
from ruban.record.replay import permit, replay
from ruban.record.rules.log import LONGEST_WAIT_SECONDS
from ruban.record.state import Letter, State
from ruban.store.desk import Desk
from ruban.store.high_water import HighWater
from ruban.store.keys import Keys
from ruban.store.ports import Head, LogStore

GREASE_BYTES = 4 + 64
"""A key identifier, and as much as an Ed25519 signature has."""
PROMISE_SLACK_SECONDS = 3600
"""Between the release that an entry waits for at most, and the time that its promise names."""

TWO_RECORDS = Message("Two records were signed with these keys. Sign nothing with either, and ask which one counts.")
"""What is to be done about a fork: a person decides, not a program."""

MOVED = (Message("the machine that the group lives on"), Message("the one that it has left"))
MOVED_HINT = Message("Try again in some minutes: the address leads to the other machine soon.")

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Frozen:
    """Why nothing is signed: a checkpoint of this group's keys that the record here does not lead to."""

    where: str
    """Who has it, as an operator knows it: a file, or an address."""
    size: int
    root: bytes | None
    """None where a witness has named a size and no more."""
    here: int
    """Entries here when it was found."""

    @property
    def forked(self) -> bool:
        """Whether the record here went another way, and is not merely shorter."""
        return self.size <= self.here


@dataclass(frozen=True, slots=True)
class View:
    """The record as readers get it: the state of its first entries, and the checkpoint that signs them."""

    state: State
    note: bytes


@dataclass(slots=True)
class Keeper:
    """One open group. Make it with `open_keeper`, once per process; every use case takes it, one at a time."""

    store: LogStore
    keys: Keys = field(repr=False)
    desk: Desk
    state: State = field(default_factory=State)
    tree: Tree = field(default_factory=Tree)
    mark: HighWater | None = None
    """Raised with every checkpoint that is signed; None for a copy that signs nothing."""
    published: View | None = None
    """What is published where witnesses must have seen it first; None where nobody waits for any."""
    policy: bytes | None = None
    """The file that names these witnesses, published beside what they have seen."""
    frozen: Frozen | None = None
    """Set where somebody knows more of this record: entries are taken in and kept, and nothing is signed."""
    moved: int | None = None
    """Since when the group lives on another machine: nothing is signed or taken in here. See `move_away`."""
    outdated: frozenset[bytes] = frozenset()
    """Letters whose names and comments were looked through and erased: what they kept no longer is gone."""
    lock: threading.RLock = field(default_factory=threading.RLock, repr=False)
    """Held by a use case from its first look at the state to its last write: see `one_at_a_time`."""

    def append(
        self,
        leaves: Sequence[bytes],
        *,
        released: Collection[bytes] = (),
        openings: Collection[Opening] = (),
        erased: Collection[bytes] = (),
    ) -> None:
        """Append leaves that the rules have been asked about, under a new checkpoint, and replay them.

        StoreFrozen, and nothing is signed, where more of this record is known elsewhere.
        """
        self.check_may_sign()
        tree = self.tree.copy()
        tree.extend(leaf_hash(leaf) for leaf in leaves)
        origin = self.state.group.origin if self.state.group else _origin_of(leaves[0])
        checkpoint = Checkpoint(origin=origin, size=tree.size, root=tree.root())
        # With a line that no reader knows: those who cannot skip it would not bear a witness's either.
        note = sign_checkpoint(checkpoint, self.keys.log_seed, grease_signature(random_bytes(GREASE_BYTES)))
        # What was read here, not what the store says now: a replay that fell behind must not write.
        expected = Head(self.tree.size, self.tree.root(), b"")
        self.store.append(expected, leaves, note, released=released, openings=openings, erased=erased)
        if self.mark is not None:
            self.mark.raise_to(tree.size, note)
        self.read(leaves)

    def check_may_sign(self) -> None:
        """StoreFrozen if a checkpoint signed here could contradict one that was signed before."""
        if self.moved is not None:
            raise StoreFrozen("record", *MOVED, hint=MOVED_HINT)
        if self.frozen is None:
            return
        signed = self.frozen.size
        if self.frozen.forked:
            got, hint = Message("others"), TWO_RECORDS
        else:
            got, hint = (
                Message("{n:,}: an older copy", n=self.frozen.here),
                Message("Bring back what is missing: ruban log adopt, with a bundle or the address of a copy."),
            )
        raise StoreFrozen("record", Message("the {n:,} entries that these keys have signed", n=signed), got, hint=hint)

    def check_takes_in(self) -> None:
        """IntakePaused if what is taken in here would be lost: the group has moved."""
        if self.moved is not None:
            raise IntakePaused("record", *MOVED, hint=MOVED_HINT)

    def append_entry(self, entry: Entry, *, openings: Collection[Opening] = (), erased: Collection[bytes] = ()) -> None:
        """Append one entry that is no member's; raises, and changes nothing, if the rules do not allow it now."""
        permit(self.state, entry)
        self.append([entry.leaf], openings=openings, erased=erased)

    def signed(self, data: dict[str, object], by: Sequence[int] | None = None) -> Entry:
        """An entry with the signatures of the organisers `by`, by their places in the group; of all here if None.

        Refused unless each of them is one of the group's whose key is here.
        """
        organisers = self.state.opened.organisers
        seeds = {public_key(seed): seed for seed in self.keys.organiser_seeds}
        if by is None:
            keys = [key for key in organisers if key in seeds]
        else:
            keys = [organisers[place] for place in sorted(set(by)) if 0 <= place < len(organisers)]
            if not by or len(keys) < len(set(by)) or not set(keys) <= seeds.keys():
                raise Refused("organisers", Message("organisers of this group whose keys are here"), Message("others"))
        return with_signatures(self.state.opened.origin, data, [seeds[key] for key in keys], keys)

    def spent(self, identifier: bytes) -> bytes:
        """h of an entitled person, which nobody can compute or undo without the group's key."""
        return hmac.digest(self.keys.group_key, identifier, hashlib.sha256)

    def promise(self, leaf: bytes, now: int, letter: Letter | None) -> bytes:
        """A promise that `leaf` will be in the record in time (spec/record.md, 4)."""
        deadline = window_end(self.state, now) + LONGEST_WAIT_SECONDS
        # A closing that may still move to later would make it a promise that an honest server cannot keep.
        if letter is not None and letter.extended:
            deadline = min(deadline, letter.closing)
        due = deadline + PROMISE_SLACK_SECONDS
        text = Promise(origin=self.state.opened.origin, leaf_hash=leaf_hash(leaf), due_unix_seconds=due)
        return sign_promise(text, self.keys.receipt_seed)

    def deadline(self, leaf_hash: bytes) -> int | None:
        """The end of the last window in which a pending leaf may be released, if its promise is to be kept."""
        promise = self.store.promise(leaf_hash)
        if promise is None:
            return None
        return parse_promise(parse_note(promise).text).due_unix_seconds - PROMISE_SLACK_SECONDS

    def catch_up(self) -> None:
        """Read what other processes have appended to the log since."""
        size = self.store.head().size
        if size > self.tree.size:
            self.read(self.store.entries(self.tree.size, size))
            if self.frozen is not None and not self.frozen.forked and self.leads_to(self.frozen.size, self.frozen.root):
                # Another process has adopted what was missing.
                self.frozen = None

    def is_connected(self) -> bool:
        """Whether store and desk still answer."""
        try:
            self.store.head()
            self.desk.invitation_counts()
        except StoreError:
            return False
        return True

    def leads_to(self, size: int, root: bytes | None) -> bool:
        """Whether the record here begins with so many entries under this root, whichever it is where that is None."""
        return size <= self.tree.size and root in (None, root_of(self.store.leaf_hashes(0, size)))

    @property
    def shown(self) -> State:
        """What readers get: all of it, or what a quorum of witnesses has seen."""
        return self.state if self.published is None else self.published.state

    @property
    def shown_note(self) -> bytes:
        """The checkpoint that signs what readers get."""
        return self.store.head().note if self.published is None else self.published.note

    def read(self, leaves: Iterable[bytes]) -> None:
        """Replay leaves of the log. StoreCorrupt if one has no effect: the server would not have written it."""
        read = list(leaves)
        self.tree.extend(leaf_hash(leaf) for leaf in read)
        outcome = replay(self.state, read)
        if outcome.findings:
            first = outcome.findings[0]
            raise StoreCorrupt(f"entry {first.index}", Message("one that the rules allow"), str(first.error))

    def close(self) -> None:
        """Let another process open the group."""
        self.store.close()
        self.desk.close()


def one_at_a_time(use_case: Callable[Concatenate[Keeper, P], R]) -> Callable[Concatenate[Keeper, P], R]:
    """The use case, alone with its keeper whichever thread calls it.

    Between the moment when the rules allow an entry and the one when it is durable no release may change what they
    say: an entry acknowledged for a letter closed meanwhile could never be released.
    """

    @functools.wraps(use_case)
    def alone(keeper: Keeper, /, *args: P.args, **kwargs: P.kwargs) -> R:
        with keeper.lock:
            keeper.catch_up()
            return use_case(keeper, *args, **kwargs)

    return alone


def _origin_of(leaf: bytes) -> str:
    return str(parse_entry(leaf).data["origin"])


def window_end(state: State, now: int) -> int:
    """The end of the window that holds `now`: the next release."""
    window = state.opened.window
    return now if window == 0 else (now // window + 1) * window
