"""The log of visits: what is refused, what is imputed, and who was together."""

from __future__ import annotations

import csv
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from innercircle.cli import app
from innercircle.data import Study, validate_study
from innercircle.data.new_study import new_study
from innercircle.errors import Problem, StudyError
from innercircle.networks import build_layers
from innercircle.networks.overlaps import occupied_stretches, overlapping_pairs
from innercircle.networks.units import unit_networks
from innercircle.networks.visit_totals import check_visit_totals
from innercircle.networks.visits import counted_visits, visits_behind, with_stays
from tests.conftest import ROOT

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

CODED = ["p1", "explicit", "asserted", ""]
PERSONS = ("arent", "brandis", "corvin", "dahl")
# person, start, end, place, occasion
Visit = tuple[str, str, str, str, str]


def log(*visits: Visit | tuple[str, str, str]) -> pd.DataFrame:
    """Return a log; place is the office unless said."""
    rows = [(f"v{k}", *visit, *("office", "")[len(visit) - 3 :]) for k, visit in enumerate(visits)]
    columns = ["visit_id", "person_id", "start", "end", "place", "occasion"]
    return pd.DataFrame(rows, columns=columns).assign(status="asserted", locator="p1")


def config(**changes: Any) -> dict[str, Any]:
    return {
        "status": ["asserted"],
        "years": {"first": 1848, "last": 1850},
        "layers": {"copresence": {}},
        **changes,
    }


def edges_of(table: pd.DataFrame, **changes: Any) -> dict[tuple[str, str], tuple[float, float]]:
    edges, _ = build_layers(Study("salon", {"visits": table}), config(**changes))
    rows = edges[["source", "target", "weight", "minutes"]].itertuples(index=False)
    return {(a, b): (weight, minutes) for a, b, weight, minutes in rows}


# --- bad input ----------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "config").mkdir()
    schema = (ROOT / "config" / "schema.yaml").read_text(encoding="utf-8")
    (tmp_path / "config" / "schema.yaml").write_text(schema, encoding="utf-8")
    made, _ = new_study(tmp_path, "salon", years=(1848, 1850))
    write(made, "persons", [[name, name.capitalize(), "", "", *CODED] for name in PERSONS])
    return made


def write(folder: Path, table: str, rows: Sequence[Sequence[str]]) -> None:
    with (folder / f"{table}.csv").open("a", newline="", encoding="utf-8") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


def problems_of(folder: Path, *visits: Visit | tuple[str, str, str]) -> list[Problem]:
    rows = log(*visits).drop(columns=["status", "locator"]).to_numpy().tolist()
    write(folder, "visits", [[*row, *CODED] for row in rows])
    with pytest.raises(StudyError) as refused:
        validate_study(folder)
    return refused.value.problems


def rows_of(problems: list[Problem]) -> list[int]:
    return sorted({problem.row for problem in problems})


DAY = "1848-02-17"


def test_every_exit_before_its_entry_is_listed(folder: Path) -> None:
    problems = problems_of(
        folder,
        ("arent", f"{DAY}T14:00", f"{DAY}T13:00"),
        ("brandis", f"{DAY}T14:00", f"{DAY}T15:00"),
        ("corvin", f"{DAY}T23:00", f"{DAY}T01:00"),
        ("dahl", DAY, "1848-02-16T10:00"),
    )
    assert rows_of(problems) == [2, 4, 5]
    assert all("exit before entry" in problem.expected for problem in problems)


def test_overlapping_visits_of_one_person_are_listed_at_one_place_and_at_two(folder: Path) -> None:
    problems = problems_of(
        folder,
        ("arent", f"{DAY}T14:00", f"{DAY}T16:00"),
        ("arent", f"{DAY}T15:00", f"{DAY}T15:30"),
        ("brandis", f"{DAY}T14:00", f"{DAY}T16:00"),
        ("brandis", f"{DAY}T15:59", f"{DAY}T17:00", "dacha", ""),
        ("corvin", f"{DAY}T14:00", f"{DAY}T16:00"),
        ("corvin", f"{DAY}T16:00", f"{DAY}T17:00", "dacha", ""),
    )
    assert rows_of(problems) == [2, 3, 4, 5]
    assert "overlaps row 2 of this person" in next(p.expected for p in problems if p.row == 3)
    assert "then at dacha" in next(p.expected for p in problems if p.row == 4)


