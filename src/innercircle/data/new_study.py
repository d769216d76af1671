"""A new study: empty tables, their declaration, a codebook to fill in and a configuration."""

from __future__ import annotations

import csv
import json
import shutil
import tempfile
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING, Any

from innercircle.data.codebook import update_codebook
from innercircle.data.config import load_config
from innercircle.data.location import check_name
from innercircle.data.validate import validate_study
from innercircle.errors import Problem, StudyError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_LICENCE = {
    "name": "CC-BY-4.0",
    "title": "Creative Commons Attribution 4.0",
    "path": "https://creativecommons.org/licenses/by/4.0/",
}
_YEARS = (1801, 1810)  # until the configuration is filled in
_POSITIVE = ("supports", "friend", "protects")
_NEUTRAL = {"kin", "writes_to"}  # in no layer, unless a study has them
_NOTES = "Who read what, how many times, and how far two readings agreed.\n"


def standard_tables() -> list[dict[str, Any]]:
    """Return the declarations of all tables that the analyses know, as data package resources."""
    resources: list[dict[str, Any]] = json.loads(_template("tables.json"))["resources"]
    return resources


def new_study(
    root: Path,
    name: str,
    *,
    title: str = "",
    source: str = "",
    years: tuple[int, int] = _YEARS,
    tables: Mapping[str, list[dict[str, str]]] | None = None,
    notes: str = "",
) -> tuple[Path, Path]:
    """Write the folder and the configuration of a study; both validate.

    Parameters
    ----------
    root : Path
        Folder that holds ``config/schema.yaml`` and ``data/raw/``.
    name : str
        Name of the study, see :func:`innercircle.data.location.check_name`.
    title, source : str
        As outputs print them; by default the name, and a reminder to state the source.
    years : tuple of int
        First and last calendar year.
    tables : mapping of str to list of dict, optional
        Rows by table, cells by column; what is not named stays empty.
    notes : str
        How it was coded, for the codebook.

    Returns
    -------
    folder, config : Path
        ``data/raw/<name>`` and ``config/<name>.yaml``.

    Raises
    ------
    StudyError
        If the name cannot be one, the folder or the configuration exists already, or ``root`` is
        not the project's folder. Nothing is written then.
    """
    words = {"title": title or name, "source": source or "state the source here"}
    quoted = {key: json.dumps(text, ensure_ascii=False) for key, text in words.items()}
    filled = {"name": name, "first": str(years[0]), "last": str(years[1]), **quoted}
    filled["positive"] = ", ".join(_positive(tables or {}))
    text = fill_template("config.yaml", filled)
    words["notes"] = notes or _NOTES
    return install(root, name, lambda folder: write_tables(folder, name, words, tables or {}), text)


def install(
    root: Path, name: str, fill: Callable[[Path], None], config_text: str | None
) -> tuple[Path, Path]:
    """Make a study's folder and configuration aside, check them, and move them into place.

    Parameters
    ----------
    root : Path
        Folder that holds ``config/schema.yaml`` and ``data/raw/``.
    name : str
        Name of the study.
    fill : callable
        Makes the folder that it is given, and the tables in it.
    config_text : str or None
        The configuration; None if there is one already.

    Returns
    -------
    folder, config : Path

    Raises
    ------
    StudyError
        As :func:`new_study`.
    """
    folder, config = check_new(root, name, configured=config_text is None)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".new-study-") as draft:
        ready, ready_config = Path(draft) / "tables", Path(draft) / f"{name}.yaml"
        try:
            if config_text is not None:
                ready_config.write_text(config_text, encoding="utf-8")
                # The schema is looked for beside the configuration.
                shutil.copy(root / "config" / "schema.yaml", draft)
                load_config(ready_config)
            fill(ready)
            validate_study(ready)
        except StudyError as error:
            raise StudyError(
                replace(
                    problem,
                    file=problem.file.replace(str(ready_config), str(config)).replace(
                        str(ready), str(folder)
                    ),
                )
                for problem in error.problems
            ) from None
        if config_text is None:
            ready.rename(folder)
        else:
            _move_both((ready, folder), (ready_config, config))
    return folder, config


