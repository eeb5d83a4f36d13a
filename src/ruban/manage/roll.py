"""`ruban roll`: look at a list, invite the people on it, put oneself on the roll."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import click

from ruban.cli.boundary import DOES_NOT_HOLD, WrongUse
from ruban.cli.command import group as command_group
from ruban.cli.terminal import Terminal
from ruban.cli.words import words_of_seed
from ruban.durable import write_durably
from ruban.errors import FormatError, Message, Refused, StoreError, VerificationError
from ruban.errors import Message as _
from ruban.manage.folder import data_option, keeper_in, now
from ruban.manage.second_party import OF_OTHERS
from ruban.people.file import ENCODINGS, Finding, Preview, preview_people
from ruban.people.sheet import sheet
from ruban.people.table import MAX_PEOPLE_BYTES
from ruban.proof import MemberSecret
from ruban.record.member import make_row
from ruban.record.secret_file import MAX_SECRET_FILE_BYTES, encode_secret_file, parse_secret_file
from ruban.service.code_days import end_of_codes, last_day, parse_day, usual_end
from ruban.service.enrol import Enrolment, enrol, has_row
from ruban.service.invite import Invited, invite
from ruban.service.release import release
from ruban.service.take_back import end_all, reissue, withdraw_invitation

NEVER = "never"

people_argument = click.argument("people", type=click.Path(path_type=Path, exists=True, dir_okay=False))
encoding_option = click.option(
    "--encoding",
    type=click.Choice(ENCODINGS, case_sensitive=False),
    default=None,
    help=_("How the file is encoded, where that is unclear."),
)
codes_option = click.option(
    "--codes",
    type=click.Path(path_type=Path, dir_okay=False),
    required=True,
    help=_("File for names and codes (new, 0600)."),
)


@command_group("roll", help=_("Invite the entitled, put people on the roll, let a second party attest it."))
def roll() -> None:
    """See the help text above."""


for _of_others in OF_OTHERS:
    roll.add_command(_of_others)


def read_people(path: Path, encoding: str | None = None) -> Preview:
    """A preview of the file, of which no more is read than a list may have."""
    with path.open("rb") as file:
        return preview_people(file.read(MAX_PEOPLE_BYTES + 1), encoding)


def show_preview(terminal: Terminal, preview: Preview) -> None:
    """What was understood and what is wrong, with line and column."""
    terminal.note(*preview.assumptions)
    if preview.findings:
        terminal.table(
            [Message("line"), Message("column"), Message("what is wrong")],
            [[each.line, "" if each.column is None else each.column, _sentence(each)] for each in preview.findings],
        )


def _sentence(found: Finding) -> Message:
    if found.hint is None:
        return found.message
    return Message("{what}. {hint}", what=found.message, hint=found.hint)


@roll.command("preview", help=_("Show what a list of the entitled holds, and every error in it. Nothing is imported."))
@people_argument
@encoding_option
@click.pass_obj
def preview(terminal: Terminal, people: Path, encoding: str | None) -> int | None:
    found = read_people(people, encoding)
    show_preview(terminal, found)
    right = found.errors == 0
    terminal.say(
        Message("{n:,} people; the list is right", n=found.count)
        if right
        else Message("{n:,} errors: nothing can be imported until they are mended", n=found.errors)
    )
    terminal.emit_json(
        {
            "right": right,
            "people": found.count,
            "errors": found.errors,
            "warnings": found.warnings,
            "findings": [
                {"line": f.line, "column": f.column, "code": f.code, "what": str(f.message)} for f in found.findings
            ],
        }
    )
    return None if right else DOES_NOT_HOLD


@roll.command("invite", help=_("Invite everybody on a list that is right, and write one code for each."))
@people_argument
@encoding_option
@codes_option
@click.option(
    "--expires",
    metavar="YYYY-MM-DD",
    default=None,
    help=_("The last day on which the codes can be used, or “never”; 60 days from today by default."),
)
@data_option
@click.pass_obj
def invite_(
    terminal: Terminal, people: Path, encoding: str | None, codes: Path, expires: str | None, data: Path
) -> int | None:
    ends = _end_of_codes(expires)
    _check_new(codes)
    found = read_people(people, encoding)
    if found.errors:
        show_preview(terminal, found)
        terminal.emit_json({"invited": 0, "errors": found.errors})
        return DOES_NOT_HOLD
    with keeper_in(data) as keeper, _unwritten_if_not_kept(codes):
        invited = invite(keeper, found.people(), lambda invited: _write_codes(codes, invited), expires=ends)
    terminal.say(
        Message("{n:,} people invited; their codes are in {path}", n=len(invited), path=str(codes)),
        _until(ends),
        Message("Hand them out by a way your employer does not read, then delete the file: codes are not stored here."),
    )
    terminal.emit_json({"invited": len(invited), "codes": str(codes), "expires": ends})
    return None


def _until(ends: int | None) -> Message:
    if ends is None:
        return Message("The codes have no end.")
    return Message("The codes can be used until {day}.", day=last_day(ends).isoformat())


def _end_of_codes(text: str | None) -> int | None:
    """When codes end for what was said of it: nothing, `never` or a day; WrongUse."""
    if text is None:
        return usual_end(now())
    if text == NEVER:
        return None
    try:
        parse_day(text)
        return end_of_codes(text, now())
    except FormatError as error:
        raise WrongUse(
            Message("The last day: expected {expected}, got {got}.", expected=error.expected, got=error.got),
            hint=Message("Write the day as 2026-11-22, or never."),
        ) from error


@roll.command("reissue", help=_("Make a new code for somebody who has not used theirs; the old one ends."))
@click.argument("identifier")
@codes_option
@data_option
@click.pass_obj
def reissue_(terminal: Terminal, identifier: str, codes: Path, data: Path) -> None:
    _check_new(codes)
    with keeper_in(data) as keeper, _unwritten_if_not_kept(codes):
        reissue(keeper, identifier, lambda invited: _write_codes(codes, invited), expires=usual_end(now()))
    terminal.say(Message("The new code is in {path}; the old one is worth nothing now.", path=str(codes)))
    terminal.emit_json({"reissued": 1, "codes": str(codes)})


@roll.command("withdraw", help=_("End the invitation of somebody who is not entitled after all and has not used it."))
@click.argument("identifier")
@data_option
@click.pass_obj
def withdraw_(terminal: Terminal, identifier: str, data: Path) -> None:
    with keeper_in(data) as keeper:
        withdraw_invitation(keeper, identifier)
    terminal.say(Message("That invitation is withdrawn: its code is worth nothing now."))
    terminal.emit_json({"withdrawn": 1})


@roll.command("until", help=_("Give all codes another last day, also those whose last day is over."))
@click.argument("day", metavar="YYYY-MM-DD|never")
@data_option
@click.pass_obj
def until_(terminal: Terminal, day: str, data: Path) -> None:
    ends = _end_of_codes(day)
    with keeper_in(data) as keeper:
        end_all(keeper, ends)
    terminal.say(_until(ends))
    terminal.emit_json({"expires": ends})


def _check_new(path: Path) -> None:
    if path.exists():
        raise WrongUse(Message("{path} exists already.", path=str(path)), hint=Message("Choose another file."))


@contextmanager
def _unwritten_if_not_kept(codes: Path) -> Iterator[None]:
    try:
        yield
    except StoreError:
        # Written, but not valid.
        codes.unlink(missing_ok=True)
        raise


def _write_codes(path: Path, invited: Sequence[Invited]) -> None:
    rows = ([one.person.name, one.person.identifier, one.code] for one in invited)
    write_durably(path, sheet(["name", "identifier", "code"], rows, line_end="\n").encode("utf-8"))


@roll.command("enrol", help=_("Put yourself on the roll with an invitation code, which is asked for."))
@click.option("--name", required=True, help=_("Your name, as on the invitation."))
@click.option("--role", default=None, help=_("Your role, where the group has roles."))
@click.option(
    "--secret",
    type=click.Path(path_type=Path, dir_okay=False),
    required=True,
    help=_("File for your secret (new, 0600): whoever has it can sign in your place."),
)
@click.option("--erasable", is_flag=True, help=_("One secret a letter, which can be erased; no recovery words."))
@click.option("--words", is_flag=True, help=_("Also show the 24 words that bring the secret back."))
@data_option
@click.pass_obj
def enrol_(
    terminal: Terminal, name: str, role: str | None, secret: Path, erasable: bool, words: bool, data: Path
) -> None:
    if words and erasable:
        raise WrongUse(Message("A secret that can be erased has no words."), hint=Message("Leave one of the two out."))
    terminal.note(
        Message(
            "That you enrol is not secret from the organisers and the operator; whether you sign without your name is."
        )
    )
    before = parse_secret_file(_read_secret(secret)) if secret.exists() else None
    if before is not None:
        # Perhaps of an enrolment whose answer was lost.
        with keeper_in(data) as keeper:
            if has_row(keeper, before.row_key):
                _say_enrolled(terminal, secret, before if words else None)
                return
            if before.roll_id != keeper.state.opened.roll_id:
                raise WrongUse(
                    Message("{path} is a secret of another group.", path=str(secret)),
                    hint=Message("Choose another file."),
                )
    code = terminal.ask_hidden(Message("Invitation code:"))
    with keeper_in(data) as keeper:
        group = keeper.state.opened
        made = before or (
            MemberSecret.fresh_per_slot(group.roll_id, group.slots) if erasable else MemberSecret.fresh(group.roll_id)
        )
        submission = make_row(keeper.state, made, name, role=role)
        if before is None:
            # The secret is safe before the code is spent: without it the row could never sign.
            write_durably(secret, encode_secret_file(made))
        try:
            enrol(keeper, Enrolment(code, submission), now())
        except (FormatError, Refused, VerificationError):
            # Refused for certain. After any other error the row may be on its way, and only this secret can use it.
            if before is None:
                secret.unlink()
            raise
        if group.window == 0:
            release(keeper, now())
    _say_enrolled(terminal, secret, made if words else None)


def _read_secret(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(MAX_SECRET_FILE_BYTES + 1)


def _say_enrolled(terminal: Terminal, secret: Path, shown: MemberSecret | None) -> None:
    terminal.say(
        Message("You are enrolled. Your secret is in {path}: keep it, and show it to nobody.", path=str(secret)),
        Message("You can sign from the next signing time."),
    )
    if shown is not None and shown.seed is not None:
        language = "french" if terminal.language.name == "fr" else "english"
        terminal.note(
            Message("These words bring your secret back. Write them on paper; whoever reads them can sign as you:"),
            Message("{words}", words=words_of_seed(shown.seed, language)),
        )
    terminal.emit_json({"enrolled": True, "secret": str(secret)})
