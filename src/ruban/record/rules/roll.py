"""The roll: rows, and the epochs that fix them."""

from __future__ import annotations

from ruban.errors import FormatError, Message, RuleBroken
from ruban.primitives.ed25519 import parse_public_key
from ruban.proof import Claim, EnrolmentClaim
from ruban.record.entry import Entry, epoch_head, make_entry
from ruban.record.rules.rule import Placed, note_commitments, require_aligned, require_time
from ruban.record.state import Epoch, Letter, Row, State

OLDEST_ROW_WAITS_SECONDS = 86_400


class RollRow:
    """A member's row: stubs nobody has used, with the proof that they can be opened."""

    def claim(self, state: State, placed: Placed) -> Claim:
        entry = placed.entry
        stubs = [bytes.fromhex(stub) for stub in entry.data["stubs"]]
        if len(stubs) != state.opened.slots:
            raise FormatError("stubs", Message("{n} stubs", n=state.opened.slots), str(len(stubs)))
        return EnrolmentClaim.parse(state.opened.roll_id, entry.body, stubs, entry.bytes_of("proof"))

    def check(self, state: State, placed: Placed) -> None:
        data, group = placed.entry.data, state.opened
        # "710 of 770" means nothing if there are 800 rows.
        if len(state.roll.rows) >= group.electorate:
            raise RuleBroken(
                "roll.row", Message("at most {n} rows, the entitled", n=group.electorate), Message("one more")
            )
        parse_public_key("key", placed.entry.bytes_of("key"))
        if data["way"] not in group.ways_in:
            raise RuleBroken("way", Message("one of the group's ways in"), data["way"])
        if ("role" in data) != bool(group.roles) or data.get("role", "") not in (*group.roles, ""):
            raise RuleBroken("role", Message("one of the group's roles, if it has any"), repr(data.get("role")))
        for stub in data["stubs"]:
            if bytes.fromhex(stub) in state.roll.stubs:
                raise RuleBroken("stubs", Message("stubs that no row has used"), stub)

    def apply(self, state: State, placed: Placed) -> None:
        entry = placed.entry
        claim = entry.bytes_of("claim")
        row = Row(
            index=placed.index,
            key=entry.bytes_of("key"),
            claim=claim,
            way=entry.data["way"],
            role=entry.data.get("role"),
            time=placed.time,
        )
        state.roll.add(row, [bytes.fromhex(stub) for stub in entry.data["stubs"]])
        note_commitments(state, placed.index, [claim])


def _open_letters(state: State) -> list[Letter]:
    return [letter for letter in state.letters.values() if not letter.closed]


def epoch_due(state: State, time: int) -> bool:
    """Whether an epoch is to be logged at `time`: the server asks, and the auditor finds fault with any other.

    Enough new rows, or the oldest of them has waited a day, or a closing is at most two windows away. While an open
    letter has announced an epoch that is not yet logged, at the announced hours only; the last of them takes whatever
    there is, and after it the ordinary rule holds again, also for a letter that was extended.
    """
    group, roll = state.opened, state.roll
    if roll.unfixed == 0:
        return False
    enough = roll.unfixed >= group.epoch_minimum
    since = roll.newest_epoch.time if roll.newest_epoch else 0
    announced = [letter for letter in _open_letters(state) if letter.epochs_at and letter.epochs_at[-1] > since]
    if announced and roll.newest_epoch is not None:
        for letter in announced:
            passed = [hour for hour in letter.epochs_at if since < hour <= time]
            if passed and (enough or letter.epochs_at[-1] in passed):
                return True
        return False
    waited = roll.unfixed_since is not None and time - roll.unfixed_since >= OLDEST_ROW_WAITS_SECONDS
    closing = any(letter.closing - time <= 2 * group.window for letter in _open_letters(state))
    return enough or waited or closing


class RollCheckpoint:
    """An epoch. Every field is derived; one that differs is a finding."""

    def claim(self, state: State, placed: Placed) -> Claim | None:
        return None

    def check(self, state: State, placed: Placed) -> None:
        data, roll = placed.entry.data, state.roll
        require_time(state, placed.time)
        require_aligned(state, "at", placed.time)
        if not epoch_due(state, placed.time):
            raise RuleBroken("roll.checkpoint", Message("an epoch that is due"), Message("one that is not"))
        if data["rows"] != len(roll.rows):
            raise RuleBroken("rows", str(len(roll.rows)), str(data["rows"]))
        if data["columns"] != roll.column_digests():
            raise RuleBroken("columns", Message("the digests of the rows' stubs"), Message("others"))
        if data["roles"] != roll.roles_digest():
            raise RuleBroken("roles", Message("the digest of the rows' roles"), Message("another"))

    def apply(self, state: State, placed: Placed) -> None:
        roll = state.roll
        head = epoch_head(placed.entry.leaf)
        roll.epochs[placed.index] = Epoch(
            index=placed.index, head=head, rows=len(roll.rows), roles=dict(roll.roles), time=placed.time
        )
        roll.unfixed_since = None
        state.clock = placed.time


def epoch_entry(state: State, time: int) -> Entry:
    """The epoch that fixes all rows so far, for `time`."""
    roll = state.roll
    return make_entry(
        {
            "kind": "roll.checkpoint",
            "v": 1,
            "rows": len(roll.rows),
            "columns": roll.column_digests(),
            "roles": roll.roles_digest(),
            "at": time,
        }
    )
