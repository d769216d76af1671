"""Tables for a referee: estimates with their intervals, panels described, doubtful cells marked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from innercircle.output.tables import number

if TYPE_CHECKING:
    from collections.abc import Iterable

    from innercircle.data.config import Config

_DAGGER = "\N{DAGGER}"


def with_interval(
    value: Iterable[float], lo: Iterable[float], hi: Iterable[float], decimals: int = 2
) -> list[str]:
    """Return texts such as ``0.52 [0.27, 0.56]``; empty where the value is missing."""

    def known(x: float) -> str:
        return "n/a" if pd.isna(x) else number(x, decimals)

    return [
        "" if pd.isna(v) else f"{known(v)} [{known(a)}, {known(b)}]"
        for v, a, b in zip(value, lo, hi, strict=True)
    ]


def cohesion_by_year(
    cohesion: pd.DataFrame, layer: str = "attendance"
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the measures of a layer's networks by year, with intervals.

    Parameters
    ----------
    cohesion : DataFrame
        The long table: layer, year, leader_included, measure, value, lo, hi.
    layer : str

    Returns
    -------
    numbers, shown : DataFrame
        One row a year and whether the leader is in. ``numbers`` has three columns a measure
        (value, ``_lo``, ``_hi``); ``shown`` has one, as text.
    """
    rows = cohesion[cohesion["layer"] == layer]
    key = ["year", "leader_included"]
    if rows.empty:  # no network of the layer in any year
        return pd.DataFrame(columns=key), pd.DataFrame(columns=key)
    wide = rows.pivot(index=key, columns="measure", values=["value", "lo", "hi"])
    measures = list(dict.fromkeys(["n_persons", "n_ties", "density", *wide["value"].columns]))
    measures = [name for name in measures if name in wide["value"]]
    numbers: dict[str, pd.Series] = {}
    shown: dict[str, Iterable[str]] = {}
    for name in measures:
        value, lo, hi = (wide[part][name] for part in ("value", "lo", "hi"))
        numbers |= {name: value, f"{name}_lo": lo, f"{name}_hi": hi}
        counted = name == "n_persons"  # who is coded is not resampled
        shown[name] = value.map("{:.0f}".format) if counted else with_interval(value, lo, hi)
    return (
        pd.DataFrame(numbers).reset_index(),
        pd.DataFrame(shown, index=wide.index).reset_index(),
    )


