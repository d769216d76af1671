"""The command line: ``innercircle check STUDY``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from innercircle.errors import StudyError

app = typer.Typer(
    help="Yearly elite networks from a coded source, and purges as their outcome.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

StudyName = Annotated[str, typer.Argument(help="Name of the study: its folder under data/raw.")]
Root = Annotated[Path, typer.Option(help="Folder that holds config/ and data/.")]


@app.callback()
def main() -> None:
    """Keep subcommands even while there is only one."""


@app.command()
def check(study: StudyName, root: Root = Path()) -> None:
    """Validate a study's configuration and tables; nothing is written."""
    from innercircle.data import load_config, validate_study

    try:
        load_config(root / "config" / f"{study}.yaml")
        tables = validate_study(root / "data" / "raw" / study).tables
    except StudyError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None
    rows = ", ".join(f"{name} {len(table)}" for name, table in tables.items())
    typer.echo(f"{study}: valid. Rows: {rows}")
