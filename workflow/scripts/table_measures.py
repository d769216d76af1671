"""Tables of cohesion by year and of the most central persons by year."""

from pathlib import Path

import pandas as pd

from innercircle.data import load_study
from innercircle.data.labels import printed_names
from innercircle.joblog import job_log
from innercircle.output import write_table
from innercircle.output.reading import cohesion_by_year
from innercircle.output.summaries import top_persons

with job_log(snakemake.log[0]):
    persons = load_study(Path(snakemake.input.package).parent, ["persons"])["persons"]
    source = snakemake.params.settings.get("source", "none")
    leader = "; the leader is left out" if "leader" in snakemake.params.settings else ""
    layer = snakemake.params.layer[0]
    names = printed_names(persons, snakemake.params.settings)
    numbers, shown = cohesion_by_year(pd.read_parquet(snakemake.input.cohesion), layer)
    write_table(
        numbers,
        Path(snakemake.output.cohesion_html).with_suffix(""),
        title=f"Cohesion of the {layer} network by year",
        notes="Persons as coded; the rest with 95 % intervals from resampling the coded units, "
        f"missing where undefined. Source: {source}",
        shown=shown,
    )
    write_table(
        top_persons(pd.read_parquet(snakemake.input.centrality), names, layer),
        Path(snakemake.output.top_html).with_suffix(""),
        title=f"Most central persons of the {layer} network by year",
        notes=f"By strength (summed weights of ties){leader}, with 95 % intervals; p_top: chance "
        f"of being among the first one, three and five when units are resampled. Source: {source}",
    )
