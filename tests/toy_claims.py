"""A small invented study whose answers are known: a board, a club, and visits to Lea."""

from __future__ import annotations

import pandas as pd

from innercircle.claims import ClaimData
from innercircle.data import Study

CONFIG = {
    "leader": "lea",
    "status": ["asserted"],
    "layers": {
        "attendance": {"excluded_roles": ["subject", "absent"]},
        "relations": {"lasting": ["friend"]},
    },
    "complete_rosters": [{"body": "board", "first": "1930-01-01", "last": "1935-12-31"}],
}

# person: visits and minutes in 1931, in 1932
VISITS = {
    "ann": ((10, 600), (20, 1200)),
    "bob": ((5, 100), (2, 60)),
    "cat": ((1, 10), (3, 30)),
    "dan": ((0, 0), (0, 0)),
}
SPELLS = [
    ("ann", "board", "full", "1930-01-01", "1935-12-31/.."),
    ("bob", "board", "full", "1930-01-01", "1933-05-01"),
    ("bob", "board", "full", "../1931", "1933"),  # the same spell, told less exactly
    ("cat", "board", "candidate", "1930-01-01", "1932-02-01"),
    ("cat", "board", "full", "1932-02-01", "1934-06-01"),
    ("dan", "board", "candidate", "1933-06-01", "1935-12-31/.."),
    ("ann", "club", "chair", "1931-01-15", ""),
    ("bob", "club", "member", "../1931", "1932"),
    ("eve", "club", "member", "1931-03-01", "1932-06-01"),
]
FATES = [
    ("ann", "1931-02-01", "appointed", "club"),
    ("bob", "1933-05-01", "removed", "board"),
    ("bob", "1933-06-10", "arrested", ""),
    ("cat", "1934-06-01", "arrested", ""),
    ("cat", "1934-12", "executed", ""),
    ("eve", "../1932", "arrested", ""),
]
EVENTS = [
    ("talk", "politburo_session", "1931-02-01", "board", "complete"),
    ("poll-1", "politburo_poll", "1931-03", "board", "partial"),
    *[
        (f"poll-{i}", "politburo_poll", f"1932-{i:02d}-05", "board", "partial")
        for i in range(2, 12)
    ],
    ("late-talk", "politburo_session", "1932-12-24", "club", "partial"),
]
TIES = [
    ("ann", "bob", "supports", "personal", "1931"),
    ("bob", "ann", "supports", "personal", "1931-05"),
    ("ann", "cat", "friend", "personal", "1931"),
    ("cat", "ann", "opposes", "policy", "1932"),
    ("ann", "dan", "patron_of", "personal", "1932"),
    ("ann", "cat", "patron_of", "personal", ""),
    *[("ann", "eve", "writes_to", "institutional", f"1932-{i:02d}") for i in range(1, 12)],
    *[("bob", "cat", "opposes", "institutional", f"1931-{i:02d}") for i in range(1, 12)],
]


def toy_data() -> ClaimData:
    contacts = [
        (person, "lea", year, visits, minutes)
        for person, years in VISITS.items()
        for year, (visits, minutes) in zip(("1931", "1932"), years, strict=True)
    ]
    tables = {
        "persons": pd.DataFrame({"person_id": ["ann", "bob", "cat", "dan", "eve", "lea"]}),
        "bodies": pd.DataFrame({"body_id": ["board", "club"]}),
        "contacts": _table(contacts, "person_id other_id period visits minutes"),
        "memberships": _table(SPELLS, "person_id body_id role start end"),
        "fates": _table(FATES, "person_id date outcome body_id"),
        "events": _table(EVENTS, "event_id kind start body_id roster"),
        "participations": _table(_participations(), "event_id person_id role"),
        "ties": _table(
            [(*tie, "") for tie in TIES], "source_id target_id relation basis start end"
        ),
    }
    return ClaimData.from_study(Study("toy", tables), CONFIG, _measures())


def _participations() -> list[tuple[str, str, str]]:
    rows = [("talk", person, "present") for person in ("ann", "bob", "eve")]
    rows += [("poll-1", "ann", "polled"), ("poll-1", "dan", "absent"), ("poll-1", "cat", "subject")]
    rows += [(f"poll-{i}", "ann", "polled") for i in range(2, 12)]
    return [*rows, ("poll-2", "eve", "polled"), ("late-talk", "ann", "chair")]


def _table(rows: list[tuple[object, ...]], columns: str) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=columns.split())
    return frame.assign(
        locator=[f"1:{n}" for n in range(1, len(rows) + 1)],
        certainty=["explicit" if "talk" in str(row[0]) else "inferred" for row in rows],
        status="asserted",
    )


def _measures() -> dict[str, pd.DataFrame]:
    years = [(1931, 0.2, 0.1, 0.3), (1932, 0.8, 0.7, 0.9)]
    cohesion = pd.DataFrame(years, columns=["year", "value", "lo", "hi"])
    cohesion = cohesion.assign(layer="attendance", leader_included=True, measure="density")
    positions = [
        (1931, "ann", 5.0, 4.5, 5.5, 1.0),
        (1932, "ann", 9.0, 8.5, 9.5, 0.99),
        (1931, "bob", 4.0, 1.0, 7.0, 0.5),
        (1932, "bob", 1.0, 0.5, 1.5, 0.0),
    ]
    columns = ["year", "person_id", "value", "lo", "hi", "p_top1"]
    centrality = pd.DataFrame(positions, columns=columns)
    centrality = centrality.assign(layer="attendance", leader_included=False, measure="strength")
    return {"cohesion": cohesion, "centrality": centrality}
