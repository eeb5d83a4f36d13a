"""`ruban receipt`: whether a receipt that a member kept shows that their entry stands in a record."""

from __future__ import annotations

from typing import Any

import click

from ruban.cli.command import command
from ruban.cli.known_key import known_key
from ruban.cli.places import open_place, read_file
from ruban.cli.terminal import Terminal
from ruban.errors import CheckpointInvalid, FormatError, Message
from ruban.errors import Message as _
from ruban.log.checkpoint import parse_checkpoint
from ruban.log.merkle import leaf_hash
from ruban.log.note import parse_note
from ruban.log.policy import MAX_POLICY_BYTES, check_quorum, parse_policy, standing
from ruban.log.receipt import MAX_PROOF_BYTES, parse_tlog_proof, verify_tlog_proof
from ruban.published import MAX_SETTINGS_BYTES, SETTINGS, parse_settings
from ruban.record.entry import Entry, parse_entry


@command(
    "receipt",
    help=_(
        "Say whether the receipt in FILE shows that an entry stands in a record. It shows as well that whoever has it"
        " signed, if it is a signature: keep it where nobody looks, or not at all."
    ),
)
@click.argument("file")
@click.option("--key", metavar="KEY", help=_("The log's key as you know it: 64 hexadecimal digits, or a verifier key."))
@click.option("--record", metavar="SOURCE", help=_("Take the key from this record: an address, a folder or a zip."))
@click.option("--policy", metavar="FILE", help=_("Witnesses whose quorum must have cosigned: a tlog-policy file."))
@click.pass_obj
def receipt(terminal: Terminal, file: str, key: str | None, record: str | None, policy: str | None) -> None:
    """Exit code 0 if it holds."""
    proof = parse_tlog_proof(read_file(file, MAX_PROOF_BYTES))
    if proof.extra is None:
        raise FormatError("receipt", Message("one with its entry in it"), Message("one without"))
    note = parse_note(proof.checkpoint)
    checkpoint = parse_checkpoint(note.text)
    origin, log_key, policy_file = checkpoint.origin, None, None
    if policy is not None:
        policy_file = parse_policy(read_file(policy, MAX_POLICY_BYTES))
        log_key = next((log.public for log in policy_file.logs if log.name == origin), None)
    if record is not None:
        settings = parse_settings(open_place(record).read(SETTINGS, MAX_SETTINGS_BYTES))
        origin, log_key = settings.origin, settings.log_key
    if key is not None:
        named, log_key = known_key(key)
        origin = named or origin
    if log_key is None:
        raise CheckpointInvalid(
            "log key",
            Message("one that you know"),
            Message("none"),
            hint=Message("Give it with --key, or the record with --record: a receipt cannot vouch for its own key."),
        )
    verify_tlog_proof(proof, leaf_hash(proof.extra), origin, log_key)
    if policy_file is not None:
        check_quorum(policy_file, note)
    entry = parse_entry(proof.extra)
    seen = {} if policy_file is None else standing(policy_file, note)
    terminal.say(
        Message(
            "It holds: entry {index:,} of the record {origin}, which had {size:,} entries then.",
            index=proof.index,
            origin=origin,
            size=checkpoint.size,
        ),
        _kind(entry),
        style="green",
    )
    for name, at in seen.items():
        shown = name.decode("utf-8", "replace")
        terminal.say(Message("  {name} had seen it by {when}", name=shown, when=terminal.instant(at)))
    terminal.emit_json(
        {"index": proof.index, "origin": origin, "size": checkpoint.size, "kind": entry.kind, "witnesses": len(seen)}
    )


def _kind(entry: Entry) -> Message:
    data: dict[str, Any] = dict(entry.data)
    letter = str(data.get("letter", ""))[:12]
    match entry.kind, data.get("way"):
        case "signature", "unnamed":
            return Message("It is a signature without a name, for the letter {letter}…", letter=letter)
        case "signature", _:
            return Message("It is a signature by name, for the letter {letter}…", letter=letter)
        case "roll.row", _:
            return Message("It is a row of the roll.")
        case _:
            return Message("It is an entry of kind {kind}.", kind=entry.kind)
