"""Settings, read once from the environment; a wrong value refuses to start and says which."""

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from urllib.parse import unquote, urlsplit

ROOT = Path(__file__).resolve().parent.parent
LOOPBACK = ("127.0.0.1", "::1", "localhost")
DEVELOPMENT_SECRET = "for development only, refused in production"  # noqa: S105 — refused below
ROLES = ("officer", "unit_lead", "coordinator", "administrator", "auditor", "editor")
NEED_TWO_FACTORS = ("administrator", "auditor", "coordinator")  # in production, where nothing else is said
DEVELOPMENT_KEY = "Zm9yIGRldmVsb3BtZW50IG9ubHksIHJlZnVzZWQgaW4="  # says the same; refused too
MAIL_ADDRESS = r"[A-Za-z0-9._+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"  # of the portal itself


class ConfigError(Exception):
    """One line for each setting that cannot be used."""


@dataclass(frozen=True)
class Config:
    """Every setting `NAME` is read from `PORTAL_NAME`, or from the file that `PORTAL_NAME_FILE` names.

    docs/operations.md says what each one means.
    """

    ENV: str = "development"
    HOST: str = "127.0.0.1"
    PORT: int = 5000
    INSTANCE: Path = ROOT / "instance"
    DATABASE_URL: str = ""
    STORAGE_URL: str = ""
    SECRET_KEY: str = DEVELOPMENT_SECRET
    VAULT_KEYS: tuple[str, ...] = (DEVELOPMENT_KEY,)
    INDEX_KEY: str = DEVELOPMENT_SECRET
    PACK: Path = ROOT / "portal" / "data" / "quang_tri"
    BASE_URL: str = ""
    WEB_WORKERS: int = 2
    WEB_THREADS: int = 8
    TRUSTED_PROXIES: int = 0
    SESSION_IDLE_MINUTES: int = 30
    SESSION_HOURS: int = 12
    LIMITS_URL: str = ""
    SECOND_FACTOR_ROLES: tuple[str, ...] | None = None
    OIDC_ISSUER: str = ""
    OIDC_CLIENT_ID: str = ""
    OIDC_CLIENT_SECRET: str = ""
    OIDC_LABEL: str = ""
    MAIL_URL: str = ""
    MAIL_FROM: str = ""
    SMS_URL: str = ""
    SMS_TOKEN: str = ""
    SMS_FROM: str = ""
    TILE_URL: str = "https://tile.openstreetmap.org/{z}/{x}/{y}.png"
    TILE_ATTRIBUTION: str = "© OpenStreetMap"
    LOG_LEVEL: str = "INFO"

    @classmethod
    def from_env(cls, environment: Mapping[str, str] = os.environ) -> "Config":
        """Read and check every setting; raise ConfigError naming all the wrong ones."""
        given, wrong = {}, []
        for setting in fields(cls):
            try:
                if (raw := _raw(setting.name, environment)) is not None:
                    given[setting.name] = CHECKS[setting.name](raw)
            except (OSError, ValueError) as error:
                wrong.append(f"PORTAL_{setting.name}: {error}")
        config = cls(**given)
        wrong += config._contradictions()
        if wrong:
            raise ConfigError("\n".join(wrong))
        return config

    def _contradictions(self) -> list[str]:
        found = []
        if self.production:
            known = {DEVELOPMENT_SECRET, DEVELOPMENT_KEY}
            secrets = {
                "SECRET_KEY": [self.SECRET_KEY],
                "VAULT_KEYS": self.VAULT_KEYS,
                "INDEX_KEY": [self.INDEX_KEY],
            }
            weak = [name for name, values in secrets.items() if known & set(values)]
            found += [f"PORTAL_{name}: must be set when PORTAL_ENV=production" for name in weak]
            address = urlsplit(self.base_url)
            if address.scheme != "https" and address.hostname not in LOOPBACK:
                found.append("PORTAL_BASE_URL: must begin with https:// when PORTAL_ENV=production")
        if bool(self.OIDC_ISSUER) != bool(self.OIDC_CLIENT_ID):
            found.append("PORTAL_OIDC_ISSUER and PORTAL_OIDC_CLIENT_ID: the one needs the other")
        if bool(self.MAIL_URL) != bool(self.MAIL_FROM):
            found.append("PORTAL_MAIL_URL and PORTAL_MAIL_FROM: the one needs the other")
        sms = self.SMS_URL, self.SMS_TOKEN, self.SMS_FROM
        if any(sms) != all(sms):
            found.append("PORTAL_SMS_URL, PORTAL_SMS_TOKEN and PORTAL_SMS_FROM: each needs the others")
        return found

    @property
    def production(self) -> bool:
        return self.ENV == "production"

    @property
    def second_factor_roles(self) -> tuple[str, ...]:
        """Who has to sign in with two factors."""
        if self.SECOND_FACTOR_ROLES is not None:
            return self.SECOND_FACTOR_ROLES
        return NEED_TWO_FACTORS if self.production else ()

    @property
    def database_url(self) -> str:
        """SQLAlchemy's address: PostgreSQL through psycopg 3, or an SQLite file in the instance folder."""
        if not self.DATABASE_URL:
            return f"sqlite:///{self.INSTANCE.resolve() / 'portal.sqlite'}"
        return re.sub(r"^postgres(ql)?://", "postgresql+psycopg://", self.DATABASE_URL)

    @property
    def storage_url(self) -> str:
        """Address of the photo store: `file:///folder` or `s3://bucket/prefix`."""
        return self.STORAGE_URL or f"file://{self.INSTANCE.resolve() / 'photos'}"

    @property
    def base_url(self) -> str:
        """Address of the site as residents type it, for links in messages; no slash at the end."""
        return self.BASE_URL or f"http://{self.HOST}:{self.PORT}"

    @property
    def secure(self) -> bool:
        return self.base_url.startswith("https://")

    @property
    def trusted_hosts(self) -> list[str] | None:
        """In production the site answers to its own name, and to this machine for those who watch it."""
        own = urlsplit(self.base_url).hostname
        return [own, "127.0.0.1", "localhost"] if self.production and own else None


