"""A second party beside the organisers: name it, and put what it brings into the record."""

from __future__ import annotations

from collections.abc import Sequence

from ruban.errors import FormatError, Message, Refused
from ruban.record.commitment import commit_line, parse_line
from ruban.record.entry import parse_entry
from ruban.record.submission import parse_submission
from ruban.service.keeper import Keeper, one_at_a_time
from ruban.service.release import release


@one_at_a_time
def name_attester(keeper: Keeper, key: bytes, name: str, now: int, by: Sequence[int] | None = None) -> None:
    """Say that the holder of `key` may attest the roll under `name`; it cannot be taken back.

    RuleBroken for a key that this record already knows, FormatError for one that is none or a name that is no line.
    `by` are the organisers who sign; all whose keys are here if None.
    """
    if not name.strip():
        raise FormatError("name", Message("a name"), Message("nothing"))
    opened = commit_line("name", name)
    release(keeper, now)
    entry = keeper.signed(
        {
            "kind": "attester.named",
            "v": 1,
            "key": key.hex(),
            "name": opened.commitment.hex(),
            "at": max(now, keeper.state.clock),
        },
        by,
    )
    keeper.append_entry(entry, openings=[opened])


@one_at_a_time
def take_attestation(keeper: Keeper, text: bytes, now: int) -> None:
    """Put an attestation, as `ruban attest sign` writes it, into the record.

    FormatError for anything else, the errors of the record's rules for one that does not hold, Refused if it stands
    there already.
    """
    submission = parse_submission(text)
    entry = parse_entry(submission.leaf)
    if entry.kind != "roll.attested":
        raise FormatError("entry", Message("an attestation"), Message("an entry of kind {kind}", kind=entry.kind))
    method = entry.bytes_of("method")
    if [opening.commitment for opening in submission.openings] != [method]:
        raise FormatError("opening", Message("how the second party compared"), Message("something else"))
    parse_line("method", submission.openings[0].payload)
    release(keeper, now)
    if any(said.method == method and said.key == entry.bytes_of("key") for said in keeper.state.attestations):
        raise Refused("attestation", Message("one that is not in the record yet"), Message("one that is"))
    keeper.append_entry(entry, openings=submission.openings)
