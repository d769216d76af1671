"""Where a study lives: the name, the folder of its tables, the file of its configuration."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from innercircle.errors import Problem, StudyError, did_you_mean

if TYPE_CHECKING:
    from pathlib import Path

_NAME = re.compile(r"[a-z][a-z0-9_-]*")


def check_name(name: str) -> None:
    """Refuse a name that could not be that of a folder, a file and a line of a Makefile.

    Raises
    ------
    StudyError
        If the name is empty or has anything but lower-case letters, digits, ``_`` and ``-``, the
        first a letter: no spaces, no capitals, no ``..`` and no ``/``.
    """
    if not _NAME.fullmatch(name):
        what = "not a name for a study" if name.strip() else "empty; give a name for a study"
        expected = (
            f"{what}; use lower-case letters, digits, _ and -, the first a letter, such as salon "
            "or court_1800"
        )
        raise StudyError([Problem("study name", 0, "", name.strip(), expected)])


def study_paths(root: Path, name: str) -> tuple[Path, Path]:
    """Return a study's folder of tables and its configuration file.

    Parameters
    ----------
    root : Path
        Folder that holds ``config/`` and ``data/``.
    name : str
        Name of the study.

    Raises
    ------
    StudyError
        If the name cannot be one, or the folder is missing or empty; it names the studies that
        there are and the one that was probably meant.
    """
    check_name(name)
    raw = root / "data" / "raw"
    folder = raw / name
    if not folder.is_dir():
        studies = sorted(path.name for path in raw.glob("*/") if _NAME.fullmatch(path.name))
        near = did_you_mean(name, studies)
        expected = (
            f"no such study folder{near}; there are {', '.join(studies) or 'none'}. "
            f"innercircle new-study {name} makes it"
        )
        raise StudyError([Problem(str(folder), 0, "", "", expected)])
    if not any(folder.iterdir()):
        expected = (
            "the study folder is empty; remove it and run innercircle new-study "
            f"{name}, or put the tables and their datapackage.json there"
        )
        raise StudyError([Problem(str(folder), 0, "", "", expected)])
    return folder, root / "config" / f"{name}.yaml"
