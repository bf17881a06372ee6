"""Commands that look at rulesets."""

import typer

app = typer.Typer(help="Методики.")


@app.command("list")
def list_() -> int:
    return 0
