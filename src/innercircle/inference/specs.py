"""Checks of model specifications that need to know what the package can measure and fit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from innercircle.errors import Problem, StudyError, did_you_mean
from innercircle.inference.estimators import ESTIMATORS
from innercircle.inference.rows import CONTROLS
from innercircle.inference.specification_curve import ESTIMATORS as CURVE_ESTIMATORS
from innercircle.measures.resampling import position_names
from innercircle.networks.observed import LAYER_DIRECTED

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from innercircle.data.config import Config
    from innercircle.inference.rows import Spec


def check_specs(config: Config, path: Path) -> None:
    """Check the names in ``models`` and whatever else of a configuration makes specifications.

    Parameters
    ----------
    config : dict
        Valid against the schema.
    path : Path
        Where it was read from, for the message.

    Raises
    ------
    StudyError
        With every population, outcome, layer, measure, control or estimator that does not exist,
        the specification that names it, and the nearest that exists.
    """
    problems = []
    for i, spec in enumerate(config.get("models", [])):
        for key, value, expected in _model_faults(spec, config):
            about = f"model {spec['name']}: {expected}"
            problems.append(Problem(str(path), 0, f"models.{i}.{key}", value, about))
    for where in ("specification_curve", "mrqap"):
        for key, value, expected in _choice_faults(config.get(where, {}), config):
            problems.append(Problem(str(path), 0, f"{where}.{key}", value, expected))
    simulation = config.get("simulation", {})
    specs = {spec["name"]: spec for spec in config.get("models", [])}
    faults = [*_unknown("models", simulation.get("models", []), specs)]
    for spec in [specs[name] for name in simulation.get("models", []) if name in specs]:
        faults += _unknown("measure", [simulation["measure"]], spec["measures"])
    problems += [Problem(str(path), 0, f"simulation.{k}", v, why) for k, v, why in faults]
    if problems:
        raise StudyError(problems)


def known_measures(layer: str, *, leader_included: bool = True) -> list[str]:
    """Return the names of the positions that a layer's networks are measured by."""
    if layer == "access":  # a star: access is a covariate, not a position
        return []
    names = position_names(directed=LAYER_DIRECTED[layer])
    return names if leader_included else [n for n in names if n != "leader_proximity"]


def _model_faults(spec: Spec, config: Config) -> Iterator[tuple[str, str, str]]:
    """Yield key, value and what is wrong with it."""
    yield from _unknown("population", [spec["population"]], config.get("populations", {}))
    yield from _unknown("outcome", [spec["outcome"]], config.get("outcomes", {}))
    yield from _unknown("layer", [spec["layer"]], config["layers"])
    if spec["layer"] in LAYER_DIRECTED:
        included = spec.get("leader_included", True)
        known = known_measures(spec["layer"], leader_included=included)
        yield from _unknown("measures", spec["measures"], known)
    yield from _unknown("controls", spec.get("controls", []), CONTROLS)
    yield from _unknown("strata", spec.get("strata", []), ["year", *CONTROLS])
    yield from _unknown("estimators", spec["estimators"], ESTIMATORS)
    by_seat = "seat_lost" in config.get("outcomes", {}).get(spec["outcome"], {})
    needs_fates = {name for name, column in CONTROLS.items() if "{outcome}" in column}
    for control in sorted(needs_fates & {*spec.get("controls", []), *spec.get("strata", [])}):
        if by_seat:
            yield (
                "controls",
                control,
                f"outcome {spec['outcome']} has no fates that ties can tell of",
            )
    if "party_generation" in spec.get("controls", []) and "party_generations" not in config:
        yield "controls", "party_generation", "needs the key party_generations, its cut years"


def _choice_faults(settings: Spec, config: Config) -> Iterator[tuple[str, str, str]]:
    """Check lists of choices, or single ones, as in the specification curve and MRQAP."""

    def chosen(key: str) -> list[str]:
        value = settings.get(key, [])
        return [value] if isinstance(value, str) else value

    yield from _unknown("population", chosen("population"), config.get("populations", {}))
    yield from _unknown("outcome", chosen("outcome"), config.get("outcomes", {}))
    layers = [layer for layer in chosen("layer") if layer in LAYER_DIRECTED]
    yield from _unknown("layer", chosen("layer"), config["layers"])
    for measure in chosen("measure"):
        for layer in layers:
            for key, value, expected in _unknown("measure", [measure], known_measures(layer)):
                yield key, value, f"layer {layer}: {expected}"
    controls = [control for names in settings.get("controls", []) for control in names]
    yield from _unknown("controls", controls, CONTROLS)
    strata = [part for names in settings.get("strata", []) for part in names]
    yield from _unknown("strata", strata, ["year", *CONTROLS])
    yield from _unknown("estimator", chosen("estimator"), CURVE_ESTIMATORS)


def _unknown(
    key: str, names: Iterable[str], known: Iterable[str]
) -> Iterator[tuple[str, str, str]]:
    known = list(known)
    for name in names:
        if name not in known:
            options = ", ".join(known) or "none"
            yield key, name, f"not known{did_you_mean(name, known)}; known: {options}"
