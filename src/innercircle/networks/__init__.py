"""Stage 2: yearly networks from the coded tables, one module a layer.

Every layer yields two tables: edges (layer, year, source, target, weights) and nodes (layer, year,
person_id, activity). Undirected edges are stored once, with source before target.
"""

from innercircle.networks.graphs import named_nodes, write_gexf, write_graphml, write_tables
from innercircle.networks.layers import EDGE_COLUMNS, NODE_COLUMNS, build_layers, is_directed

__all__ = [
    "EDGE_COLUMNS",
    "NODE_COLUMNS",
    "build_layers",
    "is_directed",
    "named_nodes",
    "write_gexf",
    "write_graphml",
    "write_tables",
]
