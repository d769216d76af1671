"""Stage 4: the person-year panel: who was at risk, and what befell them the year after."""

from innercircle.panel.build import build_panel

__all__ = ["build_panel"]
