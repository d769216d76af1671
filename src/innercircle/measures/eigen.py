"""Leading eigenvectors of symmetric matrices, defined also where they are not unique."""

from __future__ import annotations

import numpy as np

_TIED_EIGENVALUES = 1e-9


def leading_vectors(matrices: np.ndarray) -> np.ndarray:
    """Return eigenvector centralities of a stack of symmetric matrices, (k, n, n) to (k, n)."""
    eigenvalues, vectors = np.linalg.eigh(matrices)
    largest = eigenvalues[:, -1:]
    leading = eigenvalues >= largest - _TIED_EIGENVALUES * np.maximum(largest, 1.0)
    coordinates = vectors.sum(axis=1) * leading  # of the uniform vector, in the eigenbasis
    projected = np.einsum("kij,kj->ki", vectors, coordinates)
    projected = np.where(np.abs(projected) < _TIED_EIGENVALUES, 0.0, np.abs(projected))
    top = projected.max(axis=1, keepdims=True, initial=0.0)
    tied = (largest > 0) & (top > 0)
    return np.asarray(np.divide(projected, top, out=np.zeros_like(projected), where=tied))
