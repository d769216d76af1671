"""Every test of claims, on invented data whose answers are known."""

from __future__ import annotations

import json
import math

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.proportion import confint_proportions_2indep

from innercircle.claims import ClaimData, registered_tests
from innercircle.claims.arguments import parse_arguments
from innercircle.claims.registry import Verdict, claim_test
from innercircle.claims.spans import span
from innercircle.claims.statistics import (
    average,
    difference_of,
    mean_difference,
    rate_ratio,
    share,
    share_difference,
)
from tests.conftest import REFERENCE
from tests.toy_claims import toy_data

S, C, Q = "supported", "contradicted", "inconclusive"
# test, arguments, verdict, statistic
CASES = [
    ("visits_total", "person=ann;years=1931/1932;good=visits;stated=30", S, 30),
    ("visits_total", "person=ann;years=1931;good=hours;stated=11", C, 10),
    ("visits_total", "person=ann;years=1931;good=hours;stated=11;reading=about", S, 10),
    ("visits_total", "person=eve;years=1931;good=visits;stated=1", Q, None),
    ("visits_share", "persons=ann+bob;years=1931;good=visits;stated=93.8", S, 93.75),
    ("visits_rank", "person=bob;years=1931/1932;good=visits;stated=2", S, 2),
    ("visits_rank", "person=bob;years=1932;good=visits;stated=2", C, 3),
    ("visits_top", "persons=bob+ann;years=1931/1932;goods=visits+minutes", S, 2),
    ("visits_top", "persons=cat+ann;years=1931;goods=visits", C, 3),
    ("visits_among_top", "persons=ann+cat;years=1931;good=visits;k=3", S, 3),
    ("visits_among_top", "persons=ann+cat;years=1931;good=visits;k=2", C, 3),
    ("visits_more", "persons=ann;others=bob+cat;years=1931;good=visits", S, 5),
    ("visits_more", "persons=ann+cat;others=bob;years=1931;good=visits", C, -4),
    ("visits_more", "persons=eve;others=bob;years=1931;good=visits", Q, None),
    ("visits_against_median", "persons=ann;years=1931;good=visits;direction=more", S, 7),
    ("visits_against_median", "persons=cat+dan;years=1931;good=visits;direction=less", S, -2),
    ("visits_against_median", "persons=bob;years=1931;good=visits;direction=less", C, 2),
    (
        "visits_change",
        "persons=ann+cat;years_before=1931;years_after=1932;good=visits;direction=more",
        S,
        1,
    ),
    (
        "visits_change",
        "body=board;date=1931-06-01;years_before=1931;years_after=1932;good=visits;direction=more;quantifier=nearly_all",
        C,
        2 / 3,
    ),
    (
        "visits_share_change",
        "persons=ann;years_before=1931;years_after=1932;good=visits;direction=more",
        S,
        20 / 25 - 10 / 16,
    ),
    (
        "visits_total_change",
        "years_before=1931;years_after=1932;good=visits;direction=more",
        S,
        (25 / 366) / (16 / 365),
    ),
    ("visitors_above", "years=1931;good=visits;threshold=4;stated=2", S, 2),
    ("visits_top_share", "years=1931;good=visits;k=1;stated=62.5", S, 62.5),
    ("visits_order_kept", "years_before=1931;years_after=1932;good=visits", Q, 0.8),
    (
        "visits_of_fallen",
        "body=board;date=1931-06-01;outcomes=arrested;period=1933/1934;years=1931;good=visits;direction=less",
        Q,
        -7,
    ),
    ("body_size", "body=board;date=1931-06-01;stated=3", S, 3),
    ("body_size", "body=board;date=1931-06-01;stated=4", C, 3),
    ("body_size", "body=board;date=1931-06-01;roles=full;stated=2", S, 2),
    ("body_size", "body=club;date=1931-06-01;stated=2;reading=at_least", S, 2),
    ("body_size", "body=club;date=1931-06-01;stated=4", Q, 2),
    ("body_size", "body=club;date=1931-12-31;stated=2", C, 3),
    ("joint_membership", "persons=ann+cat;body=board;date=1932-02-01;roles=full", S, 1),
    ("joint_membership", "persons=ann+cat;body=board;date=1932-01-31;roles=full", C, 0),
    ("joint_membership", "persons=ann;body=club;date=1933-01-01", Q, None),
    ("not_member", "persons=dan+eve;body=board;date=1931", S, 1),
    ("not_member", "persons=eve;body=club;date=1934", S, 1),
    ("not_member", "persons=dan;body=club;date=1931", Q, None),
    ("members_among", "persons=ann+bob+dan;body=board;date=1931-06-01;quantifier=most", S, 2),
    ("members_among", "persons=ann+bob+dan;body=board;date=1931-06-01;quantifier=all", C, 2),
    ("members_kept", "body=board;start=1931-01-01;stop=1934-01-01;stated=2", S, 2),
    ("members_lost", "body=board;start=1931-01-01;stop=1934-01-01;stated=1", S, 1),
    ("members_lost", "body=club;start=1931-12-31;stop=1933;stated=3", Q, 3),
    ("members_new", "body=board;start=1931-01-01;stop=1934-01-01;stated=2", C, 1),
    ("body_overlap", "body=board;bodies=club;date=1931-12-31;stated=2", S, 2),
    ("body_overlap", "body=board;bodies=club;date=1931-12-31;quantifier=most", S, 2),
    ("body_overlap", "body=board;bodies=club;date=1931-12-31;quantifier=all", Q, 2),
    ("members_outside", "body=board;bodies=club;date=1931-12-31;stated=1", S, 1),
    ("members_outside", "body=board;bodies=club;date=1931-12-31;stated=2", C, 1),
    ("members_outside_event", "body=board;event=talk;stated=1", S, 1),
    ("members_outside_event", "body=board;event=talk;stated=1;without=cat", C, 0),
    ("members_outside_event", "body=board;event=poll-2;stated=2", Q, 2),
    ("entered", "body=board;period=1933;stated=1", S, 1),
    ("entered", "body=board;period=1932;stated=1", C, 0),
    ("entered", "body=board;roles=full;period=1932;stated=1", S, 1),
    ("left_body", "body=board;period=1933/1934;stated=2", S, 2),
    ("left_body", "body=board;persons=ann+bob;period=1933/1934;stated=2", C, 1),
    ("moved", "persons=bob+dan;body=board;period=1933", S, 2),
    ("moved", "persons=ann+dan;body=board;period=1933", C, 1),
    ("moved", "persons=bob;body=board;period=1933-05-01/1933-05-02", S, 1),
    ("entered_on", "persons=dan;body=board;date=1933-06", S, 1),
    ("entered_on", "persons=dan;body=board;date=1932", C, 0),
    ("exit_order", "persons=bob+cat;body=board;then=ann", S, 2),
    ("exit_order", "persons=cat+bob;body=board", C, 0),
    ("exit_order", "persons=eve+dan;body=board", Q, 0),
    ("seats_followed", "persons=bob;others=dan;body=board", S, 1),
    ("seats_followed", "persons=cat;others=dan;body=board", C, 0),
    ("turnover", "body=board;earlier=1931/1932;later=1933/1934;direction=more", S, 1.5),
    ("turnover", "body=board;earlier=1931/1932;later=1933/1934;direction=less", C, 1.5),
    ("tenure", "person=bob;body=board;stated=3.3;unit=years", S, 3.33),
    ("tenure", "person=bob;body=board;stated=5;unit=years", C, 3.33),
    ("tenure", "person=ann;body=club;stated=5;unit=years", Q, None),
    ("tenure", "person=bob;body=board;date=1935-01-01;stated=5;unit=years", Q, None),
    ("tenure", "person=ann;body=club;date=1932-01-15;stated=12;unit=months", S, 12),
    ("time_to_exit", "person=bob;body=board;since=1933-04-01;stated=30;unit=days", S, 30),
    ("time_to_exit", "person=ann;body=board;since=1933-04-01;stated=30;unit=days", Q, None),
    ("posts_apart", "body=club;other_body=board;period=1931/1932;roles=chair", C, 1),
    ("posts_apart", "body=club;other_body=board;period=1934/1935;roles=chair", Q, 0),
    ("posts_apart", "body=club;other_body=board;period=1934/1935;roles=member", S, 0),
    ("had_outcome", "persons=bob+cat;outcomes=arrested;period=1933/1934", S, 1),
    ("had_outcome", "persons=cat;outcomes=executed;period=1933", C, 0),
    ("had_outcome", "persons=eve;outcomes=arrested;period=1932", Q, None),
    ("had_outcome", "persons=ann;outcomes=appointed;body=club", S, 1),
    ("no_outcome", "persons=ann+bob;outcomes=arrested;period=1933", C, 1),
    ("no_outcome", "persons=ann;outcomes=arrested;period=1933", Q, 0),
    ("outcome_count", "persons=ann+bob+cat;outcomes=arrested;period=1933/1934;stated=2", S, 2),
    ("outcome_count", "persons=ann+bob+cat;outcomes=arrested;period=1933/1934;stated=3", Q, 2),
    ("outcome_count", "persons=ann+bob+cat;outcomes=arrested;period=1933/1934;stated=1", C, 2),
    ("times_of_outcome", "person=bob;outcomes=removed+arrested;period=1933;stated=2", S, 2),
    (
        "members_with_outcome",
        "body=board;date=1931-06-01;outcomes=arrested;period=1933/1934;stated=2",
        S,
        2,
    ),
    (
        "members_with_outcome",
        "body=board;date=1931-06-01;outcomes=arrested;period=1933;stated=2",
        C,
        1,
    ),
    (
        "members_with_outcome",
        "body=club;date=1931-06-01;outcomes=arrested;period=1931/1932;stated=1",
        Q,
        0,
    ),
    ("outcome_total", "outcomes=arrested;period=1933/1934;stated=2", S, 2),
    ("outcome_total", "outcomes=arrested;period=1933/1934;stated=3", Q, 2),
    ("outcome_order", "persons=bob;outcomes=arrested;others=cat;other_outcomes=executed", S, 1),
    ("outcome_order", "persons=cat;outcomes=arrested;others=bob;other_outcomes=arrested", C, 0),
    ("outcome_order", "persons=ann;outcomes=arrested;others=bob;other_outcomes=arrested", Q, 0),
    ("outcome_steps", "person=cat;outcomes=arrested+executed;period=1934", S, 2),
    ("outcome_steps", "person=cat;outcomes=executed+arrested;period=1934", C, 2),
    (
        "time_between",
        "person=bob;outcomes=removed;other=bob;other_outcomes=arrested;stated=40;unit=days",
        S,
        40,
    ),
    (
        "time_between",
        "person=cat;outcomes=arrested;other=cat;other_outcomes=executed;stated=190;unit=days",
        Q,
        198,
    ),
    ("time_since", "since=1933-06-03;person=bob;outcomes=arrested;stated=2;unit=weeks", C, 1),
    (
        "outcome_rate_change",
        "outcomes=arrested+removed;earlier=1930/1932;later=1933/1934;direction=more",
        Q,
        math.inf,
    ),
    (
        "associates_fell",
        "person=ann;relations=patron_of;outcomes=arrested;period=1934;stated=1",
        S,
        1,
    ),
    (
        "associates_rate_change",
        "body=board;relations=writes_to;outcomes=arrested;earlier=1931;later=1932;direction=more",
        Q,
        None,
    ),
    ("event_count", "kinds=politburo_poll;period=1932;stated=10", S, 10),
    ("event_count", "kinds=politburo_poll;period=1932;stated=9", C, 10),
    ("event_count", "kinds=politburo_poll;period=1932;stated=99", Q, 10),
    ("event_count", "kinds=politburo_poll;period=1933;stated=0", Q, 0),
    (
        "event_rate_change",
        "kinds=politburo_poll;earlier=1931;later=1932;direction=more",
        S,
        10 * 365 / 366,
    ),
    (
        "event_rate_change",
        "kinds=politburo_poll;earlier=1931;later=1932;direction=less",
        C,
        10 * 365 / 366,
    ),
    (
        "event_share",
        "kinds=politburo_poll;among=politburo_poll+politburo_session;period=1932",
        S,
        10 / 11,
    ),
    (
        "event_share",
        "kinds=politburo_poll;among=politburo_poll+politburo_session;period=1932;certainty=explicit",
        Q,
        0,
    ),
    (
        "event_share_change",
        "kinds=politburo_poll;among=politburo_poll+politburo_session;earlier=1931;later=1932;direction=more",
        Q,
        10 / 11 - 0.5,
    ),
    ("took_part", "persons=ann+bob;event=talk", S, 2),
    ("took_part", "persons=ann+cat;event=talk", C, 1),
    ("took_part", "persons=bob;event=poll-1", Q, 0),
    ("was_absent", "persons=dan;event=poll-1", S, 1),
    ("was_absent", "persons=cat+dan;event=talk", S, 2),
    ("was_absent", "persons=ann;event=poll-1", C, 0),
    ("was_absent", "persons=bob;event=poll-1", Q, 0),
    ("roster_size", "event=talk;stated=3", S, 3),
    ("roster_size", "event=talk;stated=4", C, 3),
    ("roster_size", "event=poll-2;stated=4", Q, 2),
    ("roster_is", "persons=ann+bob+eve;event=talk", S, 3),
    ("roster_is", "persons=ann+bob;event=talk", C, 3),
    ("roster_is", "persons=ann+eve;event=poll-2", Q, 2),
    ("met_on", "persons=ann+bob;date=1931-02-01", S, 1),
    ("met_on", "persons=ann+bob;date=1932", Q, 0),
    ("attended_less", "persons=eve;others=ann;period=1931/1932", S, 2 / 13),
    ("attended_less", "persons=ann;others=eve;period=1931/1932;body=board", C, 6),
    ("coattended_more", "persons=ann+eve;others=ann+bob;period=1931/1932", Q, 2),
    ("attended_without_seat", "person=eve;body=board;period=1931/1932;stated=2", S, 2),
    ("attended_without_seat", "person=ann;body=board;period=1931/1932;stated=2", C, 12),
    ("attended_without_seat", "person=dan;body=board;period=1931/1932;stated=2", Q, 0),
    ("tie_exists", "persons=ann+bob;others=ann+bob;relations=supports;period=1931", S, 2),
    ("tie_exists", "persons=cat;others=ann;relations=friend;period=1940", S, 1),
    ("tie_exists", "persons=ann;others=cat;relations=patron_of;period=1931", Q, 0),
    ("tie_exists", "persons=ann;others=cat;relations=patron_of", S, 1),
    ("ties_to_each", "person=ann;others=dan+cat;relations=patron_of", S, 2),
    ("ties_to_each", "person=ann;others=dan+eve;relations=patron_of", Q, 1),
    ("tie_pairs", "persons=bob+cat;others=ann+ann;relations=supports+friend", S, 2),
    ("reciprocal", "person=ann;other=bob;relations=supports;period=1931", S, 2),
    ("reciprocal", "person=cat;other=ann;relations=opposes", Q, 1),
    ("tie_count", "persons=bob;others=cat;relations=opposes;period=1931;stated=11", S, 11),
    ("tie_count", "persons=bob;others=cat;relations=opposes;period=1931;stated=12", Q, 11),
    ("tie_sources", "relations=opposes;body=board;period=1931/1932;stated=2", S, 2),
    (
        "tie_sources",
        "relations=opposes;persons=bob+cat;period=1931/1932;stated=2;without=bob",
        Q,
        1,
    ),
    ("tie_only", "person=bob;others=cat;relations=opposes;body=board;period=1931", Q, 0),
    ("tie_only", "person=bob;others=ann;relations=opposes;body=board;period=1932", C, 1),
    ("no_tie", "others=ann;relations=opposes;body=board;period=1932", C, 1),
    ("no_tie", "others=ann;relations=opposes;body=board;period=1931", Q, 0),
    ("no_tie", "others=cat;relations=opposes;body=club;period=1931-01-01/1931-01-10", Q, 0),
    (
        "tie_only",
        "person=ann;others=cat;relations=opposes;body=club;period=1931-01-01/1931-01-10",
        Q,
        0,
    ),
    (
        "tie_sources",
        "relations=opposes;body=club;period=1931-01-01/1931-01-10;stated=0;reading=exact",
        Q,
        0,
    ),
    ("ties_more", "persons=bob;others=cat;relations=opposes;end=source", S, 11),
    ("ties_more", "persons=cat;others=bob;relations=opposes;end=source", C, 1 / 11),
    ("tie_rank", "person=bob;relations=opposes;end=source", S, 11),
    ("tie_rank", "person=cat;relations=opposes;end=source", C, 1 / 11),
    (
        "tie_rate_change",
        "relations=opposes;earlier=1931;later=1932;direction=less;body=board",
        S,
        1 / 11 * 365 / 366,
    ),
    (
        "tie_mix_change",
        "person=ann;relations=writes_to;among_relations=writes_to+supports;earlier=1931;later=1932;direction=more",
        S,
        1,
    ),
    ("tie_basis", "relations=opposes;basis=institutional;body=board;period=1931/1932", S, 11 / 12),
    (
        "tie_basis",
        "relations=opposes;basis=policy;body=board;period=1931/1932;quantifier=nearly_all",
        C,
        1 / 12,
    ),
    (
        "ties_across",
        "persons=ann+bob;others=cat+dan;relations=opposes;period=1931/1932;direction=more",
        S,
        1,
    ),
    (
        "ties_across",
        "persons=ann+bob;others=cat+dan;relations=supports;period=1931/1932;direction=more",
        Q,
        0,
    ),
    (
        "cohesion_change",
        "layer=attendance;measure=density;years_before=1931;years_after=1932;direction=more",
        S,
        0.6,
    ),
    (
        "cohesion_change",
        "layer=attendance;measure=density;years_before=1929;years_after=1932;direction=more",
        Q,
        None,
    ),
    (
        "centrality_change",
        "person=ann;layer=attendance;measure=strength;years_before=1931;years_after=1932;direction=less",
        C,
        4,
    ),
    (
        "centrality_compare",
        "persons=bob;others=ann;layer=attendance;measure=strength;years=1932;direction=less",
        S,
        -8,
    ),
    (
        "centrality_top",
        "persons=ann;layer=attendance;measure=strength;years=1931/1932;k=1",
        S,
        0.99,
    ),
    ("centrality_top", "persons=bob;layer=attendance;measure=strength;years=1931/1932;k=1", C, 0),
    ("centrality_top", "persons=bob;layer=attendance;measure=strength;years=1931;k=1", Q, 0.5),
]


