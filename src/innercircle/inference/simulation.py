"""Whether the estimators would find what is there, on panels like the study's own.

Held against each other are maximum likelihood (``logit``, and ``logit_unclustered`` with errors
that take person-years for independent), ``cloglog``, Firth's logit (``firth``), the same with an
intercept for every year with a fall (``firth_years``, in the configuration ``strata: [year]``), and
two permutation tests: of what years and controls leave of position (``permutation``), and of
positions as they are (``permutation_raw``).

An interval is right if it covers the planted effect. The complementary log-log regression estimates
a hazard ratio: its truth is the value that it would find in infinitely many such panels.

References
----------
Morris, T. P., I. R. White, and M. J. Crowther. 2019. Using simulation studies to evaluate
statistical methods. Statistics in Medicine 38: 2074-2102.
White, H. 1982. Maximum likelihood estimation of misspecified models. Econometrica 50: 1-25.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from innercircle.inference.many_logits import (
    firth_intervals,
    firth_p_values,
    maximum_likelihoods,
    wald_intervals,
)
from innercircle.inference.permutation import permute_within_years
from innercircle.inference.planted import POSITION, Plan, draw_panels, hazards, still_at_risk

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

# Those whose intervals and p-values this simulation shows to be right (docs/inference.md).
RECOMMENDED, RECOMMENDED_TEST = "firth_years", "permutation"
LEVEL = 0.05
WANTED_POWER = 0.8
# Panels at a time, so that their arrays stay in the processor's cache; part of the random stream.
_BATCH = 100


def simulate_effects(
    plan: Plan,
    odds_ratios: Sequence[float],
    draws: int,
    permutations: int,
    seed: np.random.SeedSequence,
    report: Callable[[str], object] = lambda _: None,
) -> pd.DataFrame:
    """Plant each effect and see what every estimator makes of it.

    Parameters
    ----------
    plan : Plan
    odds_ratios : sequence of float
        Planted effects of one within-year standard deviation; 1 is none.
    draws : int
        Simulated panels for each effect.
    permutations : int
        Of each permutation test; one less than a multiple of 20 makes its size exact.
    seed : SeedSequence
        Spawned for each effect.
    report : callable
        Told of each effect that is done.

    Returns
    -------
    DataFrame
        One row an effect and estimator: odds_ratio, effect (its logarithm), estimator, draws,
        person_years and falls (means), truth (what an interval should cover), no_estimate (share of
        panels without a finite estimate or limits, left out of what follows), coverage of 95 %
        intervals and its 95 % Wilson limits coverage_lo and coverage_hi, rejected (share of
        p-values up to 0.05: the size of the test if the effect is 0, else its power), rejected_lo,
        rejected_hi, bias (mean), bias_median, width (mean, of intervals). Tests have no intervals.
    """
    rows = []
    seeds = seed.spawn(len(odds_ratios))
    for ratio, stream in zip(odds_ratios, seeds, strict=True):
        effect, rng = float(np.log(ratio)), np.random.default_rng(stream)
        hazard = hazards(plan, effect)
        batches = [
            _evaluate(plan, *draw_panels(plan, hazard, size, rng), permutations, rng)
            for size in _batches(draws)
        ]
        size = {
            name: float(np.concatenate([batch[1][name] for batch in batches]).mean())
            for name in ("person_years", "falls")
        }
        for name in batches[0][0]:
            found = np.concatenate([batch[0][name] for batch in batches], axis=1)
            truth = effect if name != "cloglog" else _least_false(plan, hazard)
            row = {"odds_ratio": ratio, "effect": effect, "estimator": name, "draws": draws}
            rows.append({**row, **size, **_performance(found, truth)})
        report(f"odds ratio {ratio:g}: {draws} panels")
    return pd.DataFrame(rows)


def power_curve(
    plan: Plan,
    largest: float,
    steps: int,
    draws: int,
    seed: np.random.SeedSequence,
    report: Callable[[str], object] = lambda _: None,
) -> pd.DataFrame:
    """Find how often the recommended estimator tells an effect from none, over a grid of effects.

    Parameters
    ----------
    plan, draws, seed, report
        As for :func:`simulate_effects`.
    largest : float
        Largest odds ratio; the smallest is its inverse.
    steps : int
        From none to the largest, equal on the scale of log odds.

    Returns
    -------
    DataFrame
        odds_ratio, effect, estimator, draws, power with 95 % Wilson limits power_lo and power_hi.
    """
    rows = []
    grid = np.log(largest) * np.arange(-steps, steps + 1) / steps
    for effect, stream in zip(grid, seed.spawn(len(grid)), strict=True):
        rng = np.random.default_rng(stream)
        hazard = hazards(plan, effect)
        found = []
        for size in _batches(draws):
            y, weights = draw_panels(plan, hazard, size, rng)
            found.append(firth_p_values(y, *_with_years(plan, y, weights), 0))
        p_values = np.concatenate(found)
        rejected = int((p_values <= LEVEL).sum())
        row = {"odds_ratio": float(np.exp(effect)), "effect": effect, "estimator": RECOMMENDED}
        share, lo, hi = wilson(rejected, int(np.isfinite(p_values).sum()))
        rows.append({**row, "draws": draws, "power": share, "power_lo": lo, "power_hi": hi})
    report(f"power at {len(grid)} effects: {draws} panels each")
    return pd.DataFrame(rows)


def smallest_effects(power: pd.DataFrame) -> pd.DataFrame:
    """Read off a power curve the smallest effects that are found four times in five.

    Parameters
    ----------
    power : DataFrame
        As from :func:`power_curve`.

    Returns
    -------
    DataFrame
        direction (raises, lowers), odds_ratio, effect, and the odds ratios at which the curve's
        Wilson limits reach 0.8, nearest and furthest from 1: odds_ratio_near, odds_ratio_far.
        Straight lines between the effects of the grid; missing where the curve does not get there.
    """
    rows = []
    for direction, sign in (("raises", 1), ("lowers", -1)):
        side = power[power["effect"] * sign >= 0].sort_values("effect", key=np.abs)
        size = side["effect"].abs().to_numpy(float)
        reached = {
            name: sign * _first_reached(size, side[column].to_numpy(float))
            for name, column in (("", "power"), ("_near", "power_hi"), ("_far", "power_lo"))
        }
        ratios = {f"odds_ratio{name}": float(np.exp(value)) for name, value in reached.items()}
        rows.append({"direction": direction, "effect": reached[""], **ratios})
    return pd.DataFrame(rows)


def _first_reached(size: np.ndarray, power: np.ndarray) -> float:
    climbing = np.maximum.accumulate(power)
    if not climbing[-1] >= WANTED_POWER:
        return float("nan")
    after = int(np.argmax(climbing >= WANTED_POWER))
    span = slice(max(after - 1, 0), after + 1)
    return float(np.interp(WANTED_POWER, climbing[span], size[span]))


def wilson(successes: int, trials: int) -> tuple[float, float, float]:
    """Return a share and its 95 % Wilson limits; missing if there were no trials."""
    from statsmodels.stats.proportion import proportion_confint

    if not trials:
        return (float("nan"),) * 3
    share = successes / trials
    lo, hi = proportion_confint(successes, trials, method="wilson")
    # at 0 and 1 a limit is the share itself but for rounding
    return share, min(float(lo), share), max(float(hi), share)


def _batches(draws: int) -> list[int]:
    return [min(_BATCH, draws - start) for start in range(0, draws, _BATCH)]


def _evaluate(
    plan: Plan,
    y: np.ndarray,
    weights: np.ndarray,
    permutations: int,
    rng: np.random.Generator,
) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """Return every estimator's estimate, limits and rejection, each shape (4, b), and the size.

    Panels without a fall, which no estimator is fitted to, are missing.
    """
    falls, at_risk = y.sum(axis=1), weights.sum(axis=1)
    some = falls > 0
    some_y, some_weights = y[some], weights[some]
    intervals = {
        "logit": wald_intervals(some_y, plan.x, some_weights, POSITION, person=plan.person),
        "logit_unclustered": wald_intervals(some_y, plan.x, some_weights, POSITION),
        "cloglog": wald_intervals(
            some_y, plan.x, some_weights, POSITION, person=plan.person, cloglog=True
        ),
        "firth": firth_intervals(some_y, plan.x, some_weights, POSITION),
        "firth_years": firth_intervals(some_y, *_with_years(plan, some_y, some_weights), 0),
    }
    found = {name: np.full((4, len(y)), np.nan) for name in intervals}
    for name, of in intervals.items():
        rejects = np.where(np.isfinite(of.lo), (of.lo > 0) | (of.hi < 0), np.nan)
        found[name][:, some] = [of.estimate, of.lo, of.hi, rejects]
    for name, remainder in (("permutation", True), ("permutation_raw", False)):
        found[name] = np.full((4, len(y)), np.nan)
        found[name][3, some] = [
            _permuted(plan, *panel, permutations, rng, remainder=remainder)
            for panel in zip(some_y, some_weights > 0, strict=True)
        ]
    return found, {"person_years": at_risk, "falls": falls}


def _permuted(
    plan: Plan,
    y: np.ndarray,
    kept: np.ndarray,
    permutations: int,
    rng: np.random.Generator,
    *,
    remainder: bool,
) -> float:
    """Tell whether a permutation test rejects (1) or not (0)."""
    x, year = plan.x[kept], plan.year[kept]
    test = permute_within_years(
        y[kept], x[:, POSITION], x[:, POSITION + 1 :], year, permutations, rng, remainder=remainder
    )
    return float(test.p_value <= LEVEL)


def _with_years(plan: Plan, y: np.ndarray, weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return position, controls and an intercept for each year, and weights of what they explain.

    A year in which nobody or everybody falls says nothing about position and is left out, as
    models with strata do.
    """
    years = (plan.year[:, None] == np.arange(plan.year.max() + 1)).astype(float)
    falls, persons = y @ years, weights @ years
    telling = (falls > 0) & (falls < persons)
    return np.column_stack([plan.x[:, POSITION:], years]), weights * telling[:, plan.year]


