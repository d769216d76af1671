"""Mechanisms: toy data known by hand, R and scipy, and a size near 5 % where nothing happens."""

from __future__ import annotations

import itertools
import json
import math
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from innercircle.inference.mechanisms import (
    MECHANISMS,
    Mechanism,
    close_links,
    contagion,
    cooling,
    encircling,
    factions,
    first_falls,
    institutional_conflict,
    mechanism_table,
    oligarchy,
    patron_links,
)
from innercircle.inference.mechanisms.result import p_value
from tests.conftest import REFERENCE

if TYPE_CHECKING:
    from collections.abc import Callable

R = json.loads((REFERENCE / "mechanisms.json").read_text())


def rng(seed: int = 1) -> np.random.Generator:
    return np.random.default_rng(seed)


def frame(columns: str, *rows: tuple) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=columns.split())


def rejected(one_p: Callable[[np.random.Generator], float], simulations: int) -> float:
    """Return the share of simulated data sets with p of at most 5 %."""
    p = np.array([one_p(rng(seed)) for seed in range(simulations)])
    return float((p <= 0.05).mean())


def is_near_five_percent(share: float, simulations: int) -> bool:
    """Tell whether a share lies within three binomial standard errors above, or below, 5 %."""
    return abs(share - 0.05) <= 3 * math.sqrt(0.05 * 0.95 / simulations)


def all_undefined(results: list[Mechanism]) -> bool:
    return bool(results) and all(math.isnan(r.estimate) and r.note for r in results)


# Shared pieces


def test_p_values_are_never_zero_and_exact_ones_are_shares() -> None:
    null = np.array([0.0, 1.0, 2.0, 3.0])
    assert p_value(9, null, "greater") == 1 / 5
    assert p_value(3, null, "greater", exact=True) == 1 / 4
    assert p_value(3, null, "two-sided", exact=True) == 1 / 2
    assert p_value(9, np.array([np.nan, 1.0]), "greater") == 2 / 3


def test_a_fall_lies_where_all_its_dates_allow() -> None:
    falls = first_falls(
        frame(
            "person_id date",
            ("a", "1937"),
            ("a", "1937-12-31"),
            ("a", "1936/1938"),
            ("b", "1936-07-01"),
            ("c", ""),
        )
    )
    assert falls.loc["a"].tolist() == [1936, 1938, 1936]
    assert falls.loc["b", "start"] == pytest.approx(1936 + 182 / 366)
    assert falls.loc["b", "end"] == pytest.approx(1936 + 183 / 366)
    assert "c" not in falls.index
    assert first_falls(pd.Series({"a": 1937})).loc["a"].tolist() == [1937, 1938, 1937]


def test_every_mechanism_is_registered_and_tabulated() -> None:
    assert set(MECHANISMS) == {
        "encircling",
        "contagion",
        "cooling",
        "factions",
        "oligarchy",
        "institutional_conflict",
    }
    table = mechanism_table([Mechanism("m", "q", "s", 1, 0, 2, 0.5, 9, "null", "")])
    assert table.loc[0, ["name", "n", "exact"]].tolist() == ["m", 9, False]


# Encircling

PATRONAGE = "year source_id target_id"


def test_clients_before_patrons_among_all_orders_of_four_dates() -> None:
    ties = frame(PATRONAGE, (1930, "p", "a"), (1930, "p", "b"), (1930, "q", "a"), (1930, "p", "x"))
    falls = pd.Series({"p": 1938, "q": 1937, "a": 1936, "b": 1939, "c": 1935})
    share, lead = encircling(ties, falls, rng())
    assert (share.estimate, share.n, share.exact) == (pytest.approx(2 / 3), 3, True)
    assert lead.estimate == pytest.approx((2 - 1 + 1) / 3)
    shares = []
    for order in itertools.permutations(falls.to_list()):
        when = dict(zip(falls.index, order, strict=True))
        shares.append(np.mean([when[c] < when[p] for p, c in ("pa", "pb", "qa")]))
    assert share.p_value == pytest.approx(np.mean(np.array(shares) >= 2 / 3 - 1e-9))
    assert "2 before, 1 after, 0 undecided" in share.note


