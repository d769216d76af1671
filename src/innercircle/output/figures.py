"""Every figure by name: which tables it draws."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from innercircle.data.dates import parse_date
from innercircle.data.labels import labels, printed_names
from innercircle.data.study import with_status
from innercircle.errors import did_you_mean
from innercircle.output.access_concentration import draw_concentration
from innercircle.output.access_heatmap import draw_access_heatmap
from innercircle.output.yearly_networks import draw_yearly_networks
from innercircle.panel.marks import career_marks
from innercircle.panel.risk import outcome_years

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.figure import Figure

    from innercircle.data.config import Config
    from innercircle.data.study import Study

Tables = dict[str, pd.DataFrame]
_WHOLE_YEAR = 364  # days between the first and the last


def draw(name: str, study: Study, config: Config, tables: Tables) -> Figure:
    """Draw a figure by name.

    Raises
    ------
    ValueError
        If there is no figure of that name.
    """
    if name not in _FIGURES:
        raise ValueError(
            f"no figure {name!r}{did_you_mean(name, _FIGURES)}; there are {list(_FIGURES)}"
        )
    return _FIGURES[name](study, config, tables)


def _main_outcome(config: Config) -> str | None:
    """Return the first outcome of the configuration, the one that figures mark."""
    return next(iter(config.get("outcomes", {})), None)


def _access_heatmap(study: Study, config: Config, tables: Tables) -> Figure:
    marks = career_marks(study, config, _main_outcome(config))
    return draw_access_heatmap(
        tables["access"], marks, printed_names(study["persons"], config), labels(config)
    )


def _access_concentration(study: Study, _config: Config, tables: Tables) -> Figure:
    totals = study.get("contact_totals")
    partial = []
    for row in totals.itertuples() if totals is not None else ():
        first, last = parse_date(row.period)
        if (first and last and (last - first).days < _WHOLE_YEAR) or row.footnotes:
            partial.append(int(row.period[:4]))
    return draw_concentration(tables["cohesion"], partial)


def _yearly_networks(study: Study, config: Config, tables: Tables) -> Figure:
    centrality = tables["centrality"]
    strength = centrality[
        (centrality["layer"] == "attendance")
        & (centrality["measure"] == "strength")
        & centrality["leader_included"]
    ]
    fates = study.get("fates")
    outcome, falls = _main_outcome(config), None
    if fates is not None and outcome:
        falls = outcome_years(with_status(fates, config["status"]), config, outcome)
    edges, nodes = tables["edges"], tables["nodes"]
    return draw_yearly_networks(
        edges[edges["layer"] == "attendance"],
        nodes[nodes["layer"] == "attendance"],
        strength,
        falls,
        printed_names(study["persons"], config),
        config["seed"],
    )


_FIGURES: dict[str, Callable[[Study, Config, Tables], Figure]] = {
    "access_heatmap": _access_heatmap,
    "access_concentration": _access_concentration,
    "yearly_networks": _yearly_networks,
}
