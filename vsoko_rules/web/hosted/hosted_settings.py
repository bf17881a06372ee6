"""Django, set up in code for a region's server; what differs from server to server stands in its `server.yml`."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit
from urllib.request import url2pathname

from django.conf import settings

from vsoko_rules.errors import InputError, Place, Problem
from vsoko_rules.region.server_file import ServerFile, database
from vsoko_rules.web.settings import set_up

INVITED_HOURS: Final = 72
"""for which an invitation opens (`workspace.md`)"""
SIGNED_IN_HOURS: Final = 12
"""after which one signs in again (OWASP ASVS 5.0, 7.3.2)"""
IDLE_MINUTES: Final = 120
"""without a request, after which one signs in again (OWASP ASVS 5.0, 7.3.1)"""
SEEN_SECONDS: Final = 60
"""at most once in which it is written down that somebody is still there"""
TRIES_OF_NAME: Final = 10
"""wrong passwords for one name (OWASP ASVS 5.0, 6.3.1; NIST SP 800-63B allows up to 100)"""
TRIES_OF_ADDRESS: Final = 100
"""wrong passwords from one address: all schools of a town may come from one"""
TRIES_MINUTES: Final = 15
"""for which tries are counted, and no more are taken"""
RECOVERY_CODES: Final = 10
"""for who has lost the device of the second step"""
SHORTEST_PASSWORD: Final = 12
"""letters (OWASP ASVS 5.0, 6.2.1 asks for 8 and recommends 15)"""
FILES_OF_SCHOOL: Final = 200_000_000
"""bytes of all files of a school: some sixty documents, a scan of ten pages has 3 to 5 MB (proposed)"""
NUMBER_OF_FILES: Final = 500
"""files of a school (proposed)"""
FILES_OF_STUDY: Final = 30_000_000_000
"""bytes of all files of a study: 1,500 schools with 20 MB each, what a copy of the database still bears (proposed)"""
RESULT_DAYS: Final = 30
"""for which what came of long work is kept, and what was handed over for it: within a month it is downloaded or out of
date, and it is made anew at any time (proposed)"""
WAIT_FOR_WRITERS: Final = 20
"""seconds, SQLite"""


def configure(server: ServerFile, folder: Path) -> None:
    """Set Django up for the server in a folder, once a process. Raises `InputError` where this process serves the page
    of one machine."""
    if settings.configured:
        if getattr(settings, "ROOT_URLCONF", "") != "vsoko_rules.web.hosted.hosted_routes":
            raise InputError([Problem(Place("vsoko"), "в этой программе уже открыта страница одного компьютера")])
        return
    set_up(**_stated(server, folder))


def this_server() -> Any:
    """The settings of the server, as its file states them."""
    return getattr(settings, "VSOKO_SERVER")  # noqa: B009 (types know no settings of our own)


def _stated(server: ServerFile, folder: Path) -> dict[str, Any]:
    return {
        **_accounts(),
        **_sessions(server),
        "SECRET_KEY": server.secret,
        "ALLOWED_HOSTS": [host.rpartition(":")[0] or host for host in server.hosts],
        "ROOT_URLCONF": "vsoko_rules.web.hosted.hosted_routes",
        "MIDDLEWARE": [
            "vsoko_rules.web.hosted.hosted_guard.HostedGuard",
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "django_htmx.middleware.HtmxMiddleware",
            "vsoko_rules.web.hosted.access.Access",
            "vsoko_rules.web.mistakes.Mistakes",
            "vsoko_rules.web.hosted.database_trouble.DatabaseTrouble",
        ],
        "INSTALLED_APPS": [
            "django.contrib.contenttypes",
            "django.contrib.auth",
            "django_otp",
            "django_otp.plugins.otp_totp",
            "django_otp.plugins.otp_static",
            "vsoko_rules.web.hosted.apps.HostedConfig",
        ],
        "DATABASES": {"default": database_settings(server, folder)},
        "TIME_ZONE": "UTC",
        "LOGIN_URL": "sign_in",
        "OTP_TOTP_ISSUER": "ВСОКО",
        "SILENCED_SYSTEM_CHECKS": ["auth.E003"],
        "VSOKO_SERVER": server,
        "VSOKO_FOLDER": folder,
    }


def _accounts() -> dict[str, Any]:
    return {
        "AUTH_USER_MODEL": "hosted.User",
        "AUTHENTICATION_BACKENDS": ["django.contrib.auth.backends.ModelBackend"],
        "PASSWORD_HASHERS": ["django.contrib.auth.hashers.Argon2PasswordHasher"],
        "AUTH_PASSWORD_VALIDATORS": [
            {
                "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
                "OPTIONS": {"min_length": SHORTEST_PASSWORD},
            },
            {
                "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
                "OPTIONS": {"user_attributes": ("login", "name")},
            },
            {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
            {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
        ],
    }


def _sessions(server: ServerFile) -> dict[str, Any]:
    """What a browser keeps, and whose requests are taken."""
    return {
        "SESSION_ENGINE": "vsoko_rules.web.hosted.sessions",
        "SESSION_COOKIE_NAME": "__Host-vsoko" if server.tls else "vsoko",
        "SESSION_COOKIE_AGE": SIGNED_IN_HOURS * 3600,
        "SESSION_EXPIRE_AT_BROWSER_CLOSE": True,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Strict",
        "SESSION_COOKIE_SECURE": server.tls,
        "CSRF_COOKIE_NAME": "__Host-vsoko_csrf" if server.tls else "vsoko_csrf",
        "CSRF_COOKIE_HTTPONLY": True,
        "CSRF_COOKIE_SAMESITE": "Strict",
        "CSRF_COOKIE_SECURE": server.tls,
        "CSRF_TRUSTED_ORIGINS": [f"https://{host}" for host in server.hosts] if server.tls else [],
        "CSRF_FAILURE_VIEW": "vsoko_rules.web.mistakes.forged",
        "SECURE_PROXY_SSL_HEADER": ("HTTP_X_FORWARDED_PROTO", "https") if server.proxy else None,
    }


def sqlite_file(name: str) -> Path:
    """The file of a database of SQLite, by its name in the settings of Django."""
    return Path(url2pathname(urlsplit(name).path))


def database_settings(server: ServerFile, folder: Path) -> dict[str, Any]:
    """The database of a server, as Django is told of it. Raises `InputError`."""
    stated = database(server, folder)
    if stated.engine == "sqlite":
        options = {
            "transaction_mode": "IMMEDIATE",
            "timeout": WAIT_FOR_WRITERS,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        }
        # a file that is gone is not made anew, empty, under a server that runs
        name = f"{Path(stated.name).absolute().as_uri()}?mode=rw"
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": name, "OPTIONS": options}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": stated.name,
        "USER": stated.user,
        "PASSWORD": stated.password,
        "HOST": stated.host,
        "PORT": stated.port,
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
    }
