"""Stage 1: the coded source, as validated tables with dates that can be computed with."""

from innercircle.data.config import Config, load_config
from innercircle.data.location import study_paths
from innercircle.data.study import Study, filled_tables, load_study
from innercircle.data.validate import validate_study

__all__ = [
    "Config",
    "Study",
    "filled_tables",
    "load_config",
    "load_study",
    "study_paths",
    "validate_study",
]
