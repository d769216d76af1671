"""Writes an invented elite as a complete study: tables, configuration and the truth behind them."""

from __future__ import annotations

import csv
import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from innercircle.data import simulated_elite as model
from innercircle.data.codebook import END, START, update_codebook
from innercircle.data.config import load_config
from innercircle.data.new_study import fill_template, install, write_tables
from innercircle.data.simulated_elite import Elite, Simulation
from innercircle.errors import Problem, StudyError

if TYPE_CHECKING:
    from pathlib import Path

# Above this size a configuration measures networks in part.
_LARGE = 500
_TABLES = ("persons", "bodies", "careers", "events", "visits", "ties")
_CODED = {"locator": "simulation", "certainty": "explicit", "status": "asserted", "note": ""}
_OFFICE = "office"
_DEPARTMENT_SIZE = 15


def simulate_study(
    root: Path, name: str, choices: dict[str, Any]
) -> tuple[Path, Path, dict[str, Any]]:
    """Write the study ``name``: ``data/raw/<name>`` with truth.json, and ``config/<name>.yaml``.

    Parameters
    ----------
    root : Path
        Folder that holds ``config/`` and ``data/raw/``.
    name : str
        Name of the study. If its configuration exists with a key ``invented``, the tables are
        made as that says, and the configuration stays as it is.
    choices : dict
        Fields of :class:`Simulation`; none if the configuration exists.

    Returns
    -------
    folder, config : Path
    truth : dict
        As in truth.json: what was planted, and how many rows came of it.

    Raises
    ------
    StudyError
        If the tables exist, the configuration exists without ``invented`` or with choices
        beside it, or a choice cannot be. Nothing is written then.
    """
    config = root / "config" / f"{name}.yaml"
    text: str | None = None
    if config.exists():
        choices = _configured(config, choices)
    plan = _plan(choices)
    if not config.exists():
        text = _config_text(name, plan)
    truth: dict[str, Any] = {}

    def fill(folder: Path) -> None:
        words = {"title": f"Simulated elite {name}", "source": "Simulated by innercircle"}
        write_tables(folder, name, {**words, "notes": ""}, {})
        truth.update(_write_simulation(folder, plan))

    folder, config = install(root, name, fill, text)
    return folder, config, truth


def _configured(config: Path, choices: dict[str, Any]) -> dict[str, Any]:
    found = load_config(config)
    if "invented" not in found:
        expected = "exists already, without a key invented, and is left as it is; choose a name"
        raise StudyError([Problem(str(config), 0, "", "", expected)])
    if choices:
        expected = f"says what to simulate; leave out {', '.join(sorted(choices))}, or remove it"
        raise StudyError([Problem(str(config), 0, "invented", "", expected)])
    return dict(found["invented"])


def _plan(choices: dict[str, Any]) -> Simulation:
    least = {"persons": 20, "years": 2, "visits_per_year": 1, "events_per_year": 1, "seed": 0}
    low = [
        Problem("simulation", 0, key, str(choices[key]), f"must be at least {value}")
        for key, value in least.items()
        if key in choices and choices[key] < value
    ]
    if low:
        raise StudyError(low)
    return Simulation(**choices)


def _config_text(name: str, plan: Simulation) -> str:
    words = {key: str(value) for key, value in asdict(plan).items()}
    words |= {"name": name, "first": str(plan.first), "last": str(plan.last)}
    words |= {"leader": _id(0, plan), "council": _body(0), "office": _OFFICE}
    large = (
        f"large_networks: {{persons: {_LARGE}, measures: [degree, strength, pagerank, coreness]}}"
    )
    words["large"] = f"{large}\n" if plan.persons >= _LARGE else ""
    words["factions"] = ", ".join(_body(1 + k) for k in range(model.FACTIONS))
    return fill_template("simulation.yaml", words)


def _id(number: int, plan: Simulation) -> str:
    """Return a person's id; 0 is the leader."""
    return f"p{number:0{len(str(plan.persons))}d}"


def _body(number: int) -> str:
    """Return a body's id: 0 the first body, then the factions, then departments."""
    return f"b{number:03d}"


