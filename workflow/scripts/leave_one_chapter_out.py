"""What rests on one part of the source."""

from pathlib import Path

from innercircle.data import load_study
from innercircle.joblog import job_log
from innercircle.measures.leave_out import leave_one_part_out
from innercircle.output import write_table

with job_log(snakemake.log[0]):
    tables = ["events", "participations", "memberships", "bodies", "ties", "fates", "visits"]
    study = load_study(Path(snakemake.input.package).parent, tables)
    write_table(
        leave_one_part_out(study, snakemake.params.settings),
        Path(snakemake.output.html).with_suffix(""),
        title="What rests on one part of the source",
        notes="Layer-years that lose coded units when a part of the source is left out; a row "
        "that another part tells too stays. first: strongest person other than the leader.",
    )
