"""Tables on the coding itself: what a referee asks of data before reading a result."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd
from statsmodels.stats.proportion import proportion_confint

from innercircle.data.dates import parse_date, spell_years
from innercircle.data.quality import data_quality

if TYPE_CHECKING:
    from pathlib import Path

    from innercircle.data.config import Config
    from innercircle.data.study import Study

# Tables whose rows happen at a date, and those whose rows last.
_DATED = {"events": "start", "fates": "date", "contacts": "period"}
_LASTING = ("memberships", "ties")


@dataclass(frozen=True)
class DataTable:
    """A table of the data chapter: its title, what a reader must know, and its rows."""

    title: str
    notes: str
    frame: pd.DataFrame


def rows_by_year(study: Study, config: Config) -> pd.DataFrame:
    """Return how many coded rows bear on each year of the study.

    Spells and lasting ties count in every year that they cover; a row dated only to a span that
    crosses years is in no single year and counts in none.

    Returns
    -------
    DataFrame
        One row a year; columns year, then those of events, participations, memberships, ties,
        contacts, fates and visits that the study has.
    """
    years = range(config["years"]["first"], config["years"]["last"] + 1)
    counts = pd.DataFrame({"year": list(years)}).set_index("year")
    for name, column in _DATED.items():
        table = study.get(name)
        if table is None:
            continue
        dated = table[column].map(_one_year)
        counts[name] = dated.value_counts().reindex(counts.index, fill_value=0)
        participations = study.get("participations")
        if name == "events" and participations is not None:
            of_event = dict(zip(table["event_id"], dated, strict=True))
            took_part = participations["event_id"].map(of_event)
            counts["participations"] = took_part.value_counts().reindex(counts.index, fill_value=0)
    for name in _LASTING:
        table = study.get(name)
        if table is None:
            continue
        covered = [spell_years(*ends) for ends in zip(table["start"], table["end"], strict=True)]
        counts[name] = [
            sum(span is not None and span[0] <= year <= span[1] for span in covered)
            for year in counts.index
        ]
    visits = study.get("visits")
    if visits is not None:
        entered = visits["start"].str[:4].astype(int)
        counts["visits"] = entered.value_counts().reindex(counts.index, fill_value=0)
    return counts.fillna(0).astype(int).reset_index()


def audit_summary(audit: pd.DataFrame) -> pd.DataFrame:
    """Return the share of audited rows that were right in every field, by sample and by table.

    Parameters
    ----------
    audit : DataFrame
        ``coding_audit``: columns sample, table, verdict (right, wrong).

    Returns
    -------
    DataFrame
        Columns sample, table, rows, right, right_pct, lo, hi; the interval is Wilson's, at 95 %.
    """
    right = audit["verdict"].eq("right")
    parts = [right.groupby(audit["sample"]).agg(rows="size", right="sum").assign(table="all")]
    by_table = right.groupby([audit["sample"], audit["table"]]).agg(rows="size", right="sum")
    parts.append(by_table.reset_index("table"))
    summary = pd.concat(parts).reset_index().sort_values(["sample", "table"], ignore_index=True)
    summary["right_pct"] = 100 * summary["right"] / summary["rows"]
    bounds = proportion_confint(summary["right"], summary["rows"], method="wilson")
    summary["lo"], summary["hi"] = (100 * bound for bound in bounds)
    columns = ["sample", "table", "rows", "right", "right_pct", "lo", "hi"]
    return summary[columns].astype({"sample": int, "rows": int, "right": int})


def recall_summary(recall: pd.DataFrame) -> pd.DataFrame:
    """Return the share of facts, found by readers who had not seen the coding, that it has.

    Parameters
    ----------
    recall : DataFrame
        ``coding_recall``: columns table, verdict (found, other_table, not_codable, missed).

    Returns
    -------
    DataFrame
        One row a table; columns table, facts, found, other_table, not_codable, missed, found_pct,
        lo, hi. The share is of what the table should hold, found / (found + missed); the interval
        is Wilson's, at 95 %. A table that should hold none of its facts has no share.
    """
    counts = pd.crosstab(recall["table"], recall["verdict"])
    verdicts = ["found", "other_table", "not_codable", "missed"]
    summary = counts.reindex(columns=verdicts, fill_value=0)
    summary.insert(0, "facts", summary.sum(axis=1))
    due = (summary["found"] + summary["missed"]).where(lambda total: total > 0)
    summary["found_pct"] = 100 * summary["found"] / due
    bounds = proportion_confint(summary["found"], due, method="wilson")
    summary["lo"], summary["hi"] = (100 * bound for bound in bounds)
    return summary.rename_axis(columns=None).reset_index()


def data_chapter(study: Study, config: Config) -> dict[str, DataTable]:
    """Return the tables on the coding that the study's raw tables allow, by file name.

    Parameters
    ----------
    study : Study
        With the tables that document the coding (coverage, coding_agreement, coding_audit,
        coding_recall), as far as there are any.
    config : Config
    """
    source = f"Source: {config.get('source', 'none')}"
    coded = {name: table for name, table in study.tables.items() if name not in _DOCUMENTS}
    tables = {
        "data_quality": DataTable(
            "Coded rows by table",
            f"Used: rows with status {' or '.join(config['status'])}. Undated: rows without any "
            f"date, which no yearly network can use. {source}",
            data_quality(type(study)(study.name, coded), config),
        ),
        "rows_by_year": DataTable(
            "Coded rows by year",
            "Rows of any status. Spells and ties that last count in every year that they cover; "
            f"rows dated only to a span across years count in none. {source}",
            rows_by_year(study, config),
        ),
    }
    for name, (title, notes) in _DOCUMENTS.items():
        table = study.get(name)
        if table is not None and len(table):
            shown = _SUMMARIES.get(name, _as_coded)(table)
            tables[name] = DataTable(title, f"{notes} {source}", shown)
    return tables


def chapter_tables(declared: dict[str, Path] | dict[str, str]) -> list[str]:
    """Return the names of the tables that :func:`data_chapter` makes of the declared raw tables."""
    return ["data_quality", "rows_by_year", *(name for name in _DOCUMENTS if name in declared)]


def _one_year(text: str) -> int | None:
    """Return the year in which all of a date's span lies, if there is one."""
    if not text:
        return None
    earliest, latest = parse_date(text)
    return earliest.year if earliest and latest and earliest.year == latest.year else None


