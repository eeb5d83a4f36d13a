"""The list of the entitled: what is right is read whatever the spreadsheet; what is wrong has a line and a column."""

from __future__ import annotations

import csv
import io
import re
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ruban.errors import FormatError
from ruban.people.file import (
    MAX_PEOPLE,
    MAX_PEOPLE_BYTES,
    Code,
    Meaning,
    Preview,
    Severity,
    normalised_identifier,
    preview_people,
)
from ruban.people.rows import MAX_IDENTIFIER_BYTES
from ruban.people.sheet import sheet
from ruban.people.table import MAX_LINE_BYTES

ROOT = Path(__file__).resolve().parents[2]
HEADER = "name,email,role\n"
ADA = "Ada Keller,ada@x.example,Workshop\n"


def found(text: str | bytes, encoding: str | None = None) -> list[tuple[Code, int, int | None]]:
    data = text if isinstance(text, bytes) else text.encode("utf-8")
    return [(each.code, each.line, each.column) for each in preview_people(data, encoding).findings]


def people(text: str | bytes, encoding: str | None = None) -> list[tuple[str, str, str | None]]:
    data = text if isinstance(text, bytes) else text.encode("utf-8")
    return [(each.name, each.identifier, each.role) for each in preview_people(data, encoding).people()]


def test_a_list_is_read() -> None:
    preview = preview_people((HEADER + ADA + "Ben Ito,ben@x.example,\n").encode())
    assert [(one.line, one.name, one.identifier, one.role) for one in preview.people()] == [
        (2, "Ada Keller", "ada@x.example", "Workshop"),
        (3, "Ben Ito", "ben@x.example", None),
    ]
    assert (preview.encoding, preview.delimiter, preview.count) == ("UTF-8", ",", 2)
    assert preview.used == ((1, Meaning.NAME), (2, Meaning.EMAIL), (3, Meaning.ROLE))
    assert preview.findings == ()


# No letter that Windows-1252 writes as a continuation byte of UTF-8 (ª, œ, š …): after é it could be UTF-8 by chance.
_NAMES = st.text("aZéèêëàâçîïôùûüñßØåÉÇÀ'", min_size=1, max_size=20).filter(lambda text: text.strip("'") != "")


