"""A group's record as files at one size: C2SP's, and those that spare a device a replay (spec/record.md, 6)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from ruban.errors import FetchFailed, Message
from ruban.log.merkle import hashes_in_memory, inclusion_proof, leaf_hash
from ruban.log.receipt import TlogProof, encode_tlog_proof
from ruban.service.keeper import Keeper, one_at_a_time
from ruban.service.publish import publish
from ruban.store.export import PublishedStore

_ROLL = re.compile(r"roll/(0|[1-9][0-9]{0,15})/(roles|0|[1-9][0-9]?)\Z")
_PROOF = re.compile(r"proof/(0|[1-9][0-9]{0,15})\Z")
_TAGS = re.compile(r"tags/(0|[1-9][0-9]{0,15})\Z")


@dataclass(frozen=True, slots=True)
class RecordFiles:
    """The files of one size of the record; made by `record_files`, and good until the record grows."""

    size: int
    published: PublishedStore = field(repr=False)
    _made: Mapping[str, bytes] = field(repr=False)
    _prove: Callable[[int], bytes | None] = field(repr=False)

    def read(self, path: str) -> bytes:
        """The file's bytes; FetchFailed if the record has none of this name."""
        if path in self._made:
            return self._made[path]
        if (found := _PROOF.match(path)) and (proof := self._prove(int(found[1]))) is not None:
            return proof
        if _PROOF.match(path) or _ROLL.match(path) or _TAGS.match(path):
            raise FetchFailed(path, Message("a file of the record"), Message("none"))
        return self.published.read(path, _NO_LIMIT)


_NO_LIMIT = 1 << 40


def is_lasting(path: str) -> bool:
    """Whether a file of this name never changes: whole tiles and entry bundles, and the columns of a fixed roll."""
    return bool(_ROLL.match(path)) or (path.startswith("tile/") and ".p/" not in path)


@one_at_a_time
def record_files(keeper: Keeper, letters: tuple[bytes, ...] | None = None) -> RecordFiles:
    """The files of the record as it is now, with the openings of these letters alone; of all letters if None."""
    state = keeper.state
    leaves = list(keeper.store.entries())
    hashes = [leaf_hash(leaf) for leaf in leaves]
    note = keeper.store.head().note
    # None of a member's: who asked for one would say which is theirs.
    proven = {0, *state.roll.epochs, *(letter.index for letter in state.letters.values())}

    def prove(index: int) -> bytes | None:
        if index not in proven:
            return None
        path = inclusion_proof(hashes_in_memory(hashes), index, len(hashes))
        return encode_tlog_proof(TlogProof(index=index, path=tuple(path), checkpoint=note, extra=leaves[index]))

    made: dict[str, bytes] = {}
    for epoch in state.roll.epochs.values():
        rows = state.roll.rows[: epoch.rows]
        made[f"roll/{epoch.index}/roles"] = b"".join((row.role or "").encode("utf-8") + b"\n" for row in rows)
        for slot, column in enumerate(state.roll.columns):
            made[f"roll/{epoch.index}/{slot}"] = b"".join(column[: epoch.rows])
    for letter in state.letters.values():
        made[f"tags/{letter.index}"] = b"".join(letter.signatures)
    return RecordFiles(state.size, publish(keeper, letters), made, prove)