def _write_simulation(folder: Path, plan: Simulation) -> dict[str, Any]:
    seeds = np.random.SeedSequence(plan.seed).spawn(len(_TABLES))
    streams = {name: np.random.default_rng(s) for name, s in zip(_TABLES, seeds, strict=True)}
    elite = model.draw_elite(plan, streams["careers"])
    names = np.array([_id(k, plan) for k in range(plan.persons + 1)], dtype=object)
    persons, leader = names[1:], names[0]
    tables = {
        "persons": pd.DataFrame({"person_id": names, "surname": [x.upper() for x in names]}),
        **_posts(plan, elite, persons, streams["bodies"]),
        **_occasions(plan, elite, persons, leader, streams["events"]),
        "ties": _ties(plan, elite, persons, streams["ties"]),
        "fates": _fates(elite, persons, plan),
    }
    logs, sums = [], []
    for year in range(plan.years):
        visits = model.draw_visits(plan, elite, year, streams["visits"])
        logs.append(_log(visits, persons, plan.first + year, streams["visits"]))
        sums.append(_contacts(visits, elite, persons, leader, year, plan))
    tables["visits"] = pd.concat(logs, ignore_index=True)
    tables["contacts"] = pd.concat(sums).sort_values(["person_id", "period"], ignore_index=True)
    totals = tables["contacts"].groupby("period", as_index=False)[["visits", "minutes"]].sum()
    tables["contact_totals"] = totals
    for name, table in tables.items():
        _write(folder / f"{name}.csv", table)
    truth = _truth(plan, elite, persons, tables)
    text = json.dumps(truth, indent=1, sort_keys=True)
    (folder / "truth.json").write_text(text + "\n", encoding="utf-8")
    words = {key: str(value) for key, value in truth["effects_on_log_odds"].items()}
    codebook = fill_template("SIMULATION.md", words | {"columns": f"{START}\n{END}"})
    (folder / "CODEBOOK.md").write_text(codebook, encoding="utf-8")
    update_codebook(folder)
    return truth


def _write(path: Path, table: pd.DataFrame) -> None:
    """Replace the rows below a header; columns that the table lacks are empty, or as for all."""
    with path.open(newline="", encoding="utf-8") as file:
        header = next(csv.reader(file))
    for column in header:
        if column not in table:
            table[column] = _CODED.get(column, "")
    table[header].to_csv(path, index=False, lineterminator="\n", encoding="utf-8")


def _date(plan: Simulation, year: np.ndarray, day: np.ndarray) -> np.ndarray:
    """Return days as text, from years counted from 0 and days counted from 0."""
    years = np.datetime64(str(plan.first), "Y") + np.asarray(year).astype("timedelta64[Y]")
    first = years.astype("datetime64[D]")
    return np.asarray(np.datetime_as_string(first + np.asarray(day).astype("timedelta64[D]")))


