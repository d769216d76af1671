"""An invented elite: complete, valid, the same bytes for the same seed, and its truth is found."""

from __future__ import annotations

import json
import shutil
import warnings
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from innercircle.cli import app
from innercircle.data import Study, load_config, validate_study
from innercircle.data.simulated_elite import Simulation, draw_elite, draw_visits
from innercircle.data.simulated_study import simulate_study
from innercircle.errors import StudyError
from innercircle.inference import fit_model
from innercircle.measures import measure_layers
from innercircle.measures.large import LargeNetworks
from innercircle.networks import build_layers
from innercircle.networks.observed import counted_access
from innercircle.networks.units import unit_networks
from innercircle.networks.visit_totals import check_visit_totals
from innercircle.panel import build_panel
from tests.conftest import ROOT, copy_project, snakemake

if TYPE_CHECKING:
    from pathlib import Path

SMALL = {"persons": 100, "years": 10, "visits_per_year": 800, "events_per_year": 25}


def project(folder: Path) -> Path:
    (folder / "config").mkdir(parents=True)
    shutil.copy(ROOT / "config" / "schema.yaml", folder / "config")
    return folder


def simulated(folder: Path, **choices: Any) -> tuple[Study, dict[str, Any], dict[str, Any]]:
    tables, config, truth = simulate_study(project(folder), "toy", {**SMALL, **choices})
    return validate_study(tables), load_config(config), truth


@pytest.fixture(scope="module")
def toy(tmp_path_factory: pytest.TempPathFactory) -> tuple[Study, dict[str, Any], dict[str, Any]]:
    return simulated(tmp_path_factory.mktemp("toy"))


def test_all_tables_of_the_analyses_but_names_and_claims_have_rows(
    toy: tuple[Study, dict[str, Any], dict[str, Any]],
) -> None:
    study, _, truth = toy
    wanted = {"persons", "bodies", "memberships", "events", "participations", "ties", "contacts"}
    assert set(study.tables) == wanted | {"contact_totals", "visits", "fates"}
    assert truth["rows"] == {name: len(table) for name, table in study.tables.items()}
    assert truth["rows"]["visits"] == 8000
    assert (study["fates"]["outcome"] != "died").sum() == truth["falls"]


def test_the_same_seed_gives_the_same_bytes_and_another_one_others(tmp_path: Path) -> None:
    few = {"persons": 20, "years": 3, "visits_per_year": 50, "events_per_year": 5}
    made = []
    for place, seed in (("a", 1), ("b", 1), ("c", 2)):
        folder, _, _ = simulate_study(project(tmp_path / place), "toy", {**few, "seed": seed})
        made.append({path.name: path.read_bytes() for path in folder.iterdir()})
    assert made[0] == made[1]
    assert made[0]["visits.csv"] != made[2]["visits.csv"]


def test_nobody_visits_before_entry_after_his_end_or_two_places_at_once() -> None:
    plan = Simulation(persons=60, years=6, visits_per_year=2000)
    rng = np.random.default_rng(7)
    elite = draw_elite(plan, rng)
    for year in range(plan.years):
        visits = draw_visits(plan, elite, year, rng)
        last_day = elite.days(year)[visits["person"].to_numpy()]
        assert (visits["entry"].to_numpy() < last_day * 24 * 60).all()
        ordered = visits.sort_values(["person", "entry"])
        following = ordered.groupby("person")["entry"].shift(-1)
        assert not (following < ordered["exit"]).any()


def test_the_leaders_visits_in_the_log_are_those_of_contacts(
    toy: tuple[Study, dict[str, Any], dict[str, Any]],
) -> None:
    study, config, _ = toy
    check = check_visit_totals(study, config).dropna(subset=["visits"])
    assert check["visits_agree"].all()
    whole = check[check["n_imputed"] == 0]
    assert len(whole) > 10
    assert whole["minutes_agree"].all()
    off = (check["minutes_logged"].sum() - check["minutes"].sum()) / check["minutes"].sum()
    assert abs(off) < 0.05


def true_positions(truth: dict[str, Any]) -> pd.DataFrame:
    """Return prominence in the form of a table of centralities."""
    rows = [
        (person, truth["years"][0] + year, value)
        for person, values in truth["prominence"].items()
        for year, value in enumerate(values)
        if value is not None
    ]
    table = pd.DataFrame(rows, columns=["person_id", "year", "value"])
    return table.assign(layer="copresence", measure="prominence", leader_included=False)


