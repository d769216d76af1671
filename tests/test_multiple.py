"""Corrected p-values agree with R's p.adjust."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from innercircle.inference.multiple import adjust
from tests.conftest import REFERENCE


def test_corrections_agree_with_r_and_leave_out_tests_that_were_not_done() -> None:
    r = json.loads((REFERENCE / "multiple.json").read_text())
    p = pd.Series([*r["p"], np.nan], index=list("abcdefghi"))
    table = adjust(p)
    assert table.index.equals(p.index)
    for column in ("holm", "benjamini_hochberg"):
        np.testing.assert_allclose(table[column].iloc[:-1], r[column], atol=1e-12)
    assert table.iloc[-1].isna().all()


@given(st.lists(st.floats(0, 1), min_size=1, max_size=20))
def test_holm_is_never_more_lenient_than_benjamini_hochberg(p: list[float]) -> None:
    table = adjust(pd.Series(p))
    assert (table["holm"] >= table["benjamini_hochberg"] - 1e-12).all()
    assert (table["benjamini_hochberg"] >= table["p_value"] - 1e-12).all()
    assert (table["holm"] <= 1).all()


def test_an_empty_family_is_an_empty_table() -> None:
    assert adjust(pd.Series([], dtype=float)).empty
    assert adjust(pd.Series([np.nan])).isna().all(axis=None)


def test_what_is_no_p_value_is_refused() -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        adjust(pd.Series([0.2, 1.2]))
