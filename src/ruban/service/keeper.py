"""The one way to a group's record: its store, its keys, its desk, and the state that a replay of the log yields."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from ruban.errors import Message, StoreCorrupt
from ruban.log.checkpoint import Checkpoint, sign_checkpoint
from ruban.log.merkle import Tree, leaf_hash
from ruban.log.receipt import Promise, sign_promise
from ruban.primitives.ed25519 import public_key
from ruban.record.commitment import Opening
from ruban.record.entry import Entry, parse_entry, with_signatures
from ruban.record.replay import permit, replay
from ruban.record.rules.log import LONGEST_WAIT_SECONDS
from ruban.record.state import Letter, State
from ruban.store.desk import Desk
from ruban.store.keys import Keys
from ruban.store.ports import LogStore

PROMISE_SLACK_SECONDS = 3600


@dataclass(slots=True)
class Keeper:
    """One open group. Make it with `open_keeper`, once per process; every use case takes it."""

    store: LogStore
    keys: Keys = field(repr=False)
    desk: Desk
    state: State = field(default_factory=State)
    tree: Tree = field(default_factory=Tree)

    def append(
        self,
        leaves: Sequence[bytes],
        *,
        released: Collection[bytes] = (),
        openings: Collection[Opening] = (),
        erased: Collection[bytes] = (),
    ) -> None:
        """Append leaves that the rules have been asked about, under a new checkpoint, and replay them."""
        tree = self.tree.copy()
        tree.extend(leaf_hash(leaf) for leaf in leaves)
        origin = self.state.group.origin if self.state.group else _origin_of(leaves[0])
        checkpoint = Checkpoint(origin=origin, size=tree.size, root=tree.root())
        note = sign_checkpoint(checkpoint, self.keys.log_seed)
        self.store.append(self.store.head(), leaves, note, released=released, openings=openings, erased=erased)
        self.read(leaves)

    def append_entry(self, entry: Entry, *, openings: Collection[Opening] = (), erased: Collection[bytes] = ()) -> None:
        """Append one entry that is no member's; raises, and changes nothing, if the rules do not allow it now."""
        permit(self.state, entry)
        self.append([entry.leaf], openings=openings, erased=erased)

    def signed(self, data: dict[str, object]) -> Entry:
        """An entry with the signatures of all organisers whose keys are here."""
        seeds = self.keys.organiser_seeds
        return with_signatures(self.state.opened.origin, data, seeds, [public_key(seed) for seed in seeds])

    def spent(self, identifier: bytes) -> bytes:
        """h of an entitled person, which nobody can compute or undo without the group's key."""
        return hmac.digest(self.keys.group_key, identifier, hashlib.sha256)

    def promise(self, leaf: bytes, now: int, letter: Letter | None) -> bytes:
        """A promise that `leaf` will be in the record in time (spec/record.md, 4)."""
        deadline = window_end(self.state, now) + LONGEST_WAIT_SECONDS
        if letter is not None:
            deadline = min(deadline, letter.closing)
        due = deadline + PROMISE_SLACK_SECONDS
        text = Promise(origin=self.state.opened.origin, leaf_hash=leaf_hash(leaf), due_unix_seconds=due)
        return sign_promise(text, self.keys.receipt_seed)

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


def _origin_of(leaf: bytes) -> str:
    return str(parse_entry(leaf).data["origin"])


def window_end(state: State, now: int) -> int:
    """The end of the window that holds `now`: the next release."""
    window = state.opened.window
    return now if window == 0 else (now // window + 1) * window