@settings(deadline=None)
@given(
    names=st.lists(_NAMES, min_size=1, max_size=8),
    middle=st.sampled_from([" ", ", ", "; ", ' "Jo" ', "-"]),
    delimiter=st.sampled_from([",", ";", "\t"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
)
def test_what_a_spreadsheet_writes_is_read_back(
    names: list[str], middle: str, delimiter: str, encoding: str, end: str, quoting: int
) -> None:
    rows = [(f"{name}{middle}{name}", f"N{number}", "Atelier") for number, name in enumerate(names)]
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, lineterminator=end, quoting=quoting)  # type: ignore[arg-type]
    writer.writerow(["Nom", "Matricule", "Service"])
    writer.writerows(rows)
    data = text.getvalue().encode(encoding)
    assumed = preview_people(data).encoding_assumed
    assert people(data, "Windows-1252" if assumed else None) == rows
    assert not assumed or encoding == "cp1252"


def test_a_list_in_windows_1252_with_semicolons_is_shown_but_not_imported_until_confirmed() -> None:
    data = "Nom;Prénom;Courriel\r\nLefèvre;Zoé;zoe@x.example\r\n".encode("cp1252")
    preview = preview_people(data)
    assert (preview.encoding, preview.encoding_assumed, preview.delimiter) == ("Windows-1252", True, ";")
    assert preview.samples == ("Zoé Lefèvre",)
    assert any("Windows-1252, which is a guess" in line for line in preview.assumptions)
    assert any("Zoé Lefèvre" in line for line in preview.assumptions)
    with pytest.raises(FormatError) as caught:
        preview.people()
    assert caught.value.evidence.code is Code.ENCODING_ASSUMED
    assert people(data, "Windows-1252") == [("Zoé Lefèvre", "zoe@x.example", None)]


@pytest.mark.parametrize(
    ("header", "meanings"),
    [
        ("Name,E-mail", [Meaning.NAME, Meaning.EMAIL]),
        ("nom;courriel;service", [Meaning.NAME, Meaning.EMAIL, Meaning.ROLE]),
        ("NOM COMPLET;Adresse électronique;Rôle", [Meaning.NAME, Meaning.EMAIL, Meaning.ROLE]),
        ("Prénom;Nom;Matricule", [Meaning.GIVEN, Meaning.FAMILY, Meaning.IDENTIFIER]),
        ("First name\tLast name\tPersonnel number", [Meaning.GIVEN, Meaning.FAMILY, Meaning.IDENTIFIER]),
        ("given_name,family_name,id,department", [Meaning.GIVEN, Meaning.FAMILY, Meaning.IDENTIFIER, Meaning.ROLE]),
    ],
)
def test_headers_are_known_in_english_and_french(header: str, meanings: list[Meaning]) -> None:
    preview = preview_people(f"{header}\n".encode())
    assert [meaning for _, meaning in preview.used] == meanings


def test_given_and_family_name_make_a_name() -> None:
    assert people("nom,prénom,matricule\nDe Vries,Ana,7\n") == [("Ana De Vries", "7", None)]


def test_a_name_is_composed_and_its_spaces_single() -> None:
    assert people("name,id\n Zoe\u0301 \u00a0 Lefe\u0300vre ,1\n")[0][0] == "Zoé Lefèvre"


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (",a@x.example,R\n", (Code.MISSING_NAME, 2, 1)),
        ("Ada,,R\n", (Code.MISSING_IDENTIFIER, 2, 2)),
        ("Ada,ada,R\n", (Code.BAD_EMAIL, 2, 2)),
        ("Ada,a@b,R\n", (Code.BAD_EMAIL, 2, 2)),
        ("Ada,a@x.example b@x.example,R\n", (Code.BAD_EMAIL, 2, 2)),
        ("Ada,Ada <a@x.example>,R\n", (Code.BAD_EMAIL, 2, 2)),
        ("Ada,a..b@x.example,R\n", (Code.BAD_EMAIL, 2, 2)),
        (f"Ada,{'a' * 65}@x.example,R\n", (Code.BAD_EMAIL, 2, 2)),
        ("a@x.example,a@x.example,R\n", (Code.BAD_NAME, 2, 1)),
        ("=1+a,a@x.example,R\n", (Code.BAD_NAME, 2, 1)),
        ("770,a@x.example,R\n", (Code.BAD_NAME, 2, 1)),
        (f"{'n' * 201},a@x.example,R\n", (Code.TOO_LONG, 2, 1)),
        (f"Ada,{'a' * 60}@{'x' * 60}.{'y' * 60}.{'z' * 60}.example.example,R\n", (Code.TOO_LONG, 2, 2)),
        (f"Ada,a@x.example,{'é' * 33}\n", (Code.TOO_LONG, 2, 3)),
        ("Ada,a@x.example,R#1\n", (Code.BAD_ROLE, 2, 3)),
        ("A\x07da,a@x.example,R\n", (Code.CONTROL_CHARACTER, 2, 1)),
        ("A\u202eda,a@x.example,R\n", (Code.CONTROL_CHARACTER, 2, 1)),
        ("Ada,a\u200b@x.example,R\n", (Code.CONTROL_CHARACTER, 2, 2)),
        ('"Ada\nKeller",a@x.example,R\n', (Code.CONTROL_CHARACTER, 2, 1)),
        ("ZoÃ©,a@x.example,R\n", (Code.DAMAGED_TEXT, 2, 1)),
        ("Zo\ufffd,a@x.example,R\n", (Code.DAMAGED_TEXT, 2, 1)),
        ("Ada,a@x.example\n", (Code.WRONG_COLUMNS, 2, None)),
        ("Keller, Ada,a@x.example,R\n", (Code.WRONG_COLUMNS, 2, None)),
        ('Ada,"a@x.example,R\n', (Code.UNCLOSED_QUOTE, 2, 2)),
        ('"Ada" Keller,a@x.example,R\n', (Code.TEXT_AFTER_QUOTE, 2, 1)),
    ],
)
def test_each_fault_of_a_row_has_its_code_line_and_column(rows: str, expected: tuple[Code, int, int | None]) -> None:
    assert found(HEADER + rows) == [expected]
    with pytest.raises(FormatError) as caught:
        preview_people((HEADER + rows).encode()).people()
    assert caught.value.evidence.code is expected[0]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", (Code.EMPTY_FILE, 1, None)),
        (b"\n \r\n", (Code.EMPTY_FILE, 1, None)),
        (b"\xef\xbb\xbf", (Code.EMPTY_FILE, 1, None)),
        (b";;;\n;;;\n", (Code.EMPTY_FILE, 1, None)),
        (HEADER.encode(), (Code.HEADER_ONLY, 1, None)),
        (ADA.encode(), (Code.NO_HEADER, 1, None)),
        (b"name,role\nAda,R\n", (Code.NO_IDENTIFIER_COLUMN, 1, None)),
        (b"email\na@x.example\n", (Code.NO_NAME_COLUMN, 1, None)),
        (b"prenom,email\nAda,a@x.example\n", (Code.NO_NAME_COLUMN, 1, None)),
        (b"name,email,nom\nAda,a@x.example,Ada\n", (Code.DUPLICATE_COLUMN, 1, 3)),
        (b"name,email\nAda\0,a@x.example\n", (Code.BINARY_FILE, 2, None)),
        (b"PK\x03\x04\x14\x00\x06\x00", (Code.BINARY_FILE, 1, None)),
        (b"name,email\n\x81,a@x.example\n", (Code.NOT_THIS_ENCODING, 2, None)),
        (b"\xff\xfen\x00a", (Code.NOT_THIS_ENCODING, 1, None)),
        (b'"name,email\nAda,a@x.example\n', (Code.UNCLOSED_QUOTE, 1, 1)),
    ],
)
def test_each_fault_of_a_file_is_said(data: bytes, expected: tuple[Code, int, int | None]) -> None:
    assert found(data) == [expected]
    with pytest.raises(FormatError):
        preview_people(data).people()