def test_days_decide_what_years_leave_open_and_a_later_tie_does_not_count() -> None:
    ties = frame(PATRONAGE, (1930, "p", "a"), (1930, "p", "b"), (1938, "p", "c"))
    dates = {"p": "1937-06-01", "a": "1937-05-31", "b": "1937", "c": "1937-01"}
    share, _ = encircling(ties, pd.Series(dates), rng())
    assert (share.n, share.estimate) == (2, 0.5)
    assert "1 undecided" in share.note
    years, _ = encircling(ties, pd.Series(dict.fromkeys("pab", 1937)), rng())
    assert (years.estimate, years.p_value) == (0, 1)


def test_encircling_without_fallen_pairs_is_undefined() -> None:
    ties = frame(PATRONAGE, (1930, "p", "a"))
    for falls in ({"p": 1937}, {}, {"p": 1929, "a": 1929}):
        assert all_undefined(encircling(ties, pd.Series(falls, dtype=object), rng()))
    assert all_undefined(encircling(ties.iloc[:0], pd.Series({"p": 1937, "a": 1936}), rng()))


def test_encircling_rejects_five_percent_when_falls_ignore_ties() -> None:
    def one(draw: np.random.Generator) -> float:
        people = [f"p{k}" for k in range(40)]
        falls = pd.Series(1930 + 10 * draw.random(40), index=people)
        ends = draw.choice(people, (30, 2))
        ties = pd.DataFrame({"year": 1926, "source_id": ends[:, 0], "target_id": ends[:, 1]})
        return encircling(ties, falls, draw, 199)[1].p_value

    assert is_near_five_percent(rejected(one, 300), 300)


# Contagion


def from_tables(years: list[list[int]]) -> tuple[pd.DataFrame, pd.Series, pd.DataFrame]:
    """Return a panel with these numbers of exposed and others, each with his own patron."""
    rows, links, falls = [], [], {}
    for k, (a, b, c, d) in enumerate(years):
        year = 1930 + 5 * k
        for person, (exposed, fell) in enumerate(
            [(1, 1)] * a + [(1, 0)] * b + [(0, 1)] * c + [(0, 0)] * d
        ):
            name = f"{year}-{person}"
            rows.append((name, year, True, float(fell)))
            links.append((year - person % 2, name, f"patron-{name}"))
            if exposed:
                falls[f"patron-{name}"] = year - person % 2
    panel = frame("person_id year at_risk_purge purge_next", *rows)
    return panel, pd.Series(falls, dtype=object), frame("year person_id other_id", *links)


@pytest.mark.parametrize("name", ["sparse", "none", "single"])
def test_contagion_agrees_with_the_exact_tests_of_r(name: str) -> None:
    difference, ratio = contagion(*from_tables(R[name]["table"]), rng(), outcome="purge")
    assert difference.p_value == pytest.approx(R[name]["p_greater"], abs=1e-9)
    assert ratio.p_value == difference.p_value
    assert difference.exact


def test_risk_difference_and_ratio_are_those_of_mantel_and_haenszel() -> None:
    difference, ratio = contagion(*from_tables(R["sparse"]["table"]), rng(), outcome="purge")
    top, bottom, above, below = 0.0, 0.0, 0.0, 0.0
    for a, b, c, d in R["sparse"]["table"]:
        n1, n0 = a + b, c + d
        top += n1 * n0 / (n1 + n0) * (a / n1 - c / n0)
        bottom += n1 * n0 / (n1 + n0)
        above, below = above + a * n0 / (n1 + n0), below + c * n1 / (n1 + n0)
    assert difference.estimate == pytest.approx(top / bottom)
    assert ratio.estimate == pytest.approx(above / below)
    assert difference.lo < difference.estimate < difference.hi


def test_a_fall_exposes_in_its_year_and_the_next_those_linked_then_or_the_year_before() -> None:
    people = ["then", "before", "long-ago", "later", "never"]
    panel = pd.DataFrame(
        [(p, y, True, float(p == "then" and y == 1936)) for p in people for y in range(1934, 1939)],
        columns=["person_id", "year", "at_risk_purge", "purge_next"],
    )
    linked = {"then": 1935, "before": 1934, "long-ago": 1933, "later": 1936}
    links = frame("year person_id other_id", *[(y, p, "chief") for p, y in linked.items()])
    found = contagion(panel, pd.Series({"chief": 1935}), links, rng(), outcome="purge")
    assert "1 of 4 exposed and 0 of 21 other" in found[0].note
    assert "nobody fell among the others" in found[1].note