def _raw(name: str, environment: Mapping[str, str]) -> str | None:
    if path := environment.get(f"PORTAL_{name}_FILE"):
        return Path(path).read_text(encoding="utf-8").strip()
    return environment.get(f"PORTAL_{name}") or None


def _number(low: int, high: int) -> Callable[[str], int]:
    def check(raw: str) -> int:
        if not raw.isascii() or not raw.isdigit() or not low <= int(raw) <= high:
            raise ValueError(f"{raw!r} is not a whole number from {low} to {high}")
        return int(raw)

    return check


def _one_of(*values: str) -> Callable[[str], str]:
    def check(raw: str) -> str:
        if raw not in values:
            raise ValueError(f"{raw!r} is not one of {', '.join(values)}")
        return raw

    return check


def _address(*schemes: str) -> Callable[[str], str]:
    def check(raw: str) -> str:
        if urlsplit(raw).scheme not in schemes:
            raise ValueError(f"the address must begin with one of {', '.join(s + '://' for s in schemes)}")
        return raw.rstrip("/")

    return check


def _none_or(check: Callable[[str], str]) -> Callable[[str], str]:
    return lambda raw: raw if raw == "none" else check(raw)


def _roles(raw: str) -> tuple[str, ...]:
    """Roles with commas between, or 'none'."""
    roles = () if raw == "none" else tuple(raw.replace(",", " ").split())
    if unknown := set(roles) - set(ROLES):
        raise ValueError(f"{', '.join(sorted(unknown))}: not one of {', '.join(ROLES)}, none")
    return roles


def _issuer(raw: str) -> str:
    """Kept to the letter, for that is how a provider is compared with what it calls itself."""
    parts = urlsplit(raw)
    if parts.scheme != "https" and parts.hostname not in ("localhost", "127.0.0.1"):
        raise ValueError("must begin with https://")
    return raw


def _mail_server(raw: str) -> str:
    """Never quoted in the error, for it holds a password; a stray '/', '?' or '#' in it would cut the address short."""
    try:
        parts = urlsplit(raw)
        known = parts.scheme in ("smtp", "smtps") and parts.hostname and parts.port != 0
    except ValueError:
        known = False
    if not known or parts.path.strip("/") or parts.query or parts.fragment:
        raise ValueError(
            "must be smtp://user:password@host:port or smtps://…, with %2F for '/' in a password"
        )
    login = [unquote(parts.username or ""), unquote(parts.password or "")]
    if any(login) != all(login) or not "".join(login).isascii():
        raise ValueError("user and password must be given together, in ASCII")
    return raw


