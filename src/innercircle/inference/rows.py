"""The person-years of a model: which rows, which columns, on which scale.

A model's specification (an entry of ``models`` in the configuration) names a population, an outcome
and a layer; what it does not set is as the panel has it. Covariates are of year t, the outcome of
t+1. Positions and shares of access are standardised within the year among the rows of the model;
other controls keep their units.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from innercircle.errors import did_you_mean
from innercircle.panel.risk import AT_RISK

Spec = dict[str, Any]

# Values that differ by a smaller share of the largest are equal.
ROUNDING = 1e-12
# Controls, by the column of the panel that holds them; the braces are the model's own.
CONTROLS = {
    "standing": "standing",
    "visits_share": "visits_share",
    "minutes_share": "minutes_share",
    "visits_share_change": "visits_share_change",
    "minutes_share_change": "minutes_share_change",
    "tenure": "tenure_{population}",
    "age": "age",
    "party_generation": "party_generation",
    "ties_to_purged": "ties_to_purged__{layer}__{outcome}",
    "patronage_ties_to_purged": "ties_to_purged__patronage__{outcome}",
    "patron_purged": "patron_purged__{outcome}",
    "patron_standing": "patron_standing",
    "patrons": "patrons",
    "clients": "clients",
    "clients_two_steps": "clients_two_steps",
}
_OWN = ("person_id", "year", "y", "position", "competing", "stratum")


def measure_column(spec: Spec, measure: str) -> str:
    """Return the panel's column for a measure of the model's layer, leader and status filter."""
    side = "with" if spec.get("leader_included", True) else "without"
    suffix = f"__{status_name(spec['status'])}" if spec.get("status") else ""
    return f"{spec['layer']}__{measure}__{side}{suffix}"


def status_name(status: list[str]) -> str:
    """Name a status filter, as columns and tables do."""
    return "+".join(status)


def estimation_rows(spec: Spec, panel: pd.DataFrame, measure: str) -> pd.DataFrame:
    """Return the complete person-years of a model.

    Parameters
    ----------
    spec : dict
        An entry of ``models`` in the configuration.
    panel : DataFrame
        The person-year panel.
    measure : str

    Returns
    -------
    DataFrame
        person_id, year, y (the outcome), position (the measure, standardised within the year),
        competing (another end; nowhere if the panel does not record them), and the controls as
        numbers: a category as a column for each of its values but the first, 0 or 1; stratum, if
        the specification has strata.

    Raises
    ------
    ValueError
        If the panel does not have the measure in the model's layer, or a control.
    """
    rows = risk_rows(spec, panel, measure).dropna()
    rows["position"] = within_year_z(rows["position"], rows["year"])
    return standardise_shares(with_categories(rows)).reset_index(drop=True)


def risk_rows(spec: Spec, panel: pd.DataFrame, measure: str) -> pd.DataFrame:
    """Return a model's person-years at risk, as :func:`estimation_rows` but as they are.

    Nothing is standardised, categories are whole, values may be missing, and the index is the
    panel's.
    """
    column = measure_column(spec, measure)
    if column not in panel:
        prefix = f"{spec['layer']}__"
        known = sorted({c.split("__")[1] for c in panel if c.startswith(prefix)})
        raise ValueError(
            f"model {spec['name']}: layer {spec['layer']} has no measure {measure!r}"
            f"{did_you_mean(measure, known)}; it has: {', '.join(known) or 'none'}"
            if measure not in known
            else f"model {spec['name']}: the panel has no column {column}"
        )
    y, competing = outcome_and_competing(spec, panel)
    rows = pd.DataFrame(
        {"person_id": panel["person_id"], "year": panel["year"], "y": y, "position": panel[column]}
    )
    for control in spec.get("controls", []):
        rows[control] = panel[_control_column(spec, panel, control)]
    if spec.get("strata"):
        rows["stratum"] = _strata(spec, panel)
    return rows.assign(competing=competing)[at_risk(spec, panel)]


def at_risk(spec: Spec, panel: pd.DataFrame) -> pd.Series:
    """Tell which person-years are at risk in the model's population, of its outcome, in its years.

    A panel without a column ``risk_<outcome>_in_<population>`` has the same risk everywhere.
    """
    outcome, population = spec["outcome"], spec["population"]
    state = panel.get(f"risk_{outcome}_in_{population}")
    if state is None:
        use = panel[f"in_{population}"] & panel[f"at_risk_{outcome}"]
    else:
        use = state == AT_RISK
    if "years" in spec:
        use &= panel["year"].between(spec["years"]["first"], spec["years"]["last"])
    return use


def outcome_and_competing(spec: Spec, panel: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """Return the outcome and the competing ends, as the model's own choices have them."""
    outcome = spec["outcome"]
    y = panel[f"{outcome}_next"]
    competing = panel.get(f"{outcome}_competing_next", pd.Series(0.0, index=panel.index))
    if "competing_ends" not in spec and "suicide" not in spec:
        return y, competing
    end = panel["end_next"]
    if "competing_ends" in spec:
        counted = end.isin([*spec["competing_ends"], "executed"])
        # suicide is as the panel has it, unless the model lists it or says what it is
        kept = counted | (end == "suicide") if "suicide" not in spec else counted
        competing = competing.where(kept, 0.0)
        competing = competing.mask(counted & (y == 0), 1.0)
    if "suicide" in spec:
        suicide = (end == "suicide") & y.notna()
        y = y.mask(suicide, 1.0) if spec["suicide"] == "purge" else y
        as_end = float(spec["suicide"] == "competing_end")
        competing = competing.mask(suicide & (y == 0), as_end).mask(y == 1, 0.0)
    return y, competing


