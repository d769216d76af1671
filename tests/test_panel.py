"""Who is at risk, and of what, on a study small enough to do by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from innercircle.data.study import Study
from innercircle.inference.rows import outcome_and_competing
from innercircle.panel import build_panel
from innercircle.panel.marks import career_marks
from innercircle.panel.risk import last_mentions

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


def test_without_a_leader_in_the_configuration_nobody_is_left_out(study: Study) -> None:
    config = {key: value for key, value in CONFIG.items() if key != "leader"}
    nodes = pd.DataFrame({"layer": "attendance", "year": [1933], "person_id": ["boss"]})
    access = pd.DataFrame(columns=["year", "person_id", "visits_share", "minutes_share"])
    centrality = pd.DataFrame(columns=["layer", "year", "person_id", "leader_included", "value"])
    assert "boss" in set(build_panel(study, config, nodes, access, centrality)["person_id"])


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


def test_a_death_outside_the_years_of_the_study_is_no_mark(study: Study) -> None:
    later = with_fates(study, fate("back", "1950", "killed"), fate("moved", "1920", "suicide"))
    assert career_marks(later, CONFIG, "strict").equals(career_marks(study, CONFIG, "strict"))


def rebuild(study: Study, **changes: object) -> pd.DataFrame:
    """Build the panel with a changed configuration; no networks."""
    nodes = pd.DataFrame(
        {"layer": "attendance", "year": [1933, 1931], "person_id": ["outsider", "late"]}
    )
    access = pd.DataFrame(columns=["year", "person_id", "visits_share", "minutes_share"])
    config = {**CONFIG, **changes}
    return build_panel(study, config, nodes, access, pd.DataFrame()).set_index(
        ["person_id", "year"]
    )


def with_fates(study: Study, *rows: dict[str, object]) -> Study:
    fates = pd.concat([study["fates"], pd.DataFrame(rows)], ignore_index=True)
    fates["punitive"] = fates["punitive"].astype("boolean")
    return Study("toy", {**study.tables, "fates": fates})


SEATS = {
    **CONFIG["outcomes"],
    "formal": {"seat_lost": {"body": "top", "roles": ["full", "candidate"]}},
}
SUICIDE = {"competing_ends": ["died", "killed"]}


def test_a_purge_before_entry_leaves_one_at_risk_from_entry(panel: pd.DataFrame) -> None:
    risk = panel.loc["back", "risk_strict_in_circle"]
    assert risk.loc[1932:1934].tolist() == ["at risk"] * 3
    assert risk.loc[1935] == "next year not observed"


def test_a_purge_in_the_year_of_entry_postpones_entry_to_the_next_year_in_office(
    study: Study,
) -> None:
    risk = rebuild(with_fates(study, fate("moved", "1930-03", "arrested")))
    risk = risk.loc["moved", "risk_strict_in_circle"]
    assert risk.loc[1930] == "over"
    assert risk.loc[1931] == "at risk"


def test_a_purge_in_the_only_year_seen_leaves_nothing_at_risk(study: Study) -> None:
    risk = rebuild(with_fates(study, fate("outsider", "1933", "arrested")))
    assert set(risk.loc["outsider", "risk_strict_in_all"]) == {"over"}


def test_an_outcome_before_entering_one_population_counts_in_another(study: Study) -> None:
    """Risk is of a population: a purge between two entries ends one career, not the other."""
    spells = pd.concat(
        [study["memberships"], pd.DataFrame([spell("late", "full", "1934")])], ignore_index=True
    )
    fates = with_fates(study, fate("late", "1933", "expelled"), fate("late", "1933", "arrested"))
    both = rebuild(Study("toy", {**fates.tables, "memberships": spells}))
    assert both.loc[("late", 1932), "risk_strict_in_all"] == "at risk"
    assert both.loc[("late", 1932), "strict_next"] == 1
    assert both.loc[("late", 1934), "risk_strict_in_all"] == "over"
    assert both.loc[("late", 1934), "risk_strict_in_circle"] == "at risk"


def test_of_an_outcome_and_an_end_on_one_date_the_outcome_counts_and_nothing_competes(
    study: Study,
) -> None:
    both = with_fates(
        study, fate("moved", "1934-05-01", "died"), fate("moved", "1934-05-01", "arrested")
    )
    row = rebuild(both).loc[("moved", 1933)]
    assert (row["strict_next"], row["strict_competing_next"]) == (1, 0)
    assert row["end_next"] == "died"


def test_two_outcomes_on_one_date_are_one_purge_of_two_manners(study: Study) -> None:
    both = with_fates(
        study, fate("moved", "1934-05-01", "executed"), fate("moved", "1934-05-01", "arrested")
    )
    row = rebuild(both).loc[("moved", 1933)]
    assert row["strict_next"] == 1
    assert row["strict_manner_next"] == "arrested;executed"


def test_an_outcome_after_death_is_posthumous_and_does_not_count(study: Study) -> None:
    both = with_fates(
        study, fate("moved", "1934-05-01", "died"), fate("moved", "1934-06-01", "arrested")
    )
    row = rebuild(both).loc[("moved", 1933)]
    assert (row["strict_next"], row["strict_competing_next"]) == (0, 1)


@pytest.mark.parametrize(
    ("choice", "outcome", "competing"),
    [("purge", 1, 0), ("competing_end", 0, 1), ("censoring", 0, 0)],
)
def test_suicide_is_what_the_configuration_says(
    study: Study, choice: str, outcome: int, competing: int
) -> None:
    dead = with_fates(study, fate("moved", "1934-05-01", "suicide", punitive=False))
    found = rebuild(dead, **SUICIDE, suicide=choice)
    row = found.loc[("moved", 1933)]
    assert (row["strict_next"], row["strict_competing_next"]) == (outcome, competing)
    assert found.loc["moved"].index.max() == 1934


@pytest.mark.parametrize("choice", ["purge", "competing_end", "censoring"])
def test_a_model_may_decide_on_suicide_as_if_the_configuration_had(
    study: Study, choice: str
) -> None:
    dead = with_fates(study, fate("moved", "1934-05-01", "suicide", punitive=False))
    base = rebuild(dead, **SUICIDE, suicide="censoring").reset_index()
    other = rebuild(dead, **SUICIDE, suicide=choice).reset_index()
    found = outcome_and_competing({"outcome": "strict", "suicide": choice}, base)
    expected = outcome_and_competing({"outcome": "strict"}, other)
    for mine, theirs in zip(found, expected, strict=True):
        pd.testing.assert_series_equal(mine, theirs, check_names=False)


def test_a_model_may_decide_which_ends_compete(study: Study) -> None:
    rows = rebuild(study).reset_index()
    none = outcome_and_competing({"outcome": "strict", "competing_ends": []}, rows)[1]
    died = outcome_and_competing({"outcome": "strict", "competing_ends": ["died"]}, rows)[1]
    assert (none.sum(), died.sum()) == (0, 1)


def test_observation_ends_with_the_last_mention_where_the_population_says_so(
    study: Study,
) -> None:
    populations = {"all": {"coded": True, "censoring": "last_mention"}}
    seen = with_fates(study, fate("late", "1933", "appointed", punitive=False))
    risk = rebuild(seen, populations=populations)
    late = risk.loc["late", "risk_strict_in_all"]
    assert late.loc[1931:1932].tolist() == ["at risk", "at risk"]
    assert set(late.loc[1933:]) == {"next year not observed"}
    assert set(risk.loc["outsider", "risk_strict_in_all"]) == {"next year not observed"}


def test_a_mention_is_any_dated_row_in_any_role_that_the_configuration_accepts() -> None:
    accepted = {"status": "asserted"}
    tables = {
        "events": pd.DataFrame([{"event_id": "e", "start": "1934", "end": "1935", **accepted}]),
        "participations": pd.DataFrame(
            [{"event_id": "e", "person_id": "a", "role": "subject", **accepted}]
        ),
        "ties": pd.DataFrame(
            [
                {"source_id": "a", "target_id": "b", "start": "1931", "end": "", **accepted},
                {
                    "source_id": "c",
                    "target_id": "b",
                    "start": "1939",
                    "end": "",
                    "status": "rejected",
                },
            ]
        ),
        "contacts": pd.DataFrame([{"person_id": "c", "period": "1932", **accepted}]),
    }
    found = last_mentions(Study("toy", tables), CONFIG)
    assert found.to_dict() == {"a": 1935, "b": 1931, "c": 1932}


def test_a_seat_is_lost_by_leaving_the_body_and_not_by_promotion_or_death(study: Study) -> None:
    dated = pd.DataFrame(
        [
            spell("up", "candidate", "1930-01-01", "1932-05-01"),
            spell("up", "full", "1932-05-01", "1935/.."),
            spell("out", "full", "1930-01-01", "1932-05-01"),
            spell("out", "candidate", "1934-02-01", "1935/.."),
            spell("dies", "full", "1930-01-01", "1933-03-03"),
            spell("shot", "full", "1930-01-01", "1933-03-03"),
        ]
    )
    fates = with_fates(
        study, fate("dies", "1933-03-03", "died"), fate("shot", "1933-03-03", "executed")
    )["fates"]
    tables = {"memberships": dated, "fates": fates}
    found = rebuild(Study("toy", tables), outcomes=SEATS)
    assert found.loc["up", "formal_next"].fillna(0).sum() == 0
    assert found.loc[("out", 1931), "formal_next"] == 1
    risk = found.loc["out", "risk_formal_in_circle"]
    assert risk.loc[[1931, 1932, 1933, 1934]].tolist() == [
        "at risk",
        "no seat",
        "no seat",
        "at risk",
    ]
    row = found.loc[("dies", 1932)]
    assert (row["formal_next"], row["formal_competing_next"]) == (0, 1)
    row = found.loc[("shot", 1932)]
    assert (row["formal_next"], row["formal_competing_next"]) == (1, 0)


def test_tenure_age_generation_and_change_in_access_are_of_the_year() -> None:
    attributes = pd.DataFrame(
        [
            {"person_id": "old", "attribute": "birth_year", "value": "1870", "chosen": True},
            {"person_id": "old", "attribute": "birth_year", "value": "1875", "chosen": False},
            {"person_id": "old", "attribute": "party_entry_year", "value": "1905", "chosen": True},
            {
                "person_id": "young",
                "attribute": "party_entry_year",
                "value": "1904",
                "chosen": True,
            },
        ]
    )
    spells = pd.DataFrame([spell("old", "full", "1931"), spell("young", "full", "1931")])
    tables = {
        "memberships": spells,
        "fates": pd.DataFrame([fate("nobody", "1931", "died")]),
        "person_attributes": attributes,
    }
    access = pd.DataFrame(
        {
            "year": [1932, 1933],
            "person_id": ["old", "young"],
            "visits_share": [0.25, 0.5],
            "minutes_share": [0.5, 1.0],
        }
    )
    nodes = pd.DataFrame({"layer": [], "year": [], "person_id": []}).astype({"year": int})
    config = {**CONFIG, "party_generations": [1905, 1917]}
    panel = build_panel(Study("toy", tables), config, nodes, access, pd.DataFrame())
    panel = panel.set_index(["person_id", "year"])
    old, young = panel.loc["old"], panel.loc["young"]
    assert old.loc[1933, ["tenure_circle", "age"]].tolist() == [2, 63]
    assert (old.loc[1933, "party_generation"], young.loc[1933, "party_generation"]) == (
        "1905-1916",
        "before 1905",
    )
    assert young["age"].isna().all()
    assert (old.loc[1933, "minutes_share_change"], young.loc[1933, "minutes_share_change"]) == (
        -0.5,
        1.0,
    )
    assert old.loc[[1932, 1934], "minutes_share_change"].isna().all()


def test_who_is_not_received_has_no_share_of_minutes_that_nobody_recorded(study: Study) -> None:
    nodes = pd.DataFrame({"layer": "attendance", "year": [1933], "person_id": ["outsider"]})
    access = pd.DataFrame(
        {"year": [1932], "person_id": ["moved"], "visits_share": [1.0], "minutes_share": [np.nan]}
    )
    panel = build_panel(study, CONFIG, nodes, access, pd.DataFrame())
    of_year = panel.set_index(["person_id", "year"]).xs(1932, level="year")
    assert of_year["minutes_share"].isna().all()
    assert of_year.loc[["moved", "dead"], "visits_share"].tolist() == [1, 0]


def test_ties_to_the_purged_and_patrons_count_what_had_happened_by_the_end_of_the_year(
    study: Study,
) -> None:
    edges = pd.DataFrame(
        [
            ("attendance", 1932, "moved", "purged"),
            ("attendance", 1933, "moved", "purged"),
            ("patronage", 1933, "moved", "back"),
            ("patronage", 1933, "back", "outsider"),
            ("patronage", 1933, "purged", "moved"),
        ],
        columns=["layer", "year", "source", "target"],
    ).assign(weight=1.0)
    nodes = pd.DataFrame({"layer": "attendance", "year": [1933], "person_id": ["outsider"]})
    access = pd.DataFrame(columns=["year", "person_id", "visits_share", "minutes_share"])
    panel = build_panel(study, CONFIG, nodes, access, pd.DataFrame(), edges)
    moved = panel.set_index(["person_id", "year"]).loc["moved"]
    tied = moved["ties_to_purged__attendance__strict"]
    assert tied.loc[[1932, 1933]].tolist() == [0, 1]
    assert pd.isna(tied.loc[1931])
    names = ["clients", "clients_two_steps", "patrons", "patron_standing", "patron_purged__strict"]
    assert moved.loc[1933, names].tolist() == [1, 2, 1, 2, 1]
    assert pd.isna(moved.loc[1932, "clients"])
    seats = {"formal": SEATS["formal"]}
    alone = build_panel(study, {**CONFIG, "outcomes": seats}, nodes, access, pd.DataFrame(), edges)
    moved = alone.set_index(["person_id", "year"]).loc["moved"]
    assert moved.loc[1933, names[:4]].tolist() == [1, 2, 1, 2]
