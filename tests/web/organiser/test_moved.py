"""What organisers change on a machine that the group has left would be lost: they are told, and nothing changes."""

from __future__ import annotations

from django.test import Client

from ruban.web.site import Site


def test_nothing_is_changed_on_a_machine_that_the_group_has_left(site: Site, organiser: Client) -> None:
    assert organiser.get("/organiser/").status_code == 200
    site.kept.moved = site.clock()
    answer = organiser.post("/organiser/letters/new/", {"title": "A letter"})
    assert answer.status_code == 503
    assert "the one that it has left" in answer.content.decode()
    assert organiser.get("/organiser/").status_code == 200
