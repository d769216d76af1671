"""Plants effects in the person-years of one model and sees what the estimators make of them."""

import sys

import numpy as np
import pandas as pd

from innercircle.inference.planted import plan_from_model
from innercircle.inference.simulation import power_curve, simulate_effects
from innercircle.joblog import job_log

with job_log(snakemake.log[0]) as log:
    spec, settings = snakemake.params.spec, snakemake.params.settings
    choices = settings["simulation"]

    def report(done: str) -> None:
        """Say it in the log and on the terminal."""
        log.info(done)
        print(f"simulation, {spec['population']}: {done}", file=sys.stderr, flush=True)  # noqa: T201

    plan = plan_from_model(spec, pd.read_parquet(snakemake.input[0]), choices["measure"])
    root = np.random.SeedSequence(settings["seed"], spawn_key=(snakemake.params.number,))
    of_effects, of_power = root.spawn(2)
    draws = snakemake.params.draws
    tables = {
        "effects": simulate_effects(
            plan, choices["odds_ratios"], draws, choices["permutations"], of_effects, report
        ),
        "power": power_curve(plan, **choices["power"], draws=draws, seed=of_power, report=report),
    }
    for name, table in tables.items():
        table.insert(0, "model", spec["name"])
        table.insert(0, "population", spec["population"])
        numbers = table.select_dtypes("float").columns
        table[numbers] = table[numbers].round(10)  # the last bits differ between machines
        table.to_parquet(snakemake.output[name], index=False)
