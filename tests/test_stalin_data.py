"""Facts of the first study's tables that the source prints."""

from __future__ import annotations

from fractions import Fraction

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from innercircle.data import Study, load_config, load_study
from innercircle.data.arithmetic import check_printed, round_half_up
from innercircle.data.chapter import recall_summary
from innercircle.networks.access import access_by_year
from innercircle.networks.membership import spells_by_year
from tests.conftest import ROOT


@pytest.fixture(scope="module")
def study() -> Study:
    return load_study(ROOT / "data" / "raw" / "stalin")


def test_frictionless_accepts_the_data_package() -> None:
    from frictionless import Package

    report = Package(str(ROOT / "data" / "raw" / "stalin" / "datapackage.json")).validate()
    assert report.valid, report.flatten(["rowNumber", "fieldName", "note"])[:5]


def test_appendix_2_has_all_its_cells(study: Study) -> None:
    contacts, totals = study["contacts"], study["contact_totals"]
    printed = contacts[contacts["locator"] == "app2"]
    assert printed.groupby("period").size().to_dict() == {
        "1931": 14,
        "1932": 14,
        "1933": 14,
        "1934": 18,
        "1935": 18,
        "1936": 18,
        "1937": 17,
        "1938": 17,
        "1939": 17,
        "1940": 13,
        "1941-01-01/1941-06-22": 13,
    }
    assert totals["visits"].tolist() == [364, 533, 514, 727, 579, 490, 1051, 762, 1033, 816, 348]
    assert totals["minutes"].iloc[0] == 811 * 60 + 19


def test_the_check_has_a_row_for_every_printed_percentage_and_total(study: Study) -> None:
    check = check_printed(study["contacts"], study["contact_totals"])
    printed = study["contacts"].loc[study["contacts"]["locator"] == "app2"]
    cells = printed[["visits_pct", "minutes_pct"]].notna().to_numpy().sum()
    assert len(check) == cells + 4 * len(study["contact_totals"])
    assert check[["printed", "recomputed"]].notna().all(axis=None)


def test_shares_of_a_period_without_visits_are_checked_too() -> None:
    none = {"visits": 0, "visits_pct": 0.0, "minutes": 0, "minutes_pct": 0.0}
    contacts = pd.DataFrame([{"person_id": "adams", "period": "../1848", **none}])
    check = check_printed(contacts, contacts)
    assert set(check["year"]) == {1848}
    assert check["agrees"].all()


@given(st.integers(0, 10**6), st.integers(1, 10**6))
def test_rounding_is_half_up_and_exact(part: int, whole: int) -> None:
    rounded = round_half_up(Fraction(part, whole))
    assert abs(Fraction(rounded).limit_denominator(100) - Fraction(part, whole)) <= Fraction(1, 200)


def test_a_half_is_rounded_up_where_binary_floats_would_not() -> None:
    assert round_half_up(Fraction(1005, 1000)) == 1.01
    assert round_half_up(Fraction(5, 1000)) == 0.01


def test_access_shares_sum_to_one_in_every_year(study: Study) -> None:
    access = access_by_year(study["contacts"], "stalin")
    sums = access.groupby("year")[["visits_share", "minutes_share"]].sum()
    assert sums.index.tolist() == list(range(1931, 1942))
    pd.testing.assert_frame_equal(sums, sums * 0 + 1.0)


def test_the_politburo_has_its_printed_size(study: Study) -> None:
    spells = spells_by_year(study["memberships"], range(1926, 1942))
    sizes = (
        spells[spells["body_id"] == "politburo"].groupby(["year", "role"])["person_id"].nunique()
    )
    assert sizes[1928].to_dict() == {"candidate": 8, "full": 9}
    assert sizes[1940].to_dict() == {"candidate": 2, "full": 9}


def test_every_model_in_the_configuration_names_measures_that_exist() -> None:
    from innercircle.measures import measure_names
    from innercircle.networks import is_directed

    config = load_config(ROOT / "config" / "stalin.yaml")
    for model in config["models"]:
        known = measure_names(directed=is_directed(model["layer"]))
        assert set(model["measures"]) <= set(known)


def test_the_codebook_states_the_agreement_audit_and_recall_that_the_tables_hold() -> None:
    folder = ROOT / "data" / "raw" / "stalin"
    codebook = (folder / "CODEBOOK.md").read_text(encoding="utf-8")
    for row in pd.read_csv(folder / "coding_agreement.csv").itertuples():
        if isinstance(row.field, str):
            line = (
                f"| {row.table}.{row.field} | {row.matched} | {row.agreement_pct} | {row.kappa} |"
            )
        else:
            line = f"| {row.matched} | {row.agreement_pct} |"
        assert line in codebook
    audit = pd.read_csv(folder / "coding_audit.csv")
    for sample, rows in audit.groupby("sample"):
        right = (rows["verdict"] == "right").sum()
        assert f"| {sample} | {len(rows)} | {right} |" in codebook
    recall = recall_summary(pd.read_csv(folder / "coding_recall.csv"))
    for row in recall.itertuples():
        counts = f"{row.facts} | {row.found} | {row.other_table} | {row.not_codable} | {row.missed}"
        assert f"| {row.table} | {counts} | {row.found_pct:.1f} |" in codebook


def test_every_fact_of_the_recall_test_that_was_found_has_its_row() -> None:
    folder = ROOT / "data" / "raw" / "stalin"
    recall = pd.read_csv(folder / "coding_recall.csv", dtype=str, keep_default_na=False)
    keys = {"events": 1, "ties": 1, "fates": 4, "claims": 1}
    for table, cells in keys.items():
        rows = pd.read_csv(folder / f"{table}.csv", dtype=str, keep_default_na=False)
        coded = set(rows.iloc[:, :cells].agg("+".join, axis=1))
        found = recall[(recall["table"] == table) & (recall["verdict"] == "found")]
        assert set(found["key"].str.split(";").explode().str.strip()) <= coded
