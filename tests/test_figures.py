"""Figures: each is drawn, legible, captioned, and the same bytes again."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from importlib import import_module
from itertools import combinations, pairwise
from typing import TYPE_CHECKING

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from jinja2 import Environment, UndefinedError, meta
from matplotlib.legend import Legend
from matplotlib.text import Text

from innercircle.inference.mechanisms import cooling, encircling
from innercircle.inference.mechanisms.cooling import cooling_curves
from innercircle.inference.mechanisms.encircling import fall_order
from innercircle.inference.survival_curves import grouped_person_years, survival_curves
from innercircle.measures.rank_intervals import rank_intervals
from innercircle.networks.units import unit_networks
from innercircle.output.communities import named_strips
from innercircle.output.drawing import between, p_text, render_caption
from innercircle.output.figures import FIGURES, draw
from innercircle.output.labels import place_labels
from innercircle.output.network_layout import force_layout
from innercircle.output.style import COLUMN_WIDTH, PAGE_WIDTH, SMALLEST, figure_style, save_figure
from innercircle.output.tables import number
from tests.conftest import REFERENCE, ROOT
from tests.toy_study import CONFIG, made_up_material

if TYPE_CHECKING:
    from pathlib import Path

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from innercircle.output.drawing import Drawing
    from innercircle.output.material import Material

NETWORKS = ("yearly_networks", "patronage_network", "signed_relations")
BOTTOM = 15  # labelled nodes among which none may overlap


@pytest.fixture(scope="module")
def material() -> Material:
    return made_up_material()


@pytest.fixture(scope="module")
def drawings(material: Material) -> dict[str, Drawing]:
    drawn = {name: draw(name, material) for name in FIGURES}
    for drawing in drawn.values():
        drawing.figure.draw_without_rendering()
    return drawn


def texts(figure: Figure) -> list[Text]:
    return [t for t in figure.findobj(Text) if t.get_visible() and t.get_text().strip()]


def shown(axes: Axes) -> list[Text]:
    return [t for t in axes.texts if t.get_text()]


def template(name: str) -> str:
    return (ROOT / "workflow" / "report" / f"{name}.rst").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", FIGURES)
def test_every_figure_is_a_function_in_a_module_of_its_name_and_has_a_caption(name: str) -> None:
    assert callable(getattr(import_module(f"innercircle.output.{name}"), name))
    assert template(name).strip()


@pytest.mark.parametrize("name", FIGURES)
def test_every_caption_is_filled_from_what_the_figure_counted(
    name: str, drawings: dict[str, Drawing]
) -> None:
    text = render_caption(template(name), drawings[name].facts)
    assert len(text) > 60
    assert not re.search(r"[{}]|nan|None|undefined", text)
    assert text.endswith("Source: A made-up source.")
    assert re.search(r"\d", text)


@pytest.mark.parametrize("name", FIGURES)
def test_every_fact_that_a_figure_counts_is_in_its_caption(
    name: str, drawings: dict[str, Drawing], material: Material
) -> None:
    parsed = Environment(autoescape=True).parse(template(name))
    asked = meta.find_undeclared_variables(parsed)
    assert set(drawings[name].facts) - asked - {"note"} <= set(material.common_facts())


def test_a_caption_that_asks_for_a_fact_nobody_stated_is_an_error() -> None:
    with pytest.raises(UndefinedError):
        render_caption("N = {{ n_persons }}", {"source": "x"})


@pytest.mark.parametrize("name", FIGURES)
def test_every_figure_has_ink_and_the_width_of_a_column_or_a_page(
    name: str, drawings: dict[str, Drawing]
) -> None:
    figure = drawings[name].figure
    width, height = figure.get_size_inches()
    assert min(abs(width - COLUMN_WIDTH), abs(width - PAGE_WIDTH)) < 1e-6
    assert height < 247 / 25.4  # a page's text
    figure.canvas.draw()
    pixels = np.asarray(figure.canvas.buffer_rgba())[..., :3]
    assert (pixels.min(axis=2) < 200).mean() > 0.005
    # Nothing is cut off at the edge.
    edges = [pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]]
    assert all((edge > 250).all() for edge in edges)


@pytest.mark.parametrize("name", FIGURES)
def test_no_text_is_smaller_than_six_points(name: str, drawings: dict[str, Drawing]) -> None:
    sizes = {t.get_text(): t.get_fontsize() for t in texts(drawings[name].figure)}
    assert sizes
    assert min(sizes.values()) >= SMALLEST
    # Mathtext would set exponents smaller than it says.
    assert not [text for text in sizes if "$" in text]


@pytest.mark.parametrize("name", FIGURES)
def test_titles_legends_and_labels_of_axes_stay_within_the_figure_and_ticks_apart(
    name: str, drawings: dict[str, Drawing]
) -> None:
    figure = drawings[name].figure
    box = figure.bbox.padded(1)
    around = [text for legend in figure.findobj(Legend) for text in legend.get_texts()]
    for axes in figure.axes:
        around += [axes.title, axes._left_title]
        if axes.axison:
            around += [axes.xaxis.label, axes.yaxis.label]
        for ticks in drawn_ticks(axes):
            around += ticks
            boxes = [tick.get_window_extent() for tick in ticks]
            assert not [1 for a, b in pairwise(boxes) if a.padded(-0.5).overlaps(b)]
    for text in around:
        extent = text.get_window_extent()
        if text.get_text():
            assert box.x0 <= extent.x0 <= extent.x1 <= box.x1, text.get_text()
            assert box.y0 <= extent.y0 <= extent.y1 <= box.y1, text.get_text()


def drawn_ticks(axes: Axes) -> list[list[Text]]:
    """Return the labels that each axis prints; slanted ones, whose boxes overlap, are left out."""
    if not axes.axison:
        return []
    return [
        [
            tick.label1
            for tick in axis._update_ticks()
            if tick.label1.get_visible()
            and tick.label1.get_text()
            and not tick.label1.get_rotation()
        ]
        for axis in (axes.xaxis, axes.yaxis)
    ]


@pytest.mark.parametrize("name", NETWORKS)
def test_labels_of_the_largest_nodes_do_not_overlap(
    name: str, drawings: dict[str, Drawing]
) -> None:
    found = 0
    for axes in drawings[name].figure.axes:
        boxes = [Text.get_window_extent(text) for text in shown(axes)[:BOTTOM]]
        found += len(boxes)
        assert not [1 for a, b in combinations(boxes, 2) if a.overlaps(b)]
    assert found >= BOTTOM


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_is_the_same_bytes_twice_with_its_fonts_embedded(
    name: str, drawings: dict[str, Drawing], material: Material, tmp_path: Path
) -> None:
    again = draw(name, material)
    assert again.facts == drawings[name].facts
    save_figure(again.figure, tmp_path / "again")
    save_figure(draw(name, material).figure, tmp_path / "once")
    for suffix in (".pdf", ".png"):
        one, two = (tmp_path / f"{stem}{suffix}" for stem in ("again", "once"))
        assert one.read_bytes() == two.read_bytes()
    pdf = (tmp_path / "once.pdf").read_bytes()
    assert b"/FontFile2" in pdf
    assert b"/Type3" not in pdf
    assert b"CreationDate" not in pdf
    height, width = plt.imread(tmp_path / "once.png").shape[:2]
    assert width / 300 == pytest.approx(again.figure.get_size_inches()[0], abs=0.01)
    assert height / 300 == pytest.approx(again.figure.get_size_inches()[1], abs=0.01)


def test_an_unknown_figure_is_named_with_the_nearest(material: Material) -> None:
    with pytest.raises(ValueError, match="did you mean 'survival'"):
        draw("survivl", material)


def test_a_study_without_leader_outcomes_periods_and_backbone_is_drawn(material: Material) -> None:
    bare = {
        key: value
        for key, value in material.config.items()
        if key not in {"leader", "outcomes", "periods", "backbone", "populations", "models"}
    }
    tables = {name: table for name, table in material.tables.items() if name != "backbone"}
    poor = replace(material, config=bare, tables=tables)
    for name in ("yearly_networks", "cohesion_over_time", "rank_trajectories", "communities"):
        drawing = draw(name, poor)
        assert render_caption(template(name), drawing.facts)
        plt.close(drawing.figure)


def with_table(material: Material, name: str, table: pd.DataFrame) -> Material:
    return replace(material, tables={**material.tables, name: table})


def without_leader(material: Material) -> Material:
    config = {key: value for key, value in material.config.items() if key != "leader"}
    layers = {name: rules for name, rules in config["layers"].items() if name != "access"}
    cohesion = material.tables["cohesion"]
    cohesion = cohesion[cohesion["leader_included"] & (cohesion["layer"] != "access")]
    poor = replace(material, config={**config, "layers": layers})
    return with_table(poor, "cohesion", cohesion)


@pytest.mark.parametrize("name", ["cohesion_over_time", "rank_trajectories", "signed_relations"])
def test_without_a_leader_neither_caption_nor_legend_speaks_of_one(
    name: str, material: Material
) -> None:
    drawing = draw(name, without_leader(material))
    said = [render_caption(template(name), drawing.facts)]
    said += [t.get_text() for key in drawing.figure.legends for t in key.get_texts()]
    plt.close(drawing.figure)
    assert [text for text in said if "leader" in text] == []


def test_panels_of_coefficients_have_the_labels_of_models_and_the_range_of_falls(
    material: Material,
) -> None:
    table = material.tables["models"].reset_index(drop=True)
    of_first = table.index[table["model"] == "first"]
    table.loc[of_first, "events"] = [3, 9][: len(of_first)]
    labelled = {**material.config, "labels": {"models": {"first": "All, with the boss"}}}
    changed = with_table(replace(material, config=labelled), "models", table)
    figure = draw("coefficients", changed).figure
    titles = [axes.get_title(loc="left") for axes in figure.axes]
    plt.close(figure)
    assert titles[0].startswith("All, with the boss\nattendance, no controls\n")
    assert titles[0].endswith(", 3 to 9 falls")
    assert titles[1].startswith("second\n")


def test_a_share_of_access_of_any_size_is_within_the_panel(material: Material) -> None:
    cohesion = material.tables["cohesion"].copy()
    cohesion.loc[cohesion["measure"] == "minutes_top1_share", ["value", "lo", "hi"]] = 0.9
    figure = draw("access_concentration", with_table(material, "cohesion", cohesion)).figure
    top = figure.axes[1].get_ylim()[1]
    plt.close(figure)
    assert top >= 0.9


def test_specifications_that_could_not_be_fitted_are_not_among_those_drawn(
    material: Material,
) -> None:
    curve = material.tables["specification_curve"].copy()
    curve.loc[curve.index[0], "estimate"] = np.nan
    drawing = draw("specification_curve", with_table(material, "specification_curve", curve))
    plt.close(drawing.figure)
    text = render_caption(template("specification_curve"), drawing.facts)
    assert f"{len(curve) - 1} of the {len(curve)} combinations" in text


def test_the_figure_of_encircling_says_what_the_table_of_mechanisms_says(
    material: Material, drawings: dict[str, Drawing]
) -> None:
    table = material.tables["mechanisms"]
    row = table[table["statistic_name"].str.startswith("mean lead")].iloc[0]
    expected = re.search(r"(-?[\d.]+) expected", row["note"])[1]
    facts = drawings["encircling"].facts
    assert facts["mean"] == number(row["estimate"], 1)
    assert float(str(facts["expected"]).replace("\N{MINUS SIGN}", "-")) == pytest.approx(
        float(expected), abs=0.0501
    )
    assert f"({facts['draws']} arrangements)" in row["null"]


def test_labels_keep_apart_and_one_that_fits_nowhere_is_left_out() -> None:
    with figure_style():
        figure, panel = plt.subplots(figsize=(2, 2))
        panel.set(xlim=(0, 1), ylim=(0, 1))
        points = [(0.5, 0.5)] * 60
        written = place_labels(panel, points, [f"label {k}" for k in range(60)])
        boxes = [Text.get_window_extent(text) for text in written]
        plt.close(figure)
    assert 5 < len(written) < 60
    assert written[0].get_text() == "label 0"
    assert not [1 for a, b in combinations(boxes, 2) if a.overlaps(b)]


def test_nodes_of_a_layout_keep_their_distance_and_their_places() -> None:
    rng = np.random.default_rng(3)
    persons = [f"p{k}" for k in range(40)]
    ends = rng.integers(0, 40, (60, 2))
    ends = ends[ends[:, 0] != ends[:, 1]]
    source, target = (pd.Series([persons[k] for k in column]) for column in ends.T)
    args = (persons, source, target, np.ones(len(ends)), 7)
    layout = force_layout(*args, gap=0.05)
    assert layout == force_layout(*args, gap=0.05)
    where = np.array(list(layout.values()))
    assert where.min() >= 0
    assert where.max() <= 1
    apart = np.sqrt(((where[:, None] - where[None]) ** 2).sum(axis=2))[np.triu_indices(40, 1)]
    assert apart.min() > 0.04


def test_numbers_in_captions_have_true_minus_signs_and_no_negative_zero() -> None:
    assert number(-1.234) == "\N{MINUS SIGN}1.23"
    assert number(-0.001) == "0.00"
    assert between(-1, 2, 0) == "\N{MINUS SIGN}1 to 2"
    assert [p_text(p) for p in (0.0004, 0.0049, 0.2)] == ["p < 0.001", "p = 0.005", "p = 0.20"]


def test_communities_keep_their_letter_while_their_members_stay() -> None:
    rows = [(1, "a", 0), (1, "b", 0), (1, "c", 1), (1, "d", 1), (1, "e", 2)]
    rows += [(2, "a", 5), (2, "b", 5), (2, "x", 5), (2, "c", 4), (2, "y", 4), (2, "z", 3)]
    rows += [(3, "x", 0), (3, "w", 0), (3, "v", 1), (3, "u", 1)]
    table = pd.DataFrame(rows, columns=["year", "person_id", "community"])
    strips = [(year, name, "".join(who)) for year, name, who in named_strips(table)]
    assert strips == [
        (1, "A", "ab"),
        (1, "B", "cd"),
        (1, "", "e"),
        (2, "A", "abx"),
        (2, "B", "cy"),
        (2, "", "z"),
        (3, "A", "wx"),
        (3, "C", "uv"),
    ]


def test_survival_curves_are_those_of_survfit_with_late_entry() -> None:
    reference = json.loads((REFERENCE / "survival_curves.json").read_text())
    curves = survival_curves(pd.DataFrame(reference["rows"]))
    for group, expected in reference["curves"].items():
        mine = curves[(curves["group"] == group) & (curves["time"] > 0)]
        n = len(mine)
        assert n == len(expected["time"])
        np.testing.assert_allclose(mine["survival"], expected["survival"], rtol=1e-12)
        assert list(mine["at_risk"]) == expected["at_risk"]
        assert list(mine["events"]) == expected["events"]
        fell = (mine["survival"] < 1) & (mine["survival"] > 0)
        for side in ("lo", "hi"):
            limits = pd.Series(expected[side], dtype=float, index=mine.index)
            np.testing.assert_allclose(mine.loc[fell, side], limits[fell], rtol=1e-9)


def test_a_survival_curve_ends_where_nobody_is_left_at_risk() -> None:
    rows = pd.DataFrame(
        {"start": [0, 1, 4], "stop": [1, 2, 5], "event": [False, True, True], "group": "above"}
    )
    assert list(survival_curves(rows)["time"]) == [0, 1, 2]
    assert survival_curves(rows.iloc[:0]).empty


def test_person_years_are_grouped_by_the_median_of_those_at_risk_in_the_year(
    material: Material,
) -> None:
    rows = grouped_person_years(
        material.tables["panel"],
        outcome="strict",
        population="circle",
        column="attendance__strength__with",
    )
    assert (rows["stop"] - rows["start"] == 1).all()
    assert (rows.groupby(["person_id"])["start"].min() == 0).all()
    share = rows["group"].eq("above").groupby(rows["year"]).mean()
    assert share.between(0.2, 0.5).all()
    with pytest.raises(ValueError, match="no column"):
        grouped_person_years(
            material.tables["panel"], outcome="strict", population="circle", column="attendance"
        )


def test_gaps_of_the_curves_before_a_fall_are_those_of_the_test_of_cooling(
    material: Material,
) -> None:
    args = {"outcome": "strict", "columns": ["minutes_share"], "population": "circle"}
    panel = material.tables["panel"]
    tested = cooling(panel, np.random.default_rng(1), 50, **args)
    curves = cooling_curves(panel, np.random.default_rng(1), 50, **args)
    wide = curves.pivot(index="lag", columns="group", values="value")
    np.testing.assert_allclose(wide["fallen"] - wide["survivors"], wide["gap"], atol=1e-15)
    for lag, one in zip((3, 2, 1), tested, strict=False):
        assert wide.loc[lag, "gap"] == pytest.approx(one.estimate)
        assert one.n == curves.set_index(["lag", "group"]).loc[(lag, "gap"), "n_fallen"]
    assert ((curves["lo"] <= curves["value"]) | curves["lo"].isna()).all()
    nobody = panel.assign(strict_next=0.0)
    assert cooling_curves(nobody, np.random.default_rng(1), 50, **args).empty


def test_leads_within_pairs_average_to_the_tested_mean() -> None:
    ties = pd.DataFrame(
        {"year": 1901, "source_id": ["p", "p", "q", "r"], "target_id": ["a", "b", "c", "p"]}
    )
    falls = pd.Series({"p": 1910, "a": 1907, "b": 1912, "q": 1909, "c": 1905})
    pairs, null = fall_order(ties, falls, np.random.default_rng(1))
    assert list(zip(pairs["client"], pairs["lead"], strict=True)) == [
        ("b", -2.0),
        ("a", 3.0),
        ("c", 4.0),
    ]
    _, lead = encircling(ties, falls, np.random.default_rng(1))
    assert pairs["lead"].mean() == pytest.approx(lead.estimate)
    assert len(null) == 120  # all orders of five falls
    empty, nothing = fall_order(ties, falls.iloc[:1], np.random.default_rng(1))
    assert empty.empty
    assert not len(nothing)


def test_ranks_are_those_of_strength_and_lie_in_their_intervals(material: Material) -> None:
    layers = {"attendance": CONFIG["layers"]["attendance"]}
    networks = list(unit_networks(material.study, {**CONFIG, "layers": layers}))
    ranks = rank_intervals(networks, "boss", 40, 5)
    measured = material.tables["centrality"]
    strength = measured[
        (measured["layer"] == "attendance")
        & (measured["measure"] == "strength")
        & ~measured["leader_included"]
    ]
    both = ranks.merge(strength, on=["year", "person_id"], suffixes=("", "_measured"))
    assert len(both) == len(ranks) == len(strength)
    np.testing.assert_allclose(both["strength"], both["value"])
    expected = strength.groupby("year")["value"].rank(ascending=False)
    np.testing.assert_allclose(
        both.set_index(["year", "person_id"])["rank"],
        expected.set_axis(pd.MultiIndex.from_frame(strength[["year", "person_id"]])).reindex(
            pd.MultiIndex.from_frame(both[["year", "person_id"]])
        ),
    )
    assert ((ranks["lo"] <= ranks["rank"]) & (ranks["rank"] <= ranks["hi"])).all()
    assert rank_intervals(networks, "boss", 0, 5)["lo"].isna().all()
    assert rank_intervals([], None, 10, 5).empty
