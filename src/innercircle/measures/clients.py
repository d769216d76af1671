"""Patrons and clients: what one's place in the patronage network brings, and what it exposes to.

References
----------
Scott, J. C. 1972. Patron-client politics and political change in Southeast Asia. American Political
Science Review 66: 91-113.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from innercircle.measures.arcs import Arcs

PATRONAGE = {
    "clients": "persons of whom one is the patron",
    "clients_two_steps": "the same and their clients, oneself left out",
    "patrons": "persons who are one's patron",
    "patron_standing": "the highest standing among one's patrons; missing without one that has any",
    "patron_purged": "1 if a patron had been purged by the end of the year, else 0",
    "ties_to_purged": "patrons and clients who had been purged by the end of the year",
}


def patronage_measures(
    arcs: Arcs,
    persons: Sequence[str],
    standing: Mapping[str, float],
    purged: Mapping[str, int],
    year: int,
) -> dict[str, np.ndarray]:
    """Return everyone's place among patrons and clients in one year.

    Parameters
    ----------
    arcs : Arcs
        Directed, from patron to client; weights are ignored.
    persons : sequence of str, shape (n,)
        Who the vertices are.
    standing : mapping of str to float
        Standing of persons, such as a rank or a centrality; who is not in it has none.
    purged : mapping of str to int
        Year in which a person was purged; who is not in it never was.
    year : int
        A purge in this very year counts. To predict a purge from what came before it, pass the
        year before.

    Returns
    -------
    dict of str to ndarray of float, shape (n,)
        Keys of :data:`PATRONAGE`. Without ties all are 0 except ``patron_standing``, which is
        missing (NaN).

    Raises
    ------
    ValueError
        If the network is undirected, or persons and vertices differ in number.
    """
    if not arcs.directed:
        raise ValueError("patronage leads from patron to client: the network must be directed")
    if len(persons) != arcs.n:
        raise ValueError(f"{len(persons)} persons named for {arcs.n} vertices")
    patron_of = arcs.matrix() > 0
    in_two = patron_of | (patron_of.astype(float) @ patron_of > 0)
    np.fill_diagonal(in_two, val=False)
    fallen = np.array([purged.get(person, year + 1) <= year for person in persons], dtype=bool)
    known = np.array([standing.get(person, np.nan) for person in persons], dtype=float)
    # -inf stands for no standing until the maximum over patrons is taken
    of_patrons = np.where(patron_of & ~np.isnan(known)[:, None], known[:, None], -np.inf)
    highest = of_patrons.max(axis=0, initial=-np.inf)
    return {
        "clients": patron_of.sum(axis=1).astype(float),
        "clients_two_steps": in_two.sum(axis=1).astype(float),
        "patrons": patron_of.sum(axis=0).astype(float),
        "patron_standing": np.where(np.isneginf(highest), np.nan, highest),
        "patron_purged": (patron_of & fallen[:, None]).any(axis=0).astype(float),
        "ties_to_purged": ((patron_of | patron_of.T) & fallen[None, :]).sum(axis=1).astype(float),
    }
