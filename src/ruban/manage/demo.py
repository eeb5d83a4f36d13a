"""`ruban demo`: a whole group on real input. Keys, proofs and signatures are real; only the people are not."""

from __future__ import annotations

import dataclasses
import shutil
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import TypeVar

import click

from ruban.audit.bundle import write_bundle
from ruban.audit.fetch import ZipSource
from ruban.cli.boundary import WrongUse
from ruban.cli.command import command
from ruban.cli.terminal import Terminal
from ruban.cli.verify import audit_and_print
from ruban.durable import write_durably
from ruban.errors import Message, RubanError
from ruban.errors import Message as _
from ruban.manage.demo_members import Act, Member, perform
from ruban.manage.demo_plan import LEAST_PEOPLE, Plan, plan_for
from ruban.manage.demo_serve import serve_demo
from ruban.manage.folder import now
from ruban.manage.roll import read_people, show_preview
from ruban.primitives.randomness import random_bytes, shuffled
from ruban.service.enrol import Enrolment, enrol_many
from ruban.service.intake import Answer
from ruban.service.invite import Invited, invite
from ruban.service.keeper import Keeper
from ruban.service.letter_file import MAX_LETTER_BYTES, LetterDraft, parse_letter
from ruban.service.open_group import NewGroup, open_group
from ruban.service.open_letter import open_letter
from ruban.service.publish import publish
from ruban.service.release import release
from ruban.service.submit import submit_many

EXAMPLES = Path(__file__).resolve().parents[3] / "examples"
MARK = ".ruban-demo"
"""Says that a folder was made by the demonstration, which may replace it."""
RELEASES = 8
"""Batches in which members' entries come in; a real group has one a window."""

T = TypeVar("T")


@command("demo", help=_("Run a letter of 770 fictional people, from their list to the verdict, with real proofs."))
@click.option(
    "--people",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help=_("List of the entitled (CSV)."),
)
@click.option(
    "--letter",
    "letter_file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help=_("The letter (Markdown)."),
)
@click.option("--title", default="Ateliers Tormevelle", help=_("Name of the group."))
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), default="demo", help=_("Folder for everything.")
)
@click.option("--port", type=int, default=0, help=_("Port of the server; a free one by default."))
@click.option("--no-serve", is_flag=True, help=_("Do not start the server at the end."))
@click.pass_obj
def demo(
    terminal: Terminal,
    people: Path | None,
    letter_file: Path | None,
    title: str,
    out: Path,
    port: int,
    no_serve: bool,
) -> int:
    people, letter_file = people or _example("people.csv"), letter_file or _example("letter.md")
    entitled = read_people(people)
    if entitled.errors:
        show_preview(terminal, entitled)
    with letter_file.open("rb") as file:
        draft = parse_letter(file.read(MAX_LETTER_BYTES + 1), now())
    persons = entitled.people()
    if len(persons) < LEAST_PEOPLE:
        raise WrongUse(Message("The demonstration needs at least {n} people.", n=LEAST_PEOPLE))
    plan = plan_for(len(persons))
    _clear(out)
    group = NewGroup(
        origin="localhost/demo",
        title=title,
        organisers=("Ada",),
        electorate=len(persons),
        electorate_date=datetime.fromtimestamp(now(), UTC).strftime("%Y-%m-%d"),
        electorate_source=people.name,
        window=0,
    )
    keeper = open_group(out / "group", group, now())
    try:
        invited = shuffled(invite(keeper, persons))
        _write_leftover_codes(out / "codes.csv", invited[plan.enrolled :])
        members = _enrol(terminal, keeper, invited[: plan.enrolled])
        letter = _open(keeper, draft)
        _sign(terminal, keeper, letter, members, plan)
        with (out / "bundle.zip").open("wb") as file:
            write_bundle(publish(keeper), file)
    finally:
        keeper.close()
    code = audit_and_print(terminal, ZipSource(out / "bundle.zip"))
    terminal.note(
        Message("Everything is in {folder}. To verify it again: ruban verify {folder}/bundle.zip", folder=str(out))
    )
    if code == 0 and not no_serve and not terminal.json:
        serve_demo(terminal, out, port, letter, invited[plan.enrolled].code)
    return code


