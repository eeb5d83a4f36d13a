"""A letter's life: opened, changed by the organisers, closed."""

from __future__ import annotations

from collections.abc import Collection

from ruban.errors import FormatError, LetterClosed, Message, RuleBroken
from ruban.proof import Claim, Selector
from ruban.record.deeds import Deed
from ruban.record.entry import Entry, letter_id, verify_quorum
from ruban.record.rules.rule import Placed, note_act, note_commitments, require_aligned, require_time
from ruban.record.state import Group, Letter, LetterText, State

LEAST_RING = 10
"""No unnamed signature speaks about fewer, whatever a letter says; 2 in a rehearsal."""
REHEARSAL_LEAST_RING = 2

_DEEDS = {
    "close": Deed.CLOSED_EARLY,
    "extend": Deed.EXTENDED,
    "cancel": Deed.CANCELLED,
    "supersede": Deed.SUPERSEDED,
}


def least_ring(group: Group) -> int:
    """Rows that a ring has at least; and by role, rows that have the role, and rows that have not."""
    return REHEARSAL_LEAST_RING if group.rehearsal else LEAST_RING


def default_ring_min(electorate: int) -> int:
    """min(100, ⌈E/3⌉), never under 10."""
    return max(LEAST_RING, min(100, -(-electorate // 3)))


def letter_of(entry: Entry, index: int) -> Letter:
    """The letter that a `letter.opened` opens."""
    data = entry.data
    return Letter(
        letter_id=letter_id(entry.leaf),
        index=index,
        slot=data["slot"],
        texts=tuple(
            LetterText(
                lang=text["lang"],
                title=bytes.fromhex(text["title"]),
                text=bytes.fromhex(text["text"]),
                addressee=bytes.fromhex(text["addressee"]),
                demands=tuple(bytes.fromhex(demand) for demand in text["demands"]),
            )
            for text in data["texts"]
        ),
        ways=tuple(data["ways"]),
        selectors=tuple(data["selectors"]),
        opening=data["opening"],
        closing=data["closing"],
        unnamed_from=data["unnamed_from"],
        ring_min=data["ring_min"],
        threshold=data["threshold"],
        epoch=data["epoch"],
        epochs_at=tuple(data["epochs_at"]),
        retention_days=data.get("retention_days"),
    )


def find_letter(state: State, entry: Entry) -> Letter:
    """The letter an entry names; RuleBroken if the record has none by that name."""
    letter = state.letters.get(entry.bytes_of("letter"))
    if letter is None:
        raise RuleBroken("letter", Message("a letter opened in this record"), entry.data["letter"])
    return letter


def check_languages(languages: list[str]) -> None:
    """FormatError if a language stands twice."""
    if len(set(languages)) != len(languages):
        raise FormatError("texts", Message("every language once"), Message("one that stands twice"))


def selectors_of(group: Group, roles: Collection[str]) -> list[str]:
    """The selectors of a letter that may be signed as one of all, and as one of those with one of these roles."""
    return ["all", *(Selector(role=role).encode() for role in group.roles if role in roles)]


def _check_selectors(group: Group, letter: Letter) -> None:
    roles = {Selector.parse(selector).role for selector in letter.selectors} - {None}
    if list(letter.selectors) != selectors_of(group, {role for role in roles if role is not None}):
        raise RuleBroken(
            "selectors",
            Message("“all”, then “role:” and roles of the group, in its order"),
            ", ".join(letter.selectors),
        )
    if roles and "unnamed" not in letter.ways:
        raise RuleBroken("selectors", Message("“all” alone, where nobody signs unnamed"), ", ".join(letter.selectors))


class LetterOpened:
    """A letter takes the next slot and names an epoch of the record; its text never changes."""

    def claim(self, state: State, placed: Placed) -> Claim | None:
        return None

    def check(self, state: State, placed: Placed) -> None:
        group, entry = state.opened, placed.entry
        letter = letter_of(entry, placed.index)
        verify_quorum(group.origin, entry, group.organisers, group.quorum)
        require_time(state, placed.time)
        if letter.slot != state.slots_taken or letter.slot >= group.slots:
            raise RuleBroken(
                "slot", Message("{n}, the next of {all}", n=state.slots_taken, all=group.slots), str(letter.slot)
            )
        if letter.epoch not in state.roll.epochs:
            raise RuleBroken("epoch", Message("the index of an epoch in the record"), str(letter.epoch))
        for field in ("opening", "closing", "unnamed_from"):
            require_aligned(state, field, entry.data[field])
        if letter.closing <= max(letter.opening, placed.time):
            raise RuleBroken("closing", Message("after the opening, and not yet past"), str(letter.closing))
        if not letter.opening <= letter.unnamed_from <= letter.closing:
            raise RuleBroken("unnamed_from", Message("between opening and closing"), str(letter.unnamed_from))
        least = least_ring(group)
        if letter.ring_min < least:
            raise RuleBroken("ring_min", Message("{n} or more", n=least), str(letter.ring_min))
        if list(letter.epochs_at) != sorted(letter.epochs_at):
            raise FormatError("epochs_at", Message("ascending times"), Message("another order"))
        _check_selectors(group, letter)
        check_languages([text.lang for text in letter.texts])
        if len({len(text.demands) for text in letter.texts}) != 1:
            raise FormatError("texts", Message("the same demands in every language"), Message("other numbers of them"))

    def apply(self, state: State, placed: Placed) -> None:
        letter = letter_of(placed.entry, placed.index)
        state.letters[letter.letter_id] = letter
        state.slots_taken += 1
        state.clock = placed.time
        for text in letter.texts:
            note_commitments(state, placed.index, list(text.commitments))
        note_act(state, placed, Deed.LETTER_OPENED, letter.letter_id)


class LetterChanged:
    """Close early, extend once, cancel, or replace by another letter: before the closing, and for a stated reason."""

    def claim(self, state: State, placed: Placed) -> Claim | None:
        return None

    def check(self, state: State, placed: Placed) -> None:
        group, entry = state.opened, placed.entry
        letter, action, closing = find_letter(state, entry), entry.data["action"], entry.data["closing"]
        verify_quorum(group.origin, entry, group.organisers, group.quorum)
        require_time(state, placed.time)
        require_aligned(state, "closing", closing)
        if letter.closed or letter.ended or placed.time >= letter.closing:
            raise LetterClosed("letter", Message("one that is still open"), Message("a closed one"))
        if action == "extend":
            if letter.extended:
                raise RuleBroken("action", Message("one extension at most"), Message("a second one"))
            if closing <= letter.closing:
                raise RuleBroken("closing", Message("after {time}", time=letter.closing), str(closing))
        elif not placed.time <= closing <= letter.closing:
            raise RuleBroken("closing", Message("from now to {time}", time=letter.closing), str(closing))
        if action == "supersede":
            by = entry.bytes_of("by")
            if by not in state.letters or by == letter.letter_id:
                raise RuleBroken("by", Message("another letter opened in this record"), entry.data["by"])

    def apply(self, state: State, placed: Placed) -> None:
        entry = placed.entry
        letter, action = find_letter(state, entry), entry.data["action"]
        letter.closing = entry.data["closing"]
        letter.extended = letter.extended or action == "extend"
        if action in ("cancel", "supersede"):
            letter.ended = action
        if action == "supersede":
            letter.superseded_by = entry.bytes_of("by")
        reason = entry.bytes_of("reason")
        letter.reasons.append(reason)
        state.clock = placed.time
        note_commitments(state, placed.index, [reason])
        note_act(state, placed, _DEEDS[action], letter.letter_id)


class LetterClosedRule:
    """Nothing counts after it; enrolled and entitled are those of the closing, not those added since."""

    def claim(self, state: State, placed: Placed) -> Claim | None:
        return None

    def check(self, state: State, placed: Placed) -> None:
        letter = find_letter(state, placed.entry)
        require_time(state, placed.time)
        if letter.closed:
            raise LetterClosed("letter", Message("one that is still open"), Message("a closed one"))
        if placed.time < letter.closing:
            raise RuleBroken("at", Message("{time} or later", time=letter.closing), str(placed.time))

    def apply(self, state: State, placed: Placed) -> None:
        letter = find_letter(state, placed.entry)
        letter.enrolled_at_close = state.roll.enrolled_by(letter.closing)
        letter.entitled_at_close = state.entitled_by(letter.closing)
        state.clock = placed.time
