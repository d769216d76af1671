"""What each model loses between the coded persons and its rows, by hand on a small study."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

from innercircle.inference.flow import COLUMNS, flow_table
from innercircle.inference.rows import estimation_rows
from innercircle.panel import build_panel
from tests.test_panel import CONFIG, SEATS, study  # noqa: F401 - a fixture

if TYPE_CHECKING:
    from innercircle.data.study import Study

    Made = tuple[Study, dict[str, Any], pd.DataFrame]

SPEC = {
    "name": "toy",
    "population": "circle",
    "outcome": "strict",
    "layer": "attendance",
    "measures": ["degree", "constraint"],
    "controls": ["minutes_share"],
    "estimators": ["logit"],
}


@pytest.fixture
def made(study: Study) -> Made:  # noqa: F811
    nodes = pd.DataFrame({"layer": "attendance", "year": [1933], "person_id": ["outsider"]})
    access = pd.DataFrame(
        {"year": [1931], "person_id": ["purged"], "visits_share": [1.0], "minutes_share": [1.0]}
    )
    placed = {"layer": "attendance", "person_id": "purged", "leader_included": True, "value": 0.5}
    centrality = pd.DataFrame(
        [
            {**placed, "year": year, "measure": measure}
            for year in (1931, 1932)
            for measure in ("degree", "constraint")
        ]
    )
    everyone = ["boss", "purged", "dead", "back", "moved", "outsider"]
    study.tables["persons"] = pd.DataFrame({"person_id": everyone})
    config = {**CONFIG, "outcomes": SEATS}
    return study, config, build_panel(study, config, nodes, access, centrality)


def test_each_step_counts_persons_years_and_falls_and_says_why(made: Made) -> None:
    study, config, panel = made  # noqa: F811
    table = flow_table(SPEC, study, config, panel)
    assert table.columns.tolist() == COLUMNS
    degree = table[table["measures"] == "degree"].set_index("step")
    counts = degree[["persons", "person_years", "falls"]].astype(object)
    expected = {
        "coded": [5, pd.NA, 2],
        "in the population": [4, pd.NA, 2],
        # purged 1930-32, dead 1931-32, back 1932-35, moved 1930-35
        "at risk in some year": [4, 15, 1],
        "next year observed": [4, 13, 1],
        "position measured": [4, 7, 1],
        "covariates known": [3, 3, 0],
        "analysed": [3, 3, 0],
    }
    assert {step: row.tolist() for step, row in counts.iterrows()} == expected
    assert degree.loc["covariates known", "reason"] == "missing: minutes_share 4"
    assert degree.loc["next year observed", "dropped_person_years"] == 2
    constraint = table[table["measures"] == "constraint"].set_index("step")
    assert constraint.loc["position measured", "person_years"] == 2


def test_the_last_step_is_what_the_model_analyses(made: Made) -> None:
    study, config, panel = made  # noqa: F811
    for measure in SPEC["measures"]:
        table = flow_table({**SPEC, "measures": [measure]}, study, config, panel)
        rows = estimation_rows(SPEC, panel, measure)
        assert table.iloc[-1][["person_years", "falls"]].tolist() == [len(rows), rows["y"].sum()]


def test_years_and_seats_have_steps_and_reasons_of_their_own(made: Made) -> None:
    study, config, panel = made  # noqa: F811
    spec = {**SPEC, "outcome": "formal", "years": {"first": 1931, "last": 1931}}
    table = flow_table(spec, study, config, panel).set_index("step")
    assert "no seat held" in table.loc["at risk in some year", "reason"].iloc[0]
    assert (table.loc["in the model", "reason"] == "outside the model's years").all()