def test_every_visit_longer_than_the_limit_is_listed_and_the_limit_can_be_set(folder: Path) -> None:
    long = (("arent", f"{DAY}T14:00", "1848-02-18T16:00"), ("brandis", DAY, "1848-02-20T00:00"))
    problems = problems_of(folder, *long, ("corvin", f"{DAY}T14:00", "1848-02-18T14:00"))
    assert rows_of(problems) == [2, 3]
    assert "a visit of 26.0 hours" in problems[0].expected
    assert "the limit is 24" in problems[0].expected
    validate_study(folder, longest_hours=49)


def test_mixed_date_formats_are_listed_with_what_is_mixed(folder: Path) -> None:
    problems = problems_of(
        folder,
        ("arent", f"{DAY}T14:00", f"{DAY}T15:00"),
        ("brandis", "17.02.1848 14:00", "17.02.1848 15:00"),
        ("corvin", "2/17/1848 2 pm", ""),
        ("dahl", f"{DAY} 14:00", ""),
    )
    assert rows_of(problems) == [3, 4, 5]
    start = next(p.expected for p in problems if (p.row, p.column) == (3, "start"))
    assert "the column mixes formats" in start
    assert "99.99.9999 99:99 (1 cells)" in start


def test_time_zones_are_refused_and_mixed_ones_named(folder: Path) -> None:
    problems = problems_of(
        folder,
        ("arent", f"{DAY}T14:00Z", ""),
        ("brandis", f"{DAY}T14:00+03:00", ""),
        ("corvin", f"{DAY}T14:00", ""),
        ("dahl", f"{DAY}T14:00 MSK", ""),
    )
    assert rows_of(problems) == [2, 3, 5]
    assert all("write the local time of the place" in problem.expected for problem in problems)
    assert "mixes time zones: +03:00 (1 cells), MSK (1 cells), Z (1 cells), none (1 cells)" in (
        problems[0].expected
    )


def test_days_and_times_that_do_not_exist_and_exits_without_a_time_are_refused(
    folder: Path,
) -> None:
    problems = problems_of(
        folder,
        ("arent", "1848-02-30T14:00", ""),
        ("brandis", f"{DAY}T24:30", ""),
        ("corvin", DAY, DAY),
        ("dahl", "", f"{DAY}T14:00"),
    )
    assert rows_of(problems) == [2, 3, 4, 5]
    assert [p.expected.split(";")[0] for p in problems] == [
        "no such day or time",
        "no such day or time",
        "an exit needs a time",
        "must not be empty",
    ]


def test_unknown_persons_are_listed_with_the_nearest_known_name(folder: Path) -> None:
    problems = problems_of(
        folder,
        ("Arent", f"{DAY}T14:00", ""),
        ("arent", f"{DAY}T15:00", ""),
        ("corwin", f"{DAY}T14:00", ""),
        ("corwin", f"{DAY}T16:00", ""),
    )
    assert rows_of(problems) == [2, 4, 5]
    assert "did you mean 'arent'" in problems[0].expected
    assert "did you mean 'corvin'" in problems[1].expected


def test_repeated_visits_and_keys_are_listed(folder: Path) -> None:
    visit = ("arent", f"{DAY}T14:00", f"{DAY}T15:00")
    write(folder, "visits", [["v0", "brandis", DAY, "", "office", "", *CODED]])
    problems = problems_of(folder, visit, visit, ("brandis", DAY, ""))
    assert [(p.row, p.column) for p in problems] == [
        (3, "visit_id"),
        (4, "start"),
        (5, "start"),
    ]
    assert "the same visit as row 3" in problems[1].expected
    assert "the same visit as row 2" in problems[2].expected


def test_accounts_that_the_author_rejects_may_contradict_the_log(folder: Path) -> None:
    rows = [["v1", "arent", f"{DAY}T14:00", f"{DAY}T15:00", "office", "", *CODED]]
    rows.append(["v2", "arent", f"{DAY}T14:30", f"{DAY}T15:30", "dacha", "", *CODED])
    rows[1][8] = "rejected"
    write(folder, "visits", rows)
    assert len(validate_study(folder)["visits"]) == 2


