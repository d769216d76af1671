"""The command line: ``innercircle check STUDY``, ``innercircle new-study NAME`` and others."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from innercircle.errors import Problem, StudyError

if TYPE_CHECKING:
    from collections.abc import Iterator

app = typer.Typer(
    help="Yearly elite networks from a coded source, and purges as their outcome.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

StudyName = Annotated[str, typer.Argument(help="Name of the study: its folder under data/raw.")]
Root = Annotated[Path, typer.Option(help="Folder that holds config/ and data/.")]


@contextmanager
def refusals() -> Iterator[None]:
    """End the command with exit code 1, and every problem on standard error, if there is any."""
    try:
        yield
    except StudyError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None


@app.command()
def check(
    study: StudyName,
    root: Root = Path(),
    config_only: Annotated[bool, typer.Option(help="Leave the tables unread.")] = False,
) -> None:
    """Validate a study's configuration and tables; nothing is written.

    Every problem is listed with file, row, column, value and what was expected. Tables without
    rows are valid, and named.
    """
    from innercircle.data import load_config, study_paths, validate_study
    from innercircle.data.study import unfilled_tables
    from innercircle.inference.specs import check_specs

    with refusals():
        folder, config_path = study_paths(root, study)
        config = load_config(config_path)
        check_specs(config, config_path)
        if config_only:
            return
        from innercircle.claims import ClaimData, check_claims

        validated = validate_study(folder, **visit_limits(config))
        tables = validated.tables
        if "claims" in tables:
            evidence = ClaimData.from_study(validated, config)
            check_claims(tables["claims"], evidence, str(folder / "claims.csv"))
    rows = ", ".join(f"{name} {len(table)}" for name, table in tables.items())
    typer.echo(f"{study}: valid. Rows: {rows or 'none'}")
    empty = unfilled_tables(folder)
    if empty:
        typer.echo(f"{study}: still empty: {', '.join(empty)}")


@app.command("new-study")
def new_study_command(
    name: Annotated[str, typer.Argument(help="Lower-case letters, digits, _ and -.")],
    title: Annotated[str, typer.Option(help="Title, as outputs print it.")] = "",
    source: Annotated[str, typer.Option(help="The coded source, as outputs cite it.")] = "",
    first: Annotated[int, typer.Option(help="First year of the study.")] = 1801,
    last: Annotated[int, typer.Option(help="Last year of the study.")] = 1810,
    root: Root = Path(),
) -> None:
    """Make a study without rows: data/raw/NAME with empty tables, and config/NAME.yaml.

    Both validate as they are, and what to fill in first is said. Nothing that exists is changed.
    """
    from innercircle.data.new_study import new_study, what_to_fill_in

    with refusals():
        made = new_study(root, name, title=title, source=source, years=(first, last))
    typer.echo(what_to_fill_in(*made))


@app.command("simulate-study")
def simulate_study_command(
    name: Annotated[str, typer.Argument(help="Lower-case letters, digits, _ and -.")],
    persons: Annotated[int | None, typer.Option(help="Persons, 120 by default.")] = None,
    years: Annotated[int | None, typer.Option(help="Years, 12 by default.")] = None,
    visits_per_year: Annotated[int | None, typer.Option(help="1000 by default.")] = None,
    events_per_year: Annotated[int | None, typer.Option(help="40 by default.")] = None,
    effect: Annotated[
        float | None, typer.Option(help="Log odds of a fall by position, 1.0 by default.")
    ] = None,
    seed: Annotated[int | None, typer.Option(help="1 by default.")] = None,
    root: Root = Path(),
) -> None:
    """Write a study of an invented elite whose truth is known: tables, configuration, truth.json.

    If config/NAME.yaml has a key invented, the tables are made as it says, without options.
    Nothing that exists is changed.
    """
    from innercircle.data.simulated_study import simulate_study

    given = {
        "persons": persons,
        "years": years,
        "visits_per_year": visits_per_year,
        "events_per_year": events_per_year,
        "effect": effect,
        "seed": seed,
    }
    choices = {key: value for key, value in given.items() if value is not None}
    with refusals():
        folder, config, truth = simulate_study(root, name, choices)
    rows = ", ".join(f"{table} {number}" for table, number in truth["rows"].items())
    typer.echo(f"Made {folder} ({rows}; {truth['falls']} falls) and {config}")


@app.command("import-network")
def import_network_command(
    name: Annotated[str, typer.Argument(help="Lower-case letters, digits, _ and -.")],
    edges: Annotated[
        Path | None, typer.Option(help="CSV: source, target[, weight, year, relation].")
    ] = None,
    matrix: Annotated[
        Path | None, typer.Option(help="CSV: persons in rows, events in columns, 0 or 1.")
    ] = None,
    graphml: Annotated[Path | None, typer.Option(help="GraphML file.")] = None,
    dates: Annotated[Path | None, typer.Option(help="CSV: event, date; for --matrix.")] = None,
    year: Annotated[
        int | None, typer.Option(help="Year, if the file has none.", min=1, max=9999)
    ] = None,
    first: Annotated[int | None, typer.Option(help="First year of the study.")] = None,
    last: Annotated[int | None, typer.Option(help="Last year of the study.")] = None,
    directed: Annotated[
        bool | None, typer.Option("--directed/--undirected", help="Whether edges have a direction.")
    ] = None,
    relation: Annotated[str, typer.Option(help="Relation of directed edges.")] = "",
    title: Annotated[str, typer.Option(help="Title, as outputs print it.")] = "",
    source: Annotated[str, typer.Option(help="The coded source, as outputs cite it.")] = "",
    root: Root = Path(),
) -> None:
    """Make a study from an edge list, a matrix of persons by events, or GraphML.

    Every cell that cannot be used is listed, and then nothing is written.
    """
    from innercircle.data.importing import ImportOptions, import_network, what_was_imported

    options = ImportOptions(year, (first, last), directed, relation, title, source)
    with refusals():
        made = import_network(
            root, name, edges=edges, matrix=matrix, graphml=graphml, dates=dates, options=options
        )
    typer.echo(what_was_imported(made))


@app.command("verify-coding")
def verify_coding_command(
    study: StudyName,
    book: Annotated[
        Path | None,
        typer.Option(help="Plain-text copy of the source.", exists=True, dir_okay=False),
    ] = None,
    root: Root = Path(),
) -> None:
    """Hold every coded row against the passage that its locator points to.

    Without a copy of the source nothing can be checked, and that is said. Rows listed in
    coding_exceptions.csv are known and explained; any other failing row ends with exit code 1.
    Also rewrites coverage.csv, the count of rows by section, if the study has one.
    """
    from innercircle.data import load_config, study_paths, validate_study
    from innercircle.data.passages import read_source
    from innercircle.data.verify import coverage, read_exceptions, verify_coding

    if book is None:
        typer.echo(
            "Passage check skipped: no copy of the source given. "
            "Use make verify-coding BOOK=path/to/text"
        )
        return
    with refusals():
        folder, config_path = study_paths(root, study)
        config = load_config(config_path)
        tables = validate_study(folder, **visit_limits(config))
        source = read_source(book, source_layout(config, config_path))
        excepted = read_exceptions(folder / "coding_exceptions.csv")
    failures, checked = verify_coding(tables, source)
    new = [failure for failure in failures if (failure.table, failure.key) not in excepted]
    for failure in new:
        typer.echo(str(failure))
    total = sum(checked.values())
    typer.echo(
        f"{total - len(failures)} of {total} rows pass ({1 - len(failures) / max(total, 1):.2%}); "
        f"{len(failures) - len(new)} explained in coding_exceptions.csv, {len(new)} not"
    )
    if (folder / "coverage.csv").is_file():
        coverage(tables, source).to_csv(folder / "coverage.csv", index=False, lineterminator="\n")
    if new:
        raise typer.Exit(1)


@app.command("codebook")
def codebook_command(study: StudyName, root: Root = Path()) -> None:
    """Bring the list of columns in a study's CODEBOOK.md up to date with its data package."""
    from innercircle.data import load_config, study_paths, validate_study
    from innercircle.data.codebook import update_codebook

    with refusals():
        folder, config_path = study_paths(root, study)
        validate_study(folder, **visit_limits(load_config(config_path)))
        path = update_codebook(folder)
    typer.echo(f"{path}: columns brought up to date")


