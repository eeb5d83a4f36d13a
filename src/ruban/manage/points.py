"""What the auditor's commands may ask of a data folder on this machine; found through entry points, never imported."""

from __future__ import annotations

from pathlib import Path

from ruban.audit.fetch import Source
from ruban.manage.folder import keeper_in, now
from ruban.record.submission import Submission
from ruban.service.publish import publish
from ruban.service.submit import submit


def source_of_folder(path: Path, letter: bytes | None = None) -> Source:
    """The record in a data folder, as it would be published now, with the openings of one letter or of all."""
    with keeper_in(path) as keeper:
        return publish(keeper, None if letter is None else (letter,))


def submit_to_folder(path: Path, submission: Submission) -> bytes:
    """Hand a submission to the group in a data folder, and return the promise."""
    with keeper_in(path) as keeper:
        return submit(keeper, submission, now()).promise
