"""The rules for verdicts, the arguments of tests, and the ledger of the first study."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from innercircle.claims import ClaimData, check_claims, run_ledger, summarise_ledger, verdicts
from innercircle.claims.spans import ANY_DAY, Span, all_of, span
from innercircle.data import load_config, load_study
from innercircle.errors import StudyError
from tests.conftest import ROOT
from tests.toy_claims import toy_data

S, C, Q, N = verdicts.VERDICTS


@pytest.mark.parametrize(
    ("value", "stated", "reading", "verdict"),
    [
        (16.45, "16.5", "exact", S),
        (16.55, "16.5", "exact", C),
        (16.4, "16", "exact", S),
        (16.5, "16", "exact", C),
        (71.9, "72", "about", S),
        (65.0, "72", "about", S),
        (64.0, "72", "about", C),
        (5, "5", "at_least", S),
        (4, "5", "at_least", C),
        (5, "5", "at_most", S),
        (6, "5", "at_most", C),
    ],
)
def test_a_printed_number_is_held_against_the_value_rounded_as_printed(
    value: float, stated: str, reading: str, verdict: str
) -> None:
    assert verdicts.of_number(value, value, stated, reading) == verdict


def test_bounds_decide_only_if_everything_between_them_agrees() -> None:
    assert verdicts.of_number(4.6, 5.4, "5") == S
    assert verdicts.of_number(4.4, 5.4, "5") == Q
    assert verdicts.of_number(5.5, 9, "5") == C


@given(st.integers(0, 50), st.integers(1, 50))
def test_a_lower_bound_never_contradicts_at_least_nor_supports_at_most(
    count: int, stated: int
) -> None:
    assert verdicts.of_count(count, str(stated), "at_least", complete=False) != C
    assert verdicts.of_count(count, str(stated), "at_most", complete=False) != S
    exact = verdicts.of_count(count, str(stated), complete=False)
    assert exact == (S if count == stated else C if count > stated else Q)


def test_that_there_were_none_cannot_be_supported_by_silence() -> None:
    assert verdicts.of_count(0, "0", complete=False) == Q
    assert verdicts.of_count(0, "0", complete=True) == S
    assert verdicts.of_count(1, "0", complete=False) == C


@pytest.mark.parametrize(
    ("lo", "hi", "direction", "verdict"),
    [
        (0.1, 0.5, "more", S),
        (0.1, 0.5, "less", C),
        (-0.5, -0.1, "less", S),
        (-0.1, 0.5, "more", Q),
        (float("nan"), 1.0, "more", Q),
    ],
)
def test_a_direction_needs_an_interval_that_excludes_the_other(
    lo: float, hi: float, direction: str, verdict: str
) -> None:
    assert verdicts.of_interval(lo, hi, direction) == verdict


def test_a_direction_with_a_p_value_needs_significance_and_the_sign() -> None:
    assert verdicts.of_p_value(1.0, 0.04, "more") == S
    assert verdicts.of_p_value(1.0, 0.04, "less") == C
    assert verdicts.of_p_value(1.0, 0.05, "more") == Q


def test_complete_counts_are_compared_as_they_are() -> None:
    assert verdicts.of_comparison(1, "more") == S
    assert verdicts.of_comparison(0, "more") == C
    assert verdicts.of_comparison(-1, "less") == S
    assert verdicts.of_comparison(float("nan"), "less") == Q


@pytest.mark.parametrize(
    ("hits", "misses", "total", "quantifier", "verdict"),
    [
        (4, 0, 4, "all", S),
        (3, 1, 4, "all", C),
        (3, 0, 4, "all", Q),
        (4, 1, 5, "nearly_all", S),
        (3, 2, 5, "nearly_all", C),
        (2, 2, 4, "most", C),
        (3, 1, 4, "most", S),
        (1, 3, 4, "some", S),
        (0, 0, 0, "some", Q),
    ],
)
def test_words_of_quantity_have_fixed_shares(
    hits: int, misses: int, total: int, quantifier: str, verdict: str
) -> None:
    assert verdicts.of_share(hits, misses, total, quantifier) == verdict


def test_what_dates_leave_open_stays_open() -> None:
    year, month = span("1937"), span("1937-02")
    assert year.covers(month) is True
    assert month.covers(year) is None
    assert month.covers(span("1938")) is False
    assert span("1936").before(month) is True
    assert year.before(month) is None
    assert month.before(span("1936")) is False
    assert span("") == ANY_DAY
    assert span("0001-01-01/0001-01-02") == Span(1, 2)
    assert all_of([True, None]) is None
    assert all_of([None, False]) is False


def toy_claims(test: str, arguments: str, locator: str = "2:1") -> pd.DataFrame:
    claim = {"claim_id": "c", "paraphrase": "p", "status": "asserted", "why_untested": ""}
    return pd.DataFrame([{**claim, "test": test, "arguments": arguments, "locator": locator}])


@pytest.mark.parametrize(
    ("test", "arguments", "words"),
    [
        (
            "body_sise",
            "",
            [
                "row 2",
                "column test",
                "body_sise",
                "did you mean 'body_size'",
                "there are associates_fell, ",
            ],
        ),
        (
            "body_size",
            "body=board;date=1931;stated=1;rolls=full",
            ["row 2", "column arguments", "rolls", "did you mean 'roles'"],
        ),
        ("body_size", "body=bord;date=1931;stated=1", ["'bord'", "did you mean 'board'"]),
        ("body_size", "body=board;date=1931-13;stated=1", ["date", "not a date in EDTF"]),
        ("body_size", "body=board;date=1931;stated=many", ["'many' is not a number"]),
        ("body_size", "body=board;date=1931", ["argument 'stated' is missing"]),
        ("body_size", "body=board;body=club;date=1931;stated=1", ["'body' is given twice"]),
        ("body_size", "body", ["'body' is not of the form name=value"]),
        ("visits_total", "person=ann;years=1932/1931;good=visits;stated=1", ["ends before"]),
        ("visits_total", "person=ann;years=1931;good=visit;stated=1", ["did you mean 'visits'"]),
        ("", "body=board", ["arguments without a test"]),
        ("body_size", "body=board;date=1931;stated=nan", ["'nan' is not a number"]),
        (
            "visits_total",
            "person=ann;years=1931-1932;good=visits;stated=1",
            ["such as 1848 or 1848/"],
        ),
        ("visits_top_share", "k=x;years=1931;good=visits;stated=1", ["'x' is not a whole number"]),
        ("tie_pairs", "persons=ann;others=bob+cat;relations=supports", ["name as many of each"]),
        ("seats_followed", "persons=ann+bob;others=cat;body=board", ["name as many of each"]),
        (
            "centrality_top",
            "persons=ann;layer=attendance;measure=strength;years=1931;k=2",
            ["the first (1, 3, 5), not 2"],
        ),
    ],
)
def test_a_faulty_test_or_argument_names_row_column_and_the_nearest_known_word(
    test: str, arguments: str, words: list[str]
) -> None:
    with pytest.raises(StudyError) as caught:
        run_ledger(toy_claims(test, arguments), toy_data())
    assert [word for word in words if word not in str(caught.value)] == []


def test_all_faults_are_reported_at_once() -> None:
    claims = pd.concat([toy_claims("no_such", ""), toy_claims("body_size", "body=x;stated=?")])
    with pytest.raises(StudyError) as caught:
        check_claims(claims, toy_data())
    assert len(caught.value.problems) == 4


def test_a_table_of_claims_needs_its_columns() -> None:
    claims = toy_claims("", "").drop(columns="arguments")
    with pytest.raises(StudyError, match="column arguments: missing column"):
        run_ledger(claims, toy_data())


def test_a_verdict_that_needs_the_claims_own_passage_is_not_independent() -> None:
    arguments = "persons=bob;outcomes=removed;period=1933"
    elsewhere = run_ledger(toy_claims("had_outcome", arguments, "9:9"), toy_data()).iloc[0]
    own = run_ledger(toy_claims("had_outcome", arguments, "1:2; 9:9"), toy_data()).iloc[0]
    assert (elsewhere["verdict"], elsewhere["independent"]) == (S, "yes")
    assert (own["verdict"], own["independent"]) == (S, "no")
    assert "own passage" in own["note"]


def test_leaving_rows_out_leaves_the_evidence_itself_as_it_was() -> None:
    data = toy_data()
    before = len(data.fates)
    assert len(data.without(["1:2"]).fates) == before - 1
    assert len(data.fates) == before


def test_a_study_without_the_table_cannot_test_the_claim() -> None:
    data = toy_data()
    bare = ClaimData({"persons": data.tables["persons"]}, data.config)
    arguments = "person=ann;years=1931;good=visits;stated=1"
    row = run_ledger(toy_claims("visits_total", arguments), bare).iloc[0]
    assert (row["verdict"], row["note"]) == (N, "the study has no table contacts")


@pytest.fixture(scope="module")
def evidence() -> tuple[pd.DataFrame, ClaimData]:
    folder = ROOT / "data" / "raw" / "stalin"
    study = load_study(folder)
    return study["claims"], ClaimData.from_study(
        study, load_config(ROOT / "config" / "stalin.yaml")
    )


def test_every_test_named_in_the_study_is_registered_and_its_arguments_parse(
    evidence: tuple[pd.DataFrame, ClaimData],
) -> None:
    claims, data = evidence
    parsed = check_claims(claims, data)
    assert sum(bool(values) for values in parsed) == (claims["test"] != "").sum()


def test_a_claim_has_a_test_or_a_reason_but_not_both(
    evidence: tuple[pd.DataFrame, ClaimData],
) -> None:
    claims, _ = evidence
    assert not ((claims["test"] != "") & (claims["why_untested"] != "")).any()


def test_the_ledger_has_every_claim_and_decides_a_good_part_of_those_tested(
    evidence: tuple[pd.DataFrame, ClaimData],
) -> None:
    claims, data = evidence
    # Without the measures' tables, what is said of networks is not testable; all else is.
    ledger = run_ledger(claims, data)
    assert ledger["claim_id"].tolist() == claims["claim_id"].tolist()
    decided = ledger[ledger["verdict"].isin([S, C])]
    assert len(decided) >= 110
    assert (decided["independent"] == "yes").mean() > 0.5
    assert (ledger.loc[ledger["test"] == "", "verdict"] == N).all()
    assert set(ledger.loc[ledger["note"].str.contains("no table"), "verdict"]) == {N}
    summary = summarise_ledger(ledger).set_index("chapter")
    assert summary.index.tolist() == ["intro", "1", "2", "3", "4", "5", "6", "concl", "all"]
    assert summary.loc["all", "claims"] == len(claims)
    assert summary.loc["all", list(verdicts.VERDICTS)].sum() == len(claims)


def test_known_facts_of_the_appendices_are_found(evidence: tuple[pd.DataFrame, ClaimData]) -> None:
    claims, data = evidence
    known = {
        "c5-yezhov-288-visits": (S, 288),
        "cconcl-8-of-15": (S, 8),
        "c6-seven-of-fifteen": (S, 7),
        "c3-zhdanov-third": (S, 3),
        "c6-politburo-1939-size": (S, 9),
        "c6-four-visited-most-1939": (C, 6),
    }
    ledger = run_ledger(claims[claims["claim_id"].isin(known)], data).set_index("claim_id")
    found = {key: tuple(ledger.loc[key, ["verdict", "statistic"]]) for key in known}
    assert found == known
