"""Tables in CSV, LaTeX (booktabs) and HTML from one data frame."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from pathlib import Path

MINUS = "\N{MINUS SIGN}"
_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title>
<style>
body {{ font: 14px/1.4 sans-serif; margin: 2em; }}
table {{ border-collapse: collapse; border-top: 2px solid; border-bottom: 2px solid; }}
th, td {{ padding: .2em .7em; text-align: left; }}
thead th {{ border-bottom: 1px solid; }}
td {{ font-variant-numeric: tabular-nums; }}
p.notes {{ max-width: 60em; color: #444; }}
</style></head><body>
<h1>{title}</h1>
{search}{table}
<p class="notes">{notes}</p>
</body></html>
"""
# Long tables are read by looking for a name; the page must work with no network.
_LONG = 100
_SEARCH = """<p><label>Show rows that contain <input type="search" id="search"></label></p>
<script>
document.getElementById("search").addEventListener("input", event => {
  const wanted = event.target.value.toLowerCase();
  for (const row of document.querySelectorAll("tbody tr"))
    row.hidden = !row.textContent.toLowerCase().includes(wanted);
});
</script>
"""


def number(value: float, decimals: int = 2) -> str:
    """Return a number with a fixed number of decimals and a true minus sign, zero without one."""
    text = f"{value:.{decimals}f}"
    return text.replace("-", MINUS) if float(text) else text.lstrip("-")


def write_table(
    frame: pd.DataFrame,
    stem: Path,
    *,
    title: str,
    notes: str,
    decimals: int = 3,
    shown: pd.DataFrame | None = None,
) -> None:
    """Write ``stem.csv`` in full precision, and ``stem.tex`` and ``stem.html`` rounded for reading.

    The page of a long table has a field to search it.

    Parameters
    ----------
    frame : DataFrame
        Columns in the order to print.
    stem : Path
        Path without suffix.
    title, notes : str
        Caption, and what a reader must know (N, estimator, errors, source).
    decimals : int
        Decimals of real numbers in the LaTeX and HTML versions.
    shown : DataFrame, optional
        What the LaTeX and HTML versions print instead: the same facts, arranged for reading.
    """
    stem.parent.mkdir(parents=True, exist_ok=True)
    frame.to_csv(stem.with_suffix(".csv"), index=False, lineterminator="\n", encoding="utf-8")
    shown = (frame if shown is None else shown).copy()
    for column in shown:
        if pd.api.types.is_float_dtype(shown[column].dtype):
            shown[column] = ["" if pd.isna(x) else number(x, decimals) for x in shown[column]]
        shown[column] = shown[column].astype(object).where(shown[column].notna(), "").astype(str)
    shown.columns = [str(column).replace("_", " ") for column in shown]
    latex = shown.to_latex(index=False, escape=True, caption=title, label=f"tab:{stem.name}")
    notes_tex = notes.replace("%", r"\%").replace("_", r"\_").replace("&", r"\&")
    latex = latex.replace(r"\end{table}", f"\\par\\footnotesize {notes_tex}\n\\end{{table}}")
    stem.with_suffix(".tex").write_text(latex, encoding="utf-8")
    page = _PAGE.format(
        title=html.escape(title),
        search=_SEARCH if len(shown) > _LONG else "",
        # without the indentation, which is a third of a long table
        table=re.sub(r"\n\s+", "\n", shown.to_html(index=False, border=0)),
        notes=html.escape(notes),
    )
    stem.with_suffix(".html").write_text(page, encoding="utf-8")
