"""Entries, exits and falls of persons, for figures that mark them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from innercircle.data.study import with_status
from innercircle.networks.membership import spells_by_year
from innercircle.networks.observed import study_years
from innercircle.networks.spells import death_dates
from innercircle.panel.risk import outcome_years

if TYPE_CHECKING:
    from collections.abc import Iterator

    from innercircle.data.config import Config
    from innercircle.data.study import Study

Mark = tuple[str, int, str]


def career_marks(study: Study, config: Config, outcome: str | None) -> pd.DataFrame:
    """Return when persons entered and left the bodies that give standing, and when they fell.

    A spell that is open when the source stops has no exit; one that starts in the first year of
    the study has no entry. Entry and exit are of standing as a whole: a candidate who becomes a
    full member does not leave. A study without memberships has no entries and exits; one without
    fates, or a configuration without outcomes (``None``), no falls.

    Returns
    -------
    DataFrame
        Columns person_id, year, kind (entry, exit, fall), sorted.
    """
    rows = [*_entries_and_exits(study, config), *_falls(study, config, outcome)]
    return pd.DataFrame(rows, columns=["person_id", "year", "kind"]).sort_values(
        ["person_id", "year", "kind"], ignore_index=True
    )


def _entries_and_exits(study: Study, config: Config) -> Iterator[Mark]:
    memberships = study.get("memberships")
    if memberships is None:
        return
    years = study_years(config)
    spells = spells_by_year(with_status(memberships, config["status"]), years)
    rules = {(rule["body"], rule["role"]) for rule in config.get("standing", [])}
    held = pd.MultiIndex.from_frame(spells[["body_id", "role"]]).isin(rules)
    span = spells[held].groupby("person_id")["year"].agg(["min", "max"])
    first, last = spells.loc[held, "year"].min(), spells.loc[held, "year"].max()
    yield from ((p, y, "entry") for p, y in span["min"].items() if y > first)
    yield from ((p, y, "exit") for p, y in span["max"].items() if y < last)


def _falls(study: Study, config: Config, outcome: str | None) -> Iterator[Mark]:
    told = study.get("fates")
    if told is None or outcome is None:
        return
    fates = with_status(told, config["status"])
    found = outcome_years(fates, config, outcome)
    violent = death_dates(fates[fates["outcome"].isin(["killed", "suicide"])])
    falls = [*found.itertuples(index=False), *((p, day.year) for p, day in violent.items())]
    marks = pd.DataFrame(falls, columns=["person_id", "year"])
    # the first of the study: an arrest long before would hide the fall that is studied
    marks = marks[marks["year"].between(config["years"]["first"], config["years"]["last"])]
    yield from ((p, y, "fall") for p, y in marks.groupby("person_id")["year"].min().items())