def test_close_are_the_top_tercile_of_each_year() -> None:
    meetings = frame(
        "year event_id person_id",
        *[(1930, e, p) for e, who in {"1": "ab", "2": "ab", "3": "abc"}.items() for p in who],
        *[(1931, "4", p) for p in "xyz"],
    )
    links = close_links(meetings)
    near = {(y, a, b) for y, a, b in links.itertuples(index=False)}
    assert {pair for pair in near if pair[0] == 1930} == {(1930, "a", "b"), (1930, "b", "a")}
    assert len([pair for pair in near if pair[0] == 1931]) == 6
    assert close_links(meetings.iloc[:0]).empty


def test_patron_links_point_from_client_to_patron() -> None:
    links = patron_links(frame(PATRONAGE, (1930, "p", "c")))
    assert links.iloc[0].to_dict() == {"year": 1930, "person_id": "c", "other_id": "p"}


def test_contagion_without_a_comparison_is_undefined() -> None:
    panel, falls, links = from_tables([[1, 2, 1, 4]])
    nobody = panel.assign(purge_next=0.0)
    none_at_risk = panel.assign(at_risk_purge=False)
    for case in (
        (nobody, falls, links),
        (none_at_risk, falls, links),
        (panel, falls.iloc[:0], links),
        (panel, falls, links.iloc[:0]),
        (panel.iloc[:3], falls, links),
    ):
        assert all_undefined(contagion(*case, rng(), outcome="purge"))


def test_contagion_rejects_at_most_five_percent_when_only_years_differ() -> None:
    def one(draw: np.random.Generator) -> float:
        panel = pd.DataFrame(
            [(f"p{k}", y) for k in range(120) for y in range(1930, 1940)],
            columns=["person_id", "year"],
        )
        patron = draw.integers(0, 120, 120)
        links = pd.DataFrame(
            [(y, f"p{k}", f"p{patron[k]}") for k in range(120) for y in range(1930, 1940)],
            columns=["year", "person_id", "other_id"],
        )
        hazard = np.where(panel["year"] >= 1936, 0.25, 0.02)
        panel["purge_next"] = (draw.random(len(panel)) < hazard).astype(float)
        first = panel[panel["purge_next"] == 1].groupby("person_id")["year"].min() + 1
        panel["at_risk_purge"] = panel["year"] < panel["person_id"].map(first).fillna(9999)
        return contagion(panel, first, links, draw, 10, outcome="purge")[0].p_value

    share = rejected(one, 100)
    assert share <= 0.05 + 3 * math.sqrt(0.05 * 0.95 / 100)


# Cooling


def risk_panel(values: dict[str, list[float]], fell: set[str], standing: dict[str, int]) -> tuple:
    """Return persons at risk in 1930-1932, some of whom fall in 1933."""
    rows = [
        (p, 1930 + k, standing.get(p, 0), True, float(p in fell and k == 2), v)
        for p, series in values.items()
        for k, v in enumerate(series)
    ]
    return frame("person_id year standing at_risk_purge purge_next visits_share", *rows)


def test_cooling_is_the_gap_to_survivors_of_the_same_standing_at_each_lag() -> None:
    values = {
        "fallen": [0.5, 0.3, 0.1],
        "peer": [0.4, 0.4, 0.4],
        "peer2": [0.2, 0.4, 0.6],
        "low": [0.0, 0.0, 0.0],
    }
    panel = risk_panel(values, {"fallen"}, {"fallen": 2, "peer": 2, "peer2": 2})
    found = cooling(panel, rng(), outcome="purge", columns=["visits_share"])
    np.testing.assert_allclose([r.estimate for r in found], [0.2, -0.1, -0.4, -0.6])
    assert [r.statistic_name for r in found][-1] == "visits_share, change t-3 to t-1"
    assert {r.n for r in found} == {1}
    alone = cooling(
        risk_panel(values, {"fallen"}, {"fallen": 1}),
        rng(),
        outcome="purge",
        columns=["visits_share"],
    )
    np.testing.assert_allclose(alone[2].estimate, 0.1 - 1 / 3)
    assert "1 years matched without standing" in alone[2].note


