"""`ruban verify`: recount a record offline, trusting nobody."""

from __future__ import annotations

import click

from ruban.audit.fetch import Source
from ruban.audit.report import LetterVerdict, Verdict
from ruban.audit.verify import Demands, audit
from ruban.cli.boundary import DOES_NOT_HOLD, HOLDS
from ruban.cli.command import command
from ruban.cli.known_key import known_key
from ruban.cli.letters import pick
from ruban.cli.places import open_place, read_file
from ruban.cli.terminal import Terminal
from ruban.cli.verdict import print_verdict, verdict_as_json
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
    names: bool,
    letter: str | None,
) -> int:
    """Exit code 0 if everything holds, 1 if anything does not."""
    demands = _demands(origin, key, earlier, policy)
    return audit_and_print(terminal, open_place(bundle), demands, names=names, letter=letter)


def audit_and_print(
    terminal: Terminal,
    source: Source,
    demands: Demands | None = None,
    *,
    names: bool = False,
    letter: str | None = None,
) -> int:
    """Audit `source`, print the verdict, and return the exit code. Errors as `audit`."""
    verdict, _state = audit_with_progress(terminal, source, demands)
    letters: tuple[LetterVerdict, ...] = verdict.letters
    if letter is not None:
        wanted = pick([each.letter_id for each in letters], letter)
        letters = tuple(each for each in letters if each.letter_id == wanted)
    print_verdict(terminal, verdict, letters, names)
    terminal.emit_json(verdict_as_json(verdict, letters, names))
    return HOLDS if verdict.holds else DOES_NOT_HOLD


def audit_with_progress(terminal: Terminal, source: Source, demands: Demands | None = None) -> tuple[Verdict, State]:
    """Audit with a bar on stderr. Errors as `audit`."""
    with terminal.progress(PHASES["recount"]) as bar:
        return audit(source, demands, lambda phase, done, total: bar.update(done, total, PHASES.get(phase, phase)))


def _demands(origin: str | None, key: str | None, earlier: str | None, policy: str | None) -> Demands:
    named, log_key = (None, None) if key is None else known_key(key)
    origin = origin or named
    note = None if earlier is None else read_file(earlier, MAX_CHECKPOINT_BYTES)
    trusted = None if policy is None else parse_policy(read_file(policy, MAX_POLICY_BYTES))
    return Demands(origin=origin, log_key=log_key, earlier=note, policy=trusted)
