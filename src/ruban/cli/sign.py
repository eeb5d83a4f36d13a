"""`ruban sign`: make a signature on a machine without network, from a bundle and what only the member knows."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from ruban.audit.report import LetterVerdict, Verdict
from ruban.cli.boundary import DOES_NOT_HOLD, WrongUse
from ruban.cli.command import command
from ruban.cli.hiding import Hiding, hiding, sentences
from ruban.cli.letters import pick, those
from ruban.cli.own_secret import ask_secret, secret_of_group
from ruban.cli.places import refuse_to_overwrite
from ruban.cli.terminal import Terminal
from ruban.cli.verdict import title_of
from ruban.cli.verify import audit_to_sign
from ruban.durable import write_durably
from ruban.errors import CommitmentInvalid, FormatError, LetterClosed, Message, Refused, RuleBroken
from ruban.errors import Message as _
from ruban.primitives.encoding import parse_hex
from ruban.proof import MemberSecret, verify_batch
from ruban.record import member
from ruban.record.entry import parse_entry
from ruban.record.member import Place
from ruban.record.phase import letter_phase
from ruban.record.replay import admit
from ruban.record.rules.signature import check_hides
from ruban.record.state import Letter, State
from ruban.record.submission import Submission, encode_submission

_ASK = {
    "unnamed": _("Sign without your name?"),
    "by_role": _("Sign as one of those with your role?"),
    "name": _("Sign with your name?"),
    "step_forward": _("Give your name to your signature?"),
    "withdraw": _("Withdraw your signature?"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What the member wants to do, and under which name."""

    way: str
    name: str = ""
    role: str | None = None
    by_role: bool = False
    """Without a name, as one of those with the member's role."""
    nonce_salt: bytes | None = None


@command(
    "sign",
    help=_(
        "Sign a letter on this machine, without network, from BUNDLE and your secret. "
        "Prints a small text that anybody may submit for you. Without a name, unless you say otherwise."
    ),
)
@click.argument("bundle")
@click.option("--secret", metavar="FILE", help=_("The file with your secret."))
@click.option("--words", is_flag=True, help=_("Ask for your 24 words instead; they are not shown."))
@click.option("--letter", metavar="ID", help=_("Which letter, where several are open."))
@click.option("--unnamed", is_flag=True, help=_("Sign without your name; this is the default."))
@click.option("--by-role", is_flag=True, help=_("Sign without your name, as one of those with your role."))
@click.option("--name", metavar="NAME", help=_("Sign with your name, exactly as when you enrolled."))
@click.option("--role", metavar="ROLE", help=_("Your role, if you enrolled with one."))
@click.option("--step-forward", metavar="NAME", help=_("Give your name now to the signature you made without it."))
@click.option("--withdraw", is_flag=True, help=_("Withdraw your signature, for good."))
@click.option("--out", metavar="FILE", help=_("Write the text there rather than print it."))
@click.option("--force", is_flag=True, help=_("Replace the file if it is there."))
@click.option("--yes", is_flag=True, help=_("Do not ask."))
@click.option("--nonce-salt", metavar="HEX", hidden=True)
@click.pass_obj
def sign(
    terminal: Terminal,
    bundle: str,
    secret: str | None,
    words: bool,
    letter: str | None,
    unnamed: bool,
    by_role: bool,
    name: str | None,
    role: str | None,
    step_forward: str | None,
    withdraw: bool,
    out: str | None,
    force: bool,
    yes: bool,
    nonce_salt: str | None,
) -> int | None:
    """Exit code 1 if the answer is no."""
    wish = _wish(unnamed, by_role, name, role, step_forward, withdraw, nonce_salt)
    if out is not None:
        refuse_to_overwrite(out, force)
    held = ask_secret(terminal, secret, words)
    verdict, state = audit_to_sign(terminal, bundle)
    mine = secret_of_group(held, state)
    chosen = _choose(state, letter)
    place = _place(state, chosen, mine, wish) if wish.way == "unnamed" else None
    _tell_letter(terminal, verdict, chosen)
    figures = _tell_consequences(terminal, state, chosen, wish, place)
    if not yes and not terminal.confirm(_ASK["by_role" if wish.by_role else wish.way]):
        terminal.note("Nothing was signed.")
        return DOES_NOT_HOLD
    text = encode_submission(_make(terminal, state, chosen, mine, wish)) + b"\n"
    _hand_over(terminal, text, chosen, wish, figures, out)
    return None


