"""What can be wrong with a list of people, and how it is said: by line, by column, without repeating what stands there.

A finding's words name no person: they may end in a log. Samples that help to recognise a name lie in the preview.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from ruban.errors import FormatError, Message


class Severity(StrEnum):
    """An error stops the import; a warning is for the organiser to judge."""

    ERROR = "error"
    WARNING = "warning"


class Code(StrEnum):
    """One name for each thing that can be wrong; docs/operate/people-file.md explains every one."""

    EMPTY_FILE = "empty_file"
    FILE_TOO_LARGE = "file_too_large"
    LINE_TOO_LONG = "line_too_long"
    BINARY_FILE = "binary_file"
    NOT_THIS_ENCODING = "not_this_encoding"
    ENCODING_ASSUMED = "encoding_assumed"
    DAMAGED_TEXT = "damaged_text"
    UNCLOSED_QUOTE = "unclosed_quote"
    TEXT_AFTER_QUOTE = "text_after_quote"
    NO_HEADER = "no_header"
    NO_NAME_COLUMN = "no_name_column"
    NO_IDENTIFIER_COLUMN = "no_identifier_column"
    DUPLICATE_COLUMN = "duplicate_column"
    COLUMN_NOT_USED = "column_not_used"
    HEADER_ONLY = "header_only"
    TOO_MANY_ROWS = "too_many_rows"
    TOO_MANY_ROLES = "too_many_roles"
    WRONG_COLUMNS = "wrong_columns"
    MISSING_NAME = "missing_name"
    MISSING_IDENTIFIER = "missing_identifier"
    BAD_NAME = "bad_name"
    BAD_EMAIL = "bad_email"
    BAD_ROLE = "bad_role"
    CONTROL_CHARACTER = "control_character"
    TOO_LONG = "too_long"
    DUPLICATE_IDENTIFIER = "duplicate_identifier"
    DUPLICATE_NAME = "duplicate_name"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kind:
    expected: Message
    got: Message
    hint: Message | None = None
    severity: Severity = Severity.ERROR


_SAVE_AS = Message("In a spreadsheet: save as, “CSV UTF-8”.")
_HEADERS = Message("The first line names the columns, for instance: name,email,role")

_KINDS: dict[Code, _Kind] = {
    Code.EMPTY_FILE: _Kind(expected=Message("a list of people"), got=Message("an empty file"), hint=_HEADERS),
    Code.FILE_TOO_LARGE: _Kind(expected=Message("at most {most:,} bytes"), got=Message("{n:,} bytes")),
    Code.LINE_TOO_LONG: _Kind(
        expected=Message("at most {most:,} bytes in a line"),
        got=Message("more"),
        hint=Message("One line for each person."),
    ),
    Code.BINARY_FILE: _Kind(expected=Message("a text file"), got=Message("a binary file"), hint=_SAVE_AS),
    Code.NOT_THIS_ENCODING: _Kind(
        expected=Message("text in {encoding}"), got=Message("bytes that are none"), hint=_SAVE_AS
    ),
    Code.ENCODING_ASSUMED: _Kind(
        expected=Message("text in UTF-8, or your word that it is {encoding}"),
        got=Message("bytes that are not UTF-8"),
        hint=Message("Look at the accents in the sample: if they are right, confirm {encoding}; else save as UTF-8."),
    ),
    Code.DAMAGED_TEXT: _Kind(
        expected=Message("letters"),
        got=Message("signs that letters turn into when a file is read in the wrong encoding"),
        hint=Message("Export the list again, in UTF-8."),
    ),
    Code.UNCLOSED_QUOTE: _Kind(
        expected=Message("a closing quotation mark"),
        got=Message("the end of the file"),
        hint=Message("A field that begins with a quotation mark ends with one; one inside is written twice."),
    ),
    Code.TEXT_AFTER_QUOTE: _Kind(
        expected=Message("the end of the field after a closing quotation mark"),
        got=Message("more text"),
        hint=Message("A quotation mark inside a quoted field is written twice."),
    ),
    Code.NO_HEADER: _Kind(
        expected=Message("a first line that names the columns"), got=Message("names that are not known"), hint=_HEADERS
    ),
    Code.NO_NAME_COLUMN: _Kind(
        expected=Message("a column called name (or given name and family name)"), got=Message("none"), hint=_HEADERS
    ),
    Code.NO_IDENTIFIER_COLUMN: _Kind(
        expected=Message("a column called email, or identifier"), got=Message("none"), hint=_HEADERS
    ),
    Code.DUPLICATE_COLUMN: _Kind(
        expected=Message("one column for each thing"), got=Message("the same as column {other}")
    ),
    Code.COLUMN_NOT_USED: _Kind(
        expected=Message("one column that identifies people"),
        got=Message("a second one, which is not used: column {other} is"),
        severity=Severity.WARNING,
    ),
    Code.HEADER_ONLY: _Kind(expected=Message("people below the first line"), got=Message("none")),
    Code.TOO_MANY_ROWS: _Kind(expected=Message("at most {most:,} people"), got=Message("more")),
    Code.TOO_MANY_ROLES: _Kind(expected=Message("at most {most} different roles"), got=Message("more")),
    Code.WRONG_COLUMNS: _Kind(
        expected=Message("{columns} columns, as in the first line"),
        got=Message("{n}"),
        hint=Message("A field with the separator in it stands between quotation marks."),
    ),
    Code.MISSING_NAME: _Kind(expected=Message("a name"), got=Message("nothing")),
    Code.MISSING_IDENTIFIER: _Kind(expected=Message("an e-mail address or identifier"), got=Message("nothing")),
    Code.BAD_NAME: _Kind(
        expected=Message("a name, with a letter in it"), got=Message("no letter, or an address, or a formula")
    ),
    Code.BAD_EMAIL: _Kind(expected=Message("one e-mail address, name@domain"), got=Message("something else")),
    Code.BAD_ROLE: _Kind(expected=Message("a role without the sign #"), got=Message("one")),
    Code.CONTROL_CHARACTER: _Kind(
        expected=Message("one line of visible text"), got=Message("the character {character}")
    ),
    Code.TOO_LONG: _Kind(expected=Message("at most {most} {unit}"), got=Message("{n}")),
    Code.DUPLICATE_IDENTIFIER: _Kind(
        expected=Message("each person once"), got=Message("the same identifier as in line {other}")
    ),
    Code.DUPLICATE_NAME: _Kind(
        expected=Message("each person once"),
        got=Message("the same name as in line {other}"),
        hint=Message("Two people may share a name: look whether they do."),
        severity=Severity.WARNING,
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is wrong, and where: line and column count from 1, a record counts where it starts."""

    line: int
    column: int | None
    """The field's number in its record; None where the whole line or file is meant."""
    code: Code
    severity: Severity
    expected: Message
    got: Message
    hint: Message | None

    @property
    def message(self) -> Message:
        """One sentence without the place; bears no name, address or identifier."""
        return Message("expected {expected}, got {got}", expected=self.expected, got=self.got)

    @property
    def place(self) -> Message:
        """Where in the file, in words."""
        if self.column is None:
            return Message("people, line {line}", line=self.line)
        return Message("people, line {line}, column {column}", line=self.line, column=self.column)

    def error(self) -> FormatError:
        """The same as an error to raise; `evidence` is this finding."""
        return FormatError(self.place, self.expected, self.got, hint=self.hint, evidence=self)


def finding(code: Code, line: int, column: int | None = None, **parts: Any) -> Finding:
    """The finding of this kind at this place; `parts` fill its words."""
    kind = _KINDS[code]
    return Finding(
        line=line,
        column=column,
        code=code,
        severity=kind.severity,
        expected=Message(kind.expected.msgid, **parts),
        got=Message(kind.got.msgid, **parts),
        hint=None if kind.hint is None else Message(kind.hint.msgid, **parts),
    )
