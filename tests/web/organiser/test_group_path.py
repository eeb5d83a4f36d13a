"""The path that a group's title becomes: never one that the server has already."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.urls import Resolver404, resolve

from ruban.errors import FormatError
from ruban.service.open_group import TAKEN_PATHS, NewGroup, open_group
from ruban.web.organiser.begin import slug_of
from ruban.web.urls import urlpatterns


@pytest.mark.parametrize(
    ("title", "slug"),
    [("Équipe de Meridian", "equipe-de-meridian"), ("Static", "group-static"), ("工会", "group"), ("A  &  B!", "a-b")],
)
def test_a_title_becomes_a_path(title: str, slug: str) -> None:
    assert slug_of(title) == slug


def words_of_routes() -> set[str]:
    """Every word that stands in a route, be it first or not."""
    patterns = [re.sub(r"\?P<\w+>|\[[^]]*\]", "", str(one.pattern.regex.pattern)) for one in urlpatterns]
    return {word for pattern in patterns for word in re.findall("[a-z]{2,}", pattern)} | {"static"}


def leads_elsewhere(word: str) -> str | None:
    """An address of a group under this word that is not led to the group, if there is one."""
    token, letter = "a" * 26, "0" * 64
    pages = ["", "enrol/", "device/", f"letters/{token}/", f"letters/{token}/sign/"]
    files = ["submit", "enrol", "invitation", f"count/{letter}", "checkpoint", "tile/0/000", f"letters/{token}/tags/0"]
    for rest in [f"{language}{page}" for page in pages for language in ("", "en/", "fr/")] + files:
        if resolve(f"/{word}/{rest}").kwargs.get("prefix") != f"{word}/":
            return rest
    return None


def is_route(word: str) -> bool:
    """Whether the server has an address of its own that is this word, or begins with it."""
    for rest in ("", "/", "/0", f"/{'0' * 64}", f"/{'a' * 26}/"):
        try:
            prefix = resolve(f"/{word}{rest}").kwargs.get("prefix", "")
        except Resolver404:
            continue
        if not prefix.startswith(f"{word}/"):
            return True
    return False


def test_no_group_is_called_like_a_route() -> None:
    taken = {word for word in words_of_routes() if is_route(word)} | {"static"}
    assert {"organiser", "en", "letters", "count", "submit", "roll"} <= taken
    assert [word for word in sorted(taken) if slug_of(word) == word] == []


def test_all_addresses_of_a_group_lead_to_it_whatever_its_title() -> None:
    slugs = {slug_of(word) for word in words_of_routes()}
    assert {slug: rest for slug in slugs if (rest := leads_elsewhere(slug)) is not None} == {}


@pytest.mark.parametrize("word", sorted(TAKEN_PATHS))
def test_nobody_begins_a_group_where_the_server_has_pages_of_its_own(word: str, tmp_path: Path) -> None:
    group = NewGroup(
        origin=f"letters.example/{word}",
        title="Atelier",
        organisers=("Ada",),
        electorate=12,
        electorate_date="2026-11-01",
        electorate_source="staff list",
    )
    with pytest.raises(FormatError, match=f"/{word}"):
        open_group(tmp_path / "group", group, 1_795_000_000)
    assert not (tmp_path / "group").exists()
