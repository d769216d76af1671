"""Versions of software and the configuration, as the report shows them."""

from __future__ import annotations

import platform
import re
import tomllib
from importlib import metadata
from typing import TYPE_CHECKING

import pytest
import yaml

from innercircle.output.provenance import configuration_page, software_versions
from tests.conftest import ROOT

if TYPE_CHECKING:
    from pathlib import Path


def test_software_is_python_the_package_and_its_direct_dependencies_as_installed() -> None:
    table = software_versions().set_index("software")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = [re.match(r"[\w-]+", asked)[0] for asked in project["dependencies"]]
    assert list(table.index) == ["python", "innercircle", *sorted(wanted)]
    assert table["version"].iloc[0].endswith(platform.python_version())
    assert table.loc["numpy", "version"] == metadata.version("numpy")
    assert table.loc["numpy", "required"] == ">=2.0"


def test_what_is_not_installed_is_said_with_what_to_do() -> None:
    with pytest.raises(ValueError, match=r"no-such-thing is not installed.*make reproduce"):
        software_versions("no-such-thing")


def test_the_configuration_is_shown_as_written_and_escaped(tmp_path: Path) -> None:
    path = tmp_path / "study.yaml"
    path.write_text("# <who> & what\nseed: 7 # lucky\n", encoding="utf-8")
    page = configuration_page(path, {"seed": 7})
    assert "# &lt;who&gt; &amp; what" in page
    assert "# lucky" in page
    assert "The run used the file as it is." in page


def test_what_the_command_line_changed_is_said(tmp_path: Path) -> None:
    path = tmp_path / "study.yaml"
    path.write_text("seed: 7\nresamples: 1000\n", encoding="utf-8")
    used = yaml.safe_load(path.read_text()) | {"resamples": 10}
    assert "by the command line: resamples = 10<" in configuration_page(path, used)
