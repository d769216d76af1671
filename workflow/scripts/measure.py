"""Computes centrality, cohesion and the concentration of access."""

import pandas as pd

from innercircle.joblog import job_log
from innercircle.measures import centrality_table, cohesion_table

with job_log(snakemake.log[0]):
    edges = pd.read_parquet(snakemake.input.edges)
    nodes = pd.read_parquet(snakemake.input.nodes)
    access = pd.read_parquet(snakemake.input.access)
    leader = snakemake.params.leader
    centrality = centrality_table(edges, nodes, leader)
    cohesion = cohesion_table(edges, nodes, access, leader)
    centrality.to_parquet(snakemake.output.centrality, index=False)
    cohesion.to_parquet(snakemake.output.cohesion, index=False)
