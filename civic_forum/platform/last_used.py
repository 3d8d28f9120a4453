"""Things that were made and used last, kept in memory within a number and a size."""

from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, Protocol, TypeVar


class Sized(Protocol):
    """A thing that says how large it is."""

    @property
    def size(self) -> int: ...


Key = TypeVar("Key", bound=Hashable)
Thing = TypeVar("Thing", bound=Sized)


class LastUsed(Generic[Key, Thing]):
    """At most so many things, whose sizes are together at most so much; the least used ones make room."""

    def __init__(self, most: int, most_size: int) -> None:
        self.most, self.most_size = most, most_size
        self.clear()

    def clear(self) -> None:
        self.kept: OrderedDict[Key, Thing] = OrderedDict()
        self.size = 0

    def get(self, key: Key) -> Thing | None:
        if thing := self.kept.get(key):
            self.kept.move_to_end(key)
        return thing

    def put(self, key: Key, thing: Thing) -> None:
        self.drop(key)
        self.kept[key] = thing
        self.size += thing.size
        while len(self.kept) > self.most or self.size > self.most_size:
            self.size -= self.kept.popitem(last=False)[1].size

    def drop(self, key: Key) -> None:
        if gone := self.kept.pop(key, None):
            self.size -= gone.size
