"""Outcomes dated by reference works, for analyses that ask for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from innercircle.data.study import Study

if TYPE_CHECKING:
    from collections.abc import Iterator

_PUNITIVE = ("expelled", "arrested", "sentenced", "executed")


def with_external_fates(study: Study) -> Study:
    """Return the study with outcomes that the source leaves undated, or does not tell, filled in.

    A person's outcome that the source dates stays as it is. Otherwise the first date of
    ``fates_external`` (in the order of the table) is used, as an asserted row. Without that table
    the study is returned as it is.
    """
    external = study.get("fates_external")
    if external is None:
        return study
    fates = study["fates"]
    dated = fates[fates["date"] != ""]
    known = set(zip(dated["person_id"], dated["outcome"], strict=True))
    added = pd.DataFrame(list(_new_rows(external, known)))
    if added.empty:
        return study
    columns = {column: added.get(column, "") for column in fates.columns}
    rows = pd.DataFrame(columns).astype({"punitive": fates["punitive"].dtype})
    both = pd.concat([fates, rows], ignore_index=True)
    return Study(study.name, {**study.tables, "fates": both})


def _new_rows(external: pd.DataFrame, known: set[tuple[str, str]]) -> Iterator[dict[str, object]]:
    seen = set(known)
    for row in external.itertuples(index=False):
        if (row.person_id, row.outcome) not in seen:
            seen.add((row.person_id, row.outcome))
            yield {
                "person_id": row.person_id,
                "date": row.date,
                "outcome": row.outcome,
                "punitive": row.outcome in _PUNITIVE,
                "certainty": "explicit",
                "status": "asserted",
                "note": f"from {row.source}",
            }
