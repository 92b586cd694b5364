"""The front gate: puts the building together. Nothing imports this but the server, the CLI and tests."""

import gc
import logging
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from flask import Flask
from flask_babel import Babel
from flask_compress import Compress
from flask_migrate import Migrate
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from portal import cli
from portal.adapters import channels
from portal.adapters.limits import Limits
from portal.adapters.mail import MailChannel
from portal.adapters.openid import Provider
from portal.adapters.sms import SmsChannel
from portal.adapters.storage import Storage
from portal.adapters.vault import Vault
from portal.config import ROOT, Config
from portal.models import apart, db
from portal.web import (
    account,
    admin,
    context,
    decisions,
    entrance,
    errors,
    files,
    filters,
    fragments,
    front,
    geography,
    identity,
    maps,
    resident,
    staff,
    templating,
    words,
)
from portal.web.front import intake

MOST_BYTES = 1024 * 1024  # of a request; what takes photos or documents says itself how many more


class Portal(Flask):
    """The application with its own way to look up what templates share."""

    jinja_environment = templating.Environment
    request_class = intake.BoundedRequest

    def log_exception(self, exc_info: Any) -> None:
        """Without the address of the page: it may hold a key."""
        self.logger.error("%s failed", errors.log_line(), exc_info=exc_info)


def create_app(config: Config | None = None) -> Flask:
    """Return the site for this configuration (by default the environment's)."""
    config = config or Config.from_env()
    app = Portal("portal", static_folder=None, root_path=str(ROOT / "portal"))
    app.config.update(asdict(config), **_libraries(config))
    logging.basicConfig(level=config.LOG_LEVEL, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    db.init_app(app)
    Migrate(app, db, directory=str(ROOT / "migrations"), compare_type=True)
    Babel(app, locale_selector=context.language, default_translation_directories=str(ROOT / "translations"))
    Compress(app)
    app.extensions["storage"] = Storage(config.storage_url)
    app.extensions["channels"] = _channels(config)
    app.extensions["limits"] = Limits(config.LIMITS_URL, config.SECRET_KEY, apart)
    app.extensions["vault"] = Vault(config.VAULT_KEYS, config.INDEX_KEY)
    app.extensions["single_sign_on"] = _provider(config)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.context_processor(context.furnishings)
    for room in (
        templating,
        identity,
        files,
        fragments,
        front,
        filters,
        geography,
        words,
        decisions,
        maps,
        errors,
    ):
        room.init_app(app)
    CSRFProtect(app)
    for audience in (entrance, resident, staff, admin, account):
        app.register_blueprint(audience.door)
    cli.init_app(app)
    if config.TRUSTED_PROXIES:
        hops = config.TRUSTED_PROXIES
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    return app


def create_served_app(config: Config | None = None) -> Flask:
    """The same for a process that serves it: what the site is made of is never garbage, so no collection walks it.

    A full one took 0.2 s, in every fifteenth request of the inbox.
    """
    app = create_app(config)
    gc.collect()
    gc.freeze()
    return app


def _channels(config: Config) -> dict[str, channels.Channel]:
    """The log, or what is configured: a gateway for SMS, a mail server."""
    ways = channels.by_log(whole=not config.production)
    if config.SMS_URL:
        ways["sms"] = SmsChannel(config.SMS_URL, config.SMS_TOKEN, config.SMS_FROM)
    if config.MAIL_URL:
        ways["mail"] = MailChannel(config.MAIL_URL, config.MAIL_FROM)
    return ways


def _provider(config: Config) -> Provider | None:
    """The single sign-on that is configured, if any."""
    if not config.OIDC_ISSUER:
        return None
    return Provider(config.OIDC_ISSUER, config.OIDC_CLIENT_ID, config.OIDC_CLIENT_SECRET)


def _libraries(config: Config) -> dict[str, object]:
    """What the installed libraries want to know, from our own settings."""
    return {
        "SQLALCHEMY_DATABASE_URI": config.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": {"hide_parameters": config.production},  # and rows: errors are logged
        "BABEL_DEFAULT_LOCALE": "vi",
        "BABEL_DEFAULT_TIMEZONE": "Asia/Ho_Chi_Minh",
        "MAX_CONTENT_LENGTH": MOST_BYTES,
        "MAX_FORM_PARTS": intake.MOST_FIELDS,
        "TRUSTED_HOSTS": config.trusted_hosts,
        "WTF_CSRF_TIME_LIMIT": None,  # a page of yesterday may be sent: its token lasts as long as the session
        "WTF_CSRF_SSL_STRICT": False,  # private links send no Referer; front/ asks the browser's own word instead
        "PERMANENT_SESSION_LIFETIME": timedelta(days=365),
        "SESSION_REFRESH_EACH_REQUEST": False,  # a late photo must not bring back an older cookie
        "SESSION_COOKIE_NAME": context.cookie_name("portal", config.secure),
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": config.secure,
        "SITE_URL": config.base_url,
        "SECOND_FACTOR_ROLES": config.second_factor_roles,
        "COMPRESS_ALGORITHM": ["br", "gzip"],
        "COMPRESS_BR_LEVEL": 4,
        "COMPRESS_LEVEL": 4,  # of gzip: a third less time than the usual 6, for three bytes in a hundred
        "COMPRESS_MIN_SIZE": 800,
        "COMPRESS_MIMETYPES": [
            "text/html",
            "text/css",
            "text/plain",
            "text/javascript",
            "application/json",
            "application/geo+json",
            "image/svg+xml",
        ],
    }
