"""Last stage: tables and figures, each drawn from what the earlier stages computed."""

from innercircle.output.style import save_figure
from innercircle.output.tables import write_table

__all__ = ["save_figure", "write_table"]
