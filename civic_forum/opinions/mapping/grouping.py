"""Groups of people who think alike (steps 5 and 6)."""

from typing import NamedTuple

import numpy as np
from scipy.optimize import linear_sum_assignment
from sklearn.cluster import KMeans
from sklearn.metrics import silhouette_score

FEWEST = 2
PER_GROUP = 12
"""Base clusters for each group beyond two."""
STARTS = 10


class Bases(NamedTuple):
    """`centres` with their `weights`; `member` is the base cluster of each point."""

    centres: np.ndarray
    weights: np.ndarray
    member: np.ndarray


def chosen(answers: np.ndarray, apart: np.ndarray, needed: int, fewest: int) -> np.ndarray:
    """Places of the people who are grouped, given how much each answered: those with enough answers, and where these
    are fewer than `fewest` the most active besides them. `apart` is a mask of those who never are."""
    eligible = ~apart & (answers > 0)
    enough = eligible & (answers >= needed)
    missing = fewest - int(enough.sum())
    if missing > 0:
        others = np.flatnonzero(eligible & ~enough)
        enough[others[np.argsort(-answers[others], kind="stable")][:missing]] = True
    return np.flatnonzero(enough)


def bases(points: np.ndarray, most: int, seed: int) -> Bases:
    """Base clusters of points, whose order does not matter."""
    order = np.lexsort((points[:, 1], points[:, 0]))
    ordered = points[order]
    centres, member = np.unique(ordered, axis=0, return_inverse=True)
    member = member.reshape(-1)
    if len(centres) > most:
        clusters = KMeans(most, n_init=STARTS, random_state=seed).fit(ordered)
        filled, member = np.unique(clusters.labels_, return_inverse=True)
        centres = clusters.cluster_centers_[filled]
    back = np.empty(len(points), int)
    back[order] = member
    return Bases(centres, np.bincount(member, minlength=len(centres)).astype(float), back)


def numbers(base_clusters: int, most: int) -> range:
    """Numbers of groups to try."""
    return range(FEWEST, min(most, FEWEST + base_clusters // PER_GROUP, base_clusters) + 1)


def parted(base: Bases, k: int, seed: int) -> np.ndarray:
    """Group of each base cluster."""
    if k <= 1 or len(base.centres) <= 1:
        return np.zeros(len(base.centres), int)
    fitted = KMeans(min(k, len(base.centres)), n_init=STARTS, random_state=seed)
    return fitted.fit(base.centres, sample_weight=base.weights).labels_


def refined(points: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Groups after k-means on the points themselves that starts from these: base clusters are coarse where few people
    stand between two groups, and the groups of two runs differ less so."""
    groups = np.unique(labels)
    if len(groups) < 2:
        return labels
    order = np.lexsort((points[:, 1], points[:, 0]))
    middles = np.array([points[labels == group].mean(axis=0) for group in groups])
    back = np.empty(len(points), int)
    back[order] = KMeans(len(groups), init=middles, n_init=1).fit(points[order]).labels_
    return back


def silhouette(base: Bases, labels: np.ndarray) -> float:
    """Mean silhouette over base centres; 0 where it says nothing."""
    groups = len(set(labels.tolist()))
    return float(silhouette_score(base.centres, labels)) if 1 < groups < len(labels) else 0.0


def by_size(labels: np.ndarray, points: np.ndarray) -> np.ndarray:
    """Labels renumbered: the largest group is 0; equal ones from left to right."""
    groups = np.unique(labels)
    key = [(-int((labels == group).sum()), *points[labels == group].mean(axis=0).tolist()) for group in groups]
    new = np.empty(int(groups.max(initial=0)) + 1, int)
    for place, (_, group) in enumerate(sorted(zip(key, groups.tolist()))):
        new[group] = place
    return new[labels]


def named(labels: np.ndarray, before: list[str | None]) -> list[str]:
    """Name of each point's group: that of the earlier group with which it shares most people, else a free number.
    `before` is the name of each point's earlier group."""
    count = int(labels.max(initial=-1)) + 1
    old = sorted({name for name in before if name is not None})
    shared = np.zeros((count, len(old)), int)
    places = {name: place for place, name in enumerate(old)}
    for label, name in zip(labels.tolist(), before):
        if name is not None:
            shared[label, places[name]] += 1
    names = {int(row): old[column] for row, column in zip(*linear_sum_assignment(-shared)) if shared[row, column]}
    free = (str(number) for number in range(2 * count + len(old)) if str(number) not in names.values())
    for label in range(count):
        if label not in names:
            names[label] = next(free)
    return [names[label] for label in labels.tolist()]