# Dates that are not exact: a member of the board who came at some day of a year and left at some
# day of another, and an arrest of a year in which only a part of the period lies.
VAGUE = [
    ("entered", "body=board;period=1931-03;stated=1", Q),
    ("entered", "body=board;period=1931;stated=1", S),
    ("entered", "body=board;period=1932;stated=1", C),
    ("left_body", "body=board;period=1934-01/1934-05;stated=0", Q),
    ("left_body", "body=board;persons=eve;period=1933;stated=1", C),
    ("moved", "persons=eve;body=board;period=1931-03", Q),
    ("moved", "persons=eve;body=board;period=1932", C),
    ("seats_followed", "persons=bob;others=eve;body=board", C),
    ("seats_followed", "persons=eve;others=dan;body=board", C),
    ("seats_followed", "persons=eve;others=fay;body=board", Q),
    ("turnover", "body=board;earlier=1931-01/1931-03;later=1933;direction=more", Q),
    (
        "visits_of_fallen",
        "body=board;date=1931-12-31;outcomes=arrested;period=1933-01/1933-06;years=1931;good=visits;direction=less",
        Q,
    ),
]


@pytest.mark.parametrize(("name", "text", "verdict"), VAGUE)
def test_dates_that_are_not_exact_are_judged_only_if_every_day_agrees(
    name: str, text: str, verdict: str
) -> None:
    data = toy_data()
    tables = dict(data.tables)
    spells = [("eve", "1931", "1934"), ("fay", "1934-06-10", "1935")]
    columns = ["person_id", "start", "end"]
    rows = pd.DataFrame(spells, columns=columns).assign(body_id="board", role="full", locator="1:1")
    tables["memberships"] = pd.concat([tables["memberships"], rows])
    tables["persons"] = pd.concat([tables["persons"], rows[["person_id"]]])
    fate = {"person_id": "ann", "outcome": "arrested", "date": "1933", "body_id": ""}
    tables["fates"] = pd.concat([tables["fates"], pd.DataFrame([fate])])
    data = ClaimData(tables, data.config)
    values, faults = parse_arguments(text, registered_tests()[name], data)
    assert faults == []
    found = registered_tests()[name](data, **values)
    assert found.verdict == verdict, found
    if name == "visits_of_fallen":
        assert found.n == 2  # bob fell, cat did not; ann is left out


