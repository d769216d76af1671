"""Backbone of the attendance network of every year."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from innercircle.measures.resampling import stream
from innercircle.networks.backbone import backbone
from innercircle.networks.bipartite import two_mode
from innercircle.networks.observed import counted_attendances

if TYPE_CHECKING:
    from innercircle.data.config import Config
    from innercircle.data.study import Study

_DECIMALS = 10  # the last bits differ between machines


def backbone_table(study: Study, config: Config) -> pd.DataFrame:
    """Return which pairs of each year share more or fewer events than their attendances give.

    Parameters
    ----------
    study, config
        The configuration's ``backbone`` names the null model, its draws and the level.

    Returns
    -------
    DataFrame
        Columns of :func:`innercircle.networks.backbone.backbone` and year; q is corrected within
        each year (Benjamini & Hochberg 1995). No value is missing. Years with fewer than two
        persons have no row; a study without any pair has an empty table.
    """
    found = [
        backbone(
            two_mode(rows["person_id"], rows["event_id"]),
            **config["backbone"],
            rng=stream(config["seed"], "backbone", int(year)),
        ).assign(year=int(year))
        for year, rows in counted_attendances(study, config).groupby("year")
    ]
    nobody = backbone(two_mode([], []), method="sdsm").assign(year=0)
    filled = [table for table in found if len(table)]
    pairs = pd.concat(filled, ignore_index=True) if filled else nobody
    numbers = pairs.select_dtypes("float").columns
    pairs[numbers] = pairs[numbers].round(_DECIMALS)
    return pairs
