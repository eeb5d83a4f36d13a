"""A second party beside the organisers: named by them, and what it says of the roll in its own name."""

from __future__ import annotations

from ruban.errors import Message, RuleBroken
from ruban.primitives.ed25519 import parse_public_key, verify_ed25519
from ruban.proof import Claim
from ruban.record.deeds import Attestation, Attester, Deed
from ruban.record.entry import signed_bytes, verify_quorum
from ruban.record.kinds import MAX_ATTESTERS
from ruban.record.rules.group import check_date
from ruban.record.rules.rule import Placed, note_act, note_commitments, require_time
from ruban.record.state import State


class AttesterNamed:
    """A key that is nobody else's in this record, from now on; who holds it the organisers say."""

    def claim(self, state: State, placed: Placed) -> Claim | None:
        return None

    def check(self, state: State, placed: Placed) -> None:
        group, key = state.opened, placed.entry.bytes_of("key")
        verify_quorum(group.origin, placed.entry, group.organisers, group.quorum)
        require_time(state, placed.time)
        parse_public_key("key", key)
        # Who attests themself is no second party.
        if key in (*group.organisers, group.log_key, group.receipt_key, *state.attesters):
            raise RuleBroken("key", Message("one that is nobody else's in this record"), key.hex())
        if len(state.attesters) >= MAX_ATTESTERS:
            raise RuleBroken("attester.named", Message("at most {n} of them", n=MAX_ATTESTERS), Message("one more"))

    def apply(self, state: State, placed: Placed) -> None:
        key, name = placed.entry.bytes_of("key"), placed.entry.bytes_of("name")
        state.attesters[key] = Attester(index=placed.index, at=placed.time, key=key, name=name)
        state.clock = placed.time
        note_commitments(state, placed.index, [name])
        note_act(state, placed, Deed.ATTESTER_NAMED)


class RollAttested:
    """What a named key signs about an epoch. It may find fault: numbers that do not fit are kept and shown."""

    def claim(self, state: State, placed: Placed) -> Claim | None:
        return None

    def check(self, state: State, placed: Placed) -> None:
        entry, data = placed.entry, placed.entry.data
        key = entry.bytes_of("key")
        if key not in state.attesters:
            raise RuleBroken("key", Message("that of a second party which the organisers have named"), data["key"])
        verify_ed25519(key, signed_bytes(state.opened.origin, data), entry.bytes_of("sig"))
        check_date(data["date"], "date")
        epoch = state.roll.epochs.get(data["epoch"])
        if epoch is None:
            raise RuleBroken("epoch", Message("the index of an epoch in the record"), str(data["epoch"]))
        if data["rows"] != epoch.rows:
            raise RuleBroken("rows", str(epoch.rows), str(data["rows"]))
        if data["found"] > data["invited"]:
            raise RuleBroken("found", Message("at most {n}, those invited", n=data["invited"]), str(data["found"]))

    def apply(self, state: State, placed: Placed) -> None:
        entry, data = placed.entry, placed.entry.data
        said = Attestation(
            index=placed.index,
            key=entry.bytes_of("key"),
            date=data["date"],
            epoch=data["epoch"],
            rows=data["rows"],
            entitled=data["entitled"],
            invited=data["invited"],
            found=data["found"],
            spent=data["spent"],
            method=entry.bytes_of("method"),
        )
        state.attestations.append(said)
        note_commitments(state, placed.index, [said.method])
