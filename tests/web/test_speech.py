"""Which language a reader gets, and sentences around links."""

from __future__ import annotations

import pytest
from markupsafe import Markup

from ruban.web.speech import language_for, phrases


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "en"),
        ("fr", "fr"),
        ("fr-CA,fr;q=0.9,en;q=0.8", "fr"),
        ("de,en;q=0.5,fr;q=0.7", "fr"),
        ("de", "en"),
        ("fr;q=0", "en"),
        ("fr;q=NaN,en;q=0.1", "en"),
        ("fr;q=٣,en;q=0.1", "en"),
        ("x" * 10_000 + ",fr", "en"),
    ],
)
def test_the_language_is_the_one_preferred_among_ours(header: str, language: str) -> None:
    assert language_for(header) == language


def test_the_fallback_is_for_whoever_asks_for_none_of_ours() -> None:
    assert language_for("de", "fr") == "fr"


def test_a_sentence_around_a_link_escapes_all_but_the_link() -> None:
    said = phrases("en")["_"]("See {here}, {name} & more", here=Markup("<a>x</a>"), name="<b>")
    assert said == Markup("See <a>x</a>, &lt;b&gt; &amp; more")


def test_a_sentence_without_a_link_is_escaped_by_the_template() -> None:
    assert not isinstance(phrases("en")["_"]("{name}", name="<b>"), Markup)
