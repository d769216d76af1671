"""The data chapter counts what the raw tables hold."""

from __future__ import annotations

import pandas as pd
import pytest

from innercircle.data.chapter import (
    audit_summary,
    chapter_tables,
    data_chapter,
    recall_summary,
    rows_by_year,
)
from innercircle.data.study import Study

CONFIG = {"years": {"first": 1901, "last": 1903}, "status": ["asserted"], "source": "a log"}


def study(**tables: list[dict[str, str]]) -> Study:
    return Study("made_up", {name: pd.DataFrame(rows) for name, rows in tables.items()})


def test_rows_count_in_the_years_that_they_bear_on() -> None:
    counts = rows_by_year(
        study(
            events=[
                {"event_id": "a", "start": "1901-03"},
                {"event_id": "b", "start": "1903"},
                {"event_id": "c", "start": "1901/1903"},
            ],
            participations=[{"event_id": "a"}, {"event_id": "a"}, {"event_id": "c"}],
            ties=[{"start": "1902", "end": "1903"}, {"start": "", "end": ""}],
        ),
        CONFIG,
    )
    assert counts.to_dict("list") == {
        "year": [1901, 1902, 1903],
        "events": [1, 0, 1],
        "participations": [2, 0, 0],
        "ties": [0, 1, 1],
    }


def test_audit_share_has_wilson_interval() -> None:
    # Newcombe (1998, Statistics in Medicine 17: 857-872), table I: 81/263, Wilson .2553 to .3662.
    verdicts = ["right"] * 81 + ["wrong"] * 182
    audit = pd.DataFrame({"sample": 1, "table": "ties", "verdict": verdicts})
    row = audit_summary(audit).iloc[0]
    assert (row["rows"], row["right"]) == (263, 81)
    assert row["lo"] == pytest.approx(25.53, abs=0.005)
    assert row["hi"] == pytest.approx(36.62, abs=0.005)


def test_recall_is_of_what_the_table_should_hold() -> None:
    verdicts = ["found"] * 81 + ["missed"] * 182 + ["other_table"] * 5 + ["not_codable"] * 7
    recall = pd.DataFrame({"table": "ties", "verdict": verdicts})
    recall.loc[len(recall)] = ["fates", "not_codable"]
    fates, ties = recall_summary(recall).itertuples(index=False)
    assert (ties.facts, ties.found, ties.missed) == (275, 81, 182)
    assert ties.lo == pytest.approx(25.53, abs=0.005)
    assert ties.hi == pytest.approx(36.62, abs=0.005)
    assert fates.facts == 1
    assert pd.isna(fates.found_pct)
    assert pd.isna(fates.lo)


def test_a_study_without_documents_has_only_the_counts() -> None:
    made = data_chapter(study(events=[{"event_id": "a", "start": "1901"}]), CONFIG)
    assert (
        list(made) == chapter_tables({"events": "events.csv"}) == ["data_quality", "rows_by_year"]
    )
