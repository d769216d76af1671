"""Who is at risk, and of what, on a study small enough to do by hand."""

from __future__ import annotations

import pandas as pd
import pytest

from innercircle.data.study import Study
from innercircle.panel import build_panel
from innercircle.panel.marks import career_marks

CONFIG = {
    "years": {"first": 1930, "last": 1935},
    "status": ["asserted"],
    "leader": "boss",
    "standing": [
        {"body": "top", "role": "full", "score": 2},
        {"body": "top", "role": "candidate", "score": 1},
    ],
    "populations": {"circle": {"bodies": {"top": ["full", "candidate"]}}, "all": {"coded": True}},
    "outcomes": {
        "strict": {"fates": ["arrested", "executed"]},
        "broad": {"fates": ["arrested", "executed"], "punitive": ["removed"]},
    },
    "competing_ends": ["died"],
}


def spell(person: str, role: str, start: str, end: str = "1935/..") -> dict[str, str]:
    return {
        "person_id": person,
        "body_id": "top",
        "role": role,
        "start": start,
        "end": end,
        "status": "asserted",
    }


def fate(person: str, date: str, outcome: str, *, punitive: bool = True) -> dict[str, object]:
    return {
        "person_id": person,
        "date": date,
        "outcome": outcome,
        "punitive": punitive,
        "status": "asserted",
    }


@pytest.fixture
def study() -> Study:
    memberships = [
        spell("boss", "full", "1930"),
        spell("purged", "full", "1930", "1933"),
        spell("dead", "candidate", "1931", "1932"),
        spell("back", "full", "1932"),
        spell("moved", "candidate", "1930", "1931"),
        spell("moved", "full", "1931"),
    ]
    fates = [
        fate("purged", "1932-05", "removed"),
        fate("purged", "1933-02", "arrested"),
        fate("dead", "1933-01", "died", punitive=False),
        fate("back", "1931", "arrested"),  # before he entered
        fate("moved", "1931", "removed", punitive=False),
        fate("moved", "", "executed"),  # undated
    ]
    tables = {"memberships": pd.DataFrame(memberships), "fates": pd.DataFrame(fates)}
    tables["fates"]["punitive"] = tables["fates"]["punitive"].astype("boolean")
    return Study("toy", tables)


@pytest.fixture
def panel(study: Study) -> pd.DataFrame:
    nodes = pd.DataFrame({"layer": "attendance", "year": [1933], "person_id": ["outsider"]})
    access = pd.DataFrame(
        {"year": [1931], "person_id": ["purged"], "visits_share": [1.0], "minutes_share": [1.0]}
    )
    centrality = pd.DataFrame(
        {
            "layer": "attendance",
            "year": 1931,
            "person_id": ["purged"],
            "leader_included": True,
            "measure": ["degree"],
            "value": [0.5],
        }
    )
    return build_panel(study, CONFIG, nodes, access, centrality).set_index(["person_id", "year"])


def test_the_leader_is_never_at_risk(panel: pd.DataFrame) -> None:
    assert "boss" not in panel.index.get_level_values(0)


def test_risk_ends_with_the_outcome_which_falls_in_the_year_before_it(panel: pd.DataFrame) -> None:
    assert panel.loc[("purged", 1932), "strict_next"] == 1
    assert panel.loc[("purged", 1931), "strict_next"] == 0
    assert panel.loc[("purged", 1931), "broad_next"] == 1
    assert not panel.loc[("purged", 1932), "at_risk_broad"]
    assert panel.loc[("purged", 1933), "at_risk_strict"] == False  # noqa: E712


def test_death_ends_risk_without_an_outcome(panel: pd.DataFrame) -> None:
    dead = panel.loc["dead"]
    assert dead["strict_next"].fillna(0).sum() == 0
    assert dead.index.max() == 1933
    assert not dead.loc[1933, "at_risk"]


def test_other_ends_compete_in_the_year_before_them(panel: pd.DataFrame) -> None:
    assert panel.loc[("dead", 1932), "strict_competing_next"] == 1
    assert panel["strict_competing_next"].sum() == 1
    at_risk = panel["strict_next"].notna()
    assert (panel["strict_competing_next"].notna() == at_risk).all()


def test_an_arrest_before_entry_does_not_count(panel: pd.DataFrame) -> None:
    back = panel.loc["back"]
    assert back.index.min() == 1932
    assert back["strict_next"].fillna(0).sum() == 0
    assert back.loc[1932:1934, "at_risk_strict"].all()


def test_a_removal_that_is_not_punitive_and_an_undated_end_are_no_outcome(
    panel: pd.DataFrame,
) -> None:
    assert panel.loc["moved"][["strict_next", "broad_next"]].fillna(0).to_numpy().sum() == 0


def test_the_last_year_has_no_year_after_it(panel: pd.DataFrame) -> None:
    assert not panel.xs(1935, level="year")["at_risk"].any()


def test_the_highest_standing_of_the_year_counts(panel: pd.DataFrame) -> None:
    assert panel.loc["moved"]["standing"].to_dict() == {
        1930: 1,
        1931: 2,
        1932: 2,
        1933: 2,
        1934: 2,
        1935: 2,
    }


def test_populations_are_entered_when_their_condition_first_holds(panel: pd.DataFrame) -> None:
    assert panel.loc[("outsider", 1933), "in_all"]
    assert not panel.loc[("outsider", 1933), "in_circle"]


def test_absence_is_zero_in_a_year_with_records_and_missing_in_one_without(
    panel: pd.DataFrame,
) -> None:
    assert panel.loc[("moved", 1931), "minutes_share"] == 0
    assert pd.isna(panel.loc[("moved", 1932), "minutes_share"])
    assert panel.loc[("moved", 1931), "attendance__degree__with"] == 0
    assert pd.isna(panel.loc[("moved", 1932), "attendance__degree__with"])


def test_marks_show_entry_exit_and_fall_once(study: Study) -> None:
    marks = career_marks(study, CONFIG, "strict")
    assert marks.to_numpy().tolist() == [
        ["back", 1931, "fall"],
        ["back", 1932, "entry"],
        ["dead", 1931, "entry"],
        ["dead", 1932, "exit"],
        ["purged", 1933, "exit"],
        ["purged", 1933, "fall"],
    ]
