"""A letter's file: what is whole becomes a draft; what is not is refused with its line and key."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ruban.errors import FormatError
from ruban.service import letter_file
from ruban.service.letter_file import MAX_LETTER_BYTES, LetterDraft, parse_letter, parse_moment

ROOT = Path(__file__).resolve().parents[2]
NOW = int(datetime(2026, 11, 1, 12, tzinfo=UTC).timestamp())

HEAD = "opening: 2026-11-20 09:00 Europe/Paris\nclosing: 2026-11-22 18:00 Europe/Paris\n"
WORDS = "title: A letter\naddressee: The board\ndemands:\n  - That she return.\n  - That they resign.\n"
ONE = f"---\n{HEAD}language: en\n{WORDS}---\n\nDear board,\n\nplease.\n"
BLOCK = "".join(f"    {line}\n" for line in WORDS.rstrip("\n").split("\n"))
TWO = f"---\n{HEAD}languages:\n  fr:\n{BLOCK}  en:\n{BLOCK}---\n# fr\n\nBonjour.\n\n# en\n\nHello.\n"


def read(text: str) -> LetterDraft:
    return parse_letter(text.encode("utf-8"), NOW)


def refusal(text: str | bytes) -> FormatError:
    with pytest.raises(FormatError) as caught:
        parse_letter(text if isinstance(text, bytes) else text.encode("utf-8"), NOW)
    return caught.value


def test_a_letter_in_one_language_is_read() -> None:
    draft = read(ONE)
    assert [(text.lang, text.title, text.addressee, text.body) for text in draft.texts] == [
        ("en", "A letter", "The board", "Dear board,\n\nplease.")
    ]
    assert draft.texts[0].demands == ("That she return.", "That they resign.")
    assert draft.opening == int(datetime(2026, 11, 20, 8, tzinfo=UTC).timestamp())
    assert draft.closing == int(datetime(2026, 11, 22, 17, tzinfo=UTC).timestamp())
    assert (draft.unnamed_from, draft.threshold, draft.ways) == (None, None, ("name", "unnamed"))
    assert draft.zone == "Europe/Paris"


def test_the_first_language_prevails() -> None:
    draft = read(TWO)
    assert [(text.lang, text.body) for text in draft.texts] == [("fr", "Bonjour."), ("en", "Hello.")]


def test_the_texts_may_stand_in_another_order_than_the_languages() -> None:
    swapped = TWO.replace("# fr\n\nBonjour.\n\n# en\n\nHello.", "# en\n\nHello.\n\n# fr\n\nBonjour.")
    assert read(swapped) == read(TWO)


def test_headings_belong_to_the_text() -> None:
    text = TWO.replace("Hello.", "# Why\n\nHello.\n\n## fr\n\n# Ends")
    assert read(text).texts[1].body == "# Why\n\nHello.\n\n## fr\n\n# Ends"


def test_a_letter_in_one_language_may_bear_its_heading() -> None:
    assert read(ONE.replace("Dear", "# en\n\nDear")).texts == read(ONE).texts


def test_line_ends_marks_and_composition_do_not_matter() -> None:
    text = TWO.replace("Hello.", "Zoé.")
    other = "\ufeff" + text.replace("é", "e\u0301").replace("\n", "\r\n")
    assert read(other) == read(text)


def test_all_keys_are_read() -> None:
    text = ONE.replace(
        HEAD,
        "opening: now  # at once\nclosing: 48 hours after opening\nthreshold: 500\nways: unnamed\nretention_days: 90\n"
        "unnamed_from: 2026-11-02T09:00:00+01:00\n",
    )
    draft = read(text)
    assert (draft.opening, draft.closing, draft.zone) == (NOW, NOW + 48 * 3600, None)
    assert (draft.threshold, draft.ways, draft.retention_days) == (500, ("unnamed",), 90)
    assert draft.unnamed_from == int(datetime(2026, 11, 2, 8, tzinfo=UTC).timestamp())


def test_nothing_that_is_written_is_taken_for_something_else() -> None:
    # YAML's own rules make a boolean of no, a number of 2026 and 585 of 9:45.
    text = ONE.replace("language: en", "language: no").replace("A letter", "2026").replace("That she return.", "9:45")
    draft = read(text)
    assert (draft.texts[0].lang, draft.texts[0].title, draft.texts[0].demands[0]) == ("no", "2026", "9:45")


def test_a_long_demand_may_be_folded() -> None:
    text = ONE.replace("  - That she return.\n", "  - >\n    That she\n    return.\n")
    assert read(text).texts[0].demands[0] == "That she return."


@pytest.mark.parametrize(
    ("old", "new", "field", "got"),
    [
        ("title: A letter\n", "", "letter, line 2, title", "nothing"),
        ("addressee: The board\n", "", "letter, line 2, addressee", "nothing"),
        ("language: en\n", "", "letter, line 2, language", "nothing"),
        ("opening: 2026-11-20 09:00 Europe/Paris\n", "", "letter, line 2, opening", "nothing"),
        ("closing: 2026-11-22 18:00 Europe/Paris\n", "", "letter, line 2, closing", "nothing"),
        ("title: A letter\n", "title:\n", "letter, line 5, title", "nothing"),
        ("title: A letter\n", "title: [a]\n", "letter, line 5, title", "a list or block"),
        ("A letter\n", f"{'x' * 201}\n", "letter, line 5, title", "201"),
        ("A letter\n", '"a\\nb"\n', "letter, line 5, title", "several lines"),
        ("A letter\n", '"a\\u0007b"\n', "letter, line 5, title", "the character U+0007"),
        ("A letter\n", '"a\\ud800b"\n', "letter, line 5, title", "the character U+D800"),
        ("A letter\n", "Room # 3\n", "letter, line 5, title", "a text that would be cut there"),
        ("The board\n", f"{'x' * 201}\n", "letter, line 6, addressee", "201"),
        ("That she return.", "x" * 501, "letter, line 8, demands.1", "501"),
        ("That she return.", "That they resign.", "letter, line 7, demands", "the same twice"),
        ("  - That she return.\n", "  - \n", "letter, line 8, demands.1", "nothing"),
        ("language: en", "language: english", "letter, line 4, language", "'english'"),
        ("language: en", "language: EN", "letter, line 4, language", "'EN'"),
        ("language: en", "retention_days: 3651\nlanguage: en", "letter, line 4, retention_days", "3651"),
        ("language: en", "threshold: 0\nlanguage: en", "letter, line 4, threshold", "0"),
        ("language: en", "threshold: ٥\nlanguage: en", "letter, line 4, threshold", "'٥'"),
        ("language: en", "threshold: 1_0\nlanguage: en", "letter, line 4, threshold", "'1_0'"),
        ("language: en", "ways: [name, name]\nlanguage: en", "letter, line 4, ways", "other words"),
        ("language: en", "ways: [sealed]\nlanguage: en", "letter, line 4, ways", "other words"),
        ("language: en", "ways: []\nlanguage: en", "letter, line 4, ways", "other words"),
        ("language: en", "language: en\nlanguage: en", "letter, line 5", "'language'"),
        ("A letter\n", "&a A letter\n", "letter, line 5", "a YAML anchor or alias (& or *)"),
        ("A letter\n", "!!python/name:os.system\n", "letter, line 5", "a YAML tag (!)"),
        ("A letter\n", "Letter: to the board\n", "letter, line 5", "something else"),
        ("A letter\n", "[[[[[[[a]]]]]]]\n", "letter, line 5", "more"),
        ("\nDear board,\n\nplease.\n", " \n", "letter, line 11", "nothing"),
        ("---\n\nDear", "\n\nDear", "letter, line 15", "none"),
        ("---\nopening", "opening", "letter, line 1", "something else"),
        ("Dear", "De\x00ar", "letter, line 12", "the character U+0000"),
        ("Dear", "De\u202ear", "letter, line 12", "the character U+202E"),
        ("2026-11-22 18:00", "2026-11-20 09:00", "letter, line 3, closing", "before it"),
        ("2026-11-22 18:00", "2026-02-30 09:00", "letter, line 3, closing", "another"),
        ("2026-11-22 18:00", "2026-11-22 9:00", "letter, line 3, closing", "something else"),
        ("2026-11-22 18:00", "9999-11-22 18:00", "letter, line 3, closing", "9999"),
        ("18:00 Europe/Paris", "18:00", "letter, line 3, closing", "none"),
        ("18:00 Europe/Paris", "18:00 Europe/Pari", "letter, line 3, closing", "'Europe/Pari'"),
        ("18:00 Europe/Paris", "18:00 Europe", "letter, line 3, closing", "'Europe'"),
        ("18:00 Europe/Paris", "18:00 CET", "letter, line 3, closing", "'CET'"),
        ("18:00 Europe/Paris", "18:00 posix/Europe/Paris", "letter, line 3, closing", "'posix/Europe/Paris'"),
        ("18:00 Europe/Paris", "18:00 +15:00", "letter, line 3, closing", "+15:00"),
        ("18:00 Europe/Paris", "18:00 ../../etc/passwd", "letter, line 3, closing", "something else"),
    ],
)
def test_each_fault_is_refused_with_its_line_and_key(old: str, new: str, field: str, got: str) -> None:
    assert old in ONE
    error = refusal(ONE.replace(old, new, 1))
    assert (str(error.field), str(error.got)) == (field, got)


@pytest.mark.parametrize("demands", ["", "demands:\n", "demands: []\n", "demands: please\n"])
def test_a_letter_without_demands_is_refused(demands: str) -> None:
    start, end = ONE.index("demands:"), ONE.index("---\n\nDear")
    assert "demands" in refusal(ONE[:start] + demands + ONE[end:]).field


def test_too_many_demands_are_refused() -> None:
    demands = "".join(f"  - Demand {number}.\n" for number in range(21))
    error = refusal(ONE.replace("  - That she return.\n  - That they resign.\n", demands))
    assert (error.field, error.got) == ("letter, line 7, demands", "21")


@pytest.mark.parametrize(
    ("key", "meant"),
    [("titel", "title"), ("demand", "demands"), ("treshold", "threshold"), ("seuil", "threshold"), ("Titre", "title")],
)
def test_an_unknown_key_is_refused_and_the_nearest_named(key: str, meant: str) -> None:
    error = refusal(ONE.replace("language: en", f"{key}: 1\nlanguage: en"))
    assert error.field == f"letter, line 4, {key}"
    assert meant in str(error.hint)


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ("# en\n\nHello.\n", "", "letter, line 18"),
        ("# en\n", "# fr\n", "letter, line 22"),
        ("# en\n", "# de\n", "letter, line 22"),
        ("# fr\n", "Hi\n# fr\n", "letter, line 18"),
        ("Hello.", "", "letter, line 22"),
        ("  en:\n", "  english:\n", "letter, line 11, languages"),
        ("languages:", "title: x\nlanguages:", "letter, line 4, title"),
        ("  en:\n", "  en:\n    text: x\n", "letter, line 12, languages.en.text"),
    ],
)
def test_each_fault_among_the_languages_has_its_line(old: str, new: str, field: str) -> None:
    assert old in TWO
    assert refusal(TWO.replace(old, new, 1)).field == field


def test_another_number_of_demands_in_another_language_is_refused() -> None:
    at = TWO.rindex("      - That they resign.\n")
    error = refusal(TWO[:at] + TWO[at + len("      - That they resign.\n") :])
    assert (error.field, error.expected, error.got) == (
        "letter, line 11, languages.en.demands",
        "2 demands, as in fr",
        "1",
    )


def test_more_languages_than_a_letter_may_have_are_refused() -> None:
    blocks = "".join(f"  a{letter}:\n{BLOCK}" for letter in "abcdefghi")
    error = refusal(f"---\n{HEAD}languages:\n{blocks}---\n# aa\n\nx\n")
    assert (error.expected, error.got) == ("at most 8 languages", "9")


def test_a_closing_that_has_passed_is_refused() -> None:
    text = ONE.replace("2026-11-20", "2026-10-20").replace("2026-11-22", "2026-10-22")
    assert refusal(text).got == "one that has passed"


@pytest.mark.parametrize("moment", ["2026-11-19 09:00 UTC", "2026-11-22 17:00 UTC"])
def test_unnamed_signing_opens_while_the_letter_is_open(moment: str) -> None:
    assert "unnamed_from" in refusal(ONE.replace("language", f"unnamed_from: {moment}\nlanguage")).field


def test_unnamed_signing_opens_only_where_it_is_a_way() -> None:
    keys = "ways: [name]\nunnamed_from: 2026-11-21 09:00 UTC\nlanguage"
    assert "unnamed_from" in refusal(ONE.replace("language", keys)).field


def test_a_text_is_bounded_in_bytes() -> None:
    assert len(read(ONE.replace("please.", "é" * 32_760)).texts[0].body.encode()) <= 65_536
    assert "at most 65,536 bytes" in refusal(ONE.replace("please.", "é" * 32_768)).expected
    assert "at most" in refusal(b"a" * (MAX_LETTER_BYTES + 1)).expected
    assert "before the text" in refusal(ONE.replace("title", "#" * 400_001 + "\ntitle")).expected


def test_a_letter_that_is_not_utf_8_is_refused_with_its_line() -> None:
    error = refusal(ONE.replace("please", "s'il vous plaît").encode("cp1252"))
    assert (error.field, error.expected) == ("letter, line 14", "text in UTF-8")


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2026-11-20 09:00 Europe/Paris", "2026-11-20T08:00:00"),
        ("2026-07-20 09:00 Europe/Paris", "2026-07-20T07:00:00"),
        ("2026-11-20 09h00 Europe/Paris", "2026-11-20T08:00:00"),
        ("2026-11-20T09:00:30Z", "2026-11-20T09:00:30"),
        ("2026-11-20 09:00 UTC", "2026-11-20T09:00:00"),
        ("2026-11-20T09:00+05:30", "2026-11-20T03:30:00"),
        ("2026-11-20 09:00 -03:00", "2026-11-20T12:00:00"),
        ("2026-11-20 09:00 America/Argentina/Buenos_Aires", "2026-11-20T12:00:00"),
        ("2026-10-25 02:30 +02:00", "2026-10-25T00:30:00"),
        ("now", "2026-11-01T12:00:00"),
    ],
)
def test_a_moment_is_read(text: str, utc: str) -> None:
    assert datetime.fromtimestamp(parse_moment("until", text, NOW), UTC).isoformat()[:19] == utc


@pytest.mark.parametrize(
    ("text", "got"),
    [
        ("2026-03-29 02:30 Europe/Paris", "one that the clocks skip"),
        ("2026-10-25 02:30 Europe/Paris", "one that happens twice: the clocks go back"),
        ("2026-04-05 01:45 Australia/Lord_Howe", "one that happens twice: the clocks go back"),
    ],
)
def test_a_local_time_that_does_not_happen_once_is_refused(text: str, got: str) -> None:
    with pytest.raises(FormatError) as caught:
        parse_moment("until", text, NOW)
    assert (caught.value.field, caught.value.got) == ("until", got)


def test_an_hour_that_happens_twice_is_answered_with_both_offsets() -> None:
    with pytest.raises(FormatError) as caught:
        parse_moment("until", "2026-10-25 02:30 Europe/Paris", NOW)
    assert "+02:00 or +01:00" in str(caught.value.hint)


def test_a_span_is_no_moment_outside_a_letter() -> None:
    with pytest.raises(FormatError):
        parse_moment("until", "48 hours after opening", NOW)


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_a_letter_or_a_format_error(data: bytes) -> None:
    _letter_or_format_error(data)
    _letter_or_format_error(b"---\n" + data + b"\n---\ntext")


@settings(deadline=None)
@given(st.text(alphabet="-:#[]{}&*!%@`'\"\\|>?,\n \tabUux019é~=<\x85\u2028", max_size=60))
def test_any_front_matter_is_a_letter_or_a_format_error(text: str) -> None:
    _letter_or_format_error(f"---\n{text}\n---\ntext".encode())


@settings(deadline=None)
@given(st.integers(0, len(TWO) - 1), st.integers(0, 12), st.text(max_size=6))
def test_any_change_of_a_letter_is_a_letter_or_a_format_error(at: int, length: int, new: str) -> None:
    _letter_or_format_error((TWO[:at] + new + TWO[at + length :]).encode("utf-8", "surrogatepass"))


@pytest.mark.parametrize(
    "text", ['"\\U00110000"', '"\\UFFFFFFFF"', "%YAML 9" + "9" * 5000 + ".1", "!<%zz>", "? a", "- a"]
)
def test_what_yaml_libraries_stumble_over_is_a_format_error(text: str) -> None:
    _letter_or_format_error(f"---\n{text}\n---\ntext".encode())


def _letter_or_format_error(data: bytes) -> None:
    try:
        draft = parse_letter(data, NOW)
    except FormatError:
        return
    assert draft.texts
    assert draft.opening < draft.closing
    assert all(text.title and text.demands and text.body for text in draft.texts)


def test_the_documented_letter_is_one() -> None:
    page = (ROOT / "docs" / "operate" / "letter-file.md").read_text("utf-8")
    letters = [block for block in page.split("```") if block.startswith("markdown\n")]
    assert len(letters) == 2
    assert [len(read(block.removeprefix("markdown\n")).texts) for block in letters] == [1, 2]


def test_every_key_is_documented() -> None:
    page = (ROOT / "docs" / "operate" / "letter-file.md").read_text("utf-8")
    keys = {*letter_file._KEYS, *letter_file._TEXT_KEYS, "language", "languages"}
    assert [key for key in keys if f"`{key}`" not in page] == []


def test_the_example_is_a_letter_in_two_languages_with_two_demands() -> None:
    draft = parse_letter((ROOT / "examples" / "letter.md").read_bytes(), NOW)
    assert [(text.lang, len(text.demands)) for text in draft.texts] == [("fr", 2), ("en", 2)]
    assert draft.texts[0].title == "Lettre ouverte au conseil d'administration"
    for text in draft.texts:
        assert 190 <= len(text.body.replace("\n", " ").split(" ")) <= 260
