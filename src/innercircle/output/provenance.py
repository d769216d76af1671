"""What the results rest on besides the data: versions of software, and the configuration."""

from __future__ import annotations

import html
import platform
import re
from importlib import metadata
from typing import TYPE_CHECKING, Any

import pandas as pd
import yaml

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title>
<style>
body {{ font: 14px/1.4 sans-serif; margin: 2em; }}
pre {{ font-size: 13px; white-space: pre-wrap; }}
{css}
</style></head><body>
<h1>{title}</h1>
<p>{notes}</p>
{code}</body></html>
"""


def software_versions(distribution: str = "innercircle") -> pd.DataFrame:
    """Return the installed version of a distribution, of Python and of all that it depends on.

    Parameters
    ----------
    distribution : str
        Name of an installed distribution.

    Returns
    -------
    DataFrame
        Columns software, version, required (what the distribution asks for; empty where any
        version will do); Python and the distribution first, then its direct dependencies, without
        those of its extras, by name. The same wherever the same versions are installed.

    Raises
    ------
    ValueError
        If the distribution, or one that it requires, is not installed.
    """
    python = f"{platform.python_implementation()} {platform.python_version()}"
    try:
        own = metadata.metadata(distribution)
        rows = [
            ("python", python, own["Requires-Python"] or ""),
            (distribution, own["Version"], ""),
        ]
        for requirement in sorted(metadata.requires(distribution) or [], key=str.lower):
            asked, _, marker = requirement.partition(";")
            if "extra" in marker:
                continue
            name = re.split(r"[^\w.-]", asked.strip())[0]
            rows.append((name, metadata.version(name), asked.strip().removeprefix(name).strip()))
    except metadata.PackageNotFoundError as error:
        raise ValueError(
            f"{error.name} is not installed, so that its version is unknown; run `make reproduce`, "
            "or `pip install --editable .` in the environment that you use"
        ) from error
    return pd.DataFrame(rows, columns=["software", "version", "required"])


def configuration_page(path: Path, used: Mapping[str, Any]) -> str:
    """Return a page with a configuration as it is written, comments included.

    Parameters
    ----------
    path : Path
        The configuration, YAML.
    used : mapping
        The configuration of the run. Keys in which it differs from the file, because the command
        line set them, are listed on the page with their values.
    """
    from pygments import highlight
    from pygments.formatters import HtmlFormatter
    from pygments.lexers import YamlLexer

    text = path.read_text(encoding="utf-8")
    written = yaml.safe_load(text)
    changed = {key: used[key] for key in sorted(used) if used[key] != written.get(key)}
    notes = "The run used the file as it is."
    if changed:
        notes = "Otherwise than in the file, by the command line: " + "; ".join(
            f"{key} = {value!r}" for key, value in changed.items()
        )
    formatter = HtmlFormatter(cssclass="source")
    return _PAGE.format(
        title=html.escape(path.name),
        notes=html.escape(notes),
        css=formatter.get_style_defs(".source"),
        code=highlight(text, YamlLexer(), formatter),
    )
