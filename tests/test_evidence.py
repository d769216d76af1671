"""Every tie leads back to as many coded rows as its weight says."""

from __future__ import annotations

import pandas as pd
import pytest

import innercircle
from innercircle.data import load_config, load_study
from innercircle.networks import build_layers
from innercircle.networks.evidence import edge_evidence

from .conftest import ROOT

CONFIG = load_config(ROOT / "config" / "stalin.yaml")
STUDY = load_study(ROOT / "data" / "raw" / "stalin")


@pytest.fixture(scope="module")
def edges() -> pd.DataFrame:
    return build_layers(STUDY, CONFIG)[0]


@pytest.mark.parametrize("layer", ["attendance", "patronage", "relations", "access", "membership"])
def test_rows_of_a_tie_are_as_many_as_its_weight(layer: str, edges: pd.DataFrame) -> None:
    of_layer = edges[edges["layer"] == layer]
    assert len(of_layer)
    for edge in of_layer.sample(12, random_state=1).itertuples():
        rows = innercircle.evidence(
            STUDY, CONFIG, edge.source, edge.target, year=edge.year, layer=layer
        )
        if layer == "attendance":
            assert (rows["table"] == "events").sum() == edge.weight
            assert (rows["table"] == "participations").sum() == 2 * edge.weight
        elif layer == "membership":
            shared = rows["key"].str.split("+").str[1].unique()
            assert len(shared) == edge.weight
            assert set(rows["persons"]) == {edge.source, edge.target}
        elif layer == "access":
            assert rows["persons"].isin([edge.source, edge.target]).all()
            assert len(rows) == 1
        else:
            run = rows["persons"] == f"{edge.source}>{edge.target}"
            signed = edges[
                (edges["layer"] == layer)
                & (edges["year"] == edge.year)
                & (edges["source"] == edge.source)
                & (edges["target"] == edge.target)
            ]
            assert run.sum() == signed["weight"].sum()
        assert (rows["locator"] != "").all()


def test_a_persons_year_holds_all_layers_and_the_fate() -> None:
    rows = innercircle.evidence(STUDY, CONFIG, "yezhov", year=1938)
    assert {"attendance", "membership", "access", "fates"} <= set(rows["layer"])
    assert rows["status"].isin(CONFIG["status"]).all()


def test_unknown_person_year_and_layer_are_named() -> None:
    with pytest.raises(ValueError, match=r"no person 'yeshov'.*did you mean 'yezhov'"):
        innercircle.evidence(STUDY, CONFIG, "yeshov", year=1938)
    with pytest.raises(ValueError, match="1950 is outside the study's years 1926-1941"):
        innercircle.evidence(STUDY, CONFIG, "yezhov", year=1950)
    with pytest.raises(ValueError, match=r"no layer 'atendance'.*did you mean 'attendance'"):
        innercircle.evidence(STUDY, CONFIG, "yezhov", year=1938, layer="atendance")


def test_persons_who_never_met_have_no_rows() -> None:
    assert innercircle.evidence(STUDY, CONFIG, "kirov", "beria", year=1926).empty


def test_every_tie_of_every_network_has_its_rows_and_locators(edges: pd.DataFrame) -> None:
    behind = edge_evidence(STUDY, CONFIG)
    keys = ["layer", "year", "source", "target"]
    weights = edges[edges["layer"] != "access"].groupby(keys)["weight"].sum()
    pd.testing.assert_series_equal(
        behind.set_index(keys)["rows"].sort_index(),
        weights.sort_index(),
        check_names=False,
        check_dtype=False,
    )
    assert (behind["locators"] != "").all()
