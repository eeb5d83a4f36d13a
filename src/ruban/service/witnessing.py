"""Have each checkpoint cosigned, and publish it once a quorum of witnesses has seen it.

`witnesses.policy` beside the record names them (spec/log.md, 10), with the addresses at which they answer. What is
signed is durable before anybody is asked; what a quorum has seen is durable, as `witnessed.note`, before it is read.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from ruban.durable import write_durably
from ruban.errors import CheckpointInvalid, FetchFailed, FormatError, Message, QuorumMissing, StoreCorrupt
from ruban.log.checkpoint import open_checkpoint
from ruban.log.merkle import consistency_proof, hashes_in_memory
from ruban.log.note import parse_note
from ruban.log.policy import MAX_POLICY_BYTES, Policy, Witness, check_quorum, parse_policy, standing
from ruban.log.witness import ADD_CHECKPOINT, AddCheckpoint, encode_request, with_answer
from ruban.primitives.encoding import parse_decimal
from ruban.record.replay import replay
from ruban.record.state import State
from ruban.service.freeze import freeze
from ruban.service.keeper import Keeper, View
from ruban.store.ports import Head

POLICY_FILE, NOTE_FILE = "witnesses.policy", "witnessed.note"


@dataclass(frozen=True, slots=True)
class Said:
    """A witness's answer: HTTP status and body."""

    status: int
    body: bytes


Post = Callable[[str, bytes], Said]
"""Sends a body to an address; FetchFailed where nobody answers."""


class Witnessing:
    """The witnesses of one group. `keeper.published` is what they have seen."""

    def __init__(self, folder: Path, keeper: Keeper, policy: bytes, post: Post) -> None:
        self._path = folder / NOTE_FILE
        self._keeper = keeper
        self._post = post
        self._file = policy
        self._policy: Policy = parse_policy(policy)
        self._known: dict[bytes, int] = {}
        """What each witness has seen, as far as this process knows."""
        self._asking = threading.Lock()
        self._has_asked = False
        """A start asks in any case: they may know more than an old copy that was put back."""
        self.unwitnessed_since: int | None = None
        """Since when there has been something that too few have seen; None where all is seen."""
        self._begin()

    def _begin(self) -> None:
        """Publish what a quorum has seen before; all that is here if witnesses have only just been named."""
        keeper = self._keeper
        note = self._path.read_bytes() if self._path.exists() else keeper.store.head().note
        group = keeper.state.opened
        try:
            checkpoint = open_checkpoint(note, group.origin, group.log_key)
        except (CheckpointInvalid, FormatError) as wrong:
            raise StoreCorrupt(NOTE_FILE, Message("a checkpoint of this group"), str(wrong)) from wrong
        if not keeper.leads_to(checkpoint.size, checkpoint.root):
            freeze(keeper, NOTE_FILE, checkpoint.size, checkpoint.root)
            return
        state = State()
        replay(state, list(keeper.store.entries(0, checkpoint.size)))
        self._publish(View(state, note))

    def _publish(self, view: View) -> None:
        keeper = self._keeper
        with keeper.lock:
            try:
                check_quorum(self._policy, parse_note(view.note))
                keeper.policy = self._file
            except QuorumMissing:
                # Before the first quorum: a policy beside a checkpoint that it does not fit would accuse us.
                keeper.policy = None
            keeper.published = view

    def is_behind(self) -> bool:
        """Whether something has been signed that no quorum has seen, or nobody has been asked since the start."""
        keeper = self._keeper
        return not self._has_asked or keeper.policy is None or keeper.store.head().size != keeper.shown.size

    def collect(self, now: int) -> bool:
        """Ask every witness to cosign the newest checkpoint; publish it if they are the quorum, and say whether.

        A witness that knows more of this record, or another one, freezes it. One round at a time, whoever calls.
        """
        with self._asking:
            return not self.is_behind() or self._round(now)

    def _round(self, now: int) -> bool:
        keeper = self._keeper
        head, hashes = keeper.store.head(), list(keeper.store.leaf_hashes())
        if keeper.frozen is not None or len(hashes) != head.size:
            return False
        asked = [(name, one) for name, one in self._policy.witnesses.items() if one.address is not None]
        if not asked:
            return False
        with ThreadPoolExecutor(len(asked), thread_name_prefix="ruban-witness") as executor:
            self._has_asked = True
            answers = list(executor.map(lambda pair: self._ask(pair[0], pair[1], head, hashes), asked))
        note = head.note
        for (_, witness), lines in zip(asked, answers, strict=True):
            if lines is not None:
                note = _with(note, lines, witness)
        try:
            check_quorum(self._policy, parse_note(note))
        except QuorumMissing:
            self.unwitnessed_since = self.unwitnessed_since or now
            return False
        # Durable before it is published: what readers have seen must not be taken back after a crash.
        write_durably(self._path, note)
        with keeper.lock:
            before = keeper.shown.size if keeper.published is not None else 0
            state = State() if keeper.published is None else keeper.published.state
            replay(state, list(keeper.store.entries(before, head.size)))
            self._publish(View(state, note))
        self.unwitnessed_since = None
        return True

    def _ask(self, name: bytes, witness: Witness, head: Head, hashes: Sequence[bytes]) -> bytes | None:
        """The lines of one witness; None if it gave none."""
        old = self._known.get(name, 0)
        for _ in range(2):
            if old > head.size:
                # Unless another process has appended, and had it cosigned, meanwhile.
                if old > self._keeper.store.head().size:
                    freeze(self._keeper, witness.key.name, old, None)
                return None
            proof = () if old == 0 else tuple(consistency_proof(hashes_in_memory(hashes), old, head.size))
            body = encode_request(AddCheckpoint(old_size=old, proof=proof, note=head.note))
            try:
                said = self._post(f"{witness.address}/{ADD_CHECKPOINT}", body)
            except FetchFailed:
                return None
            match said.status:
                case 200:
                    self._known[name] = head.size
                    return said.body
                case 409:
                    size = _size_in(said.body)
                    if size is None:
                        return None
                    if size == old:
                        # It names the size that we named: of that size it has seen another root.
                        freeze(self._keeper, witness.key.name, size, b"")
                        return None
                    old = self._known[name] = size
                case 422:
                    # The tree that it has seen does not lead to ours.
                    freeze(self._keeper, witness.key.name, old, b"")
                    return None
                case _:
                    return None
        return None


def _with(note: bytes, lines: bytes, witness: Witness) -> bytes:
    try:
        return with_answer(note, lines, frozenset({(witness.key.name, witness.key.key_id)}))
    except FormatError:
        return note


def _size_in(body: bytes) -> int | None:
    try:
        return parse_decimal("size", body[:40].decode("ascii").removesuffix("\n"))
    except (FormatError, UnicodeDecodeError):
        return None


def witnesses_of(keeper: Keeper) -> tuple[str, ...]:
    """The names of the witnesses who have cosigned what readers get, sorted; none without a quorum."""
    if keeper.policy is None:
        return ()
    policy = parse_policy(keeper.policy)
    cosigned = standing(policy, parse_note(keeper.shown_note))
    return tuple(sorted(policy.witnesses[name].key.name for name in cosigned))


def witnessing_of(folder: Path, keeper: Keeper, post: Post) -> Witnessing | None:
    """The witnesses that the group's folder names; None if it names none. FormatError for a file that is no policy."""
    path = folder / POLICY_FILE
    if not path.is_file():
        return None
    with path.open("rb") as file:
        data = file.read(MAX_POLICY_BYTES + 1)
    return Witnessing(folder, keeper, data, post)