def _posts(
    plan: Simulation, elite: Elite, persons: np.ndarray, rng: np.random.Generator
) -> dict[str, pd.DataFrame]:
    departments = max(1, plan.persons // _DEPARTMENT_SIZE)
    kinds = ["council", *["faction"] * model.FACTIONS, *["department"] * departments]
    bodies = pd.DataFrame({"body_id": [_body(k) for k in range(len(kinds))], "kind": kinds})
    bodies["name"] = [f"{kind.capitalize()} {k}" for k, kind in enumerate(kinds)]
    posted = rng.integers(0, departments, plan.persons) + 1 + model.FACTIONS
    start = (elite.entry + plan.first).astype(str)
    gone = elite.end_year < plan.years
    end = np.where(gone, _ends(plan, elite), f"{plan.last}-12-31/..")
    parts = [
        (elite.rank > 0, np.zeros(plan.persons, dtype=int)),
        (elite.rank >= 0, 1 + elite.faction),
        (elite.rank >= 0, posted),
    ]
    roles = np.where(elite.rank == 2, "full", "candidate")  # noqa: PLR2004 - ranks of Elite
    tables = []
    for number, (belongs, body) in enumerate(parts):
        spells = {
            "person_id": persons[belongs],
            "body_id": [_body(k) for k in body[belongs]],
            "role": roles[belongs] if number == 0 else "member",
            "start": start[belongs],
            "end": end[belongs],
        }
        tables.append(pd.DataFrame(spells))
    keys = ["person_id", "body_id", "role"]
    memberships = pd.concat(tables).sort_values(keys, ignore_index=True)
    return {"bodies": bodies, "memberships": memberships}


def _ends(plan: Simulation, elite: Elite) -> np.ndarray:
    year = np.minimum(elite.end_year, plan.years - 1)
    return _date(plan, year, elite.end_day)


def _occasions(
    plan: Simulation, elite: Elite, persons: np.ndarray, leader: str, rng: np.random.Generator
) -> dict[str, pd.DataFrame]:
    events, parts = [], []
    for year in range(plan.years):
        for number, meeting in enumerate(model.draw_meetings(plan, elite, year, rng)):
            day, led, who = meeting
            key = f"e{plan.first + year}-{number:05d}"
            mode = "session" if led else "meeting"
            date = str(_date(plan, np.array(year), np.array(day)))
            events.append((key, "meeting", mode, date, "complete", f"Meeting {number} of the year"))
            present = [*(persons[who]), *([leader] if led else [])]
            parts += [(key, person, "present") for person in sorted(present)]
    columns = ["event_id", "kind", "mode", "start", "roster", "label"]
    return {
        "events": pd.DataFrame(events, columns=columns),
        "participations": pd.DataFrame(parts, columns=["event_id", "person_id", "role"]),
    }


def _ties(
    plan: Simulation, elite: Elite, persons: np.ndarray, rng: np.random.Generator
) -> pd.DataFrame:
    """Return patronage within factions, and support within and opposition between them."""
    level = np.nan_to_num(np.nanmean(elite.prominence, axis=1))
    everyone, rows = np.arange(plan.persons), []
    for k in everyone:
        for relation in ("patron_of", "supports", "opposes"):
            alike = elite.faction == elite.faction[k]
            pool = everyone[(alike != (relation == "opposes")) & (everyone != k)]
            if rng.random() > 0.5 or not len(pool):  # noqa: PLR2004 - half of the persons
                continue
            ends = np.array([k, rng.choice(pool)])
            if relation == "patron_of":  # whoever is more prominent over all years
                ends = ends[np.argsort(-level[ends], kind="stable")]
            first = elite.entry[ends].max()
            last = min(elite.end_year[ends].min(), plan.years - 1)
            if first <= last:
                years = (str(plan.first + first), str(plan.first + last))
                rows.append((*persons[ends], relation, "personal", *years))
    columns = ["source_id", "target_id", "relation", "basis", "start", "end"]
    ties = pd.DataFrame(rows, columns=columns)
    ties.insert(0, "tie_id", [f"t{number:06d}" for number in range(len(ties))])
    return ties


def _fates(elite: Elite, persons: np.ndarray, plan: Simulation) -> pd.DataFrame:
    ended = elite.outcome != ""
    table = pd.DataFrame({"person_id": persons[ended], "date": _ends(plan, elite)[ended]})
    table["outcome"] = elite.outcome[ended]
    table["punitive"] = np.where(table["outcome"] == "died", "false", "true")
    return table.sort_values(["person_id", "date"], ignore_index=True)


def _log(
    visits: pd.DataFrame, persons: np.ndarray, year: int, rng: np.random.Generator
) -> pd.DataFrame:
    """Return a year's visits as a log has them: some times are missing."""
    first = np.datetime64(f"{year}-01-01T00:00", "m")
    entry = first + visits["entry"].to_numpy().astype("timedelta64[m]")
    leave = first + visits["exit"].to_numpy().astype("timedelta64[m]")
    no_entry, no_exit = model.missing_times(len(visits), rng)
    days = np.datetime_as_string(entry.astype("datetime64[D]"))
    place = visits["place"].to_numpy(dtype=int)
    names = np.array([_OFFICE, *(f"house-{k}" for k in range(1, place.max(initial=0) + 1))], object)
    log = pd.DataFrame(
        {
            "visit_id": [f"v{year}-{number:06d}" for number in range(len(visits))],
            "person_id": persons[visits["person"].to_numpy(dtype=int)],
            "start": np.where(no_entry, days, np.datetime_as_string(entry)),
            "end": np.where(no_exit, "", np.datetime_as_string(leave)),
            "place": names[place],
        }
    )
    # Two visits of one day cannot be told apart without their times.
    alike = log.duplicated(["person_id", "place", "start", "end"])
    log.loc[alike, "start"] = np.datetime_as_string(entry[alike])
    return log


def _contacts(
    visits: pd.DataFrame,
    elite: Elite,
    persons: np.ndarray,
    leader: str,
    year: int,
    plan: Simulation,
) -> pd.DataFrame:
    """Return what a printed table would say: the first body's visits to the leader, in full."""
    seen = visits[visits["place"] == 0]
    person = seen["person"].to_numpy(dtype=int)
    stay = (seen["exit"] - seen["entry"]).to_numpy(dtype=float)
    number = np.bincount(person, minlength=plan.persons)
    minutes = np.bincount(person, weights=stay, minlength=plan.persons).astype(int)
    listed = (elite.rank > 0) & (elite.days(year) > 0)
    return pd.DataFrame(
        {
            "person_id": persons[listed],
            "other_id": leader,
            "period": str(plan.first + year),
            "visits": number[listed],
            "minutes": minutes[listed],
        }
    )


def _truth(
    plan: Simulation, elite: Elite, persons: np.ndarray, tables: dict[str, pd.DataFrame]
) -> dict[str, Any]:
    return {
        "invented": asdict(plan),
        "effects_on_log_odds": {
            "position": plan.effect,
            "rank": model.RANK_EFFECT,
            "first_faction": model.FACTION_EFFECT,
            "constant": model.BASE,
        },
        "rows": {name: len(table) for name, table in sorted(tables.items())},
        "falls": int(np.isin(elite.outcome, ["arrested", "expelled"]).sum()),
        "years": [plan.first, plan.last],
        "prominence": {
            person: [None if np.isnan(x) else round(float(x), 3) for x in row]
            for person, row in zip(persons, elite.prominence, strict=True)
        },
    }
