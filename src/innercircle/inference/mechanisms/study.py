"""All mechanisms on one study, from its tables and configuration."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from innercircle.data.groups import group_members
from innercircle.inference.mechanisms.contagion import close_links, contagion, patron_links
from innercircle.inference.mechanisms.cooling import cooling
from innercircle.inference.mechanisms.encircling import encircling
from innercircle.inference.mechanisms.factions import factions
from innercircle.inference.mechanisms.institutions import institutional_conflict
from innercircle.inference.mechanisms.oligarchy import oligarchy
from innercircle.inference.mechanisms.result import mechanism_table
from innercircle.networks.observed import (
    available_layers,
    counted_attendances,
    counted_spells,
    counted_ties,
)
from innercircle.panel.risk import falls_in_study

if TYPE_CHECKING:
    from collections.abc import Iterator

    from innercircle.data.config import Config
    from innercircle.data.study import Study
    from innercircle.inference.mechanisms.result import Mechanism

PATRONS = ("patron_of", "protects", "principal_of")
# What says whether power narrowed: layer, measure, with the leader or without.
_NARROWING = (
    ("access", "minutes_effective_number", True),
    ("access", "minutes_top1_share", True),
    ("attendance", "density", False),
    ("attendance", "degree_centralization", True),
)
_PAIR = 2


def study_mechanisms(
    study: Study, config: Config, panel: pd.DataFrame, cohesion: pd.DataFrame
) -> pd.DataFrame:
    """Run every mechanism that the study's tables allow.

    The outcome is the first of the configuration, the population its first too; draws are its
    ``null_draws`` times ten.

    Returns
    -------
    DataFrame
        As :func:`innercircle.inference.mechanisms.mechanism_table`.
    """
    draws = 10 * config["null_draws"]
    seeds = np.random.SeedSequence(config["seed"]).spawn(6)
    streams = [np.random.default_rng(seed) for seed in seeds]
    outcome = next(iter(config["outcomes"]))
    population = next(iter(config["populations"]))
    found: list[Mechanism] = []
    falls = falls_in_study(study, config, outcome)  # ties are known in these years only
    layers = available_layers(study, config)
    if "patronage" in layers:
        ties = counted_ties(study, config, "patronage")
        ties = ties[ties["relation"].isin(PATRONS) & (ties["source_id"] != config.get("leader"))]
        found += encircling(ties, falls, streams[0], draws)
        for channel, links in _links(study, config, ties):
            found += contagion(
                panel, falls, links, streams[1], draws, outcome=outcome, channel=channel
            )
    if "relations" in layers:
        conflict = counted_ties(study, config, "relations")
        if "membership" in layers:
            spells = counted_spells(study, config)
            ranks = {seat["body"] for seat in config.get("standing", [])}
            found += institutional_conflict(conflict, spells, streams[5], draws, ranks=ranks)
        found += _factions(study, config, conflict, streams[3], draws)
    columns = [c for c in ("minutes_share", "attendance__strength__without") if c in panel]
    found += cooling(
        panel, streams[2], draws, outcome=outcome, columns=columns, population=population
    )
    for layer, measure, included in _NARROWING:
        found += oligarchy(
            cohesion,
            streams[4],
            draws,
            layer=layer,
            measure=measure,
            leader_included=included,
            periods=config.get("periods", []),
        )
    return mechanism_table(found)


def _links(study: Study, config: Config, ties: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    yield "patron", patron_links(ties)
    if "attendance" in available_layers(study, config):
        attended = counted_attendances(study, config)
        yield "co-attender", close_links(attended[attended["person_id"] != config.get("leader")])


def _factions(
    study: Study, config: Config, conflict: pd.DataFrame, rng: np.random.Generator, draws: int
) -> list[Mechanism]:
    attended = pd.DataFrame(columns=["event_id", "person_id"])
    if "attendance" in available_layers(study, config):
        attended = counted_attendances(study, config)
    found: list[Mechanism] = []
    for members in group_members(study, config).values():
        groups = list(members.values())
        if len(groups) == _PAIR:
            found += factions(attended, conflict, (groups[0], groups[1]), rng, draws)
    return found
