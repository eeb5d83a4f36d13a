"""How well somebody who signs without a name is hidden: what the numbers alone give away. No cryptography changes it.

Of N among whom the signer hides, k have signed by name and a without. Whoever knows only that guesses of any one of the
N − k others that they have signed, and is right a times in N − k; at a = N − k everybody knows.
"""

from __future__ import annotations

from dataclasses import dataclass

from ruban.errors import Message
from ruban.language import Language, percent
from ruban.proof.ring import Ring
from ruban.record.state import Letter, State

ENDED_LIKE = (710, 770)
"""The letter of November 2023, in the last count that the press reported: what a success looks like."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hiding:
    """N, k, and a with the new signature among them."""

    hidden_among: int
    named: int
    unnamed: int

    @property
    def others(self) -> int:
        """N − k: those who have not signed by name, the signer included."""
        return self.hidden_among - self.named

    @property
    def everybody_knows(self) -> bool:
        """Whether all of them will have signed."""
        return self.unnamed >= self.others

    @property
    def unnamed_at_the_end(self) -> int:
        """a, if the letter ends like 710 of 770 and all further signatures are unnamed."""
        signed, of = ENDED_LIKE
        in_proportion = (2 * self.hidden_among * signed + of) // (2 * of)
        return min(self.others, max(self.unnamed, in_proportion - self.named))

    def as_json(self) -> dict[str, int | bool]:
        """The figures for programs."""
        return {
            "hidden_among": self.hidden_among,
            "named": self.named,
            "unnamed_with_this": self.unnamed,
            "others": self.others,
            "unnamed_at_the_end": self.unnamed_at_the_end,
            "everybody_knows": self.everybody_knows,
        }


def hiding(state: State, letter: Letter, ring: Ring) -> Hiding:
    """The figures for one more unnamed signature over `ring`; those over other rings count where they share people."""
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
    return Hiding(hidden_among=len(ring.stubs), named=named, unnamed=unnamed)


def sentences(language: Language, figures: Hiding) -> list[Message]:
    """What the signer is told before signing."""
    said = [
        Message(
            "Of the {n:,} among whom you hide, {named:,} have signed by name and {unnamed:,} without, you included.",
            n=figures.hidden_among,
            named=figures.named,
            unnamed=figures.unnamed,
        )
    ]
    if figures.everybody_knows:
        return [
            *said,
            Message("So all who have not given their name will have signed: everybody will know that you have."),
        ]
    now = percent(language, figures.unnamed, figures.others)
    later = percent(language, figures.unnamed_at_the_end, figures.others)
    said.append(
        Message(
            "Whoever looks at these numbers will say of any one of the {n:,} without a name that they have signed, and "
            "be right in {share} of cases.",
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