def _as_coded(table: pd.DataFrame) -> pd.DataFrame:
    return table.drop(columns=["certainty", "status", "note"], errors="ignore")


_SUMMARIES = {"coding_audit": audit_summary, "coding_recall": recall_summary}


_DOCUMENTS = {
    "coverage": (
        "Coded rows by section of the source",
        "A row that cites several sections counts in each.",
    ),
    "coding_agreement": (
        "Agreement of two independent readings",
        (
            "Agreement of whole rows is twice the rows that both readings have, over the sum of "
            "their rows; of fields, the share of matched units with one value. Kappa is Cohen's."
        ),
    ),
    "coding_audit": (
        "Precision audit",
        (
            "Rows of seeded samples held against the source by a reader who had not coded them, in "
            "per cent right in every field, with Wilson's 95 % interval. Rows found wrong were "
            "corrected before the next sample was drawn."
        ),
    ),
    "coding_recall": (
        "Recall test",
        (
            "Facts that readers wrote down without having seen the coding. Found: the table has "
            "it, in per cent of found and missed, with Wilson's 95 % interval. Other table: coded, "
            "by rule, elsewhere. Not codable: no fact by the rules of the coding. The readers "
            "judged their own facts; what was missed has been coded since."
        ),
    ),
    "errata": (
        "Contradictions in the source",
        "What is printed is coded; nothing is corrected.",
    ),
}