def test_a_record_counts_where_it_starts() -> None:
    text = 'name,email,note\n\nAda,a@x.example,"one\ntwo\nthree"\r\nBen,ben,x\n'
    assert found(text) == [(Code.BAD_EMAIL, 6, 2)]


def test_every_error_is_shown_not_only_the_first() -> None:
    text = HEADER + ",,\n,b@x.example,\nAda,ada,\n" + ADA
    assert found(text) == [(Code.MISSING_NAME, 3, 1), (Code.BAD_EMAIL, 4, 2)]
    assert found(HEADER + ",x,a#b\n") == [
        (Code.MISSING_NAME, 2, 1),
        (Code.BAD_EMAIL, 2, 2),
        (Code.BAD_ROLE, 2, 3),
    ]


@pytest.mark.parametrize("again", ["ADA@X.example", " ada@x.EXAMPLE\u00a0", "ada@x.example"])
def test_the_same_identifier_twice_is_an_error_that_names_the_first_line(again: str) -> None:
    text = HEADER + ADA + f"Ben,{again},\n"
    assert found(text) == [(Code.DUPLICATE_IDENTIFIER, 3, 2)]
    assert "line 2" in preview_people(text.encode()).findings[0].message


def test_a_table_of_codes_that_comes_back_names_the_same_people() -> None:
    """Else whoever is known by a telephone number is invited, and counted, twice."""
    sent = [("Ada", "+33612345678", "-"), ("Zoé", "-42", "Day"), ("Bo", "77", "Night")]
    assert people(sheet(["name", "identifier", "role"], sent)) == people(
        "name,identifier,role\n" + "\n".join(map(",".join, sent))
    )


