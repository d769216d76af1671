"""Draws one figure and writes its caption; its name is the wildcard."""

from pathlib import Path

import pandas as pd

from innercircle.data import load_study
from innercircle.joblog import job_log
from innercircle.output import save_figure
from innercircle.output.drawing import render_caption
from innercircle.output.figures import draw
from innercircle.output.material import Material

with job_log(snakemake.log[0]):
    read = {".parquet": pd.read_parquet, ".csv": pd.read_csv}
    tables = {
        name: read[Path(path).suffix](path)
        for name, path in snakemake.input.items()
        if name != "package"
    }
    study = load_study(Path(snakemake.input.package).parent, snakemake.params.raw)
    material = Material(study, snakemake.params.settings, tables)
    drawing = draw(snakemake.wildcards.figure, material)
    save_figure(drawing.figure, Path(snakemake.output.pdf).with_suffix(""))
    text = render_caption(snakemake.params.template, drawing.facts)
    Path(snakemake.output.caption).write_text(text + "\n", encoding="utf-8")
