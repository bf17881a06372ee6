"""The Django application of the hosted page."""

from __future__ import annotations

from django.apps import AppConfig


class HostedConfig(AppConfig):
    """Tables are called `hosted_…`."""

    name = "vsoko_rules.web.hosted"
    label = "hosted"
    default_auto_field = "django.db.models.BigAutoField"
