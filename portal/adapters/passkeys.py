"""Passkeys (WebAuthn): what a browser is asked, and whether its answer holds.

Always with user verification, so that a key is two factors: the device, and a finger, a face or a PIN. No attestation:
which make of key it is, nobody needs to know.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

import webauthn
from webauthn.helpers import (
    base64url_to_bytes,
    bytes_to_base64url,
    parse_authentication_credential_json,
)
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

VERIFIED = UserVerificationRequirement.REQUIRED
WANTED = AuthenticatorSelectionCriteria(
    resident_key=ResidentKeyRequirement.REQUIRED, user_verification=VERIFIED
)


class BadAnswer(Exception):
    """The browser's answer belongs to another question, another site or another key, or is no answer at all."""


@dataclass(frozen=True)
class NewKey:
    """What is kept of a key. `credential_id` is its name for browsers."""

    credential_id: str
    public_key: bytes
    sign_count: int


class Site:
    """The site that keys are made for, by its address. What was made for one address opens no other."""

    def __init__(self, address: str):
        parts = urlsplit(address)
        self.origin = f"{parts.scheme}://{parts.netloc}"
        self.host = parts.hostname or ""

    @property
    def usable(self) -> bool:
        """Browsers make keys for names only, and for names without TLS only on this machine."""
        return _is_name(self.host) and (self.origin.startswith("https://") or self.host == "localhost")

    def ask_for_new(
        self, challenge: bytes, *, handle: str, username: str, name: str, known: Sequence[str]
    ) -> dict[str, Any]:
        """The question that makes a key for this person, on none of the devices that they `known` have one on."""
        options = webauthn.generate_registration_options(
            rp_id=self.host,
            rp_name=self.host,
            user_id=handle.encode(),
            user_name=username,
            user_display_name=name,
            challenge=challenge,
            authenticator_selection=WANTED,
            exclude_credentials=_descriptors(known),
        )
        return json.loads(webauthn.options_to_json(options))

    def new_key(self, answer: str, challenge: bytes) -> NewKey:
        """The key that answers. Raises BadAnswer."""
        try:
            made = webauthn.verify_registration_response(
                credential=answer,
                expected_challenge=challenge,
                expected_rp_id=self.host,
                expected_origin=self.origin,
                require_user_verification=True,
            )
        except Exception as error:  # a hostile answer raises more than the library says
            raise BadAnswer from error
        name = bytes_to_base64url(made.credential_id)
        return NewKey(name, made.credential_public_key, made.sign_count)

    def ask(self, challenge: bytes, known: Sequence[str] = ()) -> dict[str, Any]:
        """The question that one of the `known` keys answers, or, without any, whichever the person chooses."""
        options = webauthn.generate_authentication_options(
            rp_id=self.host,
            challenge=challenge,
            allow_credentials=_descriptors(known),
            user_verification=VERIFIED,
        )
        return json.loads(webauthn.options_to_json(options))

    def check(self, answer: str, challenge: bytes, public_key: bytes, sign_count: int) -> int:
        """The key's new count, where this key answers. Raises BadAnswer, also for a count that does not grow."""
        try:
            return webauthn.verify_authentication_response(
                credential=answer,
                expected_challenge=challenge,
                expected_rp_id=self.host,
                expected_origin=self.origin,
                credential_public_key=public_key,
                credential_current_sign_count=sign_count,
                require_user_verification=True,
            ).new_sign_count
        except Exception as error:
            raise BadAnswer from error


def key_of(answer: str) -> str:
    """Which key says that it answers. Raises BadAnswer."""
    try:
        return parse_authentication_credential_json(answer).id
    except Exception as error:
        raise BadAnswer from error


def _descriptors(known: Sequence[str]) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(id=base64url_to_bytes(each)) for each in known]


def _is_name(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return bool(host)
    return False
