"""What second parties said of the roll, as pages show it: the last word of each."""

from __future__ import annotations

from dataclasses import dataclass

from ruban.record.deeds import Attestation
from ruban.record.state import State
from ruban.service.keeper import Keeper
from ruban.web.texts import text_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Attested:
    """A second party's last word; its name and its way of comparing are None once they have been erased."""

    by: str | None
    method: str | None
    said: Attestation
    rows_since: int
    """Rows that came after the epoch it looked at."""

    @property
    def key(self) -> str:
        """Its key, to compare with one that readers have from it."""
        return self.said.key.hex()


def attested_in(state: State, keeper: Keeper) -> tuple[Attested, ...]:
    """The last word of each second party, in the order of the log."""
    return tuple(
        Attested(
            by=text_of(keeper, state.attesters[said.key].name),
            method=text_of(keeper, said.method),
            said=said,
            rows_since=len(state.roll.rows) - said.rows,
        )
        for said in state.last_attestations
    )
