"""The guide for a new study works as it is written."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.conftest import ROOT, copy_project

if TYPE_CHECKING:
    from pathlib import Path

GUIDE = ROOT / "docs" / "new-study.md"
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@pytest.mark.slow
@pytest.mark.xdist_group(name="docs")
def test_the_blocks_of_the_guide_lead_from_an_empty_folder_to_a_figure(tmp_path: Path) -> None:
    folder = copy_project(tmp_path, studies=())
    (folder / ".venv").symlink_to(sys.prefix, target_is_directory=True)
    blocks = BLOCK.findall(GUIDE.read_text(encoding="utf-8"))
    assert {language for language, _ in blocks} == {"bash"}
    script = "\n".join(text for _, text in blocks)
    # The package is imported from the copy; the environment only lends its commands.
    done = subprocess.run(
        ["bash", "-e", "-c", script],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder / "src")},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "still empty: persons" in done.stdout
    assert "salon: valid. Rows: persons 5, events 6, participations 16" in done.stdout
    figure = folder / "results" / "salon" / "figures" / "yearly_networks.png"
    assert figure.read_bytes().startswith(b"\x89PNG")


def test_files_that_the_guide_names_exist() -> None:
    named = set(re.findall(r"`(config/\w+\.yaml)`", GUIDE.read_text(encoding="utf-8")))
    assert [path for path in named if not (ROOT / path).is_file()] == []
