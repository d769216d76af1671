"""A second study is a folder of tables and a configuration, and no code."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
import yaml

from innercircle.data import load_config, load_study, validate_study
from innercircle.networks import build_layers
from tests.conftest import REFERENCE, ROOT, copy_project, snakemake

if TYPE_CHECKING:
    from pathlib import Path

RAW = ROOT / "data" / "raw" / "southern_women"
CONFIG = ROOT / "config" / "southern_women.yaml"


def published() -> pd.DataFrame:
    """Persons by events; the data file in general use misspells one name."""
    table = pd.read_csv(REFERENCE / "davis.csv", index_col="person")
    return table.rename(index={"Myrna": "Myra"})


def test_attendances_are_those_of_the_published_matrix() -> None:
    study = validate_study(RAW)
    rows = study["participations"]
    coded = {
        (person.capitalize(), f"E{int(event[1:])}")
        for person, event in zip(rows["person_id"], rows["event_id"], strict=True)
    }
    matrix = published().melt(ignore_index=False)
    attended = matrix[matrix["value"] == 1]
    assert coded == set(zip(attended.index, attended["variable"], strict=True))
    assert len(rows) == len(coded) == 89


def test_dates_are_the_printed_days_in_one_year_marked_as_uncertain() -> None:
    events = load_study(RAW)["events"]
    printed = events["label"].str.extract(r"printed (\d+)/(\d+)$").astype(int)
    days = [f"1936?-{month:02}-{day:02}" for month, day in printed.to_numpy()]
    assert events["start"].tolist() == days
    assert min(days).endswith("02-23")
    assert max(days).endswith("11-21")


def test_ties_are_the_product_of_the_matrix_with_its_transpose() -> None:
    edges, nodes = build_layers(load_study(RAW), load_config(CONFIG))
    matrix = published().sort_index()
    shared = matrix.to_numpy() @ matrix.to_numpy().T
    names = [name.lower() for name in matrix.index]
    found = np.zeros_like(shared)
    for source, target, weight in edges[["source", "target", "weight"]].to_numpy():
        i, j = names.index(source), names.index(target)
        found[i, j] = found[j, i] = weight
    np.testing.assert_array_equal(found, shared - np.diag(np.diag(shared)))
    assert nodes.set_index("person_id")["n_events"].loc[names].tolist() == list(np.diag(shared))


@pytest.mark.slow
class TestWorkflow:
    def test_what_the_study_lacks_is_said_in_one_line_each(
        self, small_run: tuple[Path, str]
    ) -> None:
        off = [line for line in small_run[1].splitlines() if line.startswith("Switched off: ")]
        assert len(off) == len(set(off))
        for what, table in {
            "layer membership": "memberships",
            "layer patronage": "ties",
            "layer relations": "ties",
            "layer access": "contacts",
            "panel, models and mechanisms": "fates",
            "ledger of claims": "claims",
        }.items():
            assert [line for line in off if what in line and f"no {table}" in line], (what, off)

    def test_only_what_the_tables_allow_is_made(self, small_run: tuple[Path, str]) -> None:
        results = small_run[0] / "results" / "southern_women"
        made = {str(path.relative_to(results)) for path in results.rglob("*") if path.is_file()}
        tables = (
            "cohesion",
            "data_quality",
            "evidence",
            "rows_by_year",
            "software",
            "structure",
            "top_persons",
        )
        wanted = {
            f"tables/{name}{suffix}" for name in tables for suffix in (".csv", ".html", ".tex")
        }
        wanted |= {f"figures/yearly_networks{suffix}" for suffix in (".png", ".pdf", ".txt")}
        names = ("attendance_1936.graphml", "attendance.gexf", "edges.csv", "nodes.csv")
        wanted |= {f"networks/{name}" for name in names}
        assert made == wanted | {"configuration.html", "manifest.csv"}

    def test_no_table_is_without_rows(self, small_run: tuple[Path, str]) -> None:
        tables = small_run[0] / "results" / "southern_women" / "tables"
        assert [path.name for path in tables.glob("*.csv") if pd.read_csv(path).empty] == []

    def test_the_most_central_person_is_the_first_of_the_published_row_sums(
        self, small_run: tuple[Path, str]
    ) -> None:
        table = small_run[0] / "results" / "southern_women" / "tables" / "top_persons.csv"
        first = pd.read_csv(table).iloc[0]
        matrix = published()
        strength = (matrix @ matrix.T).sum(axis=1) - matrix.sum(axis=1)
        assert (first["person"], first["value"]) == (strength.idxmax(), strength.max())

    @pytest.mark.parametrize(
        ("changed", "again"),
        [
            ("tables.py", {"data_chapter", "structure", "table_evidence", "table_measures"}),
            ("innercircle.mplstyle", {"figure"}),
        ],
    )
    def test_what_runs_code_of_the_last_stage_runs_again_when_it_changes(
        self, small_run: tuple[Path, str], changed: str, again: set[str]
    ) -> None:
        path = small_run[0] / "src" / "innercircle" / "output" / changed
        text = path.read_text(encoding="utf-8")
        path.write_text(f"{text}\n# changed\n", encoding="utf-8")
        plan = snakemake(small_run[0], "--cores", "1", "--dry-run", study="southern_women")
        path.write_text(text, encoding="utf-8")
        planned = set(re.findall(r"^rule (\w+):", plan, re.MULTILINE))
        assert again <= planned
        assert not {"build_networks", "measure", "backbone"} & planned


# --- a study with some of the tables ------------------------------------------------------------

FEW_DRAWS = {"resamples": 3, "null_draws": 2, "permutations": 20}


def reduced_study(folder: Path, tables: set[str], years: tuple[int, int]) -> None:
    """Copy the first study with some of its tables and few draws, and without foreign keys."""
    copy_project(folder, studies=("stalin",))
    raw, config = folder / "data" / "raw" / "stalin", folder / "config" / "stalin.yaml"
    package = json.loads((raw / "datapackage.json").read_text(encoding="utf-8"))
    kept = [resource for resource in package["resources"] if resource["name"] in tables]
    for resource in package["resources"]:
        if resource["name"] not in tables:
            (raw / resource["path"]).unlink()
    for resource in kept:
        keys = resource["schema"].get("foreignKeys", [])
        resource["schema"]["foreignKeys"] = [
            key for key in keys if key["reference"]["resource"] in tables
        ]
    package["resources"] = kept
    (raw / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")
    settings = yaml.safe_load(config.read_text(encoding="utf-8")) | FEW_DRAWS
    settings["years"] = dict(zip(("first", "last"), years, strict=True))
    settings["backbone"]["draws"] = settings["specification_curve"]["draws"] = 20
    settings["models"] = settings["models"][:3]
    config.write_text(yaml.safe_dump(settings), encoding="utf-8")


PARTIAL = {
    "ties alone": {"ties"},
    "posts alone": {"bodies", "memberships"},
    "visits alone": {"contacts", "contact_totals"},
    "visits without totals": {"contacts"},
    "fates without ties": {"events", "participations", "fates"},
    "claims without the rest": {"events", "participations", "claims"},
}


@pytest.mark.slow
@pytest.mark.parametrize("case", PARTIAL)
def test_the_workflow_can_be_planned_with_some_of_the_tables(tmp_path: Path, case: str) -> None:
    reduced_study(tmp_path, {"persons", *PARTIAL[case]}, (1930, 1935))
    assert "rule manifest:" in snakemake(tmp_path, "--cores", "1", "--dry-run")


@pytest.mark.slow
def test_models_of_layers_that_cannot_be_built_are_left_out_of_tables_and_figures(
    tmp_path: Path,
) -> None:
    reduced_study(tmp_path, {"persons", "bodies", "memberships", "fates"}, (1930, 1935))
    path = tmp_path / "config" / "stalin.yaml"
    config = yaml.safe_load(path.read_text(encoding="utf-8"))
    attendance = config["models"][0]  # there are no occasions
    of_posts = {**attendance, "name": "posts", "layer": "membership", "controls": []}
    config["models"] = [attendance, of_posts]
    del config["simulation"]
    path.write_text(yaml.safe_dump(config), encoding="utf-8")
    table, figure = "results/stalin/tables/flow.csv", "results/stalin/figures/survival.txt"
    snakemake(tmp_path, "--cores", "1", table, figure)
    assert set(pd.read_csv(tmp_path / table)["model"]) == {"posts"}
    assert "in the membership network" in (tmp_path / figure).read_text(encoding="utf-8")
