"""Times and peak memory of the network stages on a simulated elite of any size.

Run as ``python -m benchmarks.scale ROOT STUDY`` after ``innercircle simulate-study STUDY --root
ROOT`` (docs/scale.md has the sizes and what came out). Each stage is timed; the memory is the
peak of the process so far.
"""

from __future__ import annotations

import resource
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from innercircle.data import load_config, load_study
from innercircle.measures import measure_layers
from innercircle.measures.large import LargeNetworks
from innercircle.networks import build_layers
from innercircle.networks.observed import counted_access
from innercircle.networks.units import unit_networks

if TYPE_CHECKING:
    from collections.abc import Callable


def timed(what: str, run: Callable[[], Any]) -> Any:
    wall, cpu = time.perf_counter(), time.process_time()
    result = run()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    seconds = f"{time.perf_counter() - wall:7.1f} s wall, {time.process_time() - cpu:7.1f} s CPU"
    print(f"{what:<28} {seconds}, peak so far {peak:5.2f} GiB", flush=True)
    return result


def main(root: Path, name: str) -> None:
    config = load_config(root / "config" / f"{name}.yaml")
    tables = ["visits", "contacts", "events", "participations", "memberships", "bodies", "ties"]
    folder = root / "data" / "raw" / name
    study = timed("read tables", lambda: load_study(folder, [*tables, "fates"]))
    alone = {**config, "layers": {"copresence": config["layers"]["copresence"]}}
    edges, nodes = timed("co-presence edges, nodes", lambda: build_layers(study, alone))
    print(f"  {len(edges)} edges, {edges['weight'].sum():.0f} occasions, {len(nodes)} nodes")
    out = root / "edges.parquet"
    timed("write edges", lambda: edges.to_parquet(out, index=False))
    del edges
    large = LargeNetworks.from_config(config)
    leader, seed = config.get("leader"), config["seed"]
    access = counted_access(study, config)
    timed(
        "measures, co-presence",
        lambda: measure_layers(
            unit_networks(study, alone), access, leader, config["resamples"], seed, large
        ),
    )
    rest = {**config, "layers": {k: v for k, v in config["layers"].items() if k != "copresence"}}
    edges, _ = timed("edges, the other layers", lambda: build_layers(study, rest))
    print(f"  {len(edges)} edges")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
