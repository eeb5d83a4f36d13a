"""The files that spare a member's device a replay: proofs of entries, columns, tags (spec/record.md, 6.5)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ruban.errors import FetchFailed, Message
from ruban.log.merkle import hashes_in_memory, inclusion_proof
from ruban.log.receipt import TlogProof, encode_tlog_proof
from ruban.service.keeper import Keeper, one_at_a_time

_ROLL = re.compile(r"roll/[0-9]+/(?:roles|[0-9]+)\Z")
_PROOF = re.compile(r"proof/(0|[1-9][0-9]{0,15})\Z")


@dataclass(frozen=True, slots=True)
class DeviceFiles:
    """Those of one size of the record: they hold no opening, and are the same for every letter."""

    _files: Mapping[str, bytes] = field(repr=False)
    _leaves: Mapping[int, bytes] = field(repr=False)
    """The entries that may be proven one by one, by index."""
    _hashes: Sequence[bytes] = field(repr=False)
    _note: bytes = field(repr=False)

    def names(self) -> list[str]:
        """The paths of its files."""
        return [*self._files, *(f"proof/{index}" for index in self._leaves)]

    def read(self, path: str) -> bytes:
        """The file's bytes; FetchFailed if there is none of this name."""
        if path in self._files:
            return self._files[path]
        found = _PROOF.match(path)
        index = -1 if found is None else int(found[1])
        if index not in self._leaves:
            raise FetchFailed(path, Message("a file of the record"), Message("none"))
        way = inclusion_proof(hashes_in_memory(self._hashes), index, len(self._hashes))
        proof = TlogProof(index=index, path=tuple(way), checkpoint=self._note, extra=self._leaves[index])
        return encode_tlog_proof(proof)


def is_device_file(path: str) -> bool:
    """Whether a path is one of these rather than one that an auditor reads."""
    return path.startswith(("proof/", "roll/", "tags/"))


def is_lasting(path: str) -> bool:
    """Whether a file of this name never changes: whole tiles and entry bundles, and the columns of a fixed roll."""
    return bool(_ROLL.match(path)) or (path.startswith("tile/") and ".p/" not in path)


@one_at_a_time
def device_files(keeper: Keeper) -> DeviceFiles:
    """The files as the record is now."""
    state, store = keeper.shown, keeper.store
    # None of a member's entries: who asked for the proof of one would say which is theirs.
    proven = {0, *state.roll.epochs, *(letter.index for letter in state.letters.values())}
    files: dict[str, bytes] = {}
    for epoch in state.roll.epochs.values():
        rows = state.roll.rows[: epoch.rows]
        files[f"roll/{epoch.index}/roles"] = b"".join((row.role or "").encode("utf-8") + b"\n" for row in rows)
        for slot, column in enumerate(state.roll.columns):
            files[f"roll/{epoch.index}/{slot}"] = b"".join(column[: epoch.rows])
    for letter in state.letters.values():
        files[f"tags/{letter.index}"] = b"".join(letter.signatures)
    return DeviceFiles(
        files,
        {index: leaf for index in proven for leaf in store.entries(index, index + 1)},
        list(store.leaf_hashes(0, state.size)),
        keeper.shown_note,
    )
