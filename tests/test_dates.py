"""EDTF dates as ranges of days and years."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from innercircle.data.dates import ends_before_start, parse_date, spell_years, year_of


@pytest.mark.parametrize(
    ("text", "earliest", "latest"),
    [
        ("1937", dt.date(1937, 1, 1), dt.date(1937, 12, 31)),
        ("1936-02", dt.date(1936, 2, 1), dt.date(1936, 2, 29)),
        ("1937-02-17", dt.date(1937, 2, 17), dt.date(1937, 2, 17)),
        ("1930/1935", dt.date(1930, 1, 1), dt.date(1935, 12, 31)),
        ("1937-06/..", dt.date(1937, 6, 1), None),
        ("../1937-06", None, dt.date(1937, 6, 30)),
        ("1937~", dt.date(1937, 1, 1), dt.date(1937, 12, 31)),
    ],
)
def test_a_date_is_the_days_it_allows(
    text: str, earliest: dt.date | None, latest: dt.date | None
) -> None:
    assert parse_date(text) == (earliest, latest)


@pytest.mark.parametrize(
    "text",
    [
        "1937-02-30",
        "1937-13",
        "17.2.1937",
        "1938/1937",
        "",
        "..",
        "../..",
        "February",
        "1937 ",
        "1937/1938/1939",
    ],
)
def test_what_is_not_a_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"date|interval"):
        parse_date(text)


@given(st.dates(dt.date(1000, 1, 1), dt.date(9999, 12, 30)))
def test_any_single_day_is_itself(day: dt.date) -> None:
    assert parse_date(day.isoformat()) == (day, day)


@given(st.text(max_size=12))
def test_any_text_is_a_date_or_a_value_error(text: str) -> None:
    try:
        earliest, latest = parse_date(text)
    except ValueError:
        return
    assert earliest or latest


def test_a_spell_without_an_end_holds_only_in_the_years_stated() -> None:
    assert spell_years("1934", "") == (1934, 1934)
    assert spell_years("", "1934-05") == (1934, 1934)
    assert spell_years("", "") is None


def test_an_open_end_holds_until_the_day_known() -> None:
    assert spell_years("1930-07-13", "1941-06-22/..") == (1930, 1941)
    assert spell_years("1937-06/..", "") == (1937, 1937)


def test_year_of_an_interval_is_its_first() -> None:
    assert year_of("1930/1935") == 1930
    assert year_of("../1935") == 1935
    assert year_of("") is None


def test_a_spell_within_one_vague_year_does_not_end_before_it_starts() -> None:
    assert not ends_before_start("1937-08", "1937")
    assert ends_before_start("1938", "1937-12")
