"""How many people do what in the demonstration: the proportions of 770 entitled, 762 enrolled, 710 signed."""

from __future__ import annotations

from dataclasses import dataclass

ENTITLED, ENROLLED, NAMED, UNNAMED, WITHDRAWN, STEPPING_FORWARD = 770, 762, 312, 398, 4, 3
LEAST_PEOPLE = 20
"""Fewer could not hide one another: no unnamed signature speaks about fewer than ten."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Counts at the end, and what leads to them."""

    entitled: int
    enrolled: int
    named: int
    unnamed: int
    stepping_forward: int
    withdrawing_named: int
    withdrawing_unnamed: int

    @property
    def first_named(self) -> int:
        """Signatures by name before anybody steps forward or withdraws."""
        return self.named - self.stepping_forward + self.withdrawing_named

    @property
    def first_unnamed(self) -> int:
        """Unnamed signatures before anybody steps forward or withdraws."""
        return self.unnamed + self.stepping_forward + self.withdrawing_unnamed


def plan_for(entitled: int) -> Plan:
    """The plan for so many people; ValueError for fewer than LEAST_PEOPLE."""
    if entitled < LEAST_PEOPLE:
        raise ValueError(f"at least {LEAST_PEOPLE} people")

    def share(of: int) -> int:
        return round(entitled * of / ENTITLED)

    withdrawn = share(WITHDRAWN)
    return Plan(
        entitled=entitled,
        enrolled=entitled - share(ENTITLED - ENROLLED),
        named=share(NAMED),
        unnamed=share(UNNAMED),
        stepping_forward=min(STEPPING_FORWARD, share(STEPPING_FORWARD)),
        withdrawing_named=withdrawn // 2,
        withdrawing_unnamed=withdrawn - withdrawn // 2,
    )
