"""Events and snapshots stay as they were written: the database itself refuses to change them or to take them out."""

from __future__ import annotations

from typing import Any, Final

TABLES: Final = ("hosted_chainevent", "hosted_snapshot", "hosted_rulesetversion")
_ACTIONS: Final = ("UPDATE", "DELETE")

_FUNCTION: Final = """
CREATE OR REPLACE FUNCTION vsoko_append_only() RETURNS trigger AS $$
BEGIN RAISE EXCEPTION 'append only: %', TG_TABLE_NAME; END;
$$ LANGUAGE plpgsql;
"""


def add_triggers(apps: Any, editor: Any) -> None:  # noqa: ARG001
    """On both databases."""
    postgres = editor.connection.vendor == "postgresql"
    if postgres:
        editor.execute(_FUNCTION, params=None)
    for table in TABLES:
        for action in _ACTIONS:
            name = f"{table}_no_{action.lower()}"
            if postgres:
                editor.execute(
                    f"CREATE TRIGGER {name} BEFORE {action} ON {table} "
                    "FOR EACH ROW EXECUTE FUNCTION vsoko_append_only()"
                )
            else:
                editor.execute(
                    f"CREATE TRIGGER {name} BEFORE {action} ON {table} BEGIN SELECT RAISE(ABORT, 'append only'); END"
                )
        if postgres:
            editor.execute(
                f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION vsoko_append_only()"
            )


def begin_chain(apps: Any, editor: Any) -> None:  # noqa: ARG001
    """The head of the chain, before any event."""
    apps.get_model("hosted", "ChainHead").objects.create(pk=1)


def nothing(apps: Any, editor: Any) -> None:
    """Triggers go with their tables."""
