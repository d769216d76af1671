"""All defensible specifications at once, and whether together they say more than chance.

Every specification's coefficient of position comes from one step of Fisher scoring from the model
without position: score divided by information. It is the first approximation to the estimate of
maximum likelihood, defined even where that is infinite, drawn towards it as effects grow small, and
cheap enough to be repeated for every permutation. Use the models for estimates to be quoted; the
curve compares specifications with one another and with chance.

Chance is the permutation of positions within years, the same for all specifications: everyone in
any of them takes the positions of another person of that year, in all networks and by all measures
together, which keeps how alike the specifications are. Each then standardises anew among its own
persons.

References
----------
Simonsohn, U., J. P. Simmons, and L. D. Nelson. 2020. Specification curve analysis. Nature Human
Behaviour 4: 1208-1214.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from innercircle.errors import did_you_mean
from innercircle.inference.estimators import RISK_SETS
from innercircle.inference.permutation import TIE
from innercircle.inference.rows import (
    ROUNDING,
    as_numbers,
    measure_column,
    risk_rows,
    risk_sets,
    standardise_shares,
    status_name,
    stratified,
    with_categories,
)
from innercircle.inference.score import NullModel, cox_null_model, null_model, score_statistics

if TYPE_CHECKING:
    from collections.abc import Sequence

    from innercircle.inference.rows import Spec

ESTIMATORS = ("logit", "firth", "cloglog", "cox")
_SIGNIFICANT = 1.959963984540054  # two-sided 5 %, by the normal distribution
_STATISTICS = ("median", "share_significant", "stouffer")


@dataclass(frozen=True)
class SpecificationCurve:
    """The curve and its joint test.

    Attributes
    ----------
    curve : DataFrame
        The specifications from the lowest to the highest estimate: specification (its place in the
        list given), its keys, estimate (log odds or log hazard ratio of one standard deviation
        within the year), std_error, lo, hi (95 %), z (signed root of the score statistic), p_value,
        n, events, rank (from 1), note. Those that cannot be fitted come last, without estimate or
        rank; the note says why.
    joint : DataFrame
        statistic, observed, expected (median over permutations), p_value, for: the median estimate;
        the share of specifications significant at 5 % in the direction that most estimates have;
        Stouffer's combined z. The p-values are two-sided: a permutation counts if it is as extreme
        in either direction.
    specifications, draws : int
        Specifications in the joint test, permutations.
    """

    curve: pd.DataFrame
    joint: pd.DataFrame
    specifications: int
    draws: int


@dataclass(frozen=True)
class _Specification:
    rows: np.ndarray  # places in the panel, by year
    first: np.ndarray  # where each year starts among them
    position: np.ndarray  # of everyone in the panel, as measured
    null: NullModel
    events: int


def specification_curve(
    specs: Sequence[Spec], panel: pd.DataFrame, draws: int, rng: np.random.Generator
) -> SpecificationCurve:
    """Estimate all specifications and test them jointly.

    Parameters
    ----------
    specs : sequence of dict
        population, outcome, layer, measure, leader_included (default true), controls (default
        none), estimator (one of :data:`ESTIMATORS`; ``firth`` is the logit whose controls are
        fitted with Firth's penalty); optionally strata, years (first, last) and status, as in
        ``models`` of the configuration, and reversed: true for a measure that is high where others
        are low, so that all point one way.
    panel : DataFrame
        The person-year panel, with a unique index.
    draws : int
        Permutations, at least 1.
    rng : numpy.random.Generator

    Returns
    -------
    SpecificationCurve
        A person without a value of the measure has the mean of the year; a year in which nobody has
        one is left out.

    Raises
    ------
    ValueError
        If there is no specification, none can be fitted, a specification names an unknown estimator
        or a measure that the panel does not have, or ``draws`` is below 1.
    """
    if draws < 1:
        raise ValueError("the joint test needs at least one draw")
    if not specs:
        raise ValueError("no specification is given")
    panel = panel.sort_values(["year", "person_id"], ignore_index=True)
    cache: dict[Any, Any] = {}
    prepared = [_prepare(spec, panel, cache) for spec in specs]
    usable = [s for s in prepared if isinstance(s, _Specification)]
    if not usable:
        raise ValueError(f"no specification can be fitted; the first: {prepared[0]}")
    orders = _orders(panel["year"].to_numpy(), [s.rows for s in usable], draws, rng)
    estimates = np.empty((1 + draws, len(usable)))
    z = np.empty((1 + draws, len(usable)))
    for alike in _alike(usable):
        spec = usable[alike[0]]
        positions = _standardised(spec.position.take(orders[:, spec.rows]), spec.first)
        squares = positions**2
        for k in alike:
            null = usable[k].null
            z[:, k], estimates[:, k] = score_statistics(
                positions @ null.columns, squares @ null.weight
            )
    return SpecificationCurve(
        _curve(specs, prepared, estimates[0], z[0]), _joint(estimates, z), len(usable), draws
    )


def _alike(usable: list[_Specification]) -> list[list[int]]:
    """Group the specifications that share rows and position, and so all permuted positions."""
    groups: dict[tuple[bytes, bytes], list[int]] = {}
    for k, spec in enumerate(usable):
        groups.setdefault((spec.rows.tobytes(), spec.position.tobytes()), []).append(k)
    return list(groups.values())


def _prepare(spec: Spec, panel: pd.DataFrame, cache: dict[Any, Any]) -> _Specification | str:
    """Return what a specification needs for its score, or why it cannot be fitted."""
    estimator = spec["estimator"]
    if estimator not in ESTIMATORS:
        raise ValueError(
            f"no estimator {estimator!r} in a specification curve"
            f"{did_you_mean(estimator, ESTIMATORS)}; known: {', '.join(ESTIMATORS)}"
        )
    named = {**spec, "name": spec.get("name", "of the specification curve")}
    rows = risk_rows(named, panel, spec["measure"])
    known = rows["position"].notna().groupby(rows["year"]).transform("any")
    rows = rows[known & rows.drop(columns="position").notna().all(axis=1)]
    intercepts = pd.DataFrame(index=rows.index)
    if spec.get("strata") and estimator not in RISK_SETS:
        rows, intercepts = stratified(rows)
    rows = standardise_shares(with_categories(rows))
    places, year = rows.index.to_numpy(), rows["year"].to_numpy()
    y, controls = rows["y"].to_numpy(), np.column_stack([as_numbers(rows), intercepts])
    # by what is fitted: controls of one name differ between populations and layers
    sets = risk_sets(rows)
    key = (places.tobytes(), y.tobytes(), controls.tobytes(), sets.tobytes(), estimator)
    if key not in cache:
        cache[key] = _null(y, controls, sets, estimator)
    null = cache[key]
    if isinstance(null, str):
        return null
    # the mean of the year keeps digits; those of other years are never used
    position = panel[measure_column(spec, spec["measure"])]
    position = (position - position.groupby(panel["year"]).transform("mean")).to_numpy(float)
    if spec.get("reversed", False):
        position = -position
    first = np.unique(year, return_index=True)[1]
    found = _Specification(places, first, position, null, int(rows["y"].sum()))
    if not _standardised(position[places][None], first).any():
        return "position is alike for all of a year"
    return found


def _null(y: np.ndarray, controls: np.ndarray, sets: np.ndarray, estimator: str) -> NullModel | str:
    if not len(y):
        return "no person-year is left by the specification"
    try:
        if estimator == "cox":
            return cox_null_model(y, controls, sets)
        return null_model(y, controls, link=estimator)
    except ValueError as problem:
        return str(problem).removeprefix("not fitted: ")


def _orders(
    year: np.ndarray, members: list[np.ndarray], draws: int, rng: np.random.Generator
) -> np.ndarray:
    """Return who takes whose position, shape (1 + draws, n); the first order is the observed."""
    everyone = np.unique(np.concatenate(members))
    orders = np.tile(np.arange(len(year)), (1 + draws, 1))
    for t in np.unique(year[everyone]):
        rows = everyone[year[everyone] == t]
        orders[1:, rows] = rows[rng.random((draws, len(rows))).argsort(axis=1)]
    return orders


def _standardised(positions: np.ndarray, first: np.ndarray) -> np.ndarray:
    """Standardise within the year, each row by itself; missing positions become the mean, 0."""
    length = np.diff(np.append(first, positions.shape[1]))
    missing = np.isnan(positions)
    counts = length.astype(float)
    if missing.any():
        counts = np.maximum(1, np.add.reduceat(~missing, first, axis=1, dtype=float))
        positions = np.where(missing, 0.0, positions)
    mean = np.add.reduceat(positions, first, axis=1) / counts
    centred = positions - np.repeat(mean, length, axis=1)
    centred[missing] = 0.0
    spread = np.sqrt(np.add.reduceat(centred**2, first, axis=1) / counts)
    # what rounding leaves of equal positions is no spread
    flat = spread <= ROUNDING * np.abs(positions).max(initial=0)
    return np.asarray(
        centred * np.repeat(np.where(flat, 0, 1 / np.where(flat, 1, spread)), length, axis=1)
    )


def _curve(
    specs: Sequence[Spec],
    prepared: list[_Specification | str],
    estimates: np.ndarray,
    z: np.ndarray,
) -> pd.DataFrame:
    from scipy.stats import norm

    rows, found = [], iter(zip(estimates, z, strict=True))
    for place, (spec, used) in enumerate(zip(specs, prepared, strict=True)):
        row = {
            "specification": place,
            **{k: spec[k] for k in ("population", "outcome", "layer", "measure")},
            "leader_included": spec.get("leader_included", True),
            "controls": ", ".join(spec.get("controls", [])),
            "estimator": spec["estimator"],
            **({"strata": ", ".join(spec["strata"])} if "strata" in spec else {}),
            **({"status": status_name(spec["status"])} if "status" in spec else {}),
        }
        if isinstance(used, str):
            rows.append({**row, "estimate": np.nan, "z": np.nan, "note": used})
            continue
        estimate, score = next(found)
        rows.append(
            {
                **row,
                "estimate": estimate,
                "z": score,
                "n": len(used.rows),
                "events": used.events,
                "note": "",
            }
        )
    curve = pd.DataFrame(rows).sort_values("estimate", kind="stable", ignore_index=True)
    # a zero estimate with a zero score has no information to take an error from
    curve["std_error"] = (curve["estimate"] / curve["z"]).where(curve["z"] != 0)
    curve["lo"] = curve["estimate"] - _SIGNIFICANT * curve["std_error"]
    curve["hi"] = curve["estimate"] + _SIGNIFICANT * curve["std_error"]
    curve["p_value"] = 2 * norm.sf(curve["z"].abs())
    curve["rank"] = curve["estimate"].rank(method="first").astype("Int64")
    return curve.astype({"n": "Int64", "events": "Int64"})


def _joint(estimates: np.ndarray, z: np.ndarray) -> pd.DataFrame:
    """Compare the three statistics of the first row, the observed, with those of the others."""
    median = np.median(estimates, axis=1)
    stouffer = z.sum(axis=1) / np.sqrt(z.shape[1])
    values = np.column_stack([median, _share_significant(estimates, z), stouffer])
    exceed = (np.abs(values[1:]) >= np.abs(values[0]) - TIE).sum(axis=0)
    return pd.DataFrame(
        {
            "statistic": _STATISTICS,
            "observed": values[0],
            "expected": np.median(values[1:], axis=0),
            "p_value": (1 + exceed) / len(values),
        }
    )


def _share_significant(estimates: np.ndarray, z: np.ndarray) -> np.ndarray:
    """Return the share significant in the direction of most estimates; the larger if neither."""
    up, down = (estimates > 0).sum(axis=1), (estimates < 0).sum(axis=1)
    share_up = (z > _SIGNIFICANT).mean(axis=1)
    share_down = (z < -_SIGNIFICANT).mean(axis=1)
    share = np.where(up > down, share_up, share_down)
    return np.asarray(np.where(up == down, np.maximum(share_up, share_down), share))