def test_check_ends_with_exit_code_1_and_the_limit_of_the_configuration(folder: Path) -> None:
    write(folder, "visits", [["v1", "arent", f"{DAY}T10:00", f"{DAY}T19:00", "x", "", *CODED]])
    root = folder.parents[2]
    path = root / "config" / "salon.yaml"
    check = ["check", "salon", "--root", str(root)]
    assert CliRunner().invoke(app, check).exit_code == 0
    path.write_text(path.read_text(encoding="utf-8") + "visits: {longest_hours: 8}\n")
    result = CliRunner().invoke(app, check)
    assert result.exit_code == 1
    assert "a visit of 9.0 hours" in result.output


# What a table checked by columns and one checked by frictionless say of the same faults.
FAULTS = {
    "required": ("person_id", "", "must not be empty"),
    "enum": ("certainty", "explicitt", "did you mean 'explicit'"),
    "pattern": ("locator", "Page 3!", "does not have the form"),
    "foreign key": ("person_id", "corwin", "not a key of persons.csv (did you mean 'corvin'?)"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_the_log_is_refused_in_the_words_of_any_other_table(folder: Path, fault: str) -> None:
    column, value, expected = FAULTS[fault]
    visit = ["v1", "arent", f"{DAY}T14:00", "", "office", "", *CODED]
    fate = ["arent", "1848", "died", "", "false", *CODED]
    names = {
        "visits": "visit_id person_id start end place occasion locator certainty status note",
        "fates": "person_id date outcome body_id punitive locator certainty status note",
    }
    for table, row in (("visits", visit), ("fates", fate)):
        row[names[table].split().index(column)] = value
        write(folder, table, [row])
    with pytest.raises(StudyError) as refused:
        validate_study(folder)
    said = {
        p.file.rsplit("/", 1)[-1]: (p.row, p.column, p.expected) for p in refused.value.problems
    }
    assert said["visits.csv"] == said["fates.csv"]
    assert said["visits.csv"][:2] == (2, column)
    assert expected in said["visits.csv"][2]


# --- the sweep ----------------------------------------------------------------------------------

INTERVALS = st.lists(
    st.tuples(st.integers(0, 30), st.integers(0, 12), st.integers(0, 2)), max_size=25
)


@given(INTERVALS)
def test_the_sweep_finds_the_pairs_of_a_double_loop(found: list[tuple[int, int, int]]) -> None:
    start, length, group = np.array(found, dtype=np.int64).reshape(-1, 3).T
    end = start + length
    swept = [
        frozenset((int(i), int(j)))
        for first, second in overlapping_pairs(start, end, group)
        for i, j in zip(first, second, strict=True)
    ]
    looped = {
        frozenset((i, j))
        for i, j in combinations(range(len(start)), 2)
        if group[i] == group[j] and min(end[i], end[j]) > max(start[i], start[j])
    }
    assert len(swept) == len(set(swept))
    assert set(swept) == looped


@given(INTERVALS)
def test_a_stretch_begins_where_no_earlier_interval_goes_on(
    found: list[tuple[int, int, int]],
) -> None:
    start, length, group = np.array(found, dtype=np.int64).reshape(-1, 3).T
    end = start + length
    begun = occupied_stretches(start, end, group)
    for i in range(len(start)):
        mine, reach = [], int(start[i])
        while True:  # walk back over whatever was going on
            mine = [int(start[j]) for j in range(len(start)) if group[j] == group[i]]
            mine = [
                int(start[j])
                for j in range(len(start))
                if group[j] == group[i] and start[j] < reach < end[j]
            ]
            if not mine:
                break
            reach = min(mine)
        assert begun[i] == reach


TIMES = st.lists(
    st.tuples(st.sampled_from(PERSONS), st.integers(0, 4000), st.integers(1, 600), st.booleans()),
    max_size=20,
)


@settings(max_examples=40, deadline=None)
@given(TIMES)
def test_edges_are_those_of_a_double_loop_over_visits(
    drawn: list[tuple[str, int, int, bool]],
) -> None:
    base = np.datetime64("1848-12-30T12:00", "m")
    visits: list[tuple[str, int, int, str]] = []
    for person, start, length, home in sorted(drawn, key=lambda visit: visit[1]):
        if all(p != person or e <= start for p, _, e, _ in visits):
            visits.append((person, start, start + length, "home" if home else "office"))
    rows = [(p, str(base + s), str(base + e), place, "") for p, s, e, place in visits]
    swept, _ = build_layers(Study("salon", {"visits": log(*rows)}), config())
    looped: dict[tuple[str, str], list[int]] = {}
    for (p, s, e, place), (q, t, f, elsewhere) in combinations(visits, 2):
        shared = min(e, f) - max(s, t)
        if p != q and place == elsewhere and shared >= 1:
            looped.setdefault((min(p, q), max(p, q)), []).append(shared)
    found = swept.groupby(["source", "target"])[["weight", "minutes"]].sum()
    assert {pair: (row.weight, row.minutes) for pair, row in found.iterrows()} == {
        pair: (len(times), sum(times)) for pair, times in looped.items()
    }


# --- missing times ------------------------------------------------------------------------------


def stays(*visits: tuple[str, str, str], least: int = 1) -> pd.DataFrame:
    table = with_stays(log(*visits), ["visitor", "place"], least)
    return table.set_index("visit_id").sort_index()


def test_a_missing_exit_is_the_entry_and_the_visitors_median_stay() -> None:
    found = stays(
        ("arent", f"{DAY}T10:00", f"{DAY}T10:30"),
        ("arent", f"{DAY}T11:00", f"{DAY}T12:30"),
        ("brandis", f"{DAY}T11:00", f"{DAY}T21:00"),
        ("arent", f"{DAY}T14:00", ""),
    )
    assert found.loc["v3", "exit"] == pd.Timestamp(f"{DAY}T15:00")
    assert found["imputed"].tolist() == [False, False, False, True]


def test_without_stated_stays_of_the_visitor_the_median_of_the_place_stands_in() -> None:
    found = stays(("arent", f"{DAY}T10:00", f"{DAY}T10:40"), ("brandis", f"{DAY}T10:00", ""))
    assert found.loc["v1", "minutes"] == 40


def test_a_median_of_too_few_stays_stands_in_for_nothing() -> None:
    visits = [(person, f"{DAY}T10:00", f"{DAY}T10:40") for person in PERSONS]
    found = stays(*visits, ("ehlers", f"{DAY}T10:00", ""), least=5)
    assert np.isnan(found.loc["v4", "minutes"])
    assert not found["imputed"].any()
    pairs = edges_of(log(*visits, ("ehlers", f"{DAY}T10:00", "")))
    assert not any("ehlers" in pair for pair in pairs)


def test_an_imputed_stay_lies_between_the_visitors_other_visits() -> None:
    found = stays(
        ("arent", f"{DAY}T08:00", f"{DAY}T10:00"),
        ("arent", f"{DAY}T11:00", ""),
        ("arent", f"{DAY}T12:00", f"{DAY}T14:00"),
        ("arent", DAY, f"{DAY}T15:00"),
    )
    assert found.loc["v1", "exit"] == pd.Timestamp(f"{DAY}T12:00")
    assert found.loc["v3", "entry"] == pd.Timestamp(f"{DAY}T14:00")


def test_nothing_is_imputed_if_the_configuration_says_so() -> None:
    visits = log(("arent", f"{DAY}T10:00", f"{DAY}T10:40"), ("brandis", f"{DAY}T10:00", ""))
    rules = {"missing_times": [], "least_stays": 1}
    assert edges_of(visits, visits=rules) == {}
    assert edges_of(visits, visits={"least_stays": 1}) == {("arent", "brandis"): (1, 40)}


def test_occasions_that_rest_on_an_imputed_time_are_flagged() -> None:
    visits = log(
        ("arent", f"{DAY}T10:00", f"{DAY}T11:00"),
        ("brandis", f"{DAY}T10:30", f"{DAY}T11:00"),
        ("arent", f"{DAY}T15:00", f"{DAY}T16:00"),
        ("brandis", f"{DAY}T15:00", ""),
    )
    rules = {"least_stays": 1}
    edges, _ = build_layers(Study("salon", {"visits": visits}), config(visits=rules))
    assert edges[["weight", "minutes", "n_imputed"]].to_numpy().tolist() == [[2, 60, 1]]


# --- who was together ---------------------------------------------------------------------------


def test_a_visit_past_midnight_meets_who_comes_after_midnight() -> None:
    visits = log(
        ("arent", f"{DAY}T23:30", "1848-02-18T01:00"),
        ("brandis", "1848-02-18T00:15", "1848-02-18T00:45"),
    )
    assert edges_of(visits) == {("arent", "brandis"): (1, 30)}


def test_two_visits_a_day_are_two_occasions() -> None:
    visits = log(
        ("arent", f"{DAY}T10:00", f"{DAY}T20:00"),
        ("brandis", f"{DAY}T11:00", f"{DAY}T12:00"),
        ("brandis", f"{DAY}T18:00", f"{DAY}T18:10"),
    )
    assert edges_of(visits) == {("arent", "brandis"): (2, 70)}


def test_the_same_day_without_times_is_no_copresence_unless_the_source_says_so() -> None:
    apart = log(("arent", DAY, ""), ("brandis", DAY, ""))
    together = log(("arent", DAY, "", "office", "x"), ("brandis", DAY, "", "office", "x"))
    assert edges_of(apart) == {}
    ((pair, (occasions, minutes)),) = edges_of(together).items()
    assert (pair, occasions) == (("arent", "brandis"), 1)
    assert np.isnan(minutes)


def test_visits_said_to_be_together_count_once_and_not_against_four_stated_times() -> None:
    rows = [
        ("arent", f"{DAY}T10:00", f"{DAY}T11:00", "office", "x"),
        ("brandis", f"{DAY}T10:30", f"{DAY}T11:30", "office", "x"),
        ("corvin", f"{DAY}T12:00", f"{DAY}T12:20", "office", "x"),
        ("dahl", DAY, "", "office", "x"),
    ]
    found = edges_of(log(*rows), visits={"missing_times": []})
    assert found["arent", "brandis"] == (1, 30)
    assert ("arent", "corvin") not in found
    assert found["corvin", "dahl"] == (1, 20)


def test_the_leader_is_present_throughout_at_his_places_and_only_there() -> None:
    visits = log(
        ("arent", f"{DAY}T10:00", f"{DAY}T11:00"),
        ("brandis", DAY, ""),
        ("corvin", f"{DAY}T10:00", f"{DAY}T11:00", "club", ""),
    )
    leader = {"leader": "dahl", "visits": {"host_places": ["office"], "missing_times": []}}
    edges, nodes = build_layers(Study("salon", {"visits": visits}), config(**leader))
    assert edges[["source", "target", "weight"]].to_numpy().tolist() == [
        ["arent", "dahl", 1],
        ["brandis", "dahl", 1],
    ]
    assert dict(zip(nodes["person_id"], nodes["n_events"], strict=True)) == {
        "arent": 1,
        "brandis": 1,
        "corvin": 1,
        "dahl": 2,
    }


def test_a_leader_who_is_logged_is_present_when_the_log_says() -> None:
    visits = log(
        ("arent", f"{DAY}T10:00", f"{DAY}T11:00"),
        ("brandis", f"{DAY}T14:00", f"{DAY}T15:00"),
        ("dahl", f"{DAY}T10:30", f"{DAY}T12:00"),
    )
    leader = {"leader": "dahl", "visits": {"host_places": ["office"]}}
    assert edges_of(visits, **leader) == {("arent", "dahl"): (1, 30)}


def test_shorter_overlaps_than_the_configuration_asks_are_no_contacts() -> None:
    visits = log(
        ("arent", f"{DAY}T10:00", f"{DAY}T11:00"), ("brandis", f"{DAY}T10:56", f"{DAY}T12:00")
    )
    assert edges_of(visits) == {("arent", "brandis"): (1, 4)}
    assert edges_of(visits, layers={"copresence": {"least_minutes": 5}}) == {}


def test_a_meeting_past_new_year_stays_in_the_year_in_which_it_began() -> None:
    visits = log(
        ("arent", "1848-12-31T22:00", "1849-01-01T03:00"),
        ("brandis", "1849-01-01T01:00", "1849-01-01T02:00"),
    )
    edges, nodes = build_layers(Study("salon", {"visits": visits}), config())
    assert edges["year"].tolist() == [1848]
    assert nodes["year"].tolist() == [1848, 1848]


@pytest.mark.parametrize(("unit", "number"), [("day", 2), ("episode", 3)])
def test_units_are_days_or_episodes_and_their_sum_is_the_network(unit: str, number: int) -> None:
    visits = log(
        ("arent", f"{DAY}T10:00", f"{DAY}T11:00"),
        ("brandis", f"{DAY}T10:30", f"{DAY}T11:30"),
        ("arent", f"{DAY}T15:00", f"{DAY}T16:00"),
        ("brandis", f"{DAY}T15:00", f"{DAY}T16:00"),
        ("arent", "1848-02-18T15:00", "1848-02-18T16:00"),
        ("brandis", "1848-02-18T15:00", "1848-02-18T16:00"),
    )
    rules = config(layers={"copresence": {"unit": unit}})
    (network,) = unit_networks(Study("salon", {"visits": visits}), rules)
    assert len(network.units) == number
    assert network.weights(np.ones((number, 1))).tolist() == [[3]]


def test_the_visits_behind_a_tie_are_those_at_which_the_two_met() -> None:
    visits = log(
        ("arent", f"{DAY}T10:00", f"{DAY}T11:00"),
        ("brandis", f"{DAY}T10:30", f"{DAY}T11:30"),
        ("arent", f"{DAY}T15:00", f"{DAY}T16:00"),
    )
    study = Study("salon", {"visits": visits})
    assert visits_behind(study, config(), ["arent", "brandis"], 1848) == ["v0", "v1"]
    assert visits_behind(study, config(), ["arent"], 1848) == ["v0", "v2"]
    leader = config(leader="dahl", visits={"host_places": ["office"]})
    assert visits_behind(study, leader, ["arent", "dahl"], 1848) == ["v0", "v2"]


def test_rows_that_the_configuration_does_not_accept_do_not_count() -> None:
    visits = log(
        ("arent", f"{DAY}T10:00", f"{DAY}T11:00"), ("brandis", f"{DAY}T10:00", f"{DAY}T11:00")
    )
    visits.loc[1, "status"] = "disputed"
    assert edges_of(visits) == {}
    everything = config(status=["asserted", "disputed"])
    assert len(counted_visits(Study("salon", {"visits": visits}), everything)) == 2


# --- against printed sums -----------------------------------------------------------------------


def test_sums_of_the_log_are_held_against_contacts_by_period() -> None:
    visits = log(
        ("arent", f"{DAY}T10:00", f"{DAY}T11:00"),
        ("arent", "1848-06-01T10:00", "1848-06-01T10:20"),
        ("brandis", "1848-07-01T10:00", "1848-07-01T10:20"),
    )
    printed = [
        ("arent", "1848-01/1848-06", 2, 80),
        ("arent", "1848", 3, 80),
        ("dahl", "1848", 0, 0),
    ]
    contacts = pd.DataFrame(printed, columns=["person_id", "period", "visits", "minutes"])
    contacts = contacts.assign(other_id="host", status="asserted")
    contacts = contacts.astype({"visits": "Int64", "minutes": "Int64"})
    study = Study("salon", {"visits": visits, "contacts": contacts})
    check = check_visit_totals(study, config(leader="host", visits={"host_places": ["office"]}))
    agree = check.set_index(["period", "person_id"])[["visits_agree", "minutes_agree"]]
    assert agree.loc[("1848-01/1848-06", "arent")].tolist() == [True, True]
    assert agree.loc[("1848", "arent")].tolist() == [False, True]
    assert agree.loc[("1848", "dahl")].tolist() == [True, True]
    assert agree.loc[("1848", "brandis")].isna().all()


def test_no_more_visits_of_a_person_are_coded_than_the_first_study_prints() -> None:
    from innercircle.data import load_config, load_study

    study = load_study(ROOT / "data" / "raw" / "stalin")
    check = check_visit_totals(study, load_config(ROOT / "config" / "stalin.yaml"))
    printed = check.dropna(subset=["visits"])
    assert (printed["visits_logged"] <= printed["visits"]).all()
    assert check["visits_logged"].sum() > 30