def test_cooling_in_one_matched_set_agrees_with_scipy() -> None:
    draw = rng(5)
    values = {f"p{k:02}": list(draw.random(3)) for k in range(14)}
    panel = risk_panel(values, {"p00", "p01", "p02", "p03"}, {})
    found = cooling(panel, rng(), 20_000, outcome="purge", columns=["visits_share"])
    last = np.array([v[2] for v in values.values()])
    scipy = stats.permutation_test(
        (last[:4], last[4:]), lambda x, y: x.mean() - y.mean(), n_resamples=np.inf
    )
    assert found[2].estimate == pytest.approx(scipy.statistic)
    assert found[2].p_value == pytest.approx(scipy.pvalue, abs=0.012)
    assert found[2].lo < found[2].estimate < found[2].hi


def test_a_missing_value_counts_neither_for_the_fallen_nor_for_survivors() -> None:
    values = {"f": [np.nan, 0.3, 0.1], "a": [0.4, np.nan, 0.4], "b": [0.2, 0.4, 0.6]}
    panel = risk_panel(values, {"f"}, {})
    found = cooling(panel, rng(), outcome="purge", columns=["visits_share"])
    assert math.isnan(found[0].estimate)
    assert found[0].note
    assert found[1].estimate == pytest.approx(-0.1)


def test_cooling_without_fallen_or_survivors_is_undefined_and_a_wrong_column_is_named() -> None:
    values = {"a": [0.1] * 3, "b": [0.2] * 3}
    for fell in (set(), {"a", "b"}):
        panel = risk_panel(values, fell, {})
        assert all_undefined(cooling(panel, rng(), outcome="purge", columns=["visits_share"]))
    with pytest.raises(ValueError, match="at_risk_purge"):
        cooling(panel, rng(), outcome="purged", columns=["visits_share"])
    with pytest.raises(ValueError, match="visits_share"):
        cooling(panel, rng(), outcome="purge", columns=["visit_share"])


def test_cooling_rejects_five_percent_when_the_fallen_are_drawn_at_random() -> None:
    def one(draw: np.random.Generator) -> float:
        people, years = 60, 8
        level = draw.normal(size=(people, 1)) + draw.normal(size=(people, years)).cumsum(axis=1)
        at = draw.integers(1, 20, people)  # year index of the fall, beyond the end for most
        rows = [
            (f"p{k}", t, k % 2, float(at[k] == t + 1), level[k, t])
            for k in range(people)
            for t in range(min(years, at[k]))
        ]
        panel = frame("person_id year standing purge_next centrality", *rows)
        panel["at_risk_purge"] = True
        return cooling(panel, draw, 199, outcome="purge", columns=["centrality"])[2].p_value

    assert is_near_five_percent(rejected(one, 150), 150)


# Factions

SIGNED = "tie_id source_id target_id sign"


def meetings(*events: str) -> pd.DataFrame:
    rows = [(f"e{k}", person) for k, who in enumerate(events) for person in who]
    return frame("event_id person_id", *rows)


def test_two_separate_circles_are_the_best_of_all_splits() -> None:
    ties = frame(SIGNED, ("1", "a", "b", 1), ("1", "a", "b", 1), ("2", "a", "d", -1))
    ties = pd.concat([ties, frame(SIGNED, ("3", "c", "e", -1), ("4", "f", "z", 1))])
    found = factions(meetings("abc", "abc", "def", "adz"), ties, ("abc", "def"), rng())
    difference, share = found[:2]
    # (a, b), (a, c), (b, c) meet twice at 1/2 each, (d, e), (d, f), (e, f) once; a and d at 1/2.
    assert difference.estimate == pytest.approx((3 * 1 + 3 * 0.5) / 6 - 0.5 / 9)
    assert difference.p_value == pytest.approx(2 / 20)  # the split and its mirror image
    assert difference.exact
    assert share.estimate == pytest.approx(1 / 25)
    assert share.note in ("best split: a, b, c | d, e, f", "best split: d, e, f | a, b, c")
    support, _, conflict, _ = found[2:]
    # Those present have a signed tie: a, b, c against d, e, f; one tie within, two between.
    assert (support.estimate, conflict.estimate) == (pytest.approx(1 / 6), pytest.approx(2 / 9))


