"""People of several kinds in so many groups, each kind spread evenly. Pure.

People are edges between their neighbourhood and their age group, groups are colours. A bipartite multigraph can be
coloured so that at every node, and over all, the colours differ by one edge at most (de Werra, 1971; König's
alternating paths, with nodes split into parts of as many edges as there are colours).
"""

from collections import Counter
from collections.abc import Hashable, Sequence

Node = tuple[object, ...]


def spread(kinds: Sequence[tuple[Hashable, Hashable]], sizes: Sequence[int]) -> list[int]:
    """The group of each person, by their two kinds; group g gets `sizes[g]` people.

    Where the sizes differ by one at most, so does the number of each kind from group to group. Otherwise this holds
    only nearly.
    """
    if len(kinds) != sum(sizes):
        raise ValueError("as many places as people")
    graph = _Colouring(_parts(kinds, len(sizes)), len(sizes))
    graph.colour()
    graph.resize(sizes)
    return graph.colours


def _parts(kinds: Sequence[tuple[Hashable, Hashable]], groups: int) -> list[tuple[Node, Node]]:
    """Edges between parts of nodes: a part has at most as many edges as there are groups."""
    seen: Counter[Node] = Counter()
    edges: list[tuple[Node, Node]] = []
    for one, other in kinds:
        first, second = ("one", one), ("other", other)
        edges.append(((*first, seen[first] // groups), (*second, seen[second] // groups)))
        seen.update((first, second))
    return edges


class _Colouring:
    """Edges that get colours, no two alike at one node as long as `resize` need not force it."""

    def __init__(self, edges: list[tuple[Node, Node]], number: int):
        self.edges = edges
        self.number = number
        self.colours = [-1] * len(edges)
        self.at: dict[tuple[Node, int], int] = {}

    def colour(self) -> None:
        for edge, (one, other) in enumerate(self.edges):
            here, there = self._free(one), self._free(other)
            if (other, here) in self.at:
                self._swap(self._path(other, here, there), here, there)
            self._give(edge, here)

    def resize(self, sizes: Sequence[int]) -> None:
        """Exchange two colours along a path, or move a single edge, until every colour has its size."""
        spare = Counter({colour: -size for colour, size in enumerate(sizes)})
        spare.update(self.colours)
        while any(spare.values()):
            most = max(spare, key=lambda colour: spare[colour])
            least = min(spare, key=lambda colour: spare[colour])
            if path := self._longer_in(most, least):
                self._swap(path, most, least)
            else:
                edge = self.colours.index(most)
                self._take(edge)
                self._give(edge, least)
            spare[most] -= 1
            spare[least] += 1

    def _free(self, node: Node) -> int:
        return next(colour for colour in range(self.number) if (node, colour) not in self.at)

    def _path(self, node: Node, colour: int, other: int) -> list[int]:
        """The edges from this node on whose colours are these two in turn."""
        path = []
        while (edge := self.at.get((node, colour))) is not None and edge not in path:
            path.append(edge)
            one, far = self.edges[edge]
            node, colour, other = far if node == one else one, other, colour
        return path

    def _longer_in(self, colour: int, other: int) -> list[int]:
        """A path that begins and ends with the first of two colours; empty where there is none."""
        for edge, given in enumerate(self.colours):
            for end in self.edges[edge] if given == colour else ():
                if self.at.get((end, colour)) == edge and (end, other) not in self.at:
                    path = self._path(end, colour, other)
                    if len(path) % 2:
                        return path
        return []

    def _swap(self, path: list[int], colour: int, other: int) -> None:
        turned = {edge: other if self.colours[edge] == colour else colour for edge in path}
        for edge in path:
            self._take(edge)
        for edge, given in turned.items():
            self._give(edge, given)

    def _give(self, edge: int, colour: int) -> None:
        self.colours[edge] = colour
        for end in self.edges[edge]:
            self.at[end, colour] = edge

    def _take(self, edge: int) -> None:
        for end in self.edges[edge]:
            if self.at.get((end, self.colours[edge])) == edge:
                del self.at[end, self.colours[edge]]
