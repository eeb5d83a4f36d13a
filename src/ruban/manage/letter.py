"""`ruban letter`: open a letter and see how each stands; what is done to one later is in letter_change.py."""

from __future__ import annotations

from pathlib import Path

import click

from ruban.cli.command import group as command_group
from ruban.cli.terminal import Terminal
from ruban.errors import Message
from ruban.errors import Message as _
from ruban.manage.folder import data_option, keeper_in, now, signers, signers_option
from ruban.manage.letter_change import CHANGES
from ruban.record.state import Letter
from ruban.record.tally import tally
from ruban.service.keeper import Keeper
from ruban.service.letter_file import MAX_LETTER_BYTES, parse_letter
from ruban.service.open_letter import open_letter


@command_group("letter", help=_("Open letters, see how they stand, change them."))
def letter() -> None:
    """See the help text above."""


for _change in CHANGES:
    letter.add_command(_change)


@letter.command("open", help=_("Open a letter from a Markdown file: its text is frozen from then on."))
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@signers_option
@data_option
@click.pass_obj
def open_(terminal: Terminal, file: Path, places: tuple[int, ...], data: Path) -> None:
    with file.open("rb") as opened:
        draft = parse_letter(opened.read(MAX_LETTER_BYTES + 1), now())
    with keeper_in(data) as keeper:
        letter_id = open_letter(keeper, draft, now(), by=signers(places))
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
