"""The ribbon: a circle with a tick for each of the entitled, like the old petition signed in a round: nobody is first.

Who has which tick means nothing: places are drawn anew at each release, from the record's root.
"""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass

from markupsafe import Markup

MOST_TICKS = 2000
"""More would blur; a tick then stands for several people."""
_SIZE, _CENTRE = 400, 200
_LENGTH = {"name": 34.0, "unnamed": 22.0, "free": 8.0}
"""By way, so that the ribbon is read without colour too."""
_INNER = 150.0


@dataclass(frozen=True, slots=True)
class Ribbon:
    """The drawing, and how many people a tick stands for."""

    svg: Markup
    people_per_tick: int


def draw_ribbon(*, named: int, unnamed: int, entitled: int, root: bytes) -> Ribbon:
    """One tick for each of the entitled, or for several above MOST_TICKS; as many of each way as have signed so."""
    each = -(-entitled // MOST_TICKS)
    ticks = max(1, -(-entitled // each))
    ways = ["name"] * _share(named, each) + ["unnamed"] * _share(unnamed, each)
    ways = ways[:ticks] + ["free"] * max(0, ticks - len(ways))
    ways = _drawn(ways, root)
    width = min(6.0, max(0.8, 2 * math.pi * _INNER / ticks * 0.62))
    paths = "".join(
        f'<path class="{way}" d="{_strokes(ways, way, ticks)}" stroke-width="{width:.2f}"/>'
        for way in ("free", "unnamed", "name")
        if way in ways
    )
    return Ribbon(
        Markup(f'<svg class="ribbon" viewBox="0 0 {_SIZE} {_SIZE}" aria-hidden="true" focusable="false">{paths}</svg>'),
        each,
    )


def _drawn(ways: list[str], root: bytes) -> list[str]:
    """The same in an order of chance that follows from the root alone: no secret, and everybody sees the same."""
    drawn, count = list(ways), len(ways)
    stream = hashlib.shake_256(b"ruban/ribbon/v1\x00" + root).digest(8 * count)
    # Fisher and Yates; what 64 bits modulo so few are off evenness is nothing.
    for place in range(count - 1, 0, -1):
        other = int.from_bytes(stream[8 * place : 8 * place + 8], "big") % (place + 1)
        drawn[place], drawn[other] = drawn[other], drawn[place]
    return drawn


def _share(people: int, each: int) -> int:
    """Ticks for so many people: nearest, but at least one for somebody."""
    return max(1 if people else 0, (2 * people + each) // (2 * each))


def _strokes(ways: list[str], way: str, ticks: int) -> str:
    parts = []
    for place, own in enumerate(ways):
        if own == way:
            angle = 2 * math.pi * place / ticks - math.pi / 2
            x, y, outer = math.cos(angle), math.sin(angle), _INNER + _LENGTH[way]
            start, end = (f"{_CENTRE + length * x:.1f} {_CENTRE + length * y:.1f}" for length in (_INNER, outer))
            parts.append(f"M{start}L{end}")
    return "".join(parts)
