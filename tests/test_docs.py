"""The guides work as they are written."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.conftest import ROOT, copy_project, r_has

if TYPE_CHECKING:
    from pathlib import Path

GUIDES = sorted((ROOT / "docs").glob("*.md"))
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
COMMANDS = {"bash": ["bash", "-e", "-c"], "python": [sys.executable, "-c"], "r": ["Rscript", "-e"]}


def run_blocks(guide: str, folder: Path) -> str:
    """Run the blocks of a guide in a copy of the project and return what they say.

    Blocks of one language that follow each other are one script. The package is imported from the
    copy; the environment only lends its commands.
    """
    copy_project(folder, studies=())
    (folder / ".venv").symlink_to(sys.prefix, target_is_directory=True)
    scripts: list[tuple[str, str]] = []
    for language, text in BLOCK.findall((ROOT / "docs" / guide).read_text(encoding="utf-8")):
        before = scripts.pop()[1] if scripts and scripts[-1][0] == language else ""
        scripts.append((language, before + text))
    said = ""
    for language, script in scripts:
        if language == "r" and not r_has("igraph"):
            continue
        done = subprocess.run(
            [*COMMANDS[language], script],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(folder / "src")},
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        said += done.stdout
    return said


@pytest.mark.slow
def test_the_blocks_of_the_guide_lead_from_an_empty_folder_to_a_figure(tmp_path: Path) -> None:
    said = run_blocks("new-study.md", tmp_path)
    assert "still empty: persons" in said
    assert "salon: valid. Rows: persons 5, events 6, participations 16" in said
    figure = tmp_path / "results" / "salon" / "figures" / "yearly_networks.png"
    assert figure.read_bytes().startswith(b"\x89PNG")


@pytest.mark.slow
def test_networks_go_in_and_out_as_the_guide_says(tmp_path: Path) -> None:
    said = run_blocks("in-and-out.md", tmp_path)
    assert "evenings: valid. Rows: persons 3, events 3, participations 7" in said
    assert "letters: valid. Rows: persons 3, ties 6" in said
    assert "Dahl 1.0" in said  # networkx: one evening with one other person
    assert "['arent-clara', 'brandis-otto', 'dahl-ida'] [1.0, 1.0]" in said  # igraph
    if r_has("igraph"):
        assert re.search(r"arent-clara\s+brandis-otto\s+dahl-ida\s+2\s+1\s+1\s", said)


@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: path.name)
def test_files_that_a_guide_names_exist(guide: Path) -> None:
    named = set(re.findall(r"`((?:config|docs)/[\w-]+\.\w+)`", guide.read_text(encoding="utf-8")))
    assert [path for path in named if not (ROOT / path).is_file()] == []


@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: path.name)
def test_blocks_are_in_languages_that_the_tests_run(guide: Path) -> None:
    languages = {language for language, _ in BLOCK.findall(guide.read_text(encoding="utf-8"))}
    assert languages <= set(COMMANDS)


# --- what the first pages say is there ----------------------------------------------------------

NAMED = re.compile(
    r"`((?:config|data|docs|notebooks|src|tests|workflow)/[\w./-]+|[A-Z]+\.\w+|LICENSE|\.ci/run)`"
    r'|(?:src|href)="([^"]+)"'
)


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md"])
def test_files_that_the_first_pages_name_exist(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    named = {backticked or linked for backticked, linked in NAMED.findall(text)}
    assert len(named) > 3
    assert [path for path in sorted(named) if not (ROOT / path).exists()] == []


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md"])
def test_make_has_the_targets_that_the_first_pages_name(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    named = set(re.findall(r"(?:`|^    )make (?:[A-Z]+=\S+ )*([a-z-]+)", text, re.MULTILINE))
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    assert len(named) > 2
    assert sorted(named - targets) == []


def test_figures_of_the_readme_are_small() -> None:
    sizes = {path.name: path.stat().st_size for path in (ROOT / "docs" / "figures").iterdir()}
    assert len(sizes) == 3
    assert max(sizes.values()) < 200_000