def _wish(
    unnamed: bool,
    by_role: bool,
    name: str | None,
    role: str | None,
    step_forward: str | None,
    withdraw: bool,
    salt: str | None,
) -> Wish:
    ways = {
        "unnamed": unnamed,
        "by_role": by_role,
        "name": name is not None,
        "step_forward": step_forward is not None,
        "withdraw": withdraw,
    }
    chosen = [way for way, wanted in ways.items() if wanted] or ["unnamed"]
    if len(chosen) > 1:
        raise WrongUse(Message("--unnamed, --by-role, --name, --step-forward and --withdraw: one of them at most."))
    if role is not None and chosen[0] not in ("name", "step_forward"):
        raise WrongUse(Message("--role goes with a name."))
    try:
        nonce_salt = None if salt is None else parse_hex("--nonce-salt", salt, 32)
    except FormatError as wrong:
        raise WrongUse(Message("--nonce-salt: expected {expected}", expected=wrong.expected)) from None
    way = "unnamed" if by_role else chosen[0]
    return Wish(way=way, by_role=by_role, name=name or step_forward or "", role=role, nonce_salt=nonce_salt)


def _choose(state: State, wanted: str | None) -> Letter:
    """The letter to sign: the one that is named, else the only one that is open. LetterClosed if it is not."""
    still = [each for each in state.letters.values() if not letter_phase(state, each, state.clock).over]
    if wanted is not None:
        chosen = state.letters[pick(list(state.letters), wanted)]
        if chosen not in still:
            raise LetterClosed("letter", Message("one that is still open"), Message("a closed one"))
        return chosen
    if not still:
        raise LetterClosed("letter", Message("one that is still open"), Message("none"))
    if len(still) > 1:
        raise WrongUse(
            Message("Several letters are open: say which with --letter."),
            hint=those([each.letter_id for each in still]),
        )
    return still[0]


def _place(state: State, letter: Letter, mine: MemberSecret, wish: Wish) -> Place:
    """Where the member's stub stands in the newest epoch, in a ring that hides enough; Refused if there is none."""
    _slot(mine, letter)
    try:
        place = member.place_of(state, letter, mine.slot(letter.slot), by_role=wish.by_role)
    except RuleBroken:
        raise Refused(
            "secret",
            Message("one that has enrolled by the last signing time in this bundle"),
            Message("another"),
            hint=Message("If you have just enrolled, take a newer bundle after the next signing time."),
        ) from None
    try:
        check_hides(state, letter, place.epoch, place.ring, place.selector.role)
    except RuleBroken as few:
        if wish.by_role:
            hint = Message("Sign as one of all instead, or wait until more have enrolled.")
            raise Refused("enrolled by role", few.expected, few.got, hint=hint) from None
        raise Refused(
            "enrolled",
            Message("at least {n}, for signing without a name", n=letter.ring_min),
            str(len(place.ring.stubs)),
            hint=Message("Wait until more have enrolled, and take a newer bundle then."),
        ) from None
    return place


def _slot(mine: MemberSecret, letter: Letter) -> bytes:
    try:
        return mine.slot(letter.slot).stub
    except KeyError:
        raise Refused(
            "secret", Message("one that can still sign this letter"), Message("one whose part for it was erased")
        ) from None


