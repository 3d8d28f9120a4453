"""Picture of the groups: for each some points, which stand for five people and more, and the outline around these.
Pure."""

from collections.abc import Iterable, Mapping

from .model import Point

FEWEST = 5
"""People that a point stands for at least."""
POINTS = 24
"""Points of a group at most, or a few more."""
Drawn = dict[str, list[list[float]]]


def picture(projection: Mapping[str, Point], groups: Mapping[str, str], shown: Iterable[str]) -> dict[str, Drawn]:
    """{group: {"points": [[x, y], …], "outline": [[x, y], …]}} of the groups that are shown."""
    drawn = {}
    for name in shown:
        people = sorted(projection[participant] for participant, group in groups.items() if group == name)
        if len(people) >= FEWEST:
            points = _points(people, max(2 * FEWEST, 2 * len(people) // POINTS))
            drawn[name] = {"points": [*map(list, points)], "outline": [*map(list, outline(points))]}
    return drawn


def _points(people: list[Point], few: int) -> list[Point]:
    """Means of these people, halved across their longer side for as long as there are `few` of them or more."""
    if len(people) < few:
        return [(round(sum(point[0] for point in people) / len(people), 4),
                 round(sum(point[1] for point in people) / len(people), 4))]
    axis = max((0, 1), key=lambda side: max(point[side] for point in people) - min(point[side] for point in people))
    ordered, half = sorted(people, key=lambda point: (point[axis], point)), len(people) // 2
    return _points(ordered[:half], few) + _points(ordered[half:], few)


def outline(points: Iterable[Point]) -> list[Point]:
    """Convex hull, anticlockwise (Andrew, 1979)."""
    ordered = sorted(set(points))
    if len(ordered) < 3:
        return ordered
    return _chain(ordered)[:-1] + _chain(ordered[::-1])[:-1]


def _chain(points: list[Point]) -> list[Point]:
    chain: list[Point] = []
    for point in points:
        while len(chain) > 1 and _turn(chain[-2], chain[-1], point) <= 0:
            chain.pop()
        chain.append(point)
    return chain


def _turn(first: Point, second: Point, third: Point) -> float:
    return (second[0] - first[0]) * (third[1] - first[1]) - (second[1] - first[1]) * (third[0] - first[0])
