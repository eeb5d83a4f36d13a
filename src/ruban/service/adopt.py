"""Come back from a copy of the record: what is missing here is taken from it as it was signed; nothing is signed anew.

Only entries that follow on those that are here: a record that went another way is not mended by copying.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ruban.errors import CheckpointInvalid, Inconsistent, Message, Refused
from ruban.log.checkpoint import open_checkpoint
from ruban.log.merkle import leaf_hash, root_of
from ruban.primitives.ed25519 import public_key
from ruban.record.commitment import Opening
from ruban.record.entry import parse_entry
from ruban.service.claims import claims_of
from ruban.service.keeper import TWO_RECORDS, Keeper, one_at_a_time
from ruban.service.release import forget_names
from ruban.store.ports import Head


@dataclass(frozen=True, slots=True)
class Copy:
    """A record from elsewhere, which an auditor has found to hold."""

    origin: str
    leaves: Sequence[bytes]
    note: bytes
    openings: Iterable[Opening]


@dataclass(frozen=True, slots=True)
class Adopted:
    """What was added, and what of it can be had only from people."""

    entries: int
    rows: int
    """Rows among them: whose invitations made them was known only to what was lost."""
    waiting: int
    """Entries that still wait here for a release."""
    frozen: bool
    """Whether somebody knows even more than this copy."""


@one_at_a_time
def adopt(keeper: Keeper, copy: Copy) -> Adopted:
    """Append what the copy has more than the record here, under the copy's own checkpoint.

    Refused if it has nothing more. CheckpointInvalid if this group's keys have not signed it; Inconsistent, with both
    checkpoints, if it is no continuation of what is here.
    """
    before = keeper.tree.size
    checkpoint = open_checkpoint(copy.note, copy.origin, public_key(keeper.keys.log_seed))
    hashes = [leaf_hash(leaf) for leaf in copy.leaves]
    if (len(hashes), root_of(hashes)) != (checkpoint.size, checkpoint.root):
        raise CheckpointInvalid("copy", Message("the entries that its checkpoint signs"), Message("others"))
    ours = keeper.store.head()
    if root_of(hashes[:before]) != keeper.tree.root():
        raise Inconsistent(
            "copy",
            Message("one that continues the record here"),
            Message("another"),
            hint=TWO_RECORDS,
            evidence="\n".join((ours.note.decode("utf-8"), copy.note.decode("utf-8"))),
        )
    if checkpoint.size == before:
        raise Refused("copy", Message("more than the {n:,} entries that are here", n=before), Message("the same"))
    missing = copy.leaves[before:]
    pending = [parse_entry(leaf) for leaf in keeper.store.pending()]
    waiting = {leaf_hash(entry.leaf) for entry in pending}
    entries = [parse_entry(leaf) for leaf in missing]
    # What waits here has its claims already, even where another entry of the same member was recorded: it waits on.
    held = {key for entry in pending for key in claims_of(entry)}
    claims = [key for entry in entries for key in claims_of(entry) if key not in held]
    keeper.store.append(
        Head(before, keeper.tree.root(), b""),
        missing,
        copy.note,
        released=waiting & set(hashes[before:]),
        claims=claims,
        openings=list(copy.openings),
    )
    if keeper.mark is not None:
        keeper.mark.raise_to(checkpoint.size, copy.note)
    keeper.read(missing)
    if keeper.frozen is not None and keeper.leads_to(keeper.frozen.size, keeper.frozen.root):
        keeper.frozen = None
    if keeper.frozen is None:
        forget_names(keeper)
    return Adopted(
        entries=len(missing),
        rows=sum(entry.kind == "roll.row" for entry in entries),
        waiting=len(keeper.store.pending()),
        frozen=keeper.frozen is not None,
    )