def _tell_letter(terminal: Terminal, verdict: Verdict, letter: Letter) -> None:
    shown: LetterVerdict = next(each for each in verdict.letters if each.letter_id == letter.letter_id)
    terminal.note(
        Message("{title}", title=title_of(shown, terminal.language.name) or letter.letter_id.hex()), style="bold"
    )
    same = (text for text in shown.texts if text.lang.partition("-")[0] == terminal.language.name)
    text = next(same, shown.texts[0])
    if text.addressee is not None:
        terminal.note(Message("  to: {addressee}", addressee=text.addressee))
    for number, demand in enumerate(text.demands, 1):
        if demand is not None:
            terminal.note(Message("  {number}. {demand}", number=number, demand=demand))
    terminal.note(
        Message("The record is as of {as_of}, and everything in it holds.", as_of=terminal.instant(verdict.as_of))
    )
    if time.time() > letter.closing:
        terminal.warn(
            Message("by this machine's clock the letter closed at {when}", when=terminal.instant(letter.closing))
        )


def _tell_consequences(
    terminal: Terminal, state: State, letter: Letter, wish: Wish, place: Place | None
) -> Hiding | None:
    if place is not None:
        figures = hiding(state, letter, place)
        terminal.note(*sentences(terminal.language, figures), style="yellow")
        if time.time() < letter.unnamed_from:
            when = terminal.instant(letter.unnamed_from)
            terminal.note(Message("Signing without a name opens at {when}: submit it then.", when=when))
        return figures
    if wish.way == "withdraw":
        terminal.note("A withdrawal is final: you cannot sign this letter again.", style="yellow")
    else:
        terminal.note(
            "Your name will stand in a public record. It can be removed from it on demand, but not from copies.",
            style="yellow",
        )
    return None


def _make(terminal: Terminal, state: State, letter: Letter, mine: MemberSecret, wish: Wish) -> Submission:
    """The submission, which the rules of this very record admit and whose proof holds."""
    _slot(mine, letter)
    now = min(max(state.clock, letter.opening, letter.unnamed_from), letter.closing - 1)
    try:
        if wish.way == "unnamed":
            with terminal.progress(_("making the signature"), 1) as bar:
                made = member.sign_unnamed(
                    state, letter, mine, by_role=wish.by_role, nonce_salt=wish.nonce_salt, progress=bar.update
                )
        elif wish.way == "withdraw":
            made = member.withdraw(state, letter, mine, nonce_salt=wish.nonce_salt)
        else:
            make = member.sign_by_name if wish.way == "name" else member.step_forward
            made = make(state, letter, mine, wish.name, wish.role, nonce_salt=wish.nonce_salt)
        claim = admit(state, parse_entry(made.leaf), now)
    except CommitmentInvalid:
        raise CommitmentInvalid(
            "name",
            Message("the name that you enrolled with"),
            Message("another"),
            hint=Message("Write it exactly as when you enrolled, and give --role if you enrolled with one."),
        ) from None
    # A proof without a name has been verified by who made it.
    if wish.way != "unnamed":
        verify_batch([claim])
    return made


def _hand_over(
    terminal: Terminal, text: bytes, letter: Letter, wish: Wish, figures: Hiding | None, out: str | None
) -> None:
    if out is None:
        terminal.emit_text(text.decode("utf-8"))
    else:
        write_durably(Path(out), text)
        terminal.say(Message("written to {path}", path=out))
    command_line = f"ruban submit {out or '-'} --to …"
    terminal.note(
        Message("Anybody may submit this, from anywhere: {command}", command=command_line),
        "Whoever finds it on your machine knows that you made it: delete it once it is recorded.",
    )
    value: dict[str, Any] = {
        "letter": letter.letter_id.hex(),
        "way": "by_role" if wish.by_role else wish.way,
        "out": out,
        "submission": text.decode("utf-8"),
    }
    terminal.emit_json(value | {"hiding": None if figures is None else figures.as_json()})
