"""Random 0/1 matrices with the row and column sums of an observed one.

In a trade two rows pool the columns that only one of them has and share them out anew at random,
each keeping its number; all matrices with the same margins are equally probable in the long run.
In a round of trades the rows are paired at random and every pair trades. All draws run through the
same pairings, side by side in one array, but trade independently.

References
----------
Strona, G., D. Nappo, F. Boccacci, S. Fattorini, and J. San-Miguel-Ayanz. 2014. A fast and unbiased
procedure to randomize ecological binary matrices with fixed row and column totals. Nature
Communications 5: 4114.
Carstens, C. J. 2015. Proof of uniform sampling of binary matrices with fixed row sums and column
sums for the fast Curveball algorithm. Physical Review E 91: 042812.
Carstens, C. J., M. Hamann, U. Meyer, M. Penschuck, H. Tran, and D. Wagner. 2018. Parallel and
I/O-efficient randomisation of massive networks using global curveball trades. ESA 2018.
Besag, J., and P. Clifford. 1989. Generalized Monte Carlo significance tests. Biometrika 76:
633-642.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

# A row then takes part in 20 trades, four times what Strona et al. (2014) found to be enough.
ROUNDS = 20
_ENTRIES_AT_ONCE = 1 << 25


def draw_matrices(
    observed: np.ndarray, draws: int, rng: np.random.Generator, rounds: int = ROUNDS
) -> Iterator[np.ndarray]:
    """Yield batches of matrices with the margins of the observed one.

    The burn-in goes from the observed matrix to a hub, `rounds` rounds away, and every draw goes
    as many rounds from the hub, through the same pairings in reverse order. If the observed matrix
    is itself a random one, it and the draws are then exchangeable (Besag & Clifford 1989), so that
    (1 + count) / (1 + draws) is a valid p-value however well the trades mix.

    Parameters
    ----------
    observed : ndarray of bool, shape (n_rows, n_columns)
    draws : int
        Number of matrices; the batches depend on it and on the shape alone.
    rng : Generator
    rounds : int
        Rounds of trades from the observed matrix to the hub, and from there to each draw.

    Yields
    ------
    ndarray of bool, shape (n_rows, n_columns, n_batch)
    """
    n_rows = len(observed)
    pairings = [rng.permutation(n_rows) for _ in range(rounds)]
    hub = observed[:, :, np.newaxis].copy()
    for pairing in pairings:
        _trade(hub, pairing, rng)
    at_once = max(1, _ENTRIES_AT_ONCE // max(1, observed.size))
    for start in range(0, draws, at_once):
        batch = np.repeat(hub, min(at_once, draws - start), axis=2)
        for pairing in reversed(pairings):
            _trade(batch, pairing, rng)
        yield batch


def _trade(matrices: np.ndarray, pairing: np.ndarray, rng: np.random.Generator) -> None:
    """Let row pairing[0] trade with pairing[1], [2] with [3] and so on, in place.

    Each column that only one of the two has goes to the first with probability (columns still due
    to the first) / (columns still to share out), which makes every division equally probable.
    """
    half = len(pairing) // 2
    one, other = matrices[pairing[:half]], matrices[pairing[half : 2 * half]]
    at_stake = one != other
    to_share = at_stake.sum(axis=1, dtype=np.int32)
    due = (one & at_stake).sum(axis=1, dtype=np.int32)
    for column in range(matrices.shape[1]):
        staked = at_stake[:, column]
        won = (rng.random(due.shape) * to_share < due) & staked
        common = one[:, column] & other[:, column]
        one[:, column] = common | won
        other[:, column] = common | (staked & ~won)
        to_share -= staked
        due -= won
    matrices[pairing[:half]], matrices[pairing[half : 2 * half]] = one, other
