"""Signing in by somebody else's word: any OpenID Connect provider, by code, PKCE, state and nonce.

Only the scope `openid` is asked for: who it is, by a number that the provider never gives twice, and nothing else.
"""

import hmac
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.base_client import BaseApp, OAuth2Mixin, OpenIDMixin
from authlib.integrations.requests_client import OAuth2Session
from joserfc.errors import JoseError
from requests import RequestException

SECONDS_TO_ANSWER = 10
SIGNATURES = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
OPTIONS = {"scope": "openid", "code_challenge_method": "S256", "default_timeout": SECONDS_TO_ANSWER}


class ProviderRefused(Exception):
    """The provider said no, did not answer, or said something that cannot be trusted."""


@dataclass(frozen=True)
class Attempt:
    """One sign-in under way: what the browser must bring back (`state`), and what only we and the provider know."""

    state: str
    nonce: str
    verifier: str


class _Client(OAuth2Mixin, OpenIDMixin, BaseApp):
    """Authlib's client without a web framework around it."""

    client_cls = OAuth2Session


class Provider:
    """One provider, by the address that it calls itself (`issuer`), and what it knows us by."""

    def __init__(self, issuer: str, client_id: str, client_secret: str):
        self.issuer = issuer
        self.client_id = client_id
        self._client = _Client(
            None,
            client_id=client_id,
            client_secret=client_secret,
            client_kwargs=OPTIONS,
            server_metadata_url=f"{issuer.rstrip('/')}/.well-known/openid-configuration",
        )

    def begin(self, back: str) -> tuple[str, Attempt]:
        """The address to send a browser to, which it will be sent `back` from. Raises ProviderRefused."""
        with _refusals():
            self._learn()
            begun = self._client.create_authorization_url(back)
            return begun["url"], Attempt(begun["state"], begun["nonce"], begun["code_verifier"])

    def finish(self, attempt: Attempt, answer: Mapping[str, str], back: str) -> str:
        """Who it is (`subject`), by what the browser brought `back`. Raises ProviderRefused."""
        with _refusals():
            self._learn()
            if not hmac.compare_digest(answer.get("state", "").encode(), attempt.state.encode()):
                raise ProviderRefused("another sign-in")
            if answer.get("iss", self.issuer) != self.issuer:
                raise ProviderRefused("another provider")
            if error := answer.get("error"):
                raise ProviderRefused(error)
            token = self._client.fetch_access_token(back, code=answer["code"], code_verifier=attempt.verifier)
            wanted = {
                "iss": {"essential": True, "value": self.issuer},
                "aud": {"essential": True, "value": self.client_id},
            }
            return str(self._client.parse_id_token(token, attempt.nonce, wanted)["sub"])

    def _learn(self) -> None:
        """Ask once what the provider says of itself. Signatures that prove nothing ('none') are struck out."""
        known = self._client.load_server_metadata()
        if known.get("issuer") != self.issuer:
            known.clear()
            raise ProviderRefused("it calls itself otherwise")
        offered = known.get("id_token_signing_alg_values_supported", ())
        known["id_token_signing_alg_values_supported"] = [each for each in SIGNATURES if each in offered]
        ways = known.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        if self._client.client_secret and "client_secret_basic" not in ways:
            known["token_endpoint_auth_method"] = "client_secret_post"  # noqa: S105 — the name of a way


@contextmanager
def _refusals() -> Iterator[None]:
    """Everything that can go wrong between us and a provider, as one thing."""
    try:
        yield
    except (
        AuthlibBaseError,
        JoseError,
        RequestException,
        RuntimeError,
        ValueError,
        KeyError,
        TypeError,
    ) as error:
        raise ProviderRefused(type(error).__name__) from error
