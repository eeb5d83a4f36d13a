"""Organisers' accounts: who signs in, and how; and what colleagues who hand out codes are called.

Names of members and codes lie here sealed alone, under keys that their links bear; no key of the record does.
"""

from __future__ import annotations

from django.db import models

from ruban.web.address import TOKEN_CHARACTERS, new_token

MAX_NAME_CHARACTERS = 120


class Organiser(models.Model):
    """Somebody who may sign in."""

    name = models.CharField(max_length=MAX_NAME_CHARACTERS, blank=True)
    """What colleagues see. Empty until they have said it, or for who was named on the command line."""
    place = models.PositiveSmallIntegerField(null=True, unique=True)
    """Their number among the organisers whom the record names, from 0: with it they sign what is public. None for a
    helper, who prepares and invites, and signs nothing."""

    signed_in = models.BooleanField(default=False)
    """Whether they ever have: the server shows a first link until then."""


class SignInLink(models.Model):
    """A link that signs somebody in once. Only its hash is here: reading this table opens no door."""

    token_hash = models.CharField(primary_key=True, max_length=64)
    organiser = models.ForeignKey(Organiser, on_delete=models.CASCADE, related_name="links")
    until = models.BigIntegerField()
    """Unix seconds."""


class Passkey(models.Model):
    """The public half of a passkey."""

    credential_id = models.CharField(primary_key=True, max_length=1400)
    """Base64url without padding."""
    organiser = models.ForeignKey(Organiser, on_delete=models.CASCADE, related_name="passkeys")
    public_key = models.BinaryField()
    uses = models.BigIntegerField(default=0)
    """The authenticator's own counter, which never goes back; 0 where it has none."""
    label = models.CharField(max_length=MAX_NAME_CHARACTERS)


class StewardShare(models.Model):
    """A part of the invitations, for one colleague to hand out: sealed, under a key that only their link bears."""

    token = models.CharField(primary_key=True, max_length=TOKEN_CHARACTERS, default=new_token)
    label = models.CharField(max_length=MAX_NAME_CHARACTERS)
    """Whom the organiser gave it to, in the organiser's words."""
    sealed = models.BinaryField()
    """AES-256-GCM: 12 bytes of nonce, then the ciphertext."""
    people = models.PositiveIntegerField()
    until = models.BigIntegerField()
    """Unix seconds; removed afterwards."""
