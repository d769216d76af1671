"""Table of the participation of persons in the layers of the network by year."""

from pathlib import Path

import pandas as pd

from innercircle.data import load_study
from innercircle.data.labels import printed_names
from innercircle.joblog import job_log
from innercircle.output import write_table
from innercircle.output.summaries import participation_by_year

with job_log(snakemake.log[0]):
    persons = load_study(Path(snakemake.input.package).parent, ["persons"])["persons"]
    source = snakemake.params.settings.get("source", "none")
    names = printed_names(persons, snakemake.params.settings)
    write_table(
        participation_by_year(pd.read_parquet(snakemake.input.multiplex), names),
        Path(snakemake.output.html).with_suffix(""),
        title="Participation of persons in the layers of the network by year",
        notes="Overlapping degree: persons tied to, summed over the layers. Participation: 0 if "
        "all of them are in one layer, 1 if every layer has as many (Battiston, Nicosia and Latora "
        "2014); missing without ties. Intervals resample the coded units of every layer. "
        f"Source: {source}",
    )