def test_the_same_name_twice_is_a_warning_only() -> None:
    preview = preview_people((HEADER + ADA + "ADA KELLER,ada2@x.example,\n").encode())
    assert [(each.code, each.severity) for each in preview.findings] == [(Code.DUPLICATE_NAME, Severity.WARNING)]
    assert len(preview.people()) == 2


def test_a_second_identifying_column_is_said_and_not_used() -> None:
    preview = preview_people(b"matricule,name,email\n12,Ada,a@x.example\n")
    assert [(each.code, each.column) for each in preview.findings] == [(Code.COLUMN_NOT_USED, 3)]
    assert preview.people()[0].identifier == "12"
    assert preview.ignored == ("email",)


def test_a_line_that_names_its_separator_is_obeyed() -> None:
    assert people("sep=;\nname;id\nKeller, Ada;1\n") == [("Keller, Ada", "1", None)]


def test_blank_lines_and_empty_fields_at_the_end_are_nothing() -> None:
    assert people("name,id\n\nAda,1,,\n,\n") == [("Ada", "1", None)]


def test_a_file_of_ten_megabytes_in_one_line_is_refused_quickly() -> None:
    for data in (b"a" * 10_000_000, HEADER.encode() + b'"' * 10_000_000, b"name,email\n" + b"a,b," * 2_500_000):
        before = time.process_time()
        assert [code for code, _, _ in found(data)] == [Code.LINE_TOO_LONG]
        assert time.process_time() - before < 1


def test_open_quotation_marks_in_every_line_cost_no_more_than_one_pass() -> None:
    before = time.process_time()
    preview_people(b"name,email\n" + (b'"' * 7999 + b"\n") * 1200)
    assert time.process_time() - before < 3


def test_bounds_are_where_they_are_said_to_be() -> None:
    padding = "x" * (MAX_LINE_BYTES - len("Ada,1,"))
    assert found(f"name,id,note\nAda,1,{padding}\n") == []
    assert found(f"name,id,note\nAda,1,{padding}x\n") == [(Code.LINE_TOO_LONG, 2, None)]
    assert found(f"name,id,note\nAda,1,{'é' * (MAX_LINE_BYTES // 2)}\n") == [(Code.LINE_TOO_LONG, 2, None)]
    assert found(b"a" * (MAX_PEOPLE_BYTES + 1)) == [(Code.FILE_TOO_LARGE, 1, None)]


def test_more_people_than_a_list_may_have_are_refused() -> None:
    rows = "".join(f"N{number},{number}\n" for number in range(MAX_PEOPLE + 1))
    assert found(f"name,id\n{rows}") == [(Code.TOO_MANY_ROWS, MAX_PEOPLE + 2, None)]
    assert found(f"name,id\n{rows[: rows.rindex('N')]}") == []


def test_of_many_findings_the_errors_are_kept_and_all_are_counted() -> None:
    rows = "".join(f"Ada,{number}\n" for number in range(500)) + ",x\n"
    preview = preview_people(f"name,id\n{rows}".encode())
    assert (preview.errors, preview.warnings, len(preview.findings)) == (1, 499, 200)
    with pytest.raises(FormatError) as caught:
        preview.people()
    assert caught.value.evidence.line == 502


def test_more_roles_than_a_group_may_have_are_refused() -> None:
    rows = "".join(f"N{number},{number},role {number}\n" for number in range(65))
    assert found(f"name,id,role\n{rows}".replace("N", "Nn")) == [(Code.TOO_MANY_ROLES, 66, 3)]


