"""Letters in the scripts of the world: which way they run, and what their languages call themselves."""

from __future__ import annotations

import pytest

from ruban.web.letters.tongues import direction_of, own_name_of


@pytest.mark.parametrize(
    ("lang", "direction"),
    [
        ("en", "ltr"),
        ("fr-CA", "ltr"),
        ("ar", "rtl"),
        ("he-IL", "rtl"),
        ("ur", "rtl"),
        ("az-Arab", "rtl"),
        ("ar-Latn", "ltr"),
    ],
)
def test_a_language_runs_as_its_script_does(lang: str, direction: str) -> None:
    assert direction_of(lang) == direction


@pytest.mark.parametrize(("lang", "name"), [("fr", "français"), ("ar-MA", "العربية"), ("tlh", "tlh")])
def test_a_language_is_called_what_it_calls_itself(lang: str, name: str) -> None:
    assert own_name_of(lang) == name
