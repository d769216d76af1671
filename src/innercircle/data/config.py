"""The study's configuration: read, checked against its JSON Schema, and never half-understood."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml

from innercircle.errors import Problem, StudyError, did_you_mean

if TYPE_CHECKING:
    from pathlib import Path


Config = dict[str, Any]


class _Loader(yaml.SafeLoader):
    """Refuses a key that stands twice, of which YAML would silently take the last."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: list[Any] = []
        for key, _ in node.value:
            if key.value in seen:
                problem = f"the key {key.value} stands twice"
                raise yaml.constructor.ConstructorError(None, None, problem, key.start_mark)
            seen.append(key.value)
        return super().construct_mapping(node, deep)


def load_config(path: Path) -> Config:
    """Read a study's configuration and check it.

    Parameters
    ----------
    path : Path
        ``config/<study>.yaml``; the schema is ``schema.yaml`` beside it.

    Raises
    ------
    StudyError
        With every fault: unknown key (and the key that was probably meant), a value that is not
        allowed, a range of years that runs backwards. What models name is checked by
        :func:`innercircle.inference.specs.check_specs`.
    """
    from jsonschema import Draft202012Validator  # slow to import

    if not path.is_file():
        studies = sorted(p.stem for p in path.parent.glob("*.yaml") if p.stem != "schema")
        expected = f"no such file; studies with a configuration: {', '.join(studies) or 'none'}"
        raise StudyError(
            [Problem(str(path), 0, "", "", expected + did_you_mean(path.stem, studies))]
        )
    try:
        config = yaml.load(path.read_text(encoding="utf-8"), _Loader)  # noqa: S506 - a safe one
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        row = mark.line + 1 if mark else 0
        reason = f"not readable as YAML in UTF-8 ({getattr(error, 'problem', None) or error})"
        raise StudyError([Problem(str(path), row, "", "", reason)]) from error
    schema = yaml.safe_load((path.parent / "schema.yaml").read_text(encoding="utf-8"))
    errors = list(Draft202012Validator(schema).iter_errors(config))
    problems = [problem for error in errors for problem in _explain(error, str(path))]
    if not problems:
        problems = _cross_check(config, path)
    if problems:
        raise StudyError(problems)
    return dict(config)


def _explain(error: Any, file: str) -> list[Problem]:  # jsonschema types its errors loosely
    key = ".".join(str(part) for part in error.absolute_path)
    if error.validator == "additionalProperties":
        known = list(error.schema.get("properties", {}))
        unknown = [name for name in error.instance if name not in known]
        return [
            Problem(
                file,
                0,
                f"{key}.{name}".lstrip("."),
                "",
                f"unknown key{did_you_mean(name, known)}; known here: {', '.join(known)}",
            )
            for name in unknown
        ]
    if error.validator == "enum":
        options = [str(option) for option in error.validator_value]
        expected = f"not one of {', '.join(options)}{did_you_mean(error.instance, options)}"
        return [Problem(file, 0, key, str(error.instance), expected)]
    found = "" if isinstance(error.instance, (dict, list)) else str(error.instance)
    return [Problem(file, 0, key, found, error.message)]


def _cross_check(config: Config, path: Path) -> list[Problem]:
    """Check what a JSON Schema cannot say: ranges and references between keys."""
    file = str(path)
    problems = []
    if config["study"] != path.stem:
        expected = f"the study in {path.name} must be called {path.stem}"
        problems.append(Problem(file, 0, "study", config["study"], expected))
    ranges = [("years", config["years"])]
    ranges += [(f"periods.{i}", period) for i, period in enumerate(config.get("periods", []))]
    ranges += [
        (f"models.{i}.years", model["years"])
        for i, model in enumerate(config.get("models", []))
        if "years" in model
    ]
    for key, span in ranges:
        if span["last"] < span["first"]:
            value = f"{span['first']} to {span['last']}"
            problems.append(Problem(file, 0, key, value, "the last year comes before the first"))
    problems += [
        Problem(file, 0, key, "suicide", f"the key suicide says {choice}: leave it out here")
        for key, ends, choice in [
            ("competing_ends", config.get("competing_ends", []), config.get("suicide")),
            *(
                (
                    f"models.{i}.competing_ends",
                    model.get("competing_ends", []),
                    model.get("suicide"),
                )
                for i, model in enumerate(config.get("models", []))
            ),
        ]
        if "suicide" in ends and choice not in (None, "competing_end")
    ]
    outcomes = config.get("outcomes", {})
    if outcomes and "fates" not in next(iter(outcomes.values())):
        expected = "the first outcome, which figures and mechanisms use, must be one of fates"
        problems.append(Problem(file, 0, "outcomes", next(iter(outcomes)), expected))
    if "access" in config["layers"] and "leader" not in config:
        expected = "contacts with the leader; name him under leader, or remove the layer"
        problems.append(Problem(file, 0, "layers.access", "", expected))
    if config.get("visits", {}).get("host_places") and "leader" not in config:
        expected = "places of the leader; name him under leader, or remove the places"
        problems.append(Problem(file, 0, "visits.host_places", "", expected))
    names = [model["name"] for model in config.get("models", [])]
    problems += [
        Problem(file, 0, "models", name, "two models have this name")
        for name in sorted({name for name in names if names.count(name) > 1})
    ]
    return problems
