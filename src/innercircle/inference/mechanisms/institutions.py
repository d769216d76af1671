"""Institutional conflict: whether conflicts follow posts rather than persons.

References
----------
Krackhardt, D. 1987. QAP partialling as a test of spuriousness. Social Networks 9: 171-186
(relabelling the nodes of one relation while another stays).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from innercircle.inference.mechanisms.result import (
    DRAWS,
    Mechanism,
    notes,
    p_value,
    percentile_interval,
    resample_counts,
    undefined,
)

if TYPE_CHECKING:
    from collections.abc import Collection

NAME = "institutional conflict"
QUESTIONS = (
    "Are opponents in different bodies more often than chance would have it?",
    "When a party to a conflict changes post, does the conflict stay with the post?",
)
STATISTICS = (
    "share of conflicts between persons of different bodies",
    "share of conflicts that stayed with the post, of those that stayed or followed the person",
)
# Below six opponents, even unanimous ones cannot reach 5 % in a two-sided sign test.
_FEWEST_OPPONENTS = 6
_MOST_FLIPPED = 12
# Years after a conflict in which it may go on after a change of post.
_WINDOW = 3


def institutional_conflict(
    ties: pd.DataFrame,
    memberships: pd.DataFrame,
    rng: np.random.Generator,
    draws: int = DRAWS,
    *,
    ranks: Collection[str] = (),
) -> list[Mechanism]:
    """Ask whether conflicts run between bodies, and whether they outlast a change of post.

    Parameters
    ----------
    ties : DataFrame
        Conflicts placed in years: year, tie_id, source_id, target_id; with a column ``sign``, only
        its negative rows.
    memberships : DataFrame
        Posts in years: year, body_id, person_id, role.
    rng : numpy.random.Generator
    draws : int
    ranks : collection of str
        Bodies in which a seat is a rank rather than a post: nearly everyone who quarrels sits
        there, and would be a colleague of everyone. They do not count as bodies here.

    Returns
    -------
    list of Mechanism
        First, of tie-years of which both ends hold posts that year, the share that have no body in
        common; two-sided against posts dealt at random, each person's as a whole, among that
        year's parties to conflicts (not among all who hold posts: whoever the source tells more of
        has both more conflicts and more posts); interval from resampling pairs of persons.

        Second, of pairs in which a party to a conflict left, within three years, a post that
        somebody new is known to have taken, for another body: the share in which the opponent then
        had a conflict with the new holder, among those in which he had one with either the new
        holder or the mover but not both. Two-sided sign test and interval take all pairs of an
        opponent together. Posts are known by the year: one handed over in a year belongs to both
        holders in it, and the change counts from the next.
    """
    conflicts = ties[ties["sign"] < 0] if "sign" in ties else ties
    conflicts = conflicts[conflicts["source_id"] != conflicts["target_id"]]
    posts = memberships[~memberships["body_id"].isin(ranks)]
    found = [_bodies(conflicts, posts, rng, draws), _successors(conflicts, posts, rng, draws)]
    said = f"seats in {', '.join(sorted(ranks))} are no posts" if ranks else ""
    return [replace(one, note=notes(one.note, said)) for one in found]


def _bodies(
    conflicts: pd.DataFrame, memberships: pd.DataFrame, rng: np.random.Generator, draws: int
) -> Mechanism:
    different, pairs, nulls = [], [], []
    for year, posts in memberships.groupby("year", sort=True):
        rows = conflicts[conflicts["year"] == year]
        held = pd.crosstab(posts["person_id"], posts["body_id"]) > 0
        i, j = held.index.get_indexer(rows["source_id"]), held.index.get_indexer(rows["target_id"])
        placed = (i >= 0) & (j >= 0)
        if not placed.any():
            continue
        i, j = i[placed], j[placed]
        holds = held.to_numpy(float)
        apart = (holds @ holds.T) == 0
        parties = np.unique(np.concatenate([i, j]))
        order = np.tile(np.arange(len(held)), (draws, 1))
        order[:, parties] = rng.permuted(order[:, parties], axis=1)
        different.append(apart[i, j])
        nulls.append(apart[order[:, i], order[:, j]].sum(axis=1))
        ends = np.sort(rows.loc[placed, ["source_id", "target_id"]].to_numpy(dtype=str), axis=1)
        pairs += [tuple(pair) for pair in ends]
    if not pairs:
        why = "no conflict of which both ends are known to hold a post that year"
        return undefined(NAME, QUESTIONS[0], STATISTICS[:1], why, 0)[0]
    apart_now = np.concatenate(different).astype(float)
    n = len(apart_now)
    null = np.sum(nulls, axis=0) / n
    estimate = float(apart_now.mean())
    cluster = pd.factorize(pd.Series(pairs))[0]
    counts = resample_counts(int(cluster.max()) + 1, draws, rng)
    drawn = (counts @ np.bincount(cluster, apart_now)) / (counts @ np.bincount(cluster))
    lo, hi, why = percentile_interval(drawn)
    p = p_value(estimate, null, "two-sided")
    said = f"{null.mean():.2f} expected; {len(conflicts) - n} tie-years left out: a post unknown"
    wording = (
        f"posts dealt at random among the year's parties to conflicts ({draws} draws); two-sided"
    )
    note = notes(said, why)
    return Mechanism(NAME, QUESTIONS[0], STATISTICS[0], estimate, lo, hi, p, n, wording, note)


def _successors(
    conflicts: pd.DataFrame,
    memberships: pd.DataFrame,
    rng: np.random.Generator,
    draws: int,
) -> Mechanism:
    pairs = _pairs(conflicts, memberships)
    stayed, followed = pairs["stayed"].to_numpy(bool), pairs["followed"].to_numpy(bool)
    counts = (
        f"{len(pairs)} pairs with a party who changed post and a known successor: "
        f"{(stayed & ~followed).sum()} stayed with the post, {(followed & ~stayed).sum()} followed "
        f"the person, {(stayed & followed).sum()} both, {(~stayed & ~followed).sum()} neither"
    )
    told = pairs[stayed != followed]
    if told.empty:
        return undefined(NAME, QUESTIONS[1], STATISTICS[1:], f"{counts}; too little to say")[0]
    opponent = pd.factorize(told["opponent"])[0]
    size, stays = np.bincount(opponent), np.bincount(opponent, told["stayed"].to_numpy(float))
    excess = 2 * stays - size
    exact = len(size) <= _MOST_FLIPPED
    if exact:
        flips = 1.0 - 2 * ((np.arange(2 ** len(size))[:, None] >> np.arange(len(size))) & 1)
    else:
        flips = rng.choice([-1.0, 1.0], size=(draws, len(size)))
    p = p_value(float(excess.sum()), flips @ excess, "two-sided", exact=exact)
    drawn = resample_counts(len(size), draws, rng)
    lo, hi, why = percentile_interval((drawn @ stays) / (drawn @ size))
    # Fewer can never reach 5 %, even if all agree.
    little = f"{len(size)} opponents: too few to say" if len(size) < _FEWEST_OPPONENTS else ""
    found = (float(stays.sum() / size.sum()), lo, hi, p, len(told))
    null = "with each opponent either equally likely (sign test); two-sided"
    note = notes(counts, little, why)
    return Mechanism(NAME, QUESTIONS[1], STATISTICS[1], *found, null, note, exact)


def _pairs(conflicts: pd.DataFrame, memberships: pd.DataFrame) -> pd.DataFrame:
    """Return a row per opponent and mover: did the conflict stay, did it follow."""
    there = conflicts[["year", "source_id", "target_id"]].set_axis(
        ["year", "opponent", "party"], axis=1
    )
    back = there.rename(columns={"opponent": "party", "party": "opponent"})
    sides = pd.concat([there, back]).drop_duplicates()
    posts = memberships[["year", "person_id", "body_id", "role"]].drop_duplicates()
    held = sides.merge(posts.rename(columns={"person_id": "party"}), on=["year", "party"])
    left = _departures(held, posts)
    post = ["body_id", "role"]
    holders = posts.rename(columns={"year": "later", "person_id": "successor"})
    before = posts.rename(columns={"person_id": "successor"}).assign(before=True)
    left = left.merge(holders, on=["later", *post]).merge(
        before, on=["year", "successor", *post], how="left"
    )
    left = left[left["before"].isna() & (left["successor"] != left["opponent"])]
    known = pd.MultiIndex.from_frame(sides[["year", "opponent", "party"]])
    for result, against in (("stayed", "successor"), ("followed", "party")):
        key = pd.MultiIndex.from_frame(left[["later", "opponent", against]])
        left[result] = np.asarray(key.isin(known), dtype=bool)
    pairs = left.groupby(["opponent", "party"], as_index=False, sort=True)
    return pairs[["stayed", "followed"]].any()


def _departures(held: pd.DataFrame, posts: pd.DataFrame) -> pd.DataFrame:
    """Return, for each post held at a conflict, the years in which its holder is elsewhere."""
    later = held.merge(pd.DataFrame({"ahead": range(1, _WINDOW + 1)}), how="cross")
    later["later"] = later["year"] + later["ahead"]
    same = posts.rename(columns={"year": "later", "person_id": "party"}).assign(still=True)
    later = later.merge(same, on=["later", "party", "body_id", "role"], how="left")
    later = later[later["still"].isna()].drop(columns=["still", "ahead"])
    # Elsewhere: in a body in which the person had no post in the year of the conflict.
    new = posts.merge(posts, on="person_id", suffixes=("", "_then"))
    new = new[new["year_then"].between(new["year"] - _WINDOW, new["year"] - 1)]
    known = new.assign(same=new["body_id"] == new["body_id_then"])
    moved = known.groupby(["person_id", "year_then", "year", "body_id"])["same"].any()
    moved = moved[~moved].reset_index()[["person_id", "year_then", "year"]].drop_duplicates()
    moved.columns = ["party", "year", "later"]
    return later.merge(moved, on=["party", "year", "later"])
