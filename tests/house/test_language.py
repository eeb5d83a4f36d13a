"""What people read is said in their language, and every text has its French: a missing one is found here."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.catalog import Catalog
from babel.messages.catalog import Message as PoMessage
from babel.messages.pofile import read_po

from hatch_build import compile_translations
from ruban.errors import FormatError, LetterClosed, Message
from ruban.language import (
    LANGUAGES,
    Language,
    date_in_words,
    instant,
    instant_in_words,
    language_of,
    ngettext,
    number,
    percent,
    say,
    say_error,
    translator,
)
from tests.house.messages import LOCALE, extracted

ENGLISH, FRENCH = translator("en"), translator("fr")


def _catalogue(name: str) -> Catalog:
    with (LOCALE / name / "LC_MESSAGES" / "ruban.po").open("rb") as stream:
        return read_po(stream, locale=name)


def _key(message: PoMessage) -> str | tuple[str, ...]:
    return message.id if isinstance(message.id, str) else tuple(message.id)


def _strings(message: PoMessage) -> tuple[str, ...]:
    return (message.string or "",) if isinstance(message.string, str) else tuple(message.string or ("",))


def _placeholders(text: str) -> set[tuple[str, str, str]]:
    return {(name, spec or "", how or "") for _, name, spec, how in Formatter().parse(text) if name is not None}


@pytest.fixture
def spoken(monkeypatch: pytest.MonkeyPatch) -> Language:
    """French with a catalogue of three sentences, so that these tests do not depend on what src/ says today."""
    catalogue = FRENCH.catalogue.__class__()
    texts = {"at most {n:,} bytes": "au plus {n:,} octets", "{a} of {b}": "{b} : {a}", "closed": "close"}
    monkeypatch.setattr(catalogue, "gettext", lambda text: texts.get(text, text))
    monkeypatch.setattr(catalogue, "ngettext", lambda one, many, n: "{n:,} entrée" if n < 2 else "{n:,} entrées")
    conventions = {name: getattr(FRENCH, name) for name in ("thousands", "decimal", "before_percent", "months")}
    return Language(name="fr", first_of_month="1er", catalogue=catalogue, **conventions)


def test_a_message_is_said_by_its_template() -> None:
    assert Message("at most {n:,} bytes", n=8192) == "at most 8,192 bytes"


def test_numbers_in_a_message_are_written_as_the_language_does(spoken: Language) -> None:
    assert say(spoken, Message("at most {n:,} bytes", n=8192)) == "au plus 8\u202f192 octets"


def test_a_message_within_a_message_is_said_too(spoken: Language) -> None:
    inner = Message("at most {n:,} bytes", n=1)
    assert say(spoken, Message("{a} of {b}", a=inner, b=2)) == "2 : au plus 1 octets"


def test_a_plain_string_within_a_message_is_left_as_it_is(spoken: Language) -> None:
    assert say(spoken, Message("{a} of {b}", a="closed", b="x")) == "x : closed"


def test_a_string_without_parts_is_its_own_key(spoken: Language) -> None:
    assert say(spoken, "closed") == "close"


def test_what_has_no_translation_is_said_in_english(spoken: Language) -> None:
    assert say(spoken, Message("no {thing}", thing="x")) == "no x"


def test_nothing_is_said_for_nothing() -> None:
    assert say(FRENCH, "") == ""


def test_braces_in_a_message_without_parts_are_kept() -> None:
    assert say(ENGLISH, Message("{not a part}")) == "{not a part}"


def test_plural_forms_follow_the_language(spoken: Language) -> None:
    assert [ngettext(spoken, "{n:,} entry", "{n:,} entries", n) for n in (0, 1, 1543)] == [
        "0 entrée",
        "1 entrée",
        "1\u202f543 entrées",
    ]
    assert [ngettext(ENGLISH, "{n:,} {w} entry", "{n:,} {w} entries", n, w="new") for n in (0, 1, 1543)] == [
        "0 new entries",
        "1 new entry",
        "1,543 new entries",
    ]


def test_an_error_in_english_is_its_own_text() -> None:
    for error in (FormatError("size", Message("{n} bytes", n=32), "31"), LetterClosed("letter", "an open letter")):
        assert say_error(ENGLISH, error) == str(error)


def test_an_error_in_french_is_french() -> None:
    assert say_error(FRENCH, FormatError("x", "1", "2")) == "x ; attendu : 1 ; reçu : 2"
    assert say_error(FRENCH, FormatError("x", "1")) == "x ; attendu : 1"


@pytest.mark.parametrize(
    ("locale", "language"),
    [("fr", "fr"), ("fr_CH.UTF-8", "fr"), ("FR-ca", "fr"), ("en_GB", "en"), ("C", "en"), ("", "en"), ("frr", "en")],
)
def test_a_locale_name_gives_a_language(locale: str, language: str) -> None:
    assert language_of(locale) == language
    assert translator(locale).name == language


def test_thousands_are_set_apart() -> None:
    assert [number(ENGLISH, n) for n in (7, 770, 1543, 1234567)] == ["7", "770", "1,543", "1,234,567"]
    assert [number(FRENCH, n) for n in (7, 1543)] == ["7", "1\u202f543"]


def test_a_share_has_one_decimal() -> None:
    assert percent(ENGLISH, 710, 770) == "92.2 %"
    assert percent(FRENCH, 710, 770) == "92,2\u202f%"
    assert [percent(ENGLISH, part, 8) for part in (0, 1, 8)] == ["0.0 %", "12.5 %", "100.0 %"]


def test_a_share_never_rounds_to_all_or_to_nobody() -> None:
    assert percent(ENGLISH, 99_999, 100_000) == "99.9 %"
    assert percent(ENGLISH, 1, 100_000) == "0.1 %"


@pytest.mark.parametrize(("part", "whole"), [(1, 0), (-1, 5)])
def test_a_share_of_nothing_is_the_callers_mistake(part: int, whole: int) -> None:
    with pytest.raises(ValueError, match="a share needs"):
        percent(ENGLISH, part, whole)


def test_a_time_is_said_in_utc() -> None:
    when = datetime(2026, 11, 22, 1, 5, tzinfo=timezone(timedelta(hours=2)))
    assert instant(when) == "2026-11-21 23:05 UTC"
    assert date_in_words(ENGLISH, when) == "21 November 2026"
    assert instant_in_words(FRENCH, when) == "21 novembre 2026, 23:05 UTC"


def test_the_first_of_a_month_is_an_ordinal_in_french() -> None:
    when = datetime(2026, 8, 1, tzinfo=UTC)
    assert (date_in_words(FRENCH, when), date_in_words(ENGLISH, when)) == ("1er août 2026", "1 August 2026")


def test_a_time_without_a_zone_is_the_callers_mistake() -> None:
    with pytest.raises(ValueError, match="without a zone"):
        instant(datetime(2026, 11, 22, 9, 0))


def test_a_catalogue_is_compiled_with_its_plural_rule(tmp_path: Path) -> None:
    source = tmp_path / "src/ruban/locale/fr/LC_MESSAGES/ruban.po"
    source.parent.mkdir(parents=True)
    source.write_bytes((LOCALE / "fr/LC_MESSAGES/ruban.po").read_bytes())
    assert [p.name for p in compile_translations(tmp_path)] == ["ruban.mo"]
    assert source.with_suffix(".mo").stat().st_size > 200


@pytest.mark.parametrize("name", [name for name in LANGUAGES if name != "en"])
def test_every_text_has_its_translation(name: str) -> None:
    catalogue = _catalogue(name)
    said = {_key(message): message for message in catalogue}
    missing = [text for text in extracted() if text not in said or not all(_strings(said[text]))]
    assert not missing, f"run `python3 run.py messages`, then translate {len(missing)}: {sorted(map(str, missing))}"


@pytest.mark.parametrize("name", [name for name in LANGUAGES if name != "en"])
def test_no_translation_is_fuzzy_or_of_a_text_that_is_gone(name: str) -> None:
    texts = extracted()
    stale = [m.id for m in _catalogue(name) if m.id and (m.fuzzy or _key(m) not in texts)]
    assert not stale


@pytest.mark.parametrize("name", [name for name in LANGUAGES if name != "en"])
def test_every_translation_has_the_parts_of_its_text(name: str) -> None:
    for message in (m for m in _catalogue(name) if m.id and all(_strings(m))):
        if isinstance(message.id, str):
            assert _placeholders(_strings(message)[0]) == _placeholders(message.id), message.id
        else:
            # A form for one may leave the number out.
            wanted = _placeholders(message.id[1])
            assert all(_placeholders(text) <= wanted | _placeholders(message.id[0]) for text in _strings(message))
            assert _placeholders(_strings(message)[-1]) == wanted, message.id
