"""The words of captions and legends that a study's configuration supplies."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
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
    own = config.get("labels", {})
    return {name: own.get(name, word) for name, word in LABELS.items()}


def model_title(config: Config, model: str) -> str:
    """Return what figures call a model: its label, else its name as one reads it."""
    titles: dict[str, str] = config.get("labels", {}).get("models", {})
    return titles.get(model, model.replace("_", " "))


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