@pytest.fixture(scope="module")
def data() -> ClaimData:
    return toy_data()


@pytest.mark.parametrize(("name", "text", "verdict", "statistic"), CASES)
def test_a_test_finds_the_known_answer(
    data: ClaimData, name: str, text: str, verdict: str, statistic: float | None
) -> None:
    test = registered_tests()[name]
    values, faults = parse_arguments(text, test, data)
    assert faults == []
    found = test(data, **values)
    assert found.verdict == verdict, found
    if statistic is None:
        assert math.isnan(found.statistic)
    else:
        assert found.statistic == pytest.approx(statistic, abs=0.01)


def test_ties_of_persons_left_aside_are_not_behind_the_count(data: ClaimData) -> None:
    asked = {"persons": ("bob", "cat"), "period": span("1931/1932"), "stated": "1"}
    found = registered_tests()["tie_sources"](data, ("opposes",), without=("bob",), **asked)
    assert (found.statistic, found.n) == (1, 1)


def test_every_registered_test_has_a_case_with_a_known_answer() -> None:
    assert {name for name, *_ in CASES} == set(registered_tests())


def test_a_name_cannot_be_registered_twice() -> None:
    with pytest.raises(ValueError, match="two claim tests are called 'body_size'"):
        claim_test("body_size")(lambda _: Verdict(0, "", Q))


