"""Ada's group on disk, with as many members as a test needs, and a clock that the test moves."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from ruban.audit.report import Verdict
from ruban.audit.verify import audit
from ruban.people.file import Person
from ruban.proof import MemberSecret
from ruban.record.member import make_row
from ruban.record.state import Letter
from ruban.record.submission import Submission
from ruban.service.codes import code_hash, parse_code
from ruban.service.enrol import Enrolment, enrol_many
from ruban.service.invite import Invited, invite
from ruban.service.keeper import Keeper
from ruban.service.letter_file import LetterDraft, LetterText, Way
from ruban.service.open_group import NewGroup, open_group, open_keeper
from ruban.service.open_letter import open_letter
from ruban.service.publish import publish
from ruban.service.release import release
from ruban.store.place import Database
from ruban.store.ports import Submitted

MONDAY = 1_795_478_400
"""2026-11-24 00:00 UTC, the end of a window of any length."""
DAY = 86_400


def people(count: int, roles: tuple[str, ...] = ()) -> tuple[Person, ...]:
    return tuple(
        Person(
            line=i + 2,
            name=f"Member {i}",
            identifier=f"member{i}@meridian.example",
            role=roles[i % len(roles)] if roles else None,
        )
        for i in range(count)
    )


def draft(
    opening: int,
    closing: int,
    *,
    threshold: int | None = None,
    ways: tuple[Way, ...] = ("name", "unnamed"),
    retention_days: int | None = None,
) -> LetterDraft:
    text = LetterText(
        lang="en", title="To the board", addressee="The board", demands=("One", "Two"), body="We ask you."
    )
    return LetterDraft(
        texts=(text,),
        opening=opening,
        closing=closing,
        unnamed_from=None,
        threshold=threshold,
        ways=ways,
        retention_days=retention_days,
        zone=None,
    )


@dataclass
class Cast:
    """The keeper, the members' secrets, and the time."""

    folder: Path
    keeper: Keeper
    now: int = MONDAY
    invited: list[Invited] = field(default_factory=list)
    secrets: list[MemberSecret] = field(default_factory=list)

    @property
    def window(self) -> int:
        return self.keeper.state.opened.window

    def name(self, member: int) -> str:
        return self.invited[member].person.name

    def row(self, member: int) -> Submission:
        return make_row(
            self.keeper.state, self.secrets[member], self.name(member), role=self.invited[member].person.role
        )

    def enrolment(self, member: int) -> Enrolment:
        return Enrolment(self.invited[member].code, self.row(member))

    def enrol(self, members: range) -> None:
        answers = enrol_many(self.keeper, [self.enrolment(member) for member in members], self.now)
        assert all(isinstance(answer, Submitted) for answer in answers), answers

    def expire(self, member: int) -> None:
        """Let a member's invitation be too old from now on."""
        code = code_hash(self.keeper.keys.group_key, parse_code(self.invited[member].code))
        found = self.keeper.desk.invitation(code)
        assert found is not None
        self.keeper.desk.replace_invitation(code, replace(found, expires=self.now))

    def release(self) -> None:
        """Let the window end, and release."""
        self.now += self.window
        release(self.keeper, self.now)

    def open_letter(self, seconds: int = 5 * DAY, **changes: object) -> Letter:
        text = draft(self.now, self.now + seconds, **changes)  # type: ignore[arg-type]  # a test's shorthand
        return self.keeper.state.letters[open_letter(self.keeper, text, self.now)]

    def reopen(self) -> None:
        """Stop the process, and start another one on the same folder."""
        self.keeper.close()
        self.keeper = open_keeper(self.folder)

    def verdict(self) -> Verdict:
        """What a stranger says of it."""
        return audit(publish(self.keeper))[0]


@contextmanager
def cast_of(
    folder: Path,
    *,
    entitled: int = 14,
    enrolled: int = 12,
    window: int = 900,
    organisers: tuple[str, ...] = ("Ada",),
    quorum: int = 1,
    database: Database | None = None,
    roles: tuple[str, ...] = (),
) -> Iterator[Cast]:
    """A group in `folder`, its people invited, the first `enrolled` of them on the roll and in an epoch."""
    group = NewGroup(
        origin="localhost/cast" if window == 0 else "cast.example/group",
        title="Atelier",
        organisers=organisers,
        quorum=quorum,
        electorate=entitled,
        electorate_date="2026-11-01",
        electorate_source="staff list",
        slots=2,
        window=window,
        roles=tuple(dict.fromkeys(roles)),
    )
    cast = Cast(folder / "group", open_group(folder / "group", group, MONDAY, database))
    try:
        cast.invited = invite(cast.keeper, people(entitled, roles))
        cast.secrets = [MemberSecret.fresh(cast.keeper.state.opened.roll_id) for _ in cast.invited]
        cast.enrol(range(enrolled))
        cast.release()
        yield cast
    finally:
        cast.keeper.close()
