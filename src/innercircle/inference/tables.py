"""Tables of the inference stage: permutation tests, predictions, specification curve."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from innercircle.inference.estimators import RISK_SETS
from innercircle.inference.multiple import adjust
from innercircle.inference.permutation import permute_within_years
from innercircle.inference.prediction import predict_left_out_years
from innercircle.inference.rows import as_numbers, estimation_rows
from innercircle.inference.specification_curve import SpecificationCurve, specification_curve

if TYPE_CHECKING:
    from collections.abc import Sequence

    from innercircle.inference.rows import Spec


_LEVEL = 0.05
# Of which every combination is a specification of the curve; the last two only if configured.
_CHOICES = (
    *("population", "outcome", "layer", "measure", "leader_included", "controls", "estimator"),
    *("strata", "status"),
)


def tested_models(models: Sequence[Spec]) -> list[Spec]:
    """Return the models that permutation tests and predictions, which are logits, speak about.

    Those are models of what the source dates with a binary estimator; strata by year change nothing
    for permutations within years, and predictions do not use them. Of models that differ in strata
    or estimators alone, the first stands for all.
    """
    found: dict[str, Spec] = {}
    for model in models:
        if not model.get("external_fates") and set(model["estimators"]) - set(RISK_SETS):
            same = {k: v for k, v in model.items() if k not in ("name", "strata", "estimators")}
            found.setdefault(repr(sorted(same.items())), model)
    return list(found.values())


def permutation_table(
    models: Sequence[Spec], panel: pd.DataFrame, draws: int, seed: int
) -> pd.DataFrame:
    """Test every measure of every model by permuting positions within years.

    Returns
    -------
    DataFrame
        model, measure, z, p_value, holm, benjamini_hochberg (both over the measures of a model),
        draws, exact, n, events, note. What cannot be tested says why in ``note``.
    """
    families = []
    for number, spec in enumerate(models):
        rows = []
        for measure in spec["measures"]:
            data = estimation_rows(spec, panel, measure)
            rng = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(number,)))
            row: dict[str, Any] = {"model": spec["name"], "measure": measure, "n": len(data)}
            row["events"] = int(data["y"].sum())
            try:
                test = permute_within_years(
                    data["y"],
                    data["position"],
                    as_numbers(data),
                    data["year"],
                    draws,
                    rng,
                    remainder=True,
                )
            except (ValueError, ArithmeticError) as problem:
                row["note"] = str(problem)
            else:
                row |= {"z": test.z, "p_value": test.p_value, "draws": test.draws}
                row |= {"exact": test.exact, "note": test.fitted_by}
            rows.append(row)
        family = pd.DataFrame(rows).reindex(columns=_PERMUTATION)
        corrected = adjust(family["p_value"].astype(float))
        for column in ("holm", "benjamini_hochberg"):
            family[column] = corrected[column].to_numpy()
        families.append(family)
    if not families:
        return pd.DataFrame(columns=_PERMUTATION)
    table = pd.concat(families, ignore_index=True)[_PERMUTATION]
    return table.astype({"draws": "Int64", "z": float, "p_value": float})


_PERMUTATION = [
    "model",
    "measure",
    "z",
    "p_value",
    "holm",
    "benjamini_hochberg",
    "draws",
    "exact",
    "n",
    "events",
    "note",
]


def prediction_table(models: Sequence[Spec], panel: pd.DataFrame) -> pd.DataFrame:
    """Compare out-of-year predictions with and without position, for every model and measure.

    Returns
    -------
    DataFrame
        model, measure, statistic (auc, auc_within_year, brier), with, without, difference, lo, hi,
        n, events, note.
    """
    rows = []
    for spec, measure in [(model, name) for model in models for name in model["measures"]]:
        row: dict[str, Any] = {"model": spec["name"], "measure": measure}
        try:
            found = predict_left_out_years(spec, panel, measure)
        except (ValueError, ArithmeticError) as problem:  # the latter: no convergence
            rows.append({**row, "note": str(problem)})
            continue
        row |= {"n": len(found.rows), "events": int(found.rows["y"].sum())}
        scores = found.accuracy.set_index("model")
        for change in found.differences.to_dict("records"):
            name = change["statistic"]
            sides = {side: scores.loc[side, name] for side in ("with", "without")}
            rows.append({**row, **sides, **change, "note": found.note})
    columns = ["model", "measure", "statistic", "with", "without", "difference", "lo", "hi"]
    table = pd.DataFrame(rows).reindex(columns=[*columns, "n", "events", "note"])
    return table.astype({"n": "Int64", "events": "Int64"})


def all_specifications(settings: dict[str, list[Any]]) -> list[Spec]:
    """Return every combination of the choices that a configuration lists.

    ``reversed`` names the measures that are high where others are low; ``controls``, ``strata`` and
    ``status`` list sets; ``excluded`` lists choices (key and value) that together make no
    specification.
    """
    keys = [key for key in _CHOICES if key in settings]
    choices = [settings[key] for key in keys]
    specs = [dict(zip(keys, chosen, strict=True)) for chosen in itertools.product(*choices)]
    left_out = settings.get("excluded", [])
    specs = [s for s in specs if not any(_matches(s, out) for out in left_out)]
    inverted = settings.get("reversed", [])
    return [{**spec, "reversed": spec["measure"] in inverted} for spec in specs]


def _matches(spec: Spec, choices: Spec) -> bool:
    return all(spec.get(key) == value for key, value in choices.items())


def curve_by_choice(curve: pd.DataFrame) -> pd.DataFrame:
    """Summarise a specification curve by each value of each choice that varies.

    Parameters
    ----------
    curve : DataFrame
        As of :class:`~innercircle.inference.specification_curve.SpecificationCurve`.

    Returns
    -------
    DataFrame
        choice, value, specifications (that could be fitted), median (of their estimates), positive
        and significant (shares of them; p of at most 0.05).
    """
    fitted = curve[curve["estimate"].notna()]
    fitted = fitted.assign(
        positive=fitted["estimate"] > 0, significant=fitted["p_value"] <= _LEVEL, all="all"
    )
    choices = [key for key in _CHOICES if key in fitted and len(fitted[key].unique()) > 1]
    summaries = [
        fitted.groupby(key)
        .agg(
            specifications=("estimate", "size"),
            median=("estimate", "median"),
            positive=("positive", "mean"),
            significant=("significant", "mean"),
        )
        .rename_axis("value")
        .reset_index()
        .astype({"value": str})
        .assign(choice=key)
        for key in ["all", *choices]
    ]
    table = pd.concat(summaries, ignore_index=True)
    table["value"] = table["value"].replace("", "none")
    return table[["choice", "value", "specifications", "median", "positive", "significant"]]


def curve_from_config(
    settings: dict[str, Any], panel: pd.DataFrame, seed: int
) -> SpecificationCurve:
    """Return the specification curve that a configuration asks for."""
    specs = all_specifications(settings)
    return specification_curve(specs, panel, settings["draws"], np.random.default_rng(seed))
