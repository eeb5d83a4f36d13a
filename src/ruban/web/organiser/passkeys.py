"""Passkeys: registered by who is signed in, and a way to sign in afterwards. The checks are the library's."""

from __future__ import annotations

from django.http import HttpRequest
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url, parse_authentication_credential_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from ruban.errors import Message, Refused
from ruban.primitives.encoding import parse_hex
from ruban.primitives.randomness import random_bytes
from ruban.web.organiser.access import keep_for_a_moment
from ruban.web.organiser.models import MAX_NAME_CHARACTERS, Organiser, Passkey
from ruban.web.organiser.typed import one_line
from ruban.web.site import site

CHALLENGE_SECONDS = 600
CHALLENGE_BYTES = 32
MAX_RESPONSE_CHARACTERS = 20_000
MAX_PASSKEYS_COUNT = 20
_CHALLENGE, _UNTIL = "challenge", "challenge_until"


def registration_options(request: HttpRequest, me: Organiser) -> str:
    """What the browser is asked to make, as JSON; the challenge is this session's."""
    name = me.name or f"organiser {(me.place or 0) + 1}"
    options = generate_registration_options(
        rp_id=_host(),
        rp_name=site().group_title or "Ruban",
        user_name=name,
        user_display_name=name,
        user_id=f"ruban-organiser-{me.pk}".encode(),
        challenge=_new_challenge(request),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
        ),
        exclude_credentials=[
            PublicKeyCredentialDescriptor(id=base64url_to_bytes(one.credential_id)) for one in me.passkeys.all()
        ],
    )
    return options_to_json(options)


def register(request: HttpRequest, me: Organiser, response: str, label: str) -> Passkey:
    """Keep the passkey that the browser made; Refused if it does not answer this session's challenge."""
    challenge = _challenge(request)
    try:
        made = verify_registration_response(
            credential=response[:MAX_RESPONSE_CHARACTERS],
            expected_challenge=challenge,
            expected_rp_id=_host(),
            expected_origin=site().configuration.public_address,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, TypeError, KeyError):
        raise _refused() from None
    name = bytes_to_base64url(made.credential_id)
    if Passkey.objects.filter(pk=name).exists() or me.passkeys.count() >= MAX_PASSKEYS_COUNT:
        raise _refused()
    return Passkey.objects.create(
        credential_id=name,
        organiser=me,
        public_key=made.credential_public_key,
        uses=made.sign_count,
        label=one_line(label)[:MAX_NAME_CHARACTERS],
    )


def authentication_options(request: HttpRequest) -> str:
    """What the browser is asked to prove, the same for everybody: it names no passkey."""
    options = generate_authentication_options(
        rp_id=_host(), challenge=_new_challenge(request), user_verification=UserVerificationRequirement.REQUIRED
    )
    keep_for_a_moment(request, CHALLENGE_SECONDS)
    return options_to_json(options)


def authenticate(request: HttpRequest, response: str) -> Organiser:
    """Whose passkey answered this session's challenge; Refused, always in the same words, for anything else."""
    challenge = _challenge(request)
    try:
        credential = parse_authentication_credential_json(response[:MAX_RESPONSE_CHARACTERS])
        kept = Passkey.objects.select_related("organiser").filter(pk=bytes_to_base64url(credential.raw_id)).first()
        if kept is None:
            raise _refused()
        proven = verify_authentication_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=_host(),
            expected_origin=site().configuration.public_address,
            credential_public_key=bytes(kept.public_key),
            credential_current_sign_count=kept.uses,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, TypeError, KeyError):
        raise _refused() from None
    kept.uses = proven.new_sign_count
    kept.save(update_fields=["uses"])
    return kept.organiser


def _host() -> str:
    return site().configuration.public_host.partition(":")[0]


def _new_challenge(request: HttpRequest) -> bytes:
    challenge = random_bytes(CHALLENGE_BYTES)
    request.session[_CHALLENGE] = challenge.hex()
    request.session[_UNTIL] = site().clock() + CHALLENGE_SECONDS
    return challenge


def _challenge(request: HttpRequest) -> bytes:
    """This session's challenge, which is good once."""
    challenge, until = request.session.pop(_CHALLENGE, None), request.session.pop(_UNTIL, 0)
    if challenge is None or until <= site().clock():
        raise _refused()
    return parse_hex(_CHALLENGE, challenge, CHALLENGE_BYTES)


def _refused() -> Refused:
    return Refused(
        "passkey",
        Message("one that is registered here, used on this page"),
        Message("another, or none"),
        hint=Message("Load the page again and try once more, or sign in with a link."),
    )
