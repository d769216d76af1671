"""What a figure is drawn from, and what several figures ask of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from innercircle.data.dates import parse_date
from innercircle.data.labels import labels, printed_names
from innercircle.output.style import roman, words
from innercircle.panel.risk import falls_in_study

if TYPE_CHECKING:
    from innercircle.data.config import Config
    from innercircle.data.study import Study

Tables = dict[str, pd.DataFrame]
_WHOLE_YEAR = 364  # days between the first and the last


@dataclass(frozen=True)
class Material:
    """Raw tables, configuration and computed tables of a study.

    Attributes
    ----------
    study : Study
    config : dict
    tables : dict of str to DataFrame
        Computed tables by the name of their file.
    """

    study: Study
    config: Config
    tables: Tables

    @property
    def leader(self) -> str | None:
        """The leader's person_id, if the study has one."""
        leader: str | None = self.config.get("leader")
        return leader

    @property
    def periods(self) -> list[dict[str, Any]]:
        """The periods of the configuration; may be none."""
        return list(self.config.get("periods", []))

    @property
    def outcome(self) -> str:
        """The first outcome of the configuration, the one that figures mark; "" if it has none."""
        return str(next(iter(self.config.get("outcomes", {})), ""))

    @property
    def population(self) -> str | None:
        """The first population of the configuration, if it has any."""
        return next(iter(self.config.get("populations", {})), None)

    def names(self) -> dict[str, str]:
        """Return the name to print by person_id."""
        return printed_names(self.study["persons"], self.config)

    def falls(self) -> pd.DataFrame:
        """Return who fell in which of the study's years by the first outcome; may be empty.

        Columns person_id and year.
        """
        fates = self.study.get("fates")
        if fates is None or "fates" not in self.config.get("outcomes", {}).get(self.outcome, {}):
            return pd.DataFrame({"person_id": [], "year": pd.Series(dtype="int64")})
        return falls_in_study(self.study, self.config, self.outcome).drop_duplicates()

    def layer(self, table: str, layer: str) -> pd.DataFrame:
        """Return the rows of one layer of a computed table."""
        rows = self.tables[table]
        return rows[rows["layer"] == layer]

    def partial_years(self) -> list[int]:
        """Return years of which the source gives contacts in part only."""
        totals = self.study.get("contact_totals")
        partial = []
        for row in totals.itertuples() if totals is not None else ():
            first, last = parse_date(row.period)
            if (first and last and (last - first).days < _WHOLE_YEAR) or row.footnotes:
                partial.append(int(row.period[:4]))
        return partial

    def common_facts(self) -> dict[str, object]:
        """Return what any caption may state: years, source, leader, periods, outcome."""
        numbered = [f"{p['name']} ({_span(p['first'], p['last'])})" for p in self.periods]
        return {
            "years": _span(**self.config["years"]),
            "leader": labels(self.config)["leader"],
            "has_leader": self.leader is not None,
            "source": str(self.config.get("source", "the coded source")).strip(),
            "periods": _numbered(numbered),
            "outcome": self._outcome_in_words(),
        }

    def _outcome_in_words(self) -> str:
        if not self.outcome:
            return "none defined"
        rule = self.config["outcomes"][self.outcome]
        if "fates" not in rule:
            return f"loss of a seat: {words(rule['seat_lost']['body'])}"
        counted = [*rule["fates"], *[f"{name} (punitive)" for name in rule.get("punitive", [])]]
        return ", ".join(counted)


def _span(first: int, last: int) -> str:
    return str(first) if first == last else f"{first}-{last}"


def _numbered(names: list[str]) -> str:
    return "; ".join(f"{roman(k)} {name}" for k, name in enumerate(names, start=1))
