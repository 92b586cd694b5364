"""A second factor as it comes by a form: a typed code or the answer of a passkey."""

from portal.core.accounts.factors import Factor
from portal.core.errors import WrongFactor
from portal.models import Account
from portal.services.accounts import factors
from portal.web import context, identity
from portal.web.factors import challenges
from portal.web.factors.forms import CodeForm, PasskeyForm


def owner_of_key(form: PasskeyForm) -> Account:
    """Whose passkey has answered. Raises WrongFactor."""
    challenge = challenges.read(form.challenge.data or "")
    return factors.passkeys.owner(form.answer.data or "", challenge, site=context.site())


def shown(person: Account, code: CodeForm, passkey: PasskeyForm) -> Factor:
    """Which factor of this person was sent. Raises WrongFactor, TooOften."""
    if passkey.answer.data:
        if not passkey.validate() or owner_of_key(passkey).id != person.id:
            raise WrongFactor
        return Factor.PASSKEY
    return factors.show_code(
        person,
        code.code.data or "",
        address=identity.address(),
        vault=context.vault(),
        limits=context.limits(),
        now=context.now(),
    )