def test_a_spell_told_twice_ends_when_the_exact_account_says(data: ClaimData) -> None:
    spells = data.spells
    bob = spells[(spells["person_id"] == "bob") & (spells["body_id"] == "board")]
    assert len(bob) == 1
    assert bob["end"].iloc[0].days == 1


def test_an_open_spell_surely_holds_to_the_end_of_the_year_it_began(data: ClaimData) -> None:
    assert "ann" in data.members("club", span("1931-12-31"))[0]
    sure, maybe = data.members("club", span("1932-01-01"))
    assert "ann" not in sure
    assert "ann" in maybe


def test_rates_shares_and_exact_p_values_equal_those_of_r() -> None:
    reference = json.loads((REFERENCE / "claims.json").read_text())
    for row in reference["rates"]:
        exposures = row["exposure_before"], row["exposure_after"]
        found = rate_ratio(row["before"], exposures[0], row["after"], exposures[1])
        wanted = [float(row[name]) for name in ("value", "lo", "hi", "p_value")]
        np.testing.assert_allclose(found, wanted, rtol=1e-6, atol=1e-9)
    for row in reference["shares"]:
        found = share(row["hits"], row["total"], row["null"])
        np.testing.assert_allclose(found[1:], [row["lo"], row["hi"], row["p_value"]], atol=1e-9)
    for row in reference["fisher"]:
        found = share_difference(*(row[name] for name in list(row)[:4]))
        assert found.p_value == pytest.approx(row["p_value"])
    groups = reference["permutation"]
    found = mean_difference(np.array(groups["first"]), np.array(groups["second"]))
    assert (found.value, found.p_value) == pytest.approx((groups["value"], groups["p_value"]))


