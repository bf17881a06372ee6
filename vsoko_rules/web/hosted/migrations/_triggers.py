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
    """On both databases; those that there are already are made anew. A migration that alters one of these tables ends with
    this: SQLite makes the table anew then, without its triggers."""
    if editor.connection.vendor == "postgresql":
        editor.execute(_FUNCTION, params=None)
        _add_on_postgresql(editor)
        return
    for table in TABLES:
        for action in _ACTIONS:
            name = f"{table}_no_{action.lower()}"
            editor.execute(f"DROP TRIGGER IF EXISTS {name}")
            editor.execute(
                f"CREATE TRIGGER {name} BEFORE {action} ON {table} BEGIN SELECT RAISE(ABORT, 'append only'); END"
            )


def _add_on_postgresql(editor: Any) -> None:
    for table in TABLES:
        for action, each in (*((action, "ROW") for action in _ACTIONS), ("TRUNCATE", "STATEMENT")):
            name = f"{table}_no_{action.lower()}"
            editor.execute(f"DROP TRIGGER IF EXISTS {name} ON {table}")
            editor.execute(
                f"CREATE TRIGGER {name} BEFORE {action} ON {table} FOR EACH {each} EXECUTE FUNCTION vsoko_append_only()"
            )


def begin_chain(apps: Any, editor: Any) -> None:  # noqa: ARG001
    """The head of the chain, before any event."""
    apps.get_model("hosted", "ChainHead").objects.create(pk=1)


def nothing(apps: Any, editor: Any) -> None:
    """Triggers go with their tables."""
