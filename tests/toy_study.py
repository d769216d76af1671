"""A small made-up study with everything that a figure may show, computed as the workflow does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from innercircle.data.chapter import rows_by_year
from innercircle.data.quality import data_quality
from innercircle.data.study import Study
from innercircle.inference import fit_model, model_table
from innercircle.inference.mechanisms.study import study_mechanisms
from innercircle.inference.planted import plan_from_model
from innercircle.inference.simulation import power_curve, simulate_effects, smallest_effects
from innercircle.inference.tables import curve_from_config
from innercircle.measures import measure_layers
from innercircle.measures.structure import communities_table
from innercircle.networks import build_layers
from innercircle.networks.backbone import backbone
from innercircle.networks.bipartite import two_mode
from innercircle.networks.observed import counted_access, counted_attendances
from innercircle.networks.units import unit_networks
from innercircle.output.material import Material
from innercircle.panel import build_panel

if TYPE_CHECKING:
    from collections.abc import Iterator

FIRST, LAST = 1901, 1908
PERSONS = ["boss", *(f"person-{k:02d}" for k in range(24))]
_CODED = {"status": "asserted", "certainty": "explicit"}
_MODEL = {"population": "circle", "outcome": "strict", "layer": "attendance"}

CONFIG: dict[str, Any] = {
    "years": {"first": FIRST, "last": LAST},
    "source": "A made-up source.",
    "status": ["asserted"],
    "leader": "boss",
    "seed": 5,
    "resamples": 40,
    "null_draws": 4,
    "layers": {
        "attendance": {"modes": ["session"], "excluded_roles": ["absent"]},
        "membership": {"excluded_kinds": ["faction"]},
        "patronage": {"relations": ["patron_of", "protects"], "lasting": ["patron_of"]},
        "relations": {"positive": ["supports"], "negative": ["opposes"], "lasting": []},
        "access": {},
    },
    "periods": [
        {"name": "Rise", "first": 1901, "last": 1904},
        {"name": "Decline", "first": 1905, "last": 1908},
    ],
    "groups": [{"name": "factions", "bodies": ["doves", "hawks"]}],
    "backbone": {"method": "fdsm", "draws": 200, "level": 0.05},
    "standing": [{"body": "council", "role": "full", "score": 1}],
    "populations": {"circle": {"coded": True}},
    "outcomes": {
        "strict": {"fates": ["arrested"]},
        "broad": {"fates": ["arrested", "reprimanded"]},
    },
    "competing_ends": ["died"],
    "models": [
        {"name": "first", **_MODEL, "measures": ["degree", "strength"], "estimators": ["logit"]},
        {
            "name": "second",
            **_MODEL,
            "leader_included": False,
            "measures": ["degree"],
            "estimators": ["logit", "firth"],
        },
    ],
    "specification_curve": {
        "draws": 20,
        "population": ["circle"],
        "outcome": ["strict", "broad"],
        "layer": ["attendance"],
        "measure": ["degree", "strength"],
        "leader_included": [True, False],
        "controls": [[], ["standing"]],
        "estimator": ["logit"],
    },
    "simulation": {"models": ["first"], "measure": "degree"},
}


def _frame(rows: Iterator[dict[str, Any]]) -> pd.DataFrame:
    return pd.DataFrame([{**_CODED, **row} for row in rows])


def _pairs(rng: np.random.Generator, n: int) -> Iterator[tuple[str, str, str]]:
    for _ in range(n):
        one, two = rng.choice(len(PERSONS), 2, replace=False)
        yield PERSONS[one], PERSONS[two], str(rng.integers(FIRST, LAST + 1))


def _contacts(rng: np.random.Generator) -> Iterator[dict[str, Any]]:
    for year in range(FIRST, LAST + 1):
        for person in PERSONS[1:12]:
            visits = int(rng.integers(1, 40))
            yield {
                "person_id": person,
                "other_id": "boss",
                "period": str(year),
                "visits": visits,
                "minutes": 30 * visits,
            }


def _events(rng: np.random.Generator) -> tuple[pd.DataFrame, pd.DataFrame]:
    events, attended = [], []
    for year in range(FIRST, LAST + 1):
        for k in range(8):
            name = f"{year}-{k}"
            events.append({"event_id": name, "mode": "session", "start": str(year), "end": ""})
            size = int(rng.integers(3, 9))
            attended += [
                {"event_id": name, "person_id": str(person), "role": "present"}
                for person in rng.choice(PERSONS, size, replace=False)
            ]
    return _frame(iter(events)), _frame(iter(attended))


def _ties(rng: np.random.Generator) -> pd.DataFrame:
    relations = ["patron_of", "protects", "supports", "opposes"]
    rows = [
        {"source_id": a, "target_id": b, "relation": relations[k % 4], "start": year, "end": ""}
        for k, (a, b, year) in enumerate(_pairs(rng, 120))
    ]
    return _frame({"tie_id": f"t{k:03d}", **row} for k, row in enumerate(rows))


def made_up_study() -> Study:
    """Return raw tables drawn at random from a fixed seed."""
    rng = np.random.default_rng(11)
    events, participations = _events(rng)
    memberships = [
        {"person_id": p, "body_id": body, "role": "full", "start": str(FIRST), "end": str(LAST)}
        for body, members in (
            ("council", PERSONS[:8]),
            ("doves", PERSONS[1:5]),
            ("hawks", PERSONS[5:9]),
        )
        for p in members
    ]
    fates = [
        {"person_id": p, "date": str(rng.integers(first, LAST + 1)), "outcome": outcome}
        for outcome, who, first in (
            ("arrested", PERSONS[3:12], FIRST + 2),
            ("reprimanded", PERSONS[12:15], FIRST + 2),
            ("died", PERSONS[15:17], LAST),  # the dead attend nothing
        )
        for p in who
    ]
    coverage = pd.DataFrame(
        {"section": ["1:s1", "1:s2", "app1"], "words": "100", "events": ["3", "0", "61"]}
    ).assign(rows=["3", "0", "61"])
    bodies = (("council", "board"), ("doves", "faction"), ("hawks", "faction"))
    return Study(
        "toy",
        {
            "persons": _frame(
                {"person_id": p, "surname": p.title(), "given_names": "X"} for p in PERSONS
            ),
            "bodies": _frame({"body_id": b, "name": b.title(), "kind": kind} for b, kind in bodies),
            "memberships": _frame(iter(memberships)),
            "events": events,
            "participations": participations,
            "ties": _ties(rng),
            "contacts": _frame(_contacts(rng)),
            "fates": _frame({**fate, "punitive": True} for fate in fates),
            "coverage": coverage,
        },
    )


def made_up_material() -> Material:
    """Return the study with every table that the workflow computes."""
    study = made_up_study()
    edges, nodes = build_layers(study, CONFIG)
    access, networks = counted_access(study, CONFIG), list(unit_networks(study, CONFIG))
    centrality, cohesion = measure_layers(
        networks, access, "boss", CONFIG["resamples"], CONFIG["seed"]
    )
    panel = build_panel(study, CONFIG, nodes, access, centrality)
    fits = [fit for spec in CONFIG["models"] for fit in fit_model(spec, panel)]
    models = model_table(fits)
    curve = curve_from_config(CONFIG["specification_curve"], panel, CONFIG["seed"])
    plan = plan_from_model(CONFIG["models"][0], panel, "degree")
    seeds = np.random.SeedSequence(1).spawn(2)
    effects = simulate_effects(plan, [0.5, 1, 2], 8, 19, seeds[0]).assign(population="circle")
    power = power_curve(plan, 4, 2, 20, seeds[1]).assign(population="circle")
    attended = counted_attendances(study, CONFIG)
    pairs = [
        backbone(
            two_mode(rows["person_id"], rows["event_id"]),
            **CONFIG["backbone"],
            rng=np.random.default_rng(1),
        ).assign(year=year)
        for year, rows in attended.groupby("year")
    ]
    coded = {name: table for name, table in study.tables.items() if name != "coverage"}
    tables = {
        "edges": edges,
        "nodes": nodes,
        "access": access,
        "centrality": centrality,
        "cohesion": cohesion,
        "communities": communities_table(networks, CONFIG["seed"]),
        "backbone": pd.concat(pairs, ignore_index=True),
        "panel": panel,
        "models": models[models["term"] == models["measure"]],
        "mechanisms": study_mechanisms(study, CONFIG, panel, cohesion),
        "specification_curve": curve.curve,
        "specification_curve_test": curve.joint,
        "simulation": effects,
        "power": power,
        "smallest_effects": smallest_effects(power).assign(population="circle"),
        "data_quality": data_quality(Study("toy", coded), CONFIG),
        "rows_by_year": rows_by_year(study, CONFIG),
    }
    return Material(study, CONFIG, tables)
