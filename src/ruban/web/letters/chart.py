"""How the count grew, batch by batch: an area for those by name below one for those without, drawn on the server."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from ruban.record.state import Point

_WIDTH, _HEIGHT = 600, 200


def draw_growth(points: Sequence[Point], *, opening: int, until: int, entitled: int) -> Markup:
    """The chart from `opening` to `until`, as high as the entitled are many; its table says the same."""
    span, top = max(1, until - opening), max(1, entitled)

    def at(time: int, count: int) -> str:
        share = min(1.0, max(0.0, (time - opening) / span))
        return f"{share * _WIDTH:.1f} {_HEIGHT - count / top * _HEIGHT:.1f}"

    def area(counts: Sequence[int]) -> str:
        path, before = f"M{at(opening, 0)}", 0
        for point, count in zip(points, counts, strict=True):
            path += f"L{at(point.time, before)}L{at(point.time, count)}"
            before = count
        return f"{path}L{at(until, before)}L{at(until, 0)}Z"

    signed = area([point.signed for point in points])
    named = area([point.named for point in points])
    return Markup(
        f'<svg class="growth" viewBox="0 -4 {_WIDTH} {_HEIGHT + 8}" preserveAspectRatio="none" aria-hidden="true" '
        f'focusable="false"><path class="unnamed" d="{signed}"/><path class="name" d="{named}"/>'
        f'<path class="frame" d="M0 0H{_WIDTH}M0 {_HEIGHT}H{_WIDTH}"/></svg>'
    )