def _example(name: str) -> Path:
    if not (EXAMPLES / name).is_file():
        raise WrongUse(
            Message("The example {name} comes with the source of Ruban, not with an installation.", name=name),
            hint=Message("Name your own files with --people and --letter."),
        )
    return EXAMPLES / name


def _clear(out: Path) -> None:
    """Replace an earlier demonstration, and nothing else."""
    if out.exists() and any(out.iterdir()):
        if not (out / MARK).is_file():
            raise WrongUse(
                Message("{folder} is not empty, and no demonstration made it.", folder=str(out)),
                hint=Message("Name another folder with --out."),
            )
        shutil.rmtree(out)
    out.mkdir(mode=0o700, parents=True, exist_ok=True)
    out.chmod(0o700)
    (out / MARK).touch()


def _write_leftover_codes(path: Path, left: Sequence[Invited]) -> None:
    """Codes of those who have not enrolled, for whoever wants to try."""
    write_durably(path, "".join(f"{one.person.name},{one.code}\n" for one in left).encode("utf-8"))


def _enrol(terminal: Terminal, keeper: Keeper, invited: Sequence[Invited]) -> list[Member]:
    members = [Member(one.person.name, random_bytes(32)) for one in invited]
    acts = [Act("enrol", member) for member in members]
    made = perform(list(keeper.store.entries()), acts)
    with terminal.progress(
        Message("members enrol, each with {n} stubs", n=keeper.state.opened.slots), len(acts)
    ) as bar:
        for part in _parts(zip(invited, made, strict=True), -(-len(acts) // RELEASES)):
            enrolments = [Enrolment(one.code, submission) for one, submission in part]
            _all_taken(enrol_many(keeper, enrolments, now()))
            release(keeper, now())
            bar.advance(len(part))
    return members


def _open(keeper: Keeper, draft: LetterDraft) -> bytes:
    """Open the letter now, for as long as its file says: a demonstration does not wait for the opening."""
    at = now()
    soon = dataclasses.replace(draft, opening=at, closing=at + draft.closing - draft.opening, unnamed_from=None)
    return open_letter(keeper, soon, at)


def _sign(terminal: Terminal, keeper: Keeper, letter: bytes, members: Sequence[Member], plan: Plan) -> None:
    queue = shuffled(members)
    unnamed, rest = queue[: plan.first_unnamed], queue[plan.first_unnamed :]
    named = rest[: plan.first_named]
    first = shuffled([Act("unnamed", m, letter) for m in unnamed] + [Act("name", m, letter) for m in named])
    later = [Act("step_forward", m, letter) for m in unnamed[: plan.stepping_forward]]
    later += [Act("withdraw", m, letter) for m in named[: plan.withdrawing_named]]
    taken_back = unnamed[plan.stepping_forward : plan.stepping_forward + plan.withdrawing_unnamed]
    later += [Act("withdraw", m, letter) for m in taken_back]
    with terminal.progress(Message("members sign"), len(first) + len(later)) as bar:
        for acts in (first, shuffled(later)):
            made = perform(list(keeper.store.entries()), acts)
            for part in _parts(made, -(-len(acts) // RELEASES)):
                _all_taken(submit_many(keeper, part, now()))
                release(keeper, now())
                bar.advance(len(part))


def _all_taken(answers: Iterable[Answer]) -> None:
    for answer in answers:
        if isinstance(answer, RubanError):
            raise answer


def _parts(items: Iterable[T], size: int) -> Iterator[list[T]]:
    iterator = iter(items)
    while part := list(islice(iterator, max(1, size))):
        yield part
