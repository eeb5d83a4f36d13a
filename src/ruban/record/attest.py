"""What a second party makes on its own machine: its statement on an epoch, signed with a key that only it has. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from ruban.errors import FormatError, Message, Refused
from ruban.primitives.ed25519 import public_key, sign
from ruban.record.commitment import commit_line
from ruban.record.entry import make_entry, signed_bytes
from ruban.record.state import State
from ruban.record.submission import Submission


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """What a second party found: its own number of the entitled, and those invited, of whom it found so many there."""

    entitled: int
    invited: int
    found: int
    spent: int
    """Invitations used, as the operator said."""
    method: str
    """How it compared: a line that readers see."""
    date: str


def make_attestation(state: State, seed: bytes, compared: Compared) -> Submission:
    """The statement on the newest epoch of a replayed record, with the opening of `method`.

    Refused if the organisers have not named this key, or nobody is on the roll yet; FormatError for a method that is
    no line.
    """
    key, epoch = public_key(seed), state.roll.newest_epoch
    if key not in state.attesters:
        raise Refused(
            "key",
            Message("one that the organisers have named in this record"),
            key.hex(),
            hint=Message("Give it to the organisers; then take the record again."),
        )
    if epoch is None:
        raise Refused("roll", Message("a list of those enrolled that is fixed"), Message("none yet"))
    if not compared.method.strip():
        raise FormatError("method", Message("how you compared, in a line"), Message("nothing"))
    method = commit_line("method", compared.method)
    data = {
        "kind": "roll.attested",
        "v": 1,
        "key": key.hex(),
        "date": compared.date,
        "epoch": epoch.index,
        "rows": epoch.rows,
        "entitled": compared.entitled,
        "invited": compared.invited,
        "found": compared.found,
        "spent": compared.spent,
        "method": method.commitment.hex(),
    }
    sig = sign(seed, signed_bytes(state.opened.origin, data))
    return Submission(make_entry({**data, "sig": sig.hex()}).leaf, (method,))
