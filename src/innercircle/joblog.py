"""Runs one step of the pipeline with its output in a log file."""

from __future__ import annotations

import contextlib
import logging
import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING

from innercircle.errors import StudyError

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextlib.contextmanager
def job_log(path: str | Path) -> Iterator[logging.Logger]:
    """Send messages, warnings and errors to a file, and errors to the terminal too.

    A :class:`StudyError` is said as it is; anything else leaves its traceback in the log. Either
    way the process ends with exit code 1.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8") as file:
        handler = logging.StreamHandler(file)
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
        logger = logging.getLogger("innercircle")
        logger.setLevel(logging.INFO)
        logger.addHandler(handler)
        logging.captureWarnings(capture=True)
        logging.getLogger("py.warnings").addHandler(handler)
        try:
            yield logger
            logger.info("done")
        except StudyError as error:
            file.write(f"{error}\n")
            sys.exit(str(error))
        except Exception:  # noqa: BLE001 - whatever it was belongs in the log
            file.write(traceback.format_exc())
            sys.exit(traceback.format_exc())
        finally:
            logger.removeHandler(handler)
            logging.getLogger("py.warnings").removeHandler(handler)