def test_nothing_that_is_printed_bears_a_name_or_an_address() -> None:
    rows = "Ada Keller,ada@x.example,R\nAda Keller,ADA@x.example,S\nAda Keller,adakeller,T\n"
    for data in ((HEADER + rows).encode(), rows.encode(), (HEADER + rows + "é").encode("cp1252")):
        preview = preview_people(data)
        with pytest.raises(FormatError) as caught:
            preview.people()
        said = repr(preview) + repr(preview.findings) + str(caught.value) + repr(caught.value.args)
        assert not re.search(r"keller|ada@|adakeller", said, re.IGNORECASE)
    assert "Ada" not in repr(preview_people((HEADER + ADA).encode()).people())


@settings(deadline=None)
@given(st.binary(max_size=200), st.sampled_from([None, "UTF-8", "UTF-16", "Windows-1252"]))
def test_any_bytes_give_a_preview_and_people_or_a_format_error(data: bytes, encoding: str | None) -> None:
    _importable(preview_people(data, encoding))


@settings(deadline=None)
@given(st.text(alphabet='name,id;\t"\n\r éa@.xé\u0301\u202e', max_size=80))
def test_any_rows_give_a_preview_and_people_or_a_format_error(text: str) -> None:
    _importable(preview_people(("name,id,role\n" + text).encode()))


def _importable(preview: Preview) -> None:
    try:
        everybody = preview.people()
    except FormatError:
        assert preview.errors
    else:
        assert not preview.errors
        assert everybody
        assert len({normalised_identifier(each.identifier) for each in everybody}) == len(everybody)


def test_an_identifier_has_one_form_however_it_is_typed() -> None:
    forms = ["Zoé@X.example", "zoe\u0301@x.EXAMPLE", "  ZOÉ@X.EXAMPLE\n", "zoé@x.example"]
    assert {normalised_identifier(form) for form in forms} == {"zoé@x.example".encode()}
    assert normalised_identifier("AB\u00a0 12") == b"ab 12"
    assert normalised_identifier("ada+x@x.example") != normalised_identifier("ada@x.example")
    assert normalised_identifier("straße") == normalised_identifier("STRASSE")


@settings(deadline=None)
@given(st.text(max_size=40))
def test_the_form_of_an_identifier_is_a_fixed_point(text: str) -> None:
    try:
        form = normalised_identifier(text)
    except FormatError:
        return
    assert normalised_identifier(form.decode("utf-8")) == form
    assert 0 < len(form) <= MAX_IDENTIFIER_BYTES


@pytest.mark.parametrize("text", ["", " \u00a0", "a\0", "a\u200bb", "\ud800", "a" * (MAX_IDENTIFIER_BYTES + 1)])
def test_what_identifies_nobody_is_refused(text: str) -> None:
    with pytest.raises(FormatError):
        normalised_identifier(text)


def test_every_finding_is_documented() -> None:
    text = (ROOT / "docs" / "operate" / "people-file.md").read_text("utf-8")
    assert [code.value for code in Code if f"`{code.value}`" not in text] == []


def test_the_example_is_made_by_its_script_byte_for_byte() -> None:
    made: dict[str, object] = {"__name__": "make_people"}
    source = ROOT / "examples" / "make_people.py"
    exec(compile(source.read_text("utf-8"), str(source), "exec"), made)
    csv_bytes = made["csv_bytes"]
    assert callable(csv_bytes)
    assert csv_bytes() == (ROOT / "examples" / "people.csv").read_bytes()
    assert csv_bytes(90, "other") != csv_bytes(90)


def test_the_example_has_770_people_without_a_finding() -> None:
    preview = preview_people((ROOT / "examples" / "people.csv").read_bytes())
    assert preview.findings == ()
    everybody = preview.people()
    assert len(everybody) == 770
    assert sum(each.role == "Engineering" for each in everybody) == 312
    assert all(each.identifier.endswith(".example") for each in everybody)
