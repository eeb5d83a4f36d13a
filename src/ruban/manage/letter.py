"""`ruban letter`: open a letter, see how it stands, change it, erase what must not stay."""

from __future__ import annotations

from pathlib import Path

import click

from ruban.cli.command import group as command_group
from ruban.cli.terminal import Terminal
from ruban.errors import Message
from ruban.errors import Message as _
from ruban.manage.folder import chosen_letter, data_option, keeper_in, now
from ruban.primitives.encoding import parse_hex
from ruban.record.state import Letter
from ruban.record.tally import tally
from ruban.service.change_letter import change_letter
from ruban.service.erase import erase, name_commitment
from ruban.service.keeper import Keeper
from ruban.service.letter_file import MAX_LETTER_BYTES, parse_letter, parse_moment
from ruban.service.open_letter import open_letter

letter_option = click.option("--letter", "wanted", default=None, help=_("Identifier of the letter, or its beginning."))
reason_option = click.option("--reason", required=True, help=_("Why; it stands in the public record."))


@command_group("letter", help=_("Open letters, see how they stand, change them."))
def letter() -> None:
    """See the help text above."""


@letter.command("open", help=_("Open a letter from a Markdown file: its text is frozen from then on."))
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@data_option
@click.pass_obj
def open_(terminal: Terminal, file: Path, data: Path) -> None:
    with file.open("rb") as opened:
        draft = parse_letter(opened.read(MAX_LETTER_BYTES + 1), now())
    with keeper_in(data) as keeper:
        letter_id = open_letter(keeper, draft, now())
        it = keeper.state.letters[letter_id]
    terminal.say(
        Message("The letter is open: {id}", id=letter_id.hex()),
        Message(
            "signing from {opening} to {closing}, without a name from {unnamed}",
            opening=terminal.instant(it.opening),
            closing=terminal.instant(it.closing),
            unnamed=terminal.instant(it.unnamed_from),
        ),
        Message("An unnamed signature needs at least {n:,} people enrolled to hide among.", n=it.ring_min),
    )
    terminal.emit_json({"letter": letter_id.hex(), "opening": it.opening, "closing": it.closing})


@letter.command("list", help=_("Show every letter of the group and its count."))
@data_option
@click.pass_obj
def list_(terminal: Terminal, data: Path) -> None:
    with keeper_in(data) as keeper:
        rows = [(it, _title(keeper, it), tally(keeper.state, it)) for it in keeper.state.letters.values()]
    if not rows:
        terminal.say(Message("No letter yet. Next: ruban letter open LETTER.md"))
    else:
        terminal.table(
            [Message("letter"), Message("title"), Message("closes"), Message("signed"), Message("enrolled")],
            [
                [it.letter_id.hex()[:12], title, terminal.instant(it.closing), counts.signed, counts.enrolled]
                for it, title, counts in rows
            ],
        )
    terminal.emit_json(
        {
            "letters": [
                {"letter": it.letter_id.hex(), "title": title, "closing": it.closing, "signed": counts.signed}
                for it, title, counts in rows
            ]
        }
    )


def _title(keeper: Keeper, it: Letter) -> str:
    opening = keeper.store.opening(it.texts[0].title)
    return "" if opening is None else opening.payload.decode("utf-8")


def _change(
    terminal: Terminal, data: Path, wanted: str | None, action: str, reason: str, **details: str | None
) -> None:
    with keeper_in(data) as keeper:
        it = chosen_letter(keeper, wanted)
        until, by = details.get("until"), details.get("by")
        change_letter(
            keeper,
            it,
            action,
            reason,
            now(),
            closing=None if until is None else parse_moment("until", until, now()),
            successor=None if by is None else chosen_letter(keeper, by).letter_id,
        )
        closing = it.closing
    terminal.say(Message("Done; signing ends at {closing}.", closing=terminal.instant(closing)))
    terminal.emit_json({"letter": it.letter_id.hex(), "action": action, "closing": closing})


@letter.command("close", help=_("Close a letter before its time."))
@letter_option
@reason_option
@data_option
@click.pass_obj
def close(terminal: Terminal, wanted: str | None, reason: str, data: Path) -> None:
    _change(terminal, data, wanted, "close", reason)


@letter.command("extend", help=_("Give a letter more time, once, before it closes."))
@letter_option
@click.option("--until", required=True, help=_("The new closing, as “2026-11-30 18:00 Europe/Paris”."))
@reason_option
@data_option
@click.pass_obj
def extend(terminal: Terminal, wanted: str | None, until: str, reason: str, data: Path) -> None:
    _change(terminal, data, wanted, "extend", reason, until=until)


@letter.command("cancel", help=_("Give a letter up. Its record stays."))
@letter_option
@reason_option
@data_option
@click.pass_obj
def cancel(terminal: Terminal, wanted: str | None, reason: str, data: Path) -> None:
    _change(terminal, data, wanted, "cancel", reason)


@letter.command("supersede", help=_("Replace a letter by another. No signature is carried over."))
@letter_option
@click.option("--by", required=True, help=_("Identifier of the letter that takes its place, or its beginning."))
@reason_option
@data_option
@click.pass_obj
def supersede(terminal: Terminal, wanted: str | None, by: str, reason: str, data: Path) -> None:
    _change(terminal, data, wanted, "supersede", reason, by=by)


@letter.command("erase", help=_("Erase the name that a signature gave, for good. The count stands."))
@letter_option
@click.option("--tag", required=True, help=_("Tag of the signature, as the record shows it."))
@data_option
@click.pass_obj
def erase_(terminal: Terminal, wanted: str | None, tag: str, data: Path) -> None:
    with keeper_in(data) as keeper:
        it = chosen_letter(keeper, wanted)
        erase(keeper, [name_commitment(keeper, it, parse_hex("tag", tag, 32))])
    terminal.say(Message("The name is erased here. Copies that others made are beyond reach."))
    terminal.emit_json({"letter": it.letter_id.hex(), "erased": 1})
