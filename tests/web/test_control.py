"""What a server answers at its own door when `ruban status` asks."""

from __future__ import annotations

from typing import Any

from ruban.service.standing import parse_standing, standing_of
from ruban.web.control import answer
from ruban.web.site import Site


def test_a_server_says_how_its_group_stands_unless_it_does_not_trust_its_record(site: Site) -> None:
    said: list[dict[str, Any]] = []
    answer(site, b'{"do":"status"}', said.append)
    assert parse_standing(said[-1]["done"]) == standing_of(site.kept, site.clock())
    site.paused = 1
    answer(site, b'{"do":"status"}', said.append)
    assert said[-1]["done"]["paused"] is True
    site.under_review = 1
    answer(site, b'{"do":"status"}', said.append)
    assert said[-1] == {"done": {}}