def _sender(raw: str) -> str:
    """One address, alone or as 'name <address>'."""
    if not re.fullmatch(rf"{MAIL_ADDRESS}|[^<>@,;:()\"\\\x00-\x1f]+ <{MAIL_ADDRESS}>", raw):
        raise ValueError(f"{raw!r} is not an address like ten@example.vn or Tên <ten@example.vn>")
    return raw


def _gateway(raw: str) -> str:
    """Never quoted in the error: somebody may have put a password into it."""
    try:
        parts = urlsplit(raw)
        known = parts.hostname and parts.port != 0 and "@" not in parts.netloc
    except ValueError:
        known = False
    if not known or parts.query or parts.fragment or not re.fullmatch(r"[!-~]+", raw):
        raise ValueError("must be an address like https://sms.example.vn/send, without password, '?' and '#'")
    if parts.scheme != "https" and (parts.scheme != "http" or parts.hostname not in LOOPBACK):
        raise ValueError("must begin with https://, or on this machine with http://")
    return raw


def _token(raw: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9._~+/-]{16,}=*", raw):
        raise ValueError("must have at least 16 characters: letters, digits and ._~+/-")
    return raw


def _brand(raw: str) -> str:
    """The name that a phone shows instead of a number: eleven signs, says GSM 03.40."""
    if not re.fullmatch(r"[A-Za-z0-9](?:[A-Za-z0-9 ._-]{0,9}[A-Za-z0-9])?", raw):
        raise ValueError(
            f"{raw!r} is not a name of at most 11 letters and digits, as the provider registered it"
        )
    return raw


def _secret(raw: str) -> str:
    if len(raw) < 32:
        raise ValueError("must have at least 32 characters")
    return raw


def _keys(raw: str) -> tuple[str, ...]:
    """Fernet keys, one a line or with commas between; a repeated one would hide that it is still in use."""
    keys = tuple(raw.replace(",", " ").split())
    for number, key in enumerate(keys, 1):
        if not re.fullmatch(r"[A-Za-z0-9_-]{43}=", key):
            raise ValueError(
                f"key {number} is not 32 bytes in URL-safe base64; `flask vault new-key` prints one"
            )
    if not keys or len(set(keys)) < len(keys):
        raise ValueError("must be one or more different keys, the newest first")
    return keys


def _folder(raw: str) -> Path:
    path = Path(raw)
    if not path.is_dir():
        raise ValueError(f"{raw!r} is not a folder")
    return path


CHECKS: dict[str, Callable[[str], object]] = {
    "ENV": _one_of("development", "production"),
    "HOST": str,
    "PORT": _number(1, 65535),
    "INSTANCE": Path,
    "DATABASE_URL": _address("sqlite", "postgresql", "postgres", "postgresql+psycopg"),
    "STORAGE_URL": _address("file", "s3"),
    "SECRET_KEY": _secret,
    "VAULT_KEYS": _keys,
    "INDEX_KEY": _secret,
    "PACK": _folder,
    "BASE_URL": _address("http", "https"),
    "WEB_WORKERS": _number(1, 64),
    "WEB_THREADS": _number(1, 256),
    "TRUSTED_PROXIES": _number(0, 5),
    "SESSION_IDLE_MINUTES": _number(1, 720),
    "SESSION_HOURS": _number(1, 72),
    "LIMITS_URL": _none_or(_address("redis", "rediss")),
    "SECOND_FACTOR_ROLES": _roles,
    "OIDC_ISSUER": _issuer,
    "OIDC_CLIENT_ID": str,
    "OIDC_CLIENT_SECRET": str,
    "OIDC_LABEL": str,
    "MAIL_URL": _mail_server,
    "MAIL_FROM": _sender,
    "SMS_URL": _gateway,
    "SMS_TOKEN": _token,
    "SMS_FROM": _brand,
    "TILE_URL": _address("http", "https"),
    "TILE_ATTRIBUTION": str,
    "LOG_LEVEL": _one_of("DEBUG", "INFO", "WARNING", "ERROR"),
}
