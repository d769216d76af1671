"""From the coded persons to the person-years that a model analyses: what is lost where, and why.

References
----------
von Elm, E., et al. 2007. The Strengthening the Reporting of Observational Studies in Epidemiology
(STROBE) statement. PLoS Medicine 4: e296 (item 13: numbers at each stage, and reasons).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from innercircle.data.study import with_status
from innercircle.inference.rows import at_risk, estimation_rows, risk_rows
from innercircle.panel.risk import AT_RISK, NOT_ENTERED, UNOBSERVED, dated_outcomes
from innercircle.panel.seats import seat_spells

if TYPE_CHECKING:
    from collections.abc import Iterator

    from innercircle.data.config import Config
    from innercircle.data.study import Study
    from innercircle.inference.rows import Spec

COLUMNS = [
    "model",
    "population",
    "outcome",
    "measures",
    "step",
    "persons",
    "person_years",
    "falls",
    "dropped_persons",
    "dropped_person_years",
    "dropped_falls",
    "reason",
]


def flow_table(spec: Spec, study: Study, config: Config, panel: pd.DataFrame) -> pd.DataFrame:
    """Count persons, person-years and falls at each step of one model.

    Parameters
    ----------
    spec : dict
        An entry of ``models`` in the configuration.
    study : Study
        Tables persons, fates and, for the loss of a seat, memberships.
    config : dict
    panel : DataFrame
        As from :func:`innercircle.panel.build_panel`.

    Returns
    -------
    DataFrame
        Columns :data:`COLUMNS`. Measures with the same counts share their rows. ``falls`` are
        person-years followed by the outcome; in the first two steps, which have no person-years,
        persons whom it befell at a date within the study's years. Dropped is what the step before
        has more, for the reason given.
    """
    first = list(_to_risk(spec, study, config, panel))
    flows: dict[tuple[Any, ...], tuple[list[str], list[dict[str, Any]]]] = {}
    for measure in spec["measures"]:
        steps = [*first, *_to_analysis(spec, panel, measure)]
        key = tuple(tuple(step.items()) for step in steps)
        flows.setdefault(key, ([], steps))[0].append(measure)
    return pd.concat([_table(spec, names, steps) for names, steps in flows.values()])


def _table(spec: Spec, measures: list[str], steps: list[dict[str, Any]]) -> pd.DataFrame:
    table = pd.DataFrame(steps).astype(dict.fromkeys(("persons", "person_years", "falls"), "Int64"))
    for count in ("persons", "person_years", "falls"):
        table[f"dropped_{count}"] = -table[count].diff()
    table = table.assign(
        model=spec["name"],
        population=spec["population"],
        outcome=spec["outcome"],
        measures="; ".join(measures),
    )
    return table[COLUMNS]


def _to_risk(
    spec: Spec, study: Study, config: Config, panel: pd.DataFrame
) -> Iterator[dict[str, Any]]:
    """Yield the steps that do not depend on the measure."""
    fallen = _fallen(spec["outcome"], study, config)
    coded = set(study["persons"]["person_id"]) - {config.get("leader")}
    yield _step("coded", len(coded), None, len(fallen & coded), "")
    state = panel[f"risk_{spec['outcome']}_in_{spec['population']}"]
    entered = set(panel.loc[state != NOT_ENTERED, "person_id"])
    reason = "in no dated row within the years that meets a condition of the population"
    yield _step("in the population", len(entered), None, len(fallen & entered), reason)
    by_seat = "seat_lost" in config["outcomes"][spec["outcome"]]
    reason = "no seat held" if by_seat else "outcome in the year of entry or before"
    exposed = panel[state.isin([AT_RISK, UNOBSERVED])]
    observed = panel[state == AT_RISK]
    falls = observed[f"{spec['outcome']}_next"].sum()  # none is in a year that is not observed
    yield _rows_step("at risk in some year", exposed, falls, f"{reason}; or ended by then")
    last = config["populations"][spec["population"]].get("censoring") == "last_mention"
    reason = "next year not observed: last of the study" + (", or after last mention" * last)
    yield _rows_step("next year observed", observed, falls, reason)
    if "years" in spec or "suicide" in spec:
        use = panel[at_risk(spec, panel)]
        y = risk_rows(spec, panel, spec["measures"][0])["y"]
        reason = (
            "outside the model's years" if "years" in spec else "suicides as the model has them"
        )
        yield _rows_step("in the model", use, y.sum(), reason)


def _to_analysis(spec: Spec, panel: pd.DataFrame, measure: str) -> Iterator[dict[str, Any]]:
    rows = risk_rows(spec, panel, measure)
    measured = rows[rows["position"].notna()]
    reason = "no network of the layer in that year, or no position without ties"
    yield _rows_step("position measured", measured, measured["y"].sum(), reason)
    complete = measured.dropna()
    gaps = measured[spec.get("controls", [])].isna().sum()
    missing = ", ".join(f"{name} {count}" for name, count in gaps.items() if count)
    reason = f"missing: {missing}" if missing else ""
    yield _rows_step("covariates known", complete, complete["y"].sum(), reason)
    analysed = estimation_rows(spec, panel, measure)
    yield _rows_step("analysed", analysed, analysed["y"].sum(), "")


def _fallen(outcome: str, study: Study, config: Config) -> set[str]:
    if "seat_lost" in config["outcomes"][outcome]:
        events = seat_spells(study, config, outcome)[1]
    else:
        events = dated_outcomes(with_status(study["fates"], config["status"]), config, outcome)
    within = events["year"].between(config["years"]["first"], config["years"]["last"])
    return set(events.loc[within, "person_id"]) - {config.get("leader")}


def _rows_step(step: str, rows: pd.DataFrame, falls: float, reason: str) -> dict[str, Any]:
    return _step(step, rows["person_id"].nunique(), len(rows), falls, reason)


def _step(
    step: str, persons: int, person_years: int | None, falls: float, reason: str
) -> dict[str, Any]:
    return {
        "step": step,
        "persons": persons,
        "person_years": person_years,
        "falls": int(falls),
        "reason": reason,
    }
