"""Plane of opinions: means, principal components, and where people and statements stand in it (steps 1 to 4)."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import scipy.sparse as sparse
from scipy.sparse.linalg import svds

SMALLEST = 4
"""Rows and columns that ARPACK needs for two components; a smaller matrix is padded with zeros."""
NOTHING = 1e-9
"""Of the largest: what is smaller comes from rounding."""


class Responses(NamedTuple):
    """Responses in the order of ids: places of participants and statements, and values. `zeroed` is a mask of the
    statements that count as 0 for everybody, `drop` removes them instead."""

    people: int
    lines: int
    rows: np.ndarray
    columns: np.ndarray
    values: np.ndarray
    zeroed: np.ndarray
    drop: bool


class Plane(NamedTuple):
    """`components` is 2 × statements; `points` is participants × 2."""

    center: np.ndarray
    components: np.ndarray
    explained: tuple[float, float]
    points: np.ndarray


def project(responses: Responses, before: Sequence[np.ndarray] | None) -> Plane:
    """Plane of the two widest directions. `before` are earlier components in the order of these statements."""
    used = ~responses.zeroed[responses.columns]
    rows, columns = responses.rows[used], responses.columns[used]
    values = responses.values[used].astype(float)
    answered = np.bincount(columns, minlength=responses.lines)
    center = np.bincount(columns, values, minlength=responses.lines) / np.maximum(answered, 1)
    centred = sparse.csr_array((values - center[columns], (rows, columns)),
                               shape=(max(responses.people, SMALLEST), max(responses.lines, SMALLEST)))
    directions, explained = _widest(centred)
    components = _signed(directions[:, :responses.lines], before)
    zeroed = int(responses.zeroed.sum())
    counted = 0 if responses.drop else zeroed
    width = responses.lines - zeroed + counted
    seen = np.bincount(rows, minlength=responses.people) + counted
    sums = centred[:responses.people, :responses.lines] @ components.T
    return Plane(center, components, explained, sums * np.sqrt(width / np.maximum(seen, 1))[:, None])


def extremity(plane: Plane, width: int) -> np.ndarray:
    """Distance from the middle of somebody who agrees with one statement and saw no other."""
    return np.sqrt(width) * np.abs(1 - plane.center) * np.hypot(*plane.components)


def _widest(centred) -> tuple[np.ndarray, tuple[float, float]]:
    """Two right singular vectors by falling singular value, zeros where there is no such direction; and their shares
    of all variance."""
    whole = float(np.sum(centred.data ** 2))
    empty = np.zeros((2, centred.shape[1]))
    if whole <= NOTHING ** 2 * max(centred.nnz, 1):
        return empty, (0.0, 0.0)
    start = np.random.default_rng(1).uniform(0.5, 1.5, min(centred.shape))
    _, sizes, vectors = svds(centred, k=2, which="LM", v0=start, solver="arpack", return_singular_vectors="vh",
                             rng=np.random.default_rng(1))
    order = np.argsort(-sizes, kind="stable")
    sizes, vectors = sizes[order], vectors[order]
    vectors[sizes <= NOTHING * sizes[0]] = 0
    sizes = np.where(sizes <= NOTHING * sizes[0], 0, sizes)
    first, second = (sizes ** 2 / whole).tolist()
    return vectors, (first, second)


def _signed(components: np.ndarray, before: Sequence[np.ndarray] | None) -> np.ndarray:
    """Components with their largest loading positive, or pointing as before."""
    signed = []
    for place, component in enumerate(components):
        size = np.abs(component)
        largest = component[np.argmax(size >= size.max(initial=0) * (1 - NOTHING))] if component.size else 0.0
        along = float(component @ before[place]) if before is not None else 0.0
        signed.append(-component if (along or largest) < 0 else component)
    return np.array(signed).reshape(2, -1) + 0.0


def in_order(components: Sequence[Mapping[str, float]], statements: Sequence[str]) -> list[np.ndarray]:
    """Components as arrays for these statements; those they do not know have 0."""
    return [np.array([component.get(statement, 0.0) for statement in statements]) for component in components]