def test_every_split_is_ranked_as_by_the_plain_loop() -> None:
    draw = rng(8)
    events = ["".join(draw.choice(list("abcdefg"), 3, replace=False)) for _ in range(12)]
    share = factions(meetings(*events), frame(SIGNED), ("abc", "defg"), rng())[1]
    weight = {frozenset(pair): 0.0 for pair in itertools.combinations("abcdefg", 2)}
    for event in events:
        for pair in itertools.combinations(event, 2):
            weight[frozenset(pair)] += 1 / 2
    scores: dict[frozenset, float] = {}
    by_size: dict[int, list[float]] = {}
    for k in (2, 3):
        for side in map(frozenset, itertools.combinations("abcdefg", k)):
            cut = [w for pair, w in weight.items() if len(pair & side) == 1]
            rest = [w for pair, w in weight.items() if len(pair & side) != 1]
            scores[side] = np.mean(rest) - np.mean(cut)
            by_size.setdefault(k, []).append(scores[side])
    standard = {
        side: (score - np.mean(by_size[len(side)])) / np.std(by_size[len(side)])
        for side, score in scores.items()
    }
    here = standard[frozenset("abc")]
    assert share.estimate == pytest.approx(np.mean([z >= here - 1e-9 for z in standard.values()]))
    best = max(standard, key=standard.__getitem__)
    assert ", ".join(sorted(best)) in share.note


def test_the_published_groups_of_the_southern_women_hardly_arise_at_random() -> None:
    # Davis, Gardner and Gardner (1941), Deep South: women 1-9 and 9-18, the ninth put first.
    table = pd.read_csv(REFERENCE / "davis.csv", index_col=0)
    rows, columns = table.to_numpy().nonzero()
    attended = pd.DataFrame({"event_id": columns, "person_id": table.index[rows]})
    groups = (list(table.index[:9]), list(table.index[9:]))
    difference, share = factions(attended, frame(SIGNED), groups, rng())[:2]
    assert difference.exact
    assert difference.p_value < 0.001
    assert difference.lo > 0
    assert "too many" in share.note


def test_factions_with_too_few_present_are_undefined_and_nobody_is_in_two() -> None:
    assert all_undefined(factions(meetings("abcd"), frame(SIGNED), ("ab", "xy"), rng()))
    assert all_undefined(
        factions(meetings("az", "bz", "c", "d"), frame(SIGNED), ("ab", "cd"), rng())
    )
    with pytest.raises(ValueError, match="in both groups: b"):
        factions(meetings("ab"), frame(SIGNED), ("ab", "bc"), rng())


def test_factions_reject_five_percent_when_groups_are_drawn_at_random() -> None:
    def one(draw: np.random.Generator) -> float:
        activity = draw.random(12)
        present = draw.random((30, 12)) < activity
        event, person = present.nonzero()
        attended = pd.DataFrame({"event_id": event, "person_id": person.astype(str)})
        order = draw.permutation(12).astype(str)
        return factions(attended, frame(SIGNED), (order[:5], order[5:]), draw, 50)[0].p_value

    assert is_near_five_percent(rejected(one, 300), 300)


# Oligarchy to dictatorship

PERIODS = [
    {"name": "early", "first": 1930, "last": 1932},
    {"name": "late", "first": 1933, "last": 1940},
]


def yearly(values: list[float], width: float = 0.1) -> pd.DataFrame:
    table = pd.DataFrame({"year": range(1930, 1930 + len(values)), "value": values})
    table = table.assign(lo=table["value"] - width, hi=table["value"] + width)
    return table.assign(layer="attendance", measure="density", leader_included=True)


def changes(table: pd.DataFrame, draw: np.random.Generator, draws: int = 500) -> list[Mechanism]:
    where = {"layer": "attendance", "measure": "density", "leader_included": True}
    return oligarchy(table, draw, draws, **where, periods=PERIODS)


def test_a_period_mean_of_three_years_is_root_three_times_as_sharp() -> None:
    early = changes(yearly([1, 2, 3, 4]), rng(), 20_000)[0]
    assert early.estimate == 2
    np.testing.assert_allclose(
        [early.lo, early.hi], 2 + 0.1 / 3**0.5 * np.array([-1, 1]), atol=2e-3
    )


def test_the_trend_agrees_with_scipy_over_all_orders_and_its_interval_inverts_the_test() -> None:
    values = [0.1, 0.3, 0.2, 0.5, 0.4, 0.9]
    trend = changes(yearly(values), rng())[2]
    x = np.arange(6.0)
    assert trend.estimate == pytest.approx(stats.linregress(x, values).slope)
    scipy = stats.permutation_test(
        (values,),
        lambda y: stats.linregress(x, y).slope,
        permutation_type="pairings",
        n_resamples=np.inf,
    )
    assert trend.p_value == pytest.approx(scipy.pvalue)
    assert trend.exact
    inside, outside = trend.lo + 1e-6, trend.lo - 1e-6
    assert changes(yearly(list(values - inside * x)), rng())[2].p_value > 0.05
    assert changes(yearly(list(values - outside * x)), rng())[2].p_value <= 0.05
    assert changes(yearly(list(values - (trend.hi - 1e-6) * x)), rng())[2].p_value > 0.05
    assert changes(yearly(list(values - (trend.hi + 1e-6) * x)), rng())[2].p_value <= 0.05


