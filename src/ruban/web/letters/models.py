"""Where a letter is found, from its first draft on: an address that nobody guesses, and whether it is made public."""

from __future__ import annotations

from django.db import models

from ruban.web.address import TOKEN_CHARACTERS, new_token


class LetterPage(models.Model):
    """The address of a letter. Its content stands in the record once it is open; until then in `draft`."""

    token = models.CharField(primary_key=True, max_length=TOKEN_CHARACTERS, default=new_token)
    letter_id = models.CharField(max_length=64, null=True, unique=True)
    """Hex, once the letter is open."""
    draft = models.JSONField(null=True)
    """Fields of the editor until then; None afterwards."""
    announced = models.BooleanField(default=False)
    """Whether those who have the link may read the draft, while people enrol."""
    public = models.BooleanField(default=False)
    """Whether the group's page lists it, and it has a share card."""