@pytest.mark.parametrize("effect", [1.0, -1.0])
def test_the_planted_sign_is_found_through_panel_and_regression(
    tmp_path: Path, effect: float
) -> None:
    study, config, truth = simulated(tmp_path, effect=effect, persons=200, seed=3)
    config["layers"] = {"copresence": config["layers"]["copresence"]}
    edges, nodes = build_layers(study, config)
    access, networks = counted_access(study, config), unit_networks(study, config)
    strength_alone = LargeNetworks(0, ("strength",))
    centrality, _ = measure_layers(networks, access, config["leader"], 0, 1, strength_alone)
    both = pd.concat([centrality, true_positions(truth)])
    panel = build_panel(study, config, nodes, access, both, edges)
    spec = {**config["models"][0], "measures": ["strength", "prominence"]}
    for fit in fit_model(spec, panel):
        (term,) = [term for term in fit.terms if term.term == fit.measure]
        assert fit.events > 50
        assert np.sign(term.estimate) == effect
        assert term.p_value < 0.01
        if fit.measure == "prominence":  # seen as it is, and not through visits
            assert term.lo < effect < term.hi
        else:
            assert abs(term.estimate) < abs(effect)


def test_measured_position_follows_the_true_prominence(
    toy: tuple[Study, dict[str, Any], dict[str, Any]],
) -> None:
    study, config, truth = toy
    edges, _ = build_layers(study, {**config, "layers": {"copresence": {}}})
    last = edges[edges["year"] == 1809]
    ends = pd.concat([last.set_index(side)["weight"] for side in ("source", "target")])
    strength = ends.groupby(level=0).sum().drop(config["leader"])
    true = pd.Series({person: row[8] for person, row in truth["prominence"].items()}, dtype=float)
    assert strength.corr(true, method="spearman") > 0.6


def test_a_year_in_which_nobody_is_left_has_no_prominence() -> None:
    with warnings.catch_warnings(action="error"):
        elite = draw_elite(Simulation(persons=20, years=400), np.random.default_rng(1))
    assert np.isnan(elite.prominence).all(axis=0).any()


def test_a_configuration_that_says_what_to_invent_is_kept_and_makes_the_tables(
    tmp_path: Path,
) -> None:
    root = project(tmp_path)
    shutil.copy(ROOT / "config" / "synthetic.yaml", root / "config" / "synthetic.yaml")
    text = (root / "config" / "synthetic.yaml").read_text(encoding="utf-8")
    _, config, truth = simulate_study(root, "synthetic", {})
    assert config.read_text(encoding="utf-8") == text
    assert truth["invented"] == load_config(config)["invented"]
    with pytest.raises(StudyError, match="exists already"):
        simulate_study(root, "synthetic", {})


def test_choices_that_cannot_be_or_contradict_the_configuration_are_refused(
    tmp_path: Path,
) -> None:
    root = project(tmp_path)
    with pytest.raises(StudyError, match="persons: found '3': must be at least 20"):
        simulate_study(root, "toy", {"persons": 3})
    shutil.copy(ROOT / "config" / "synthetic.yaml", root / "config" / "synthetic.yaml")
    with pytest.raises(StudyError, match="leave out persons"):
        simulate_study(root, "synthetic", {"persons": 30})
    shutil.copy(ROOT / "config" / "southern_women.yaml", root / "config")
    with pytest.raises(StudyError, match="without a key invented"):
        simulate_study(root, "southern_women", {})
    assert not (root / "data").exists()


def test_the_command_says_what_it_made(tmp_path: Path) -> None:
    options = ["--persons", "20", "--years", "2", "--visits-per-year", "30", "--effect", "-1"]
    command = ["simulate-study", "toy", *options, "--root", str(project(tmp_path))]
    result = CliRunner().invoke(app, command)
    assert result.exit_code == 0, result.output
    assert "visits 60" in result.output
    truth = json.loads((tmp_path / "data" / "raw" / "toy" / "truth.json").read_text())
    assert truth["effects_on_log_odds"]["position"] == -1
    assert CliRunner().invoke(app, command).exit_code == 1


@pytest.mark.slow
def test_the_workflow_finds_the_planted_sign_in_the_committed_simulation(tmp_path: Path) -> None:
    folder = copy_project(tmp_path, studies=())
    simulate_study(folder, "synthetic", {})
    results = "results/synthetic"
    targets = [f"{results}/tables/models.csv", f"{results}/tables/visits_check.csv"]
    targets.append(f"{results}/networks/copresence_1805.graphml")
    snakemake(folder, "--cores", "1", *targets, study="synthetic")
    models = pd.read_csv(folder / results / "tables" / "models.csv")
    assert (models["lo"] > 0).all()
    assert all((folder / target).stat().st_size > 0 for target in targets)
