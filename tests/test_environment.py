"""The conda environment and the Python package ask for the same things."""

from __future__ import annotations

import re
import tomllib

import yaml

from tests.conftest import ROOT

# What the conda channel calls otherwise.
CONDA_NAMES = {"python-igraph": "igraph"}
NOT_DEPENDENCIES = {"python", "pip", "--editable"}


def names(requirements: list[str]) -> dict[str, str]:
    parts = (re.match(r"([A-Za-z0-9_.-]+)(.*)", text.strip()) for text in requirements)
    return {CONDA_NAMES.get(p[1].lower(), p[1].lower()): p[2].strip() for p in parts if p}


def test_conda_and_pip_list_the_same_direct_dependencies() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    conda = yaml.safe_load((ROOT / "environment.yml").read_text())["dependencies"]
    listed = [entry for entry in conda if isinstance(entry, str)]
    listed += next(entry["pip"] for entry in conda if isinstance(entry, dict))
    wanted = names(project["dependencies"] + project["optional-dependencies"]["dev"])
    found = {k: v for k, v in names(listed).items() if k not in NOT_DEPENDENCIES}
    assert found == wanted


def test_every_direct_dependency_is_pinned_with_a_hash() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    lock = (ROOT / "requirements.lock").read_text()
    pinned = dict(re.findall(r"^([a-z0-9-]+)==.*\\\n\s+--hash=(sha256):", lock, re.MULTILINE))
    wanted = names(project["dependencies"] + project["optional-dependencies"]["dev"])
    assert not set(wanted) - set(pinned)
