"""By what else than a password a member of staff shows who they are."""

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.models.accounts import Account
from portal.models.base import Moment, Sealed, db


class Authenticator(db.Model):
    """An app that makes six-digit codes; a person has one. `last_step` is the half-minute of the last code that was
    taken, so that none is taken twice."""

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey(Account.id), unique=True)
    secret: Mapped[str] = mapped_column(Sealed)
    last_step: Mapped[int]
    added_at: Mapped[datetime] = mapped_column(Moment)


class RecoveryCode(db.Model):
    """One of the codes on paper for when phone and key are lost. `digest` is a keyed one; the code is nowhere."""

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey(Account.id))
    digest: Mapped[str]
    used_at: Mapped[datetime | None] = mapped_column(Moment)

    __table_args__ = (UniqueConstraint("account_id", "digest"),)


class Passkey(db.Model):
    """A key of WebAuthn on a phone, a computer or a stick. `sign_count` grows with every use where the key counts.

    `used_at` is the moment of the last question that it answered; it answers none that is not younger.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey(Account.id), index=True)
    credential_id: Mapped[str] = mapped_column(unique=True)
    public_key: Mapped[bytes]
    sign_count: Mapped[int]
    name: Mapped[str]
    added_at: Mapped[datetime] = mapped_column(Moment)
    used_at: Mapped[datetime] = mapped_column(Moment)


class LinkedIdentity(db.Model):
    """Who somebody is at an OpenID Connect provider: its `issuer`, and the `subject` that it never gives twice."""

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey(Account.id))
    issuer: Mapped[str]
    subject: Mapped[str]
    linked_at: Mapped[datetime] = mapped_column(Moment)

    __table_args__ = (UniqueConstraint("issuer", "subject"), UniqueConstraint("account_id", "issuer"))
