"""Stage 3: where persons stand in the yearly networks, and how the networks hang together."""

from innercircle.measures.centrality import CENTRALITIES, centralities, measure_names
from innercircle.measures.cohesion import cohesion
from innercircle.measures.concentration import concentration
from innercircle.measures.tables import measure_layers

__all__ = [
    "CENTRALITIES",
    "centralities",
    "cohesion",
    "concentration",
    "measure_layers",
    "measure_names",
]
