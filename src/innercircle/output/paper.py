"""The paper: Typst source that reads every number, table and figure from a study's results."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from innercircle.errors import Problem, StudyError

if TYPE_CHECKING:
    from pathlib import Path


def compile_paper(source: Path, root: Path, results: Path, config: Path, target: Path) -> None:
    """Typeset the paper as PDF; same results, same bytes.

    Parameters
    ----------
    source : Path
        The main Typst file.
    root : Path
        Folder that holds all that the paper reads; no file outside it is read.
    results, config : Path
        ``results/<study>`` and ``config/<study>.yaml``, within ``root``; the source finds them in
        ``sys.inputs`` as paths from the root.
    target : Path
        Where to write the PDF. Nothing is written if the source does not compile.

    Raises
    ------
    StudyError
        If the source does not compile: a file or a row that it reads is missing, or a sentence
        states what the results do not bear out.
    """
    import typst

    inputs = {
        name: "/" + os.path.relpath(path, root).replace(os.sep, "/")
        for name, path in (("results", results), ("config", config))
    }
    try:
        document = typst.compile(
            str(source), root=str(root), sys_inputs=inputs, ignore_system_fonts=True
        )
    except typst.TypstError as error:
        problem = Problem(str(source), 0, "", "", f"the paper does not compile: {error}")
        raise StudyError([problem]) from error
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(document)
