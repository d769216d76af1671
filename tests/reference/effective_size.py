"""Effective size from networkx (not a dependency). Run from this folder; writes the JSON."""

import csv
import itertools
import json
from pathlib import Path

import networkx as nx


def edges(name):
    with Path(f"{name}.csv").open() as file:
        return [(r["source"], r["target"], float(r["weight"])) for r in csv.DictReader(file)]


def davis():
    with Path("davis.csv").open() as file:
        rows = {r.pop("person"): [int(v) for v in r.values()] for r in csv.DictReader(file)}
    for a, b in itertools.combinations(rows, 2):
        shared = sum(x * y for x, y in zip(rows[a], rows[b], strict=True))
        if shared:
            yield a, b, float(shared)


out = {"networkx": nx.__version__}
for name, ties in {"zachary": edges("zachary"), "southern_women": list(davis())}.items():
    graph = nx.Graph()
    graph.add_weighted_edges_from(ties)
    out[name] = {
        "binary": nx.effective_size(graph),
        "weighted": nx.effective_size(graph, weight="weight"),
    }
graph = nx.Graph()
for a, b, w in edges("toy_directed"):
    weight = graph.get_edge_data(a, b, {"weight": 0})["weight"]
    graph.add_edge(a, b, weight=weight + w)
out["toy_directed"] = {
    "binary": nx.effective_size(graph),
    "weighted": nx.effective_size(graph, weight="weight"),
}
Path("effective_size.json").write_text(json.dumps(out, indent=1, sort_keys=True) + "\n")
