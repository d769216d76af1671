"""Positions in the networks that other coded rows make: whose word counts for who met whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from innercircle.measures.resampling import CENTRALITY_COLUMNS, measure_network
from innercircle.networks.units import unit_networks

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from innercircle.data.config import Config
    from innercircle.data.study import Study


def positions_by_status(
    study: Study, config: Config, filters: Mapping[str, Sequence[Sequence[str]]]
) -> pd.DataFrame:
    """Rebuild the networks from the rows of each status filter and measure positions in them.

    Parameters
    ----------
    study, config
        Raw tables and configuration.
    filters : mapping of str to sequence of sequence of str
        For each layer the lists of status that count.

    Returns
    -------
    DataFrame
        status (the filter, joined by ``+``), layer, year, person_id, leader_included, measure,
        value: estimates without intervals, as of
        :func:`innercircle.measures.resampling.measure_network`.
    """
    found = []
    for layer, chosen in sorted(filters.items()):
        for status in chosen:
            settings = {**config, "status": list(status)}
            settings["layers"] = {layer: config["layers"][layer]}
            found += [
                measure_network(network, config.get("leader"), 0, 0)[0].assign(
                    status="+".join(status)
                )
                for network in unit_networks(study, settings)
            ]
    columns = ["status", *CENTRALITY_COLUMNS[: CENTRALITY_COLUMNS.index("value") + 1]]
    if not found:
        return pd.DataFrame(columns=columns)
    keys = [c for c in columns if c != "value"]
    return pd.concat(found)[columns].sort_values(keys, ignore_index=True)
