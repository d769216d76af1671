"""Stage 3: where persons stand in the yearly networks, and how the networks hang together."""

from innercircle.measures.centrality import CENTRALITIES, centralities, measure_names
from innercircle.measures.cohesion import cohesion
from innercircle.measures.concentration import concentration
from innercircle.measures.tables import centrality_table, cohesion_table

__all__ = [
    "CENTRALITIES",
    "centralities",
    "centrality_table",
    "cohesion",
    "cohesion_table",
    "concentration",
    "measure_names",
]
