"""The command line: what each command takes and gives back to the shell. Everything else is imported when it is needed,
so that `vsoko --help` answers at once."""

from vsoko_rules.cli.app import main

__all__ = ["main"]
