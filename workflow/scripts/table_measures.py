"""Tables of cohesion by year and of the most central persons by year."""

from pathlib import Path

import pandas as pd

from innercircle.data import load_study
from innercircle.joblog import job_log
from innercircle.output import write_table
from innercircle.output.summaries import cohesion_by_year, participation_by_year, top_persons

with job_log(snakemake.log[0]):
    persons = load_study(Path(snakemake.input.package).parent, ["persons"])["persons"]
    source = snakemake.params.settings.get("source", "none")
    write_table(
        cohesion_by_year(pd.read_parquet(snakemake.input.cohesion)),
        Path(snakemake.output.cohesion_html).with_suffix(""),
        title="Cohesion of the attendance network by year",
        notes=f"Persons and ties as coded; missing where undefined. Source: {source}",
    )
    write_table(
        top_persons(pd.read_parquet(snakemake.input.centrality), persons),
        Path(snakemake.output.top_html).with_suffix(""),
        title="Most central persons of the attendance network by year",
        notes="By strength (co-attendances); the leader is left out. Source: " + source,
    )
    write_table(
        participation_by_year(pd.read_parquet(snakemake.input.multiplex), persons),
        Path(snakemake.output.multiplex_html).with_suffix(""),
        title="Participation of persons in the layers of the network by year",
        notes="Overlapping degree: persons tied to, summed over the layers. Participation: 0 if "
        "all of them are in one layer, 1 if every layer has as many (Battiston, Nicosia and Latora "
        "2014); missing without ties. Intervals resample the coded units of every layer. "
        f"Source: {source}",
    )
