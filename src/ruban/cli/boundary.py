"""Where errors end: each becomes one sentence, a hint and an exit code, and never a traceback.

0: it holds, or was done. 1: it does not hold, was refused, or could not be had. 2: the command was used wrongly.
130: interrupted.
"""

from __future__ import annotations

import os
from typing import Any

import click

from ruban import errors
from ruban.errors import Message, RubanError

HOLDS, DOES_NOT_HOLD, WRONG_USE, INTERRUPTED = 0, 1, 2, 130

# What to do next where the error itself does not say. The narrowest type counts.
HINTS: dict[type[RubanError], Message] = {
    errors.FormatError: Message("Fetch or export it again; if that does not help, somebody has changed it."),
    errors.VerificationError: Message("Keep the file: it is evidence."),
    errors.SignatureInvalid: Message("Keep the file: whoever signed it can say whether it is theirs."),
    errors.CommitmentInvalid: Message("Ask for it again; if that does not help, another name or text was put in."),
    errors.CheckpointInvalid: Message("Compare the key and the address with ones that you have from elsewhere."),
    errors.TagReused: Message("The first signature counts. It can be withdrawn, or be given a name."),
    errors.QuorumMissing: Message("Wait for the others to sign, or ask them why they have not."),
    errors.Inconsistent: Message("The record was forked. Publish both states of it: they are in the evidence."),
    errors.Refused: Message("Nothing has been changed."),
    errors.InvitationUnknown: Message("Compare the code letter by letter, or ask whoever gave it to you."),
    errors.InvitationSpent: Message(
        "If it was not you, tell the organisers at once: the row stays, but they can say so in public."
    ),
    errors.InvitationExpired: Message("Ask the organisers for a new code. Nothing was used up."),
    errors.LetterNotOpen: Message("Try again when it is open."),
    errors.LetterClosed: Message("Nothing more is counted for this letter."),
    errors.IntakePaused: Message("Try again later; what was acknowledged is safe."),
    errors.FetchFailed: Message("Check the address or the path, and the connection; then try again."),
    errors.HostError: Message("Mend what it names, then run the same command again: it goes on from there."),
    errors.StoreError: Message("Check the disk and the data folder; then try again."),
    errors.StoreLocked: Message("Another process holds this record: use that one, or stop it. Never delete the lock."),
    errors.StoreFull: Message("Make room and start again; what was acknowledged is safe."),
    errors.StoreCorrupt: Message("Do not go on: restore a backup, and compare it with what has been published."),
    errors.HeadMoved: Message("Try again; if it comes back, two processes write to this record."),
}


class WrongUse(click.UsageError):
    """The command was used wrongly in a way that only the command itself can see. Exit code 2."""

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.sentence = message
        self.hint = hint


def hint_of(error: RubanError) -> str | None:
    """The error's own hint, or that of its narrowest type that has one."""
    if error.hint is not None:
        return error.hint
    return next((HINTS[kind] for kind in type(error).__mro__ if kind in HINTS), None)


def error_as_json(error: RubanError) -> dict[str, Any]:
    """An error for programs: always in English, since they compare."""
    shown: dict[str, Any] = {
        "error": type(error).__name__,
        "field": str(error.field),
        "expected": str(error.expected),
        "got": None if error.got is None else str(error.got),
        "hint": None if (hint := hint_of(error)) is None else str(hint),
    }
    return shown | ({"evidence": error.evidence} if isinstance(error.evidence, str) else {})


def os_error_as_json(error: OSError) -> dict[str, Any]:
    """An error of the disk or the system for programs."""
    return {
        "error": "OSError",
        "field": None if error.filename is None else os.fsdecode(error.filename),
        "expected": "a file that can be read or written",
        "got": error.strerror or type(error).__name__,
        "hint": None,
    }


def usage_error_as_json(error: click.ClickException, command: str) -> dict[str, Any]:
    """Wrong use for programs."""
    hint = getattr(error, "hint", None)
    return {
        "error": "UsageError",
        "field": getattr(getattr(error, "param", None), "name", None),
        "expected": error.format_message(),
        "got": None,
        "hint": f"{command} --help" if hint is None else str(hint),
    }