def _control_column(spec: Spec, panel: pd.DataFrame, control: str) -> str:
    column = CONTROLS[control].format(**{k: spec[k] for k in ("population", "outcome", "layer")})
    if column not in panel:
        raise ValueError(f"model {spec['name']}: the panel has no {column} for control {control}")
    return column


def _strata(spec: Spec, panel: pd.DataFrame) -> pd.Series:
    """Return each row's stratum as a text; missing where one of its parts is."""
    columns = [
        c if c == "year" else _control_column(spec, panel, c) for c in sorted(spec["strata"])
    ]
    labels = panel[columns[0]].astype(str)
    for column in columns[1:]:
        labels = labels + ", " + panel[column].astype(str)
    return labels.where(panel[columns].notna().all(axis=1))


def stratified(rows: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the rows whose stratum says something, and an intercept for each but the first.

    Where the outcome never varies the likelihood's best intercept is infinite, and the stratum adds
    nothing to what is known of the other coefficients.
    """
    share = rows.groupby("stratum")["y"].transform("mean")
    kept = rows[(share > 0) & (share < 1)]
    labels = sorted(kept["stratum"].unique())
    intercepts = {
        f"stratum {label}": (kept["stratum"] == label).astype(float) for label in labels[1:]
    }
    return kept, pd.DataFrame(intercepts, index=kept.index)


def risk_sets(rows: pd.DataFrame) -> np.ndarray:
    """Return the place of each row's risk set: its year, or its year within its stratum."""
    sets = rows.get("stratum", rows["year"]).astype(str) + " " + rows["year"].astype(str)
    return np.asarray(pd.factorize(sets, sort=True)[0])


def covariate_columns(rows: pd.DataFrame) -> list[str]:
    """Return the names of the controls among the columns of estimation rows."""
    return [column for column in rows if column not in _OWN]


def with_categories(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with categories as 0/1 columns, one for each value present but the first."""
    for column in [c for c in rows if isinstance(rows[c].dtype, pd.CategoricalDtype)]:
        present = rows[column].cat.remove_unused_categories().cat.categories
        dummies = {
            f"{column}: {name}": (rows[column] == name).astype(float) for name in present[1:]
        }
        rows = rows.drop(columns=column).assign(**dummies)
    return rows


def standardise_shares(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with controls that are shares, or their change, standardised by year."""
    shares = [c for c in covariate_columns(rows) if c.endswith(("_share", "_share_change"))]
    return rows.assign(**{c: within_year_z(rows[c], rows["year"]) for c in shares})


def within_year_z(values: pd.Series, years: pd.Series) -> pd.Series:
    """Standardise within the year; 0 where all of a year are alike, but for rounding."""
    by_year = values.groupby(years)
    centred = values - by_year.transform("mean")
    spread = by_year.transform("std", ddof=0)
    rounding = ROUNDING * values.abs().groupby(years).transform("max")
    return (centred / spread.where(spread > rounding)).fillna(0.0)


def as_numbers(rows: pd.DataFrame) -> np.ndarray:
    """Return the controls as an array, shape (n, q)."""
    values: np.ndarray = rows[covariate_columns(rows)].to_numpy(float)
    return values