def _least_false(plan: Plan, hazard: np.ndarray) -> float:
    """Return the log hazard ratio that a cloglog regression of infinitely many panels finds."""
    expected = still_at_risk(plan, hazard)[None]
    return float(maximum_likelihoods(hazard[None], plan.x, expected, cloglog=True)[0, POSITION])


def _performance(found: np.ndarray, truth: float) -> dict[str, float]:
    """Summarise estimates, limits and rejections, shape (4, draws)."""
    estimate, lo, hi, rejects = found
    known = np.isfinite(rejects)
    share = dict(
        zip(("rejected", "rejected_lo", "rejected_hi"), _share(rejects[known]), strict=True)
    )
    summary = {"truth": truth, "no_estimate": float(1 - known.mean())}
    if not np.isfinite(lo).any():
        return {**summary, **share}
    covers = (lo[known] <= truth) & (truth <= hi[known])
    coverage = dict(zip(("coverage", "coverage_lo", "coverage_hi"), _share(covers), strict=True))
    bias = estimate[known] - truth
    return {
        **summary,
        **coverage,
        **share,
        "bias": float(bias.mean()),
        "bias_median": float(np.median(bias)),
        "width": float((hi - lo)[known].mean()),
    }


def _share(happened: np.ndarray) -> tuple[float, float, float]:
    return wilson(int(happened.sum()), len(happened))
