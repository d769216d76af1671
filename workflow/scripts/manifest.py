"""Lists every result with its size and SHA-256, so that two runs can be compared."""

import csv
import hashlib
from pathlib import Path

from innercircle.joblog import job_log

with (
    job_log(snakemake.log[0]),
    Path(snakemake.output[0]).open("w", newline="", encoding="utf-8") as file,
):
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(["path", "bytes", "sha256"])
    for name in sorted(map(str, snakemake.input)):
        data = Path(name).read_bytes()
        writer.writerow([name, len(data), hashlib.sha256(data).hexdigest()])