def _positive(tables: Mapping[str, list[dict[str, str]]]) -> list[str]:
    """Return the relations that count as positive: those in use must be in some layer."""
    used = {tie["relation"] for tie in tables.get("ties", [])}
    return [*_POSITIVE, *sorted(used & _NEUTRAL)]


def check_new(root: Path, name: str, *, configured: bool = False) -> tuple[Path, Path]:
    """Return where a new study would lie; one that is configured has its configuration already.

    Raises
    ------
    StudyError
        As :func:`new_study`.
    """
    check_name(name)
    folder, config = root / "data" / "raw" / name, root / "config" / f"{name}.yaml"
    if not (root / "config" / "schema.yaml").is_file():
        expected = "missing; run this in the project's folder, or name it with --root"
        raise StudyError([Problem(str(root / "config" / "schema.yaml"), 0, "", "", expected)])
    new = [folder] if configured else [folder, config]
    taken = [path for path in new if path.exists() or path.is_symlink()]
    if taken:
        expected = "exists already, and is left as it is; choose another name"
        raise StudyError([Problem(str(path), 0, "", "", expected) for path in taken])
    return folder, config


def _template(name: str) -> str:
    return files("innercircle").joinpath("templates", name).read_text(encoding="utf-8")


def fill_template(template: str, words: dict[str, str]) -> str:
    """Return a template of the package with its words filled in."""
    return Template(_template(template)).substitute(words)


def write_tables(
    folder: Path,
    name: str,
    words: dict[str, str],
    tables: Mapping[str, list[dict[str, str]]],
) -> None:
    """Make a folder with all tables the analyses know, filled as given, and what declares them."""
    folder.mkdir()
    resources = standard_tables()
    for resource in resources:
        with (folder / resource["path"]).open("w", newline="", encoding="utf-8") as file:
            header = [field["name"] for field in resource["schema"]["fields"]]
            writer = csv.DictWriter(file, header, lineterminator="\n")
            writer.writeheader()
            writer.writerows(tables.get(resource["name"], []))
    package = {
        "profile": "tabular-data-package",
        "name": f"innercircle-{name}",
        "title": words["title"],
        "licenses": [_LICENCE],
        "contributors": [{"title": "State who coded it", "role": "author"}],
        "sources": [{"title": words["source"]}],
        "resources": resources,
    }
    text = json.dumps(package, indent=1, ensure_ascii=False)
    (folder / "datapackage.json").write_text(text + "\n", encoding="utf-8")
    (folder / "CODEBOOK.md").write_text(fill_template("CODEBOOK.md", words), encoding="utf-8")
    update_codebook(folder)


def _move_both(first: tuple[Path, Path], second: tuple[Path, Path]) -> None:
    """Move two paths into place, or neither."""
    first[0].rename(first[1])
    try:
        second[1].hardlink_to(second[0])  # unlike a rename, never replaces a file
    except OSError:
        shutil.rmtree(first[1])
        raise


def what_to_fill_in(folder: Path, config: Path) -> str:
    """Return what a person who has just made a study does first."""
    name = folder.name
    return "\n".join(
        [
            f"Made {folder} and {config}. Fill in first:",
            f"  1. {config}: title, source, years; and the leader, if there is one",
            f"  2. {folder / 'persons.csv'}: one row a person",
            f"  3. {folder / 'events.csv'}: one row an occasion, with its date",
            f"  4. {folder / 'participations.csv'}: one row a person at an occasion",
            "datapackage.json explains each column. Other tables can wait: what needs them is off.",
            f"Then: innercircle check {name}, and make reproduce STUDY={name}",
        ]
    )