def visit_limits(config: dict[str, Any]) -> dict[str, float]:
    """Return the limit that the configuration sets to the length of a visit, if it does."""
    rules = config.get("visits", {})
    return {key: rules[key] for key in ("longest_hours",) if key in rules}


@app.command("simulation-page")
def simulation_page_command(
    study: StudyName,
    root: Root = Path(),
    page: Annotated[Path, typer.Option(help="Page that quotes the simulation.")] = Path(
        "docs/inference.md"
    ),
) -> None:
    """Store the tables of `make simulate` beside the page on inference, and quote them there."""
    from innercircle.output.simulation_page import update_page

    try:
        update_page(root / page, root / "results" / study / "simulation")
    except FileNotFoundError as missing:
        typer.echo(f"{missing.filename} does not exist: run make simulate first", err=True)
        raise typer.Exit(1) from None
    typer.echo(f"{page}: numbers brought up to date")


def source_layout(config: dict[str, Any], path: Path) -> dict[str, Any]:
    """Return how the source's text is laid out.

    Raises
    ------
    StudyError
        If the study's configuration does not say.
    """
    if "source_text" not in config:
        expected = "missing; it says how the source's text is laid out (see config/schema.yaml)"
        raise StudyError([Problem(str(path), 0, "source_text", "", expected)])
    return dict(config["source_text"])
