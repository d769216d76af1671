"""Tables for readers say the same as the numbers that they are made of."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from innercircle.output import write_table
from innercircle.output.reading import (
    cohesion_by_year,
    descriptive_statistics,
    falls,
    recomputed_contacts,
    robustness,
    with_interval,
)

if TYPE_CHECKING:
    from pathlib import Path


def test_an_estimate_is_shown_with_its_interval() -> None:
    shown = with_interval([0.5, np.nan, -1.0], [0.25, np.nan, np.nan], [0.75, np.nan, 2.0])
    assert shown == ["0.50 [0.25, 0.75]", "", "\N{MINUS SIGN}1.00 [n/a, 2.00]"]
    assert with_interval([-0.001], [-0.2], [0.2]) == ["0.00 [\N{MINUS SIGN}0.20, 0.20]"]


def test_a_table_for_reading_has_true_minus_signs_and_no_negative_zero(tmp_path: Path) -> None:
    write_table(pd.DataFrame({"x": [-1.5, -0.0001]}), tmp_path / "a", title="A", notes="B")
    cells = re.findall(r"<td>(.*?)</td>", (tmp_path / "a.html").read_text(encoding="utf-8"))
    assert cells == ["\N{MINUS SIGN}1.500", "0.000"]


def test_cohesion_has_an_interval_beside_every_measure() -> None:
    long = pd.DataFrame(
        [
            ("attendance", 1901, True, "n_persons", 3.0, np.nan, np.nan),
            ("attendance", 1901, True, "density", 0.5, 0.2, 0.9),
            ("membership", 1901, True, "density", 1.0, 1.0, 1.0),
        ],
        columns=["layer", "year", "leader_included", "measure", "value", "lo", "hi"],
    )
    numbers, shown = cohesion_by_year(long)
    assert numbers[["density", "density_lo", "density_hi"]].to_numpy().tolist() == [[0.5, 0.2, 0.9]]
    assert shown.to_dict("records") == [
        {
            "year": 1901,
            "leader_included": True,
            "n_persons": "3",
            "density": "0.50 [0.20, 0.90]",
        }
    ]


def test_robustness_exponentiates_and_leaves_competing_ends_out() -> None:
    models = pd.DataFrame(
        {
            "model": ["a", "a", "a"],
            "measure": ["degree", "strength", "degree"],
            "estimator": ["logit", "logit", "cause_specific"],
            "estimate": [0.0, np.log(2), 5.0],
            "lo": [-1.0, 0.0, 4.0],
            "hi": [1.0, np.log(4), 6.0],
            "n": [10, 8, 10],
            "events": [3, 2, 3],
            "explains": ["outcome", "outcome", "competing ends"],
        }
    )
    numbers, shown = robustness(models)
    assert numbers["ratio"].round(6).tolist() == [1.0, 2.0]
    assert shown.to_dict("records") == [
        {
            "model": "a",
            "estimator": "logit",
            "degree": "1.00 [0.37, 2.72]",
            "strength": "2.00 [1.00, 4.00]",
            "n": 10,
            "events": 3,
        }
    ]


def test_statistics_are_over_the_years_at_risk() -> None:
    panel = pd.DataFrame(
        {
            "person_id": ["x", "x", "y"],
            "year": [1901, 1902, 1901],
            "risk_fall_in_circle": ["at risk", "over", "at risk"],
            "fall_next": [1.0, np.nan, 0.0],
            "tenure_circle": [0.0, 1.0, 4.0],
            "attendance__degree__with": [2.0, 50.0, np.nan],
        }
    )
    table = descriptive_statistics(panel, {"populations": {"circle": {}}, "outcomes": {"fall": {}}})
    rows = table.set_index("variable")
    assert rows.loc["fall_next", ["persons", "person_years", "mean"]].tolist() == [2, 2, 0.5]
    assert rows.loc["tenure_circle", "max"] == 4
    assert rows.loc["attendance__degree__with", ["missing", "mean"]].tolist() == [1, 2.0]


def test_a_share_that_differs_from_the_printed_is_marked() -> None:
    contacts = pd.DataFrame(
        {"person_id": ["x", "y"], "period": ["1901"] * 2, "visits": [1, 3], "minutes": [5, 5]}
    )
    check = pd.DataFrame(
        [
            (1901, "x", "visits_pct", 25.0, 25.0, True),
            (1901, "y", "visits_pct", 74.0, 75.0, False),
            (1901, "x", "minutes_pct", 50.0, 50.0, True),
        ],
        columns=["year", "person", "column", "printed", "recomputed", "agrees"],
    )
    numbers, shown = recomputed_contacts(contacts, check)
    assert numbers["visits_pct_agrees"].tolist() == [True, False]
    assert shown["visits_pct_recomputed"].tolist() == ["25.00", "75.00\N{DAGGER}"]
    assert shown["minutes_pct_recomputed"].tolist() == ["50.00", ""]


def test_who_fell_is_listed_with_the_year_before() -> None:
    panel = pd.DataFrame(
        {
            "person_id": ["x", "y", "z"],
            "year": [1901, 1902, 1901],
            "risk_fall_in_circle": ["at risk", "at risk", "over"],
            "fall_next": [1.0, 0.0, 1.0],
            "fall_manner_next": ["arrested 1902", "", "removed 1902"],
            "standing": [2.0, 1.0, 0.0],
        }
    )
    config = {"populations": {"circle": {}}, "outcomes": {"fall": {}}}
    assert falls(panel, config, {"x": "Ex"}).to_dict("records") == [
        {
            "population": "circle",
            "person": "Ex",
            "person_id": "x",
            "year": 1901,
            "manner": "arrested 1902",
            "standing": 2.0,
        }
    ]