def robustness(models: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return what position does under every model and estimator, as ratios.

    Parameters
    ----------
    models : DataFrame
        The table of models: model, measure, estimator, estimate, lo, hi, n, events, explains.

    Returns
    -------
    numbers : DataFrame
        model, estimator, measure, ratio (of odds; Cox and cause-specific: of hazards), lo, hi, n,
        events.
    shown : DataFrame
        One row a model and estimator, one column a measure; n and events are the largest of the
        row's regressions.
    """
    rows = models[models["explains"] == "outcome"]
    numbers = rows[["model", "estimator", "measure"]].copy()
    for name, column in (("ratio", "estimate"), ("lo", "lo"), ("hi", "hi")):
        numbers[name] = np.exp(rows[column])
    numbers[["n", "events"]] = rows[["n", "events"]]
    numbers = numbers.reset_index(drop=True)
    text = with_interval(numbers["ratio"], numbers["lo"], numbers["hi"])
    key = ["model", "estimator"]
    order = numbers[key].drop_duplicates()
    wide = numbers.assign(text=text).pivot(index=key, columns="measure", values="text")
    wide = wide[list(dict.fromkeys(numbers["measure"]))].fillna("")
    wide = wide.join(numbers.groupby(key)[["n", "events"]].max())
    return numbers, order.merge(wide.reset_index(), on=key)


def descriptive_statistics(panel: pd.DataFrame, config: Config) -> pd.DataFrame:
    """Return the distribution of outcomes and covariates among the person-years at risk.

    Parameters
    ----------
    panel : DataFrame
        As from :func:`innercircle.panel.build_panel`.
    config : dict
        Its ``populations`` and ``outcomes``.

    Returns
    -------
    DataFrame
        population, variable, persons, person_years, missing, mean, sd, min, median, max. Outcomes
        are those of t+1 among the years at risk of them; everything else is over the years at risk
        of any outcome.
    """
    outcomes = list(config.get("outcomes", {}))
    covariates = [
        column
        for column in panel.select_dtypes("number")
        if column not in ("year", "last_mention")
        and not column.endswith("_next")
        and not column.startswith(("in_", "tenure_", "risk_"))
        and column.count("__") in (0, 2)  # positions by another status have three parts
    ]
    rows = []
    for population in config.get("populations", {}):
        at_risk = {
            outcome: panel[f"risk_{outcome}_in_{population}"] == "at risk" for outcome in outcomes
        }
        ever = np.logical_or.reduce(list(at_risk.values()))
        described = [(f"{outcome}_next", at_risk[outcome]) for outcome in outcomes]
        described += [(name, ever) for name in [f"tenure_{population}", *covariates]]
        for variable, chosen in described:
            cells = panel.loc[chosen, ["person_id", variable]]
            values = cells[variable].astype(float)
            rows.append(
                {
                    "population": population,
                    "variable": variable,
                    "persons": cells["person_id"].nunique(),
                    "person_years": len(cells),
                    "missing": int(values.isna().sum()),
                    "mean": values.mean(),
                    "sd": values.std(),
                    "min": values.min(),
                    "median": values.median(),
                    "max": values.max(),
                }
            )
    return pd.DataFrame(rows)


def falls(panel: pd.DataFrame, config: Config, names: dict[str, str]) -> pd.DataFrame:
    """Return who fell, when and how, with the standing and position of the year before.

    Parameters
    ----------
    panel : DataFrame
        As from :func:`innercircle.panel.build_panel`.
    config : dict
        Its ``populations`` and first outcome.
    names : dict of str to str
        The name to print by person_id.

    Returns
    -------
    DataFrame
        population, person, person_id, year (t), manner (the fates of t+1 that make the outcome, as
        coded), then standing, share of minutes, degree and strength in t, as far as there are any.
    """
    outcome = next(iter(config.get("outcomes", {})), None)
    covariates = ["standing", "minutes_share"]
    covariates += [f"attendance__{measure}__without" for measure in ("degree", "strength")]
    covariates = [column for column in covariates if column in panel]
    found = []
    for population in config.get("populations", {}):
        at_risk = panel[f"risk_{outcome}_in_{population}"] == "at risk"
        rows = panel[at_risk & (panel[f"{outcome}_next"] == 1)]
        rows = rows.assign(population=population, person=rows["person_id"].map(names))
        rows = rows.rename(columns={f"{outcome}_manner_next": "manner"})
        columns = ["population", "person", "person_id", "year", "manner", *covariates]
        found.append(rows[columns].sort_values(["year", "person_id"]))
    return pd.concat(found, ignore_index=True) if found else pd.DataFrame()


def recomputed_contacts(
    contacts: pd.DataFrame, check: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the printed counts of contacts with their shares as printed and as recomputed.

    Parameters
    ----------
    contacts : DataFrame
        The raw table.
    check : DataFrame
        As from :func:`innercircle.data.arithmetic.check_printed`.

    Returns
    -------
    numbers, shown : DataFrame
        year, person, visits, minutes; for both the printed and the recomputed share and whether
        they agree. ``shown`` marks recomputed shares that differ from the printed with a dagger.
    """
    counts = contacts.assign(year=contacts["period"].str[:4].astype(int))
    counts = counts.rename(columns={"person_id": "person"})
    numbers = counts[["year", "person", "visits", "minutes"]]
    for column in ("visits_pct", "minutes_pct"):
        cells = check[check["column"] == column].rename(
            columns={
                "printed": column,
                "recomputed": f"{column}_recomputed",
                "agrees": f"{column}_agrees",
            }
        )
        numbers = numbers.merge(cells.drop(columns="column"), how="left", on=["year", "person"])
    numbers = numbers.sort_values(["year", "person"], ignore_index=True)
    shown = numbers.copy()
    for column in ("visits_pct", "minutes_pct"):
        differs = shown[f"{column}_agrees"].eq(False)  # noqa: FBT003 (a cell's value, not a switch)
        shown[f"{column}_recomputed"] = [
            "" if pd.isna(value) else f"{value:.2f}{_DAGGER if mark else ''}"
            for value, mark in zip(shown[f"{column}_recomputed"], differs, strict=True)
        ]
    return numbers, shown.drop(columns=["visits_pct_agrees", "minutes_pct_agrees"])
