"""The words of captions and legends that a study's configuration supplies."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from innercircle.data.config import Config

# Said where the configuration has no label.
LABELS = {
    "leader": "the leader",
    "person": "surname",
    "entry": "entered the leading bodies",
    "exit": "left them",
    "fall": "fell (first outcome) or died a violent death",
}


def labels(config: Config) -> dict[str, str]:
    """Return every label of :data:`LABELS`, in the words of the configuration where it has any."""
    return {**LABELS, **config.get("labels", {})}


def printed_names(persons: pd.DataFrame, config: Config) -> dict[str, str]:
    """Return the name to print by person_id: the surname, unless ``labels.person`` says otherwise.

    A namesake, whose id carries an initial, gets it in print too.
    """
    if labels(config)["person"] == "given_names":
        given = persons["given_names"].where(persons["given_names"] != "", persons["surname"])
        return dict(zip(persons["person_id"], given, strict=True))
    return {
        row.person_id: f"{row.given_names[:1]}. {row.surname}"
        if "-" in row.person_id and row.given_names and "-" not in row.surname
        else row.surname
        for row in persons.itertuples()
    }


def enumerate_words(words: Sequence[str]) -> str:
    """Return ``a, b or c``."""
    words = [word.replace("_", " ") for word in words]
    return " or ".join([", ".join(words[:-1]), *words[-1:]]) if len(words) > 1 else "".join(words)


def caption_words(config: Config, output: str) -> dict[str, str]:
    """Return what the caption of an output may say of the study.

    Parameters
    ----------
    config : dict
        The study's configuration.
    output : str
        Name of a figure or table.

    Returns
    -------
    dict of str to str
        ``leader``; ``fallen``, the outcomes that figures mark (empty if none are defined); and
        ``note``, what the configuration adds to this caption (empty if nothing).
    """
    outcomes = config.get("outcomes") or {}
    first: dict[str, list[str]] = next(iter(outcomes.values()), {})
    fallen = [*first.get("fates", []), *first.get("punitive", [])]
    return {
        "leader": labels(config)["leader"],
        "fallen": enumerate_words(fallen),
        "note": str(config.get("captions", {}).get(output, "")),
    }
