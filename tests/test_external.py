"""Outcomes from reference works fill gaps and replace nothing."""

from __future__ import annotations

import pandas as pd

from innercircle.data.external import with_external_fates
from innercircle.data.study import Study


def fates(rows: list[tuple[str, str, str]]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["person_id", "date", "outcome"])
    return table.assign(punitive=pd.array([True] * len(rows), dtype="boolean"), status="asserted")


def test_a_date_of_the_source_stays_and_a_missing_one_is_filled_once() -> None:
    external = pd.DataFrame(
        [
            ("a", "1938", "arrested", "workOne"),
            ("b", "1937-05", "arrested", "workOne"),
            ("b", "1937-06", "arrested", "workTwo"),
            ("c", "1950", "died", "workOne"),
        ],
        columns=["person_id", "date", "outcome", "source"],
    )
    book = fates([("a", "1937", "arrested"), ("b", "", "arrested")])
    both = with_external_fates(Study("toy", {"fates": book, "fates_external": external}))["fates"]
    dated = both[both["date"] != ""][["person_id", "date", "outcome", "punitive"]]
    assert dated.to_numpy().tolist() == [
        ["a", "1937", "arrested", True],
        ["b", "1937-05", "arrested", True],
        ["c", "1950", "died", False],
    ]
    assert both["punitive"].dtype == "boolean"


def test_a_study_without_reference_works_is_left_as_it_is() -> None:
    study = Study("toy", {"fates": fates([("a", "1937", "arrested")])})
    assert with_external_fates(study) is study
