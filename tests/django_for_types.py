"""Settings of Django for the checker of types alone: which models there are."""

from __future__ import annotations

SECRET_KEY = "for the checker of types"
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "vsoko_rules.web.hosted.apps.HostedConfig",
]
AUTH_USER_MODEL = "hosted.User"
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
