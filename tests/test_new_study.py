"""Making a study, checking one, and every way in which its name or folder can be wrong."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from innercircle.cli import app
from innercircle.data import load_config, load_study, validate_study
from innercircle.data.location import check_name
from innercircle.data.new_study import new_study, standard_tables
from innercircle.errors import StudyError
from tests.conftest import ROOT

if TYPE_CHECKING:
    from pathlib import Path

BAD_NAMES = [
    "",
    " ",
    "..",
    ".",
    "a b",
    " a",
    "a/b",
    "../a",
    "/etc",
    "Salon",
    "1a",
    "-a",
    "a.b",
    "é",
]
BAD_NAMES += ["a\n", "a\\b", "~", "$HOME"]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "config").mkdir()
    shutil.copy(ROOT / "config" / "schema.yaml", tmp_path / "config")
    return tmp_path


def run(*arguments: str, root: Path) -> tuple[int, str]:
    result = CliRunner().invoke(app, [*arguments, "--root", str(root)])
    return result.exit_code, result.output


def tree(root: Path) -> list[str]:
    return sorted(str(path.relative_to(root)) for path in root.rglob("*"))


def test_a_new_study_validates_and_says_what_is_still_empty(root: Path) -> None:
    code, output = run("new-study", "salon", root=root)
    assert code == 0, output
    assert "persons.csv" in output
    code, output = run("check", "salon", root=root)
    assert code == 0, output
    assert "salon: valid. Rows: none" in output
    assert "still empty: persons, name_variants, bodies" in output


def test_a_new_study_has_title_licence_source_and_contributors(root: Path) -> None:
    source = 'Minutes: "the circle", c. 1848 # 2'
    folder, config = new_study(root, "salon", title="A: b", source=source, years=(1848, 1849))
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    assert package["title"] == "A: b"
    assert package["sources"] == [{"title": source}]
    assert package["licenses"]
    assert package["contributors"]
    read = load_config(config)
    assert (read["title"], read["source"]) == ("A: b", source)
    assert read["years"] == {"first": 1848, "last": 1849}
    assert "A: b" in (folder / "CODEBOOK.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", BAD_NAMES)
def test_a_name_that_cannot_be_one_is_refused_and_nothing_is_written(root: Path, name: str) -> None:
    before = tree(root)
    for command in ("new-study", "check"):
        result = CliRunner().invoke(app, [command, "--root", str(root), "--", name])
        assert result.exit_code == 1
        assert "name for a study; use lower-case letters" in result.output
    assert tree(root) == before


@given(st.text())
def test_an_accepted_name_is_one_word_of_a_path(name: str) -> None:
    try:
        check_name(name)
    except StudyError:
        return
    assert name.isascii()
    assert name == name.lower().strip()
    assert not set(name) & set("./\\ \t\n")


@pytest.mark.parametrize("taken", ["data/raw/salon", "config/salon.yaml"])
def test_what_exists_is_left_as_it_is(root: Path, taken: str) -> None:
    path = root / taken
    path.parent.mkdir(parents=True, exist_ok=True)
    path.mkdir() if path.suffix == "" else path.write_text("mine", encoding="utf-8")
    before = tree(root)
    code, output = run("new-study", "salon", root=root)
    assert code == 1
    assert "exists already" in output
    assert tree(root) == before


def test_a_folder_that_is_not_the_project_is_refused(tmp_path: Path) -> None:
    code, output = run("new-study", "salon", root=tmp_path)
    assert code == 1
    assert "schema.yaml" in output
    assert tree(tmp_path) == []


def test_years_that_run_backwards_leave_nothing_behind(root: Path) -> None:
    expected = r"/config/salon.yaml, key years: .* the last year comes before the first"
    with pytest.raises(StudyError, match=expected):
        new_study(root, "salon", years=(1849, 1848))
    assert [path for path in root.rglob("*") if "salon" in path.name or path.name[0] == "."] == []


def test_if_the_configuration_cannot_be_put_in_place_the_folder_goes_too(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr("pathlib.Path.hardlink_to", refuse)
    with pytest.raises(OSError, match="no space"):
        new_study(root, "salon")
    assert not (root / "data" / "raw" / "salon").exists()


def test_a_missing_study_names_the_one_that_was_meant(root: Path) -> None:
    new_study(root, "salon")
    code, output = run("check", "salom", root=root)
    assert code == 1
    assert "no such study folder (did you mean 'salon'?)" in output


def test_an_empty_folder_says_what_to_do(root: Path) -> None:
    (root / "data" / "raw" / "salon").mkdir(parents=True)
    code, output = run("check", "salon", root=root)
    assert code == 1
    assert "the study folder is empty" in output
    assert "innercircle new-study salon" in output


def test_a_folder_without_a_declaration_names_the_missing_file(root: Path) -> None:
    folder, _ = new_study(root, "salon")
    (folder / "datapackage.json").unlink()
    code, output = run("check", "salon", root=root)
    assert code == 1
    assert "datapackage.json: missing" in output


def test_a_study_without_a_configuration_names_the_missing_file(root: Path) -> None:
    _, config = new_study(root, "salon")
    config.unlink()
    code, output = run("check", "salon", root=root)
    assert code == 1
    assert "salon.yaml: no such file" in output


def test_a_table_without_rows_counts_as_none(root: Path) -> None:
    folder, _ = new_study(root, "salon")
    with (folder / "persons.csv").open("a", encoding="utf-8") as file:
        file.write("arent,Arent,,,p1,explicit,asserted,\n")
    assert list(validate_study(folder).tables) == ["persons"]
    assert list(load_study(folder, ["persons", "ties"]).tables) == ["persons"]


def test_columns_are_those_of_the_first_study() -> None:
    folder = ROOT / "data" / "raw" / "stalin"
    resources = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))["resources"]
    coded = {r["name"]: [f["name"] for f in r["schema"]["fields"]] for r in resources}
    standard = {r["name"]: [f["name"] for f in r["schema"]["fields"]] for r in standard_tables()}
    assert standard == {name: coded[name] for name in standard}


def plan(root: Path, config: Path) -> tuple[int, str]:
    """Plan the workflow for a configuration; nothing is run."""
    shutil.copytree(ROOT / "workflow", root / "workflow")
    done = subprocess.run(
        [sys.executable, "-m", "snakemake", "--configfile", str(config), "-n", "--cores", "1"],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("study", "words"),
    [
        ("a b", "name for a study"),
        ("..", "name for a study"),
        ("salom", "no such study folder (did you mean 'salon'?)"),
        ("void", "the study folder is empty"),
    ],
)
def test_the_workflow_refuses_what_check_refuses(root: Path, study: str, words: str) -> None:
    new_study(root, "salon")
    (root / "data" / "raw" / "void").mkdir()
    config = root / "config" / "odd.yaml"
    config.write_text(yaml.safe_dump({"study": study}), encoding="utf-8")
    code, output = plan(root, config)
    assert code != 0
    assert words in output
    assert "Traceback" not in output


def test_the_workflow_says_that_no_layer_can_be_built_from_empty_tables(root: Path) -> None:
    _, config = new_study(root, "salon")
    code, output = plan(root, config)
    assert code != 0
    assert "layer attendance (no events, no participations)" in output
    assert "no layer can be built" in output


@pytest.mark.parametrize("study", ["a b", "..", "", "salom"])
def test_make_passes_a_bad_name_on_as_one_word(tmp_path: Path, study: str) -> None:
    shutil.copy(ROOT / "Makefile", tmp_path)
    done = subprocess.run(
        ["make", "-n", "reproduce", f"STUDY={study}", "SETUP="],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert f'innercircle check "{study}" --config-only' in done.stdout
