"""The order of a run: whole files to the workers, the dearest first, and what measures last, on one worker alone."""

from collections import Counter, defaultdict
from zlib import crc32

from xdist.scheduler.loadscope import LoadScopeScheduling

from .alone import MEASURES
from .turns import LONG

TOGETHER = ("tests/sample_data/", "tests/cluster/")
"""Folders whose files share what takes long to make: one worker gets them as a whole."""
SHARED = "tests/access/test_hostile_fields.py"
"""In `bin/test long` an hour of small tests, of which each worker takes some."""
ALONE = "alone"


def scope_of(node: str) -> str:
    """The part of a run that stays in one worker, in order: a file (a third of SHARED), a folder of TOGETHER,
    or all that measures."""
    if node.startswith(MEASURES):
        return ALONE
    if LONG and node.startswith(SHARED):
        return f"{SHARED}#{crc32(node.encode()) % 3}"
    return next((folder for folder in TOGETHER if node.startswith(folder)), node.partition("::")[0])


def in_order(scopes: list[str], seconds: dict[str, int]) -> list[str]:
    """The dearest first, as far as known, so that no worker is left with a long one; what measures last."""
    return sorted(scopes, key=lambda scope: (scope == ALONE, -seconds.get(scope, 0)))


def part(scopes: list[str], seconds: dict[str, int], number: int, of: int) -> set[str]:
    """The scopes of one part of `of`, each about as dear; together the parts are all scopes, each once.

    A folder is in one part as a whole.
    """
    folders, cost = defaultdict(set), Counter()
    for scope in scopes:
        folder = "/".join(scope.split("/")[:2])
        folders[folder].add(scope)
        cost[folder] += max(seconds.get(scope, 0), 1)
    parts = [(0, place, set()) for place in range(of)]
    for folder in sorted(folders, key=lambda folder: (-cost[folder], folder)):
        spent, place, chosen = min(parts, key=lambda one: one[:2])
        parts[place] = spent + cost[folder], place, chosen | folders[folder]
    return parts[number - 1][2]


class ByFile(LoadScopeScheduling):
    """Hands out whole scopes. What measures starts when everything else has ended, with the machine to itself."""

    def _split_scope(self, nodeid):
        return scope_of(nodeid)

    def mark_test_complete(self, node, item_index, duration=0):
        super().mark_test_complete(node, item_index, duration)
        for other in self.nodes:
            if other is not node:
                self._reschedule(other)

    def _reschedule(self, node):
        if next(iter(self.workqueue), None) == ALONE and not node.shutting_down:
            busy = [other for other in self.nodes if other is not node and self._pending_of(self.assigned_work[other])]
            if any(not other.shutting_down for other in busy):
                node.shutdown()
            if busy:
                return
        super()._reschedule(node)
