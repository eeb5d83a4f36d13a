"""`ruban verify`: recount a record offline, trusting nobody."""

from __future__ import annotations

from typing import Any

import click

from ruban.audit.fetch import Source
from ruban.audit.report import LetterVerdict, Verdict
from ruban.audit.verify import Demands, audit
from ruban.cli.boundary import DOES_NOT_HOLD, HOLDS, WrongUse
from ruban.cli.command import command
from ruban.cli.known_key import known_key
from ruban.cli.known_record import KnownRecord, keep_known_record, read_known_record
from ruban.cli.letters import pick
from ruban.cli.places import open_place, read_file
from ruban.cli.terminal import Terminal
from ruban.cli.verdict import print_verdict, verdict_as_json
from ruban.errors import Message, Refused
from ruban.errors import Message as _
from ruban.log.policy import MAX_POLICY_BYTES, parse_policy
from ruban.published import MAX_CHECKPOINT_BYTES
from ruban.record.state import State

PHASES = {"recount": _("recounting the entries"), "proofs": _("verifying the signatures")}


@command(
    "verify",
    help=_(
        "Recount the record in BUNDLE (a zip, a folder, an address, or a server's data folder) and say what holds. "
        "Needs no network for a file, no account, and nobody's word."
    ),
)
@click.argument("bundle")
@click.option("--origin", metavar="NAME", help=_("The record's name as you know it; another one does not hold."))
@click.option(
    "--key",
    metavar="KEY",
    help=_("The log's key as you know it: 64 hexadecimal digits, or a verifier key (name+id+key)."),
)
@click.option("--earlier", metavar="FILE", help=_("A checkpoint that you kept: the record must continue it."))
@click.option(
    "--policy",
    metavar="FILE",
    help=_("Which witnesses you trust, and how many of them must have cosigned: a tlog-policy file."),
)
@click.option(
    "--known",
    metavar="FILE",
    help=_(
        "Keep the record's key, checkpoint and witnesses in FILE the first time, and hold the record to them from then "
        "on: trust on first use."
    ),
)
@click.option("--names", is_flag=True, help=_("Also print the names of those who signed by name."))
@click.option("--letter", metavar="ID", help=_("Only this letter: its identifier, or the beginning of it."))
@click.pass_obj
def verify(
    terminal: Terminal,
    bundle: str,
    origin: str | None,
    key: str | None,
    earlier: str | None,
    policy: str | None,
    known: str | None,
    names: bool,
    letter: str | None,
) -> int:
    """Exit code 0 if everything holds, 1 if anything does not."""
    if known is not None and earlier is not None:
        raise WrongUse(_("--known keeps a checkpoint of its own: leave --earlier out."))
    before = None if known is None else read_known_record(known)
    brought = None if policy is None else read_file(policy, MAX_POLICY_BYTES)
    demands = _demands(origin, key, earlier, brought)
    if known is not None and before is not None:
        before.check_same(known, demands.origin, demands.log_key)
        demands = before.held(demands)
    verdict, shown = _audited(terminal, open_place(bundle), demands, names, letter)
    looked: dict[str, Any] = {}
    if known is not None and verdict.holds:
        _keep(terminal, known, before, verdict, brought)
        looked = {"known": {"entries": None if before is None else before.entries}}
    terminal.emit_json(shown | looked)
    return HOLDS if verdict.holds else DOES_NOT_HOLD


def _keep(terminal: Terminal, path: str, before: KnownRecord | None, verdict: Verdict, brought: bytes | None) -> None:
    """Keep what the record is now, and say how that is to be read."""
    seen = verdict.witnesses
    keep_known_record(path, verdict, brought if seen is None or seen.policy is None else seen.policy)
    if before is None:
        terminal.say(
            Message(
                "{path} now knows this record's key, its {n:,} entries and its witnesses. They were taken on its own "
                "word, unless you gave them; from the next time on they must be the same.",
                path=path,
                n=verdict.entries,
            )
        )
    else:
        terminal.say(
            terminal.ngettext(
                "It has the key that {path} knew, and continues the record of {n:,} entry that you saw then.",
                "It has the key that {path} knew, and continues the record of {n:,} entries that you saw then.",
                before.entries,
                path=path,
            )
        )


def audit_and_print(
    terminal: Terminal,
    source: Source,
    demands: Demands | None = None,
    *,
    names: bool = False,
    letter: str | None = None,
) -> int:
    """Audit `source`, print the verdict, and return the exit code. Errors as `audit`."""
    verdict, shown = _audited(terminal, source, demands, names, letter)
    terminal.emit_json(shown)
    return HOLDS if verdict.holds else DOES_NOT_HOLD


def _audited(
    terminal: Terminal, source: Source, demands: Demands | None, names: bool, letter: str | None
) -> tuple[Verdict, dict[str, Any]]:
    """The verdict, printed, and what a program gets of it."""
    verdict, _state = audit_with_progress(terminal, source, demands)
    letters: tuple[LetterVerdict, ...] = verdict.letters
    if letter is not None:
        wanted = pick([each.letter_id for each in letters], letter)
        letters = tuple(each for each in letters if each.letter_id == wanted)
    print_verdict(terminal, verdict, letters, names)
    return verdict, verdict_as_json(verdict, letters, names)


def audit_with_progress(terminal: Terminal, source: Source, demands: Demands | None = None) -> tuple[Verdict, State]:
    """Audit with a bar on stderr. Errors as `audit`."""
    with terminal.progress(PHASES["recount"]) as bar:
        return audit(source, demands, lambda phase, done, total: bar.update(done, total, PHASES.get(phase, phase)))


def audit_to_sign(terminal: Terminal, place: str) -> tuple[Verdict, State]:
    """Audit the record at `place`; Refused unless it holds: nothing is signed on another. Errors as `audit`."""
    verdict, state = audit_with_progress(terminal, open_place(place))
    if not verdict.holds:
        raise Refused(
            "bundle",
            Message("one that holds"),
            Message("one with findings: {n}", n=len(verdict.findings)),
            hint=Message("{command} shows them. Nothing is signed on such a record.", command=f"ruban verify {place}"),
        )
    return verdict, state


def _demands(origin: str | None, key: str | None, earlier: str | None, policy: bytes | None) -> Demands:
    named, log_key = (None, None) if key is None else known_key(key)
    origin = origin or named
    note = None if earlier is None else read_file(earlier, MAX_CHECKPOINT_BYTES)
    trusted = None if policy is None else parse_policy(policy)
    return Demands(origin=origin, log_key=log_key, earlier=note, policy=trusted)
