"""`ruban letter close` and its like: whatever is done to a letter that is in the record."""

from __future__ import annotations

from pathlib import Path

import click

from ruban.cli.boundary import WrongUse
from ruban.cli.command import command
from ruban.cli.terminal import Terminal
from ruban.errors import Message
from ruban.errors import Message as _
from ruban.manage.folder import chosen_letter, data_option, keeper_in, now, signers, signers_option
from ruban.primitives.encoding import parse_hex
from ruban.record.commitment import MAX_UPDATE_BYTES, parse_update
from ruban.service.change_letter import change_letter
from ruban.service.erase import erase, given_by_row, given_by_tag
from ruban.service.letter_file import parse_moment
from ruban.service.publish_update import publish_update
from ruban.service.strike import comment_commitment, name_commitment, strike

letter_option = click.option("--letter", "wanted", default=None, help=_("Identifier of the letter, or its beginning."))
reason_option = click.option("--reason", required=True, help=_("Why; it stands in the public record."))


def _change(
    terminal: Terminal,
    data: Path,
    wanted: str | None,
    action: str,
    reason: str,
    places: tuple[int, ...],
    **details: str | None,
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
            by=signers(places),
        )
        closing = it.closing
    terminal.say(Message("Done; signing ends at {closing}.", closing=terminal.instant(closing)))
    terminal.emit_json({"letter": it.letter_id.hex(), "action": action, "closing": closing})


@command("close", help=_("Close a letter before its time."))
@letter_option
@reason_option
@signers_option
@data_option
@click.pass_obj
def close(terminal: Terminal, wanted: str | None, reason: str, places: tuple[int, ...], data: Path) -> None:
    _change(terminal, data, wanted, "close", reason, places)


@command("extend", help=_("Give a letter more time, once, before it closes."))
@letter_option
@click.option("--until", required=True, help=_("The new closing, as “2026-11-30 18:00 Europe/Paris”."))
@reason_option
@signers_option
@data_option
@click.pass_obj
def extend(
    terminal: Terminal, wanted: str | None, until: str, reason: str, places: tuple[int, ...], data: Path
) -> None:
    _change(terminal, data, wanted, "extend", reason, places, until=until)


@command("cancel", help=_("Give a letter up. Its record stays."))
@letter_option
@reason_option
@signers_option
@data_option
@click.pass_obj
def cancel(terminal: Terminal, wanted: str | None, reason: str, places: tuple[int, ...], data: Path) -> None:
    _change(terminal, data, wanted, "cancel", reason, places)


@command("supersede", help=_("Replace a letter by another. No signature is carried over."))
@letter_option
@click.option("--by", required=True, help=_("Identifier of the letter that takes its place, or its beginning."))
@reason_option
@signers_option
@data_option
@click.pass_obj
def supersede(
    terminal: Terminal, wanted: str | None, by: str, reason: str, places: tuple[int, ...], data: Path
) -> None:
    _change(terminal, data, wanted, "supersede", reason, places, by=by)


@command("update", help=_("Publish news on a letter, also once it is closed. Nobody can take them back."))
@letter_option
@click.option(
    "--text",
    "files",
    type=(str, click.Path(path_type=Path, exists=True, dir_okay=False)),
    metavar="LANGUAGE FILE",
    multiple=True,
    required=True,
    help=_("The news in one language, as “en news.md”; repeat it for others."),
)
@signers_option
@data_option
@click.pass_obj
def update(
    terminal: Terminal, wanted: str | None, files: tuple[tuple[str, Path], ...], places: tuple[int, ...], data: Path
) -> None:
    texts = {lang: _news(path) for lang, path in files}
    if len(texts) < len(files):
        raise WrongUse(Message("Give each language once."))
    with keeper_in(data) as keeper:
        it = chosen_letter(keeper, wanted)
        publish_update(keeper, it, texts, now(), by=signers(places))
    terminal.say(Message("The news are in the record."))
    terminal.emit_json({"letter": it.letter_id.hex(), "languages": list(texts)})


def _news(path: Path) -> str:
    """The file's text; a byte order mark and the ends of lines of Windows are no part of it."""
    with path.open("rb") as opened:
        # With room for those, a text of the full length is read whole; `parse_update` counts what is left.
        read = opened.read(2 * MAX_UPDATE_BYTES + 8)
    return parse_update(str(path), read.removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n"))


@command("strike", help=_("Hide names or comments for abuse, for a reason. The count stands."))
@letter_option
@click.option("--name-of", "named", multiple=True, metavar="TAG", help=_("Hide the name of this signature; repeat it."))
@click.option(
    "--comment-of", "commented", multiple=True, metavar="TAG", help=_("Hide the comment of this signature; repeat it.")
)
@reason_option
@signers_option
@data_option
@click.pass_obj
def strike_(
    terminal: Terminal,
    wanted: str | None,
    named: tuple[str, ...],
    commented: tuple[str, ...],
    reason: str,
    places: tuple[int, ...],
    data: Path,
) -> None:
    if not named and not commented:
        raise WrongUse(Message("Say what to hide: --name-of or --comment-of, with a signature's tag."))
    with keeper_in(data) as keeper:
        it = chosen_letter(keeper, wanted)
        hidden = {name_commitment(keeper, it, parse_hex("tag", tag, 32)) for tag in named}
        hidden |= {comment_commitment(it, parse_hex("tag", tag, 32)) for tag in commented}
        strike(keeper, it, sorted(hidden), reason, now(), by=signers(places))
    terminal.say(Message("Hidden, and deleted here. Copies that others made are beyond reach."))
    terminal.emit_json({"letter": it.letter_id.hex(), "struck": len(hidden)})


@command("erase", help=_("Erase names and comments on request, for good, without a reason. The count stands."))
@letter_option
@click.option(
    "--tag", "tags", multiple=True, help=_("Erase what this signature gave: its name, its comment; repeat it.")
)
@click.option(
    "--row",
    "rows",
    type=int,
    multiple=True,
    help=_("Erase the name of this row, counted from 0, under every letter, and the comments beside it; repeat it."),
)
@data_option
@click.pass_obj
def erase_(terminal: Terminal, wanted: str | None, tags: tuple[str, ...], rows: tuple[int, ...], data: Path) -> None:
    if not tags and not rows:
        raise WrongUse(Message("Say what to erase: --tag with a signature's tag, or --row with a number."))
    with keeper_in(data) as keeper:
        given = [given_by_row(keeper, number) for number in rows]
        if tags:
            it = chosen_letter(keeper, wanted)
            given += [given_by_tag(keeper, it, parse_hex("tag", tag, 32)) for tag in tags]
        count = erase(keeper, set().union(*given))
    terminal.say(
        terminal.ngettext("{n:,} text is erased here.", "{n:,} texts are erased here.", count),
        Message("Copies that others made are beyond reach, and backups made before: delete those."),
    )
    terminal.emit_json({"erased": count})


CHANGES = (close, extend, cancel, supersede, update, strike_, erase_)
"""The commands of `ruban letter` that are declared here."""