def test_the_change_point_is_the_least_sum_of_squares() -> None:
    values = rng(3).normal(size=12) + np.repeat([0, 1.5], [7, 5])
    change = changes(yearly(list(values)), rng(), 2000)[3]
    within = {k: values[:k].var() * k + values[k:].var() * (12 - k) for k in range(2, 11)}
    assert change.estimate == 1930 + min(within, key=within.__getitem__)
    assert change.lo <= change.estimate <= change.hi
    sharp = changes(yearly([0, 0.1, 0, 0.1, 0, 9, 9.1, 9, 9.1, 9]), rng())[3]
    assert (sharp.estimate, sharp.lo, sharp.hi) == (1935, 1935, 1935)
    assert sharp.p_value < 0.05


def test_too_few_years_or_none_are_undefined() -> None:
    assert all_undefined(changes(yearly([]), rng()))
    one = changes(yearly([0.3]), rng())
    assert one[0].estimate == 0.3
    assert all_undefined(one[1:])
    four = changes(yearly([1, 2, 3, 5]), rng())[2]
    assert math.isnan(four.lo)
    assert "too few years" in four.note
    assert all_undefined(changes(yearly([2.0] * 6), rng())[3:])
    bare = yearly([1, 2, 3]).assign(lo=np.nan, hi=np.nan)
    assert "3 years without interval" in changes(bare, rng())[0].note


def test_trend_and_change_point_reject_five_percent_of_noise() -> None:
    def one(which: int) -> Callable[[np.random.Generator], float]:
        return lambda draw: changes(yearly(list(draw.normal(size=14))), draw, 199)[which].p_value

    for which in (2, 3):
        assert is_near_five_percent(rejected(one(which), 300), 300)


def test_the_interval_of_a_trend_covers_it_in_95_percent_of_samples() -> None:
    covered = 0
    for seed in range(300):
        draw = rng(seed)
        trend = changes(yearly(list(0.3 * np.arange(14) + draw.normal(size=14))), draw, 399)[2]
        covered += trend.lo <= 0.3 <= trend.hi
    assert is_near_five_percent(1 - covered / 300, 300)


# Institutional conflict

CONFLICTS = "year tie_id source_id target_id sign"
POSTS = "year body_id person_id role"


def test_conflicts_between_bodies_among_all_ways_to_hold_the_posts() -> None:
    posts = frame(
        POSTS, *[(1930, body, p, "member") for p, body in zip("abcd", "XXYY", strict=True)]
    )
    ties = frame(
        CONFLICTS,
        (1930, "1", "a", "c", -1),
        (1930, "2", "b", "d", -1),
        (1930, "3", "a", "b", 1),
        (1930, "4", "a", "stranger", -1),
    )
    share = institutional_conflict(ties, posts, rng(), 20_000)[0]
    assert (share.estimate, share.n) == (1, 2)
    # Of three pairings of four persons two put both conflicts between bodies, one puts neither.
    assert share.p_value == 1
    assert "0.67 expected; 1 tie-years left out" in share.note


def test_a_seat_that_is_a_rank_makes_nobody_a_colleague() -> None:
    posts = frame(
        POSTS,
        *[(1930, body, p, "member") for p, body in zip("abcd", "XXYY", strict=True)],
        *[(1930, "Z", p, "full") for p in "abcd"],
    )
    ties = frame(CONFLICTS, (1930, "1", "a", "c", -1), (1930, "2", "b", "d", -1))
    assert institutional_conflict(ties, posts, rng(), 10)[0].estimate == 0
    share = institutional_conflict(ties, posts, rng(), 10, ranks={"Z"})[0]
    assert share.estimate == 1
    assert share.note.endswith("; seats in Z are no posts")


def handover(*later: tuple) -> Mechanism:
    """Return what became of x's conflict with old, who hands the head of A to new in 1932."""
    posts = frame(
        POSTS,
        (1930, "A", "old", "head"),
        (1931, "A", "old", "head"),
        (1932, "B", "old", "head"),
        (1932, "A", "new", "head"),
    )
    ties = frame(CONFLICTS, (1930, "1", "x", "old", -1), *later)
    return institutional_conflict(ties, posts, rng(), 10)[1]


