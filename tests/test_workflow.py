"""The whole workflow: same bytes whatever the machine does, and only what changed runs again."""

from __future__ import annotations

import csv
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from pypdf import PdfReader

from tests.conftest import ROOT, copy_project, report_variable, snakemake

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.slow
# What may differ between two runs: the report carries times, and lists the machine's paths.
TIMED = {"report.html"}


def test_every_rule_that_writes_tables_depends_on_the_code_that_writes_them() -> None:
    workflow = ROOT / "workflow"
    rules = "".join(path.read_text(encoding="utf-8") for path in workflow.glob("rules/*.smk"))
    writing = {}
    for name, text in re.findall(
        r"^ *rule (\w+):(.*?)(?=^ *rule |\Z)", rules, re.MULTILINE | re.DOTALL
    ):
        script = workflow / "scripts" / re.search(r'scripts/(\w+\.py)"', text)[1]
        if "write_table(" in script.read_text(encoding="utf-8"):
            writing[name] = re.search(r"code=code\((.*)\)", text)[1]
    assert len(writing) > 10
    assert [n for n, c in writing.items() if c != '"output"' and "TABLES_CODE" not in c] == []


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name not in TIMED and ".snakemake" not in path.name
    }


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    one = copy_project(tmp_path_factory.mktemp("one"))
    two = copy_project(tmp_path_factory.mktemp("two_with_another_name"))
    snakemake(one, "--cores", "1", PYTHONHASHSEED="1", TZ="UTC", LANG="C")
    snakemake(two, "--cores", "2", PYTHONHASHSEED="2", TZ="Asia/Tokyo", LANG="en_US.UTF-8")
    return one, two


def test_results_are_byte_identical_across_cores_hash_seeds_zones_and_locales(
    runs: tuple[Path, Path],
) -> None:
    one, two = (bytes_of(run / "results") for run in runs)
    assert one.keys() == two.keys()
    assert len(one) > 90
    assert [name for name in one if one[name] != two[name]] == []


def test_processed_tables_are_byte_identical(runs: tuple[Path, Path]) -> None:
    one, two = (bytes_of(run / "data" / "processed") for run in runs)
    assert [name for name in one if one[name] != two[name]] == []


def test_every_file_of_the_contract_is_there(runs: tuple[Path, Path]) -> None:
    processed = runs[0] / "data" / "processed" / "stalin"
    for name in ("edges", "centrality", "cohesion", "panel"):
        assert (processed / f"{name}.parquet").is_file()
    results = runs[0] / "results" / "stalin"
    assert (results / "networks" / "attendance_1937.graphml").is_file()
    assert (results / "appendix2_check.csv").is_file()
    assert list((results / "models").glob("*.json"))
    stems = {path.stem for path in (results / "tables").iterdir()}
    for stem in stems:
        for suffix in (".csv", ".tex", ".html"):
            assert (results / "tables" / f"{stem}{suffix}").is_file()


def test_the_paper_has_its_length_its_fonts_and_every_figure(runs: tuple[Path, Path]) -> None:
    results = runs[0] / "results" / "stalin"
    pages = PdfReader(results / "paper.pdf").pages
    assert 12 <= len(pages) <= 20
    fonts = [
        font.get_object() for page in pages for font in page["/Resources"].get("/Font", {}).values()
    ]
    described = [font.get("/DescendantFonts", [font])[0].get_object() for font in fonts]
    assert all(
        {"/FontFile", "/FontFile2", "/FontFile3"} & set(font["/FontDescriptor"])
        for font in described
        if font["/Subtype"] != "/Type3"
    )
    sections = (runs[0] / "paper" / "sections").glob("*.typ")
    text = "".join(path.read_text(encoding="utf-8") for path in sections)
    drawn = {path.stem for path in (results / "figures").glob("*.pdf")}
    # access_concentration repeats panels of cohesion_over_time, which the paper shows
    assert {name for name in drawn if f'"{name}"' not in text} == {"access_concentration"}


def test_every_output_is_named_in_the_list_of_outputs(runs: tuple[Path, Path]) -> None:
    text = (ROOT / "docs" / "outputs.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`([\w.<>/-]+)`", text))
    outputs = {
        name
        for folder in ("results", "data/processed")
        for name in bytes_of(runs[0] / folder / "stalin")
    }
    for pattern, replacement in (
        (r"networks/\w+_\d{4}\.graphml", "<layer>_<year>.graphml"),
        (r"networks/\w+\.gexf", "<layer>.gexf"),
        (r"networks/", ""),
        (r"models/\w+\.json", "models/<model>.json"),
        (r"simulation/tables/\w+_(effects|power)", r"simulation/tables/<model>_\1"),
        (r"(tables/)?appendix2_", r"\1<contacts>_"),
        (r"(tables|figures)/(.*)\.\w+", r"\2"),
    ):
        outputs = {re.sub(f"^{pattern}", replacement, name) for name in outputs}
    assert sorted(outputs - named) == []


def test_every_job_leaves_a_log_and_a_benchmark(runs: tuple[Path, Path]) -> None:
    logs = runs[0] / "logs" / "stalin"
    names = {str(p.relative_to(logs).with_suffix("")) for p in logs.rglob("*.log")}
    benchmarks = logs / "benchmarks"
    timed = {str(p.relative_to(benchmarks).with_suffix("")) for p in benchmarks.rglob("*.tsv")}
    assert names == timed
    assert len(names) > 10


def test_the_report_has_a_caption_and_a_place_of_its_own_for_every_result(
    runs: tuple[Path, Path],
) -> None:
    snakemake(runs[0], "--cores", "1", "--report", "report.html")
    report = runs[0] / "report.html"
    results = report_variable(report, "results")
    assert [path for path, result in results.items() if not result["caption"]] == []
    for category, parts in report_variable(report, "categories").items():
        labels = [str(results[path]["labels"]) for part in parts.values() for path in part]
        assert len(set(labels)) == len(labels) > 0, category
        assert "None" not in labels, category
    # Chromium opens no data address of over 2 MiB in a frame.
    assert [path for path, result in results.items() if len(result["data_uri"]) > 2**21] == []


def test_a_second_run_does_nothing(runs: tuple[Path, Path]) -> None:
    assert "Nothing to be done" in snakemake(runs[0], "--cores", "1")


def test_a_new_fate_reruns_the_panel_and_what_follows_but_not_the_networks(
    runs: tuple[Path, Path],
) -> None:
    path = runs[1] / "data" / "raw" / "stalin" / "fates.csv"
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.reader(file))
    arrest = next(row for row in rows if row[2] == "arrested" and row[1])
    arrest[1] = "1940-02-02"
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)
    plan = snakemake(runs[1], "--cores", "1", "--dry-run")
    assert "rule build_panel:" in plan
    assert "rule fit_model:" in plan
    assert "rule build_networks:" not in plan
    assert "rule measure:" not in plan


def test_a_fault_in_a_table_stops_the_run_before_any_output(tmp_path: Path) -> None:
    folder = copy_project(tmp_path)
    path = folder / "data" / "raw" / "stalin" / "events.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(",session,", ",sesion,", 1))
    done = subprocess.run(
        [sys.executable, "-m", "snakemake", "--configfile", "config/stalin.yaml", "--cores", "1"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert "did you mean 'session'" in done.stdout + done.stderr
    assert not list((folder / "results").rglob("*.*"))
