"""The log of visits held against the sums that the source prints."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from innercircle.data.dates import parse_date
from innercircle.data.study import with_status
from innercircle.networks.visits import counted_visits

if TYPE_CHECKING:
    from innercircle.data.config import Config
    from innercircle.data.study import Study

CHECK_COLUMNS = [
    "period",
    "person_id",
    "visits",
    "visits_logged",
    "minutes",
    "minutes_logged",
    "n_imputed",
    "n_unknown",
    "visits_agree",
    "minutes_agree",
]
_HALF_MINUTE = 0.5


def visit_totals(visits: pd.DataFrame, first: str, last: str) -> pd.DataFrame:
    """Return everyone's visits and minutes between two days.

    Parameters
    ----------
    visits : DataFrame
        As from :func:`innercircle.networks.visits.counted_visits`.
    first, last : str
        Days, both included; a visit belongs to the day of its entry.

    Returns
    -------
    DataFrame
        Columns person_id, visits_logged, minutes_logged (of the visits whose length is stated or
        imputed), n_imputed, n_unknown (visits of unknown length); sorted by person.
    """
    day = visits["day"].to_numpy().astype("datetime64[D]")
    within = visits[(day >= np.datetime64(first)) & (day <= np.datetime64(last))]
    return within.groupby("person_id", as_index=False).agg(
        visits_logged=("place", "size"),
        minutes_logged=("minutes", "sum"),
        n_imputed=("imputed", "sum"),
        n_unknown=("minutes", lambda minutes: minutes.isna().sum()),
    )


def check_visit_totals(study: Study, config: Config) -> pd.DataFrame:
    """Hold the log of visits to the leader against ``contacts``.

    Returns
    -------
    DataFrame
        Columns :data:`CHECK_COLUMNS`, one row a period and person, in every period of
        ``contacts`` in which the log has a visit at one of the leader's places. ``visits`` and
        ``minutes`` are as printed (missing if they are not), those ``_logged`` as summed; whether
        they agree (minutes: to the nearest) is missing where nothing is printed.
    """
    places = config.get("visits", {}).get("host_places", [])
    visits = counted_visits(study, config)
    visits = visits[visits["place"].isin(places)]
    contacts = with_status(study["contacts"], config["status"])
    contacts = contacts[contacts["other_id"] == config.get("leader")]
    tables = []
    for period, printed in contacts.groupby("period", sort=True):
        known = parse_date(period)
        if known.earliest is None or known.latest is None:
            continue
        logged = visit_totals(visits, str(known.earliest), str(known.latest))
        if len(logged):
            both = printed[["person_id", "visits", "minutes"]].merge(logged, "outer", "person_id")
            tables.append(both.assign(period=period))
    if not tables:
        return pd.DataFrame(columns=CHECK_COLUMNS)
    check = pd.concat(tables, ignore_index=True)
    summed = ["visits_logged", "minutes_logged", "n_imputed", "n_unknown"]
    check[summed] = check[summed].fillna(0)
    gap = (check["minutes"] - check["minutes_logged"]).abs()
    check = check.assign(
        visits_agree=(check["visits"] == check["visits_logged"]).astype("boolean"),
        minutes_agree=(gap < _HALF_MINUTE).astype("boolean"),
    ).astype(dict.fromkeys(["visits_logged", "n_imputed", "n_unknown"], "Int64"))
    return check[CHECK_COLUMNS].sort_values(["period", "person_id"], ignore_index=True)