def test_a_conflict_stays_with_the_post_or_follows_the_person() -> None:
    stayed = handover((1932, "2", "x", "new", -1))
    assert (stayed.estimate, stayed.n) == (1, 1)
    assert "1 opponents: too few" in stayed.note
    assert stayed.p_value == 1
    assert handover((1932, "2", "old", "x", -1)).estimate == 0
    assert handover((1931, "2", "x", "new", -1)).n == 0
    both = handover((1932, "2", "x", "new", -1), (1932, "3", "x", "old", -1))
    assert "1 both, 0 neither" in both.note
    assert "0 both, 1 neither" in handover((1932, "2", "y", "new", -1)).note


def test_posts_of_an_opponent_count_once_and_opponents_are_the_cases() -> None:
    posts = frame(
        POSTS, *[(1930, "A", "old", r) for r in ("head", "member")], (1931, "B", "old", "head")
    )
    posts = pd.concat([posts, frame(POSTS, *[(1931, "A", "new", r) for r in ("head", "member")])])
    ties = frame(
        CONFLICTS,
        *[(1930, f"{k}", f"x{k}", "old", -1) for k in range(8)],
        *[(1931, f"later{k}", f"x{k}", "old" if k == 0 else "new", -1) for k in range(7)],
    )
    found = institutional_conflict(ties, posts, rng(), 500)[1]
    assert (found.n, found.estimate) == (7, pytest.approx(6 / 7))
    assert found.p_value == pytest.approx(stats.binomtest(6, 7).pvalue)
    assert "8 pairs" in found.note
    assert "1 neither" in found.note
    assert found.lo < found.estimate <= found.hi


def test_posts_are_dealt_among_parties_to_conflicts_only() -> None:
    # Everyone who quarrels sits in A; that others sit elsewhere says nothing about quarrels.
    posts = frame(POSTS, *[(1930, "A" if k < 5 else f"B{k}", f"p{k}", "member") for k in range(30)])
    ties = frame(CONFLICTS, *[(1930, f"{k}", "p0", f"p{k}", -1) for k in range(1, 5)])
    assert institutional_conflict(ties, posts, rng())[0].p_value == 1


def test_without_conflicts_or_posts_institutions_are_undefined() -> None:
    posts = frame(POSTS, (1930, "A", "a", "head"), (1930, "B", "b", "head"))
    ties = frame(CONFLICTS, (1930, "1", "a", "b", -1))
    assert all_undefined(institutional_conflict(ties.iloc[:0], posts, rng()))
    assert all_undefined(institutional_conflict(ties, posts.iloc[:0], rng()))
    assert all_undefined(institutional_conflict(ties.assign(sign=1), posts, rng()))


def test_institutional_conflict_rejects_five_percent_when_opponents_ignore_bodies() -> None:
    def one(draw: np.random.Generator) -> float:
        people = np.arange(40).astype(str)
        posts = pd.concat(
            pd.DataFrame(
                {
                    "year": y,
                    "body_id": draw.integers(0, 4, 40),
                    "person_id": people,
                    "role": "member",
                }
            )
            for y in (1930, 1931, 1932)
        )
        ends = draw.choice(people, (60, 2))
        years = draw.integers(1930, 1933, 60)
        ties = pd.DataFrame(
            {"year": years, "tie_id": range(60), "source_id": ends[:, 0], "target_id": ends[:, 1]}
        )
        return institutional_conflict(ties, posts, draw, 199)[0].p_value

    share = rejected(one, 80)
    assert share <= 0.05 + 3 * math.sqrt(0.05 * 0.95 / 80)


def test_cooling_without_anyone_at_risk_is_undefined_and_says_why() -> None:
    panel = pd.DataFrame(
        {"person_id": ["a", "b"], "year": [1, 1], "standing": 0.0, "x": [1.0, 2.0]}
    )
    panel = panel.assign(at_risk_fall=False, fall_next=np.nan, in_all=False)
    found = cooling(
        panel, np.random.default_rng(1), 10, outcome="fall", columns=["x"], population="all"
    )
    assert found
    assert all(np.isnan(result.estimate) for result in found)
    assert all("nobody at risk fell" in result.note for result in found)
