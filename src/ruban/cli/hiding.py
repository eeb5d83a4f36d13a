"""How well somebody who signs without a name is hidden: what the numbers alone give away. No cryptography changes it.

Of N among whom the signer hides, k have signed by name and a without. Whoever knows only that guesses of any one of the
N − k others that they have signed, and is right a times in N − k; at a = N − k everybody knows.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from ruban.errors import Message
from ruban.language import Language, percent
from ruban.proof.ring import Ring, Selector
from ruban.record.member import Place, role_of
from ruban.record.state import Letter, State

ENDED_LIKE = (710, 770)
"""The letter of November 2023, in the last count that the press reported: what a success looks like."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hiding:
    """N, k, and a with the new signature among them."""

    hidden_among: int
    named: int
    unnamed: Fraction
    """Counted; of a role expected, since who signs as one of all may bear it as well."""
    role: str | None = None
    """Whose N these are, for somebody who knows that the signer is one of them; None: all."""

    @property
    def others(self) -> int:
        """N − k: those who have not signed by name, the signer included."""
        return self.hidden_among - self.named

    @property
    def share(self) -> Fraction:
        """How often a guess is right, of 1."""
        return min(Fraction(1), self.unnamed / max(1, self.others))

    @property
    def everybody_knows(self) -> bool:
        """Whether all of them will have signed."""
        return self.unnamed >= self.others

    @property
    def unnamed_at_the_end(self) -> Fraction:
        """a, if the letter ends like 710 of 770 and all further signatures are unnamed."""
        signed, of = ENDED_LIKE
        in_proportion = (2 * self.hidden_among * signed + of) // (2 * of)
        return min(Fraction(self.others), max(self.unnamed, Fraction(in_proportion - self.named)))

    def as_json(self) -> dict[str, Any]:
        """The figures for programs."""
        return {
            "hidden_among": self.hidden_among,
            "named": self.named,
            "role": self.role,
            "unnamed_with_this": _number(self.unnamed),
            "others": self.others,
            "unnamed_at_the_end": _number(self.unnamed_at_the_end),
            "everybody_knows": self.everybody_knows,
        }


def _number(value: Fraction) -> int | float:
    return value.numerator if value.denominator == 1 else round(float(value), 1)


def hiding(state: State, letter: Letter, place: Place) -> Hiding:
    """The figures for one more unnamed signature at `place`, for whoever is best placed to guess.

    Where the letter may be signed by the signer's role, colleagues who know the role are asked as well.
    """
    if place.selector.role is not None:
        return _with_role(state, letter, place.epoch, place.selector.role, by_role=True)
    among_all, role = _over(state, letter, place.ring), role_of(state, letter, place)
    if role is None:
        return among_all
    with_role = _with_role(state, letter, place.epoch, role, by_role=False)
    return with_role if with_role.share > among_all.share else among_all


def _with_role(state: State, letter: Letter, epoch_index: int, role: str, *, by_role: bool) -> Hiding:
    """The figures among those with one role, to whom who signed as one of all belong in proportion."""
    epoch, rows = state.roll.epochs[epoch_index], state.roll.rows
    standing = [recorded for recorded in letter.signatures.values() if not recorded.withdrawn]
    named = [rows[recorded.row].role for recorded in standing if recorded.row is not None]
    roles = [Selector.parse(recorded.selector).role for recorded in standing if recorded.row is None]
    roles.append(role if by_role else None)
    having, as_role, as_one_of_all = epoch.roles[role], roles.count(role), roles.count(None)
    # Those who are neither known by name nor counted by role: who signed as one of all is among them.
    others = max(0, epoch.rows - len(named) - (len(roles) - as_one_of_all))
    others_with_role = max(0, having - named.count(role) - as_role)
    share = Fraction(others_with_role, others) if others else Fraction(0)
    unnamed = min(Fraction(having), as_role + as_one_of_all * share)
    return Hiding(hidden_among=having, named=named.count(role), unnamed=unnamed, role=role)


def _over(state: State, letter: Letter, ring: Ring) -> Hiding:
    """The figures among a ring; signatures over other rings count where they share people."""
    members = frozenset(ring.stubs)
    column = state.roll.columns[letter.slot]
    named, unnamed, meets = 0, 1, dict[tuple[int, str], bool]()
    for recorded in letter.signatures.values():
        if recorded.withdrawn:
            continue
        if recorded.row is not None:
            named += column[recorded.row] in members
            continue
        key = (recorded.epoch, recorded.selector)
        if key not in meets:
            meets[key] = not members.isdisjoint(state.ring(recorded.epoch, letter.slot, recorded.selector).stubs)
        unnamed += meets[key]
    return Hiding(hidden_among=len(ring.stubs), named=named, unnamed=Fraction(unnamed))


def sentences(language: Language, figures: Hiding) -> list[Message]:
    """What the signer is told before signing."""
    parts = {"n": figures.hidden_among, "named": figures.named, "unnamed": round(figures.unnamed)}
    said = [
        Message(
            "Of the {n:,} among whom you hide, {named:,} have signed by name and {unnamed:,} without, you included.",
            **parts,
        )
        if figures.role is None
        else Message(
            "Of the {n:,} with your role ({role}), {named:,} have signed by name and about {unnamed:,} without, you "
            "included: as one of them, or as one of all.",
            role=figures.role,
            **parts,
        )
    ]
    if figures.everybody_knows:
        return [
            *said,
            Message("So all who have not given their name will have signed: everybody will know that you have."),
        ]
    now = percent(language, figures.share.numerator, figures.share.denominator)
    at_the_end = figures.unnamed_at_the_end / figures.others
    later = percent(language, at_the_end.numerator, at_the_end.denominator)
    said.append(
        Message(
            "Whoever looks at these numbers will say of any one of the {n:,} without a name that they have signed, and "
            "be right in {share} of cases.",
            n=figures.others,
            share=now,
        )
        if figures.role is None
        else Message(
            "Whoever looks at these numbers and knows your role will say of any one of the {n:,} with it and without a "
            "name that they have signed, and be right in {share} of cases.",
            n=figures.others,
            share=now,
        )
    )
    signed, of = ENDED_LIKE
    if figures.unnamed_at_the_end >= figures.others:
        said.append(Message("If it ends like {signed} of {of}, everybody will know.", signed=signed, of=of))
    else:
        said.append(
            Message(
                "If it ends like {signed} of {of}, in {share}; no cryptography changes that.",
                signed=signed,
                of=of,
                share=later,
            )
        )
    return said
