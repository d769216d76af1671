"""Reference probabilities of the bipartite configuration model: the PyPI package bicm 3.4.0.

Run from this folder with bicm and numpy installed: python backbone_bicm.py. Writes
backbone_bicm.json, which the tests read.
"""

import csv
import json
from pathlib import Path

import numpy as np
from bicm import BipartiteGraph

with Path("davis.csv").open(encoding="utf-8") as file:
    davis = np.array([[int(x) for x in row[1:]] for row in list(csv.reader(file))[1:]])
rng = np.random.default_rng(7)
sparse = (rng.random((12, 25)) < rng.random((12, 1)) * rng.random(25)).astype(int)
dense = (rng.random((9, 7)) < 0.7).astype(int)
cases = []
for matrix in (davis, sparse, dense):
    graph = BipartiteGraph(biadjacency=matrix)
    graph.solve_tool(method="newton", tol=1e-12, print_error=False)
    cases.append(
        {
            "row_sums": matrix.sum(axis=1).tolist(),
            "column_sums": matrix.sum(axis=0).tolist(),
            "probabilities": np.round(graph.get_bicm_matrix(), 9).tolist(),
        }
    )
Path("backbone_bicm.json").write_text(json.dumps(cases) + "\n", encoding="utf-8")