@pytest.mark.parametrize("counts", [(1, 27, 4, 11), (15, 52, 9, 11), (0, 5, 5, 5)])
def test_the_interval_of_a_difference_of_shares_is_newcombes(counts: tuple[int, ...]) -> None:
    before, total_before, after, total_after = counts
    wanted = confint_proportions_2indep(
        after, total_after, before, total_before, method="newcomb", compare="diff"
    )
    found = share_difference(*counts)
    np.testing.assert_allclose([found.lo, found.hi], wanted, atol=1e-9)


def test_without_cases_there_is_no_estimate() -> None:
    nothing = [
        rate_ratio(0, 1, 0, 1),
        share(0, 0),
        share_difference(0, 0, 1, 2),
        mean_difference(np.array([]), np.array([1.0])),
    ]
    assert all(math.isnan(value) for estimate in nothing for value in estimate)


def test_large_groups_are_compared_by_welchs_test() -> None:
    rng = np.random.default_rng(1)
    found = mean_difference(rng.normal(0, 1, 40), rng.normal(3, 1, 40))
    assert found.p_value < 1e-10
    assert found.value < -2


def test_a_mean_of_years_has_the_error_of_independent_estimates() -> None:
    reach = 1.959963984540054
    mean, error = average(
        np.array([1.0, 3.0]), np.array([1.0, 3.0]) - reach, np.array([1.0, 3.0]) + reach
    )
    assert (mean, error) == pytest.approx((2.0, math.sqrt(2) / 2))
    assert math.isnan(difference_of((1.0, 0.0), (2.0, 0.0)).lo)
