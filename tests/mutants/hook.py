"""An import hook: modules that are weakened are read from their source with every mutant in them."""

import sys
from importlib.abc import MetaPathFinder
from importlib.machinery import PathFinder, SourceFileLoader
from pathlib import Path

from . import sites


class Weakening(SourceFileLoader):
    """Reads a module as it is weakened; neither reads nor writes byte code."""

    def path_stats(self, path):
        raise OSError("weakened code is never kept")

    def source_to_code(self, data, path, *, _optimize=-1):
        tree, _mutants = sites.weakened(data.decode(), Path(path).resolve().relative_to(sites.ROOT).as_posix())
        return compile(tree, path, "exec", dont_inherit=True, optimize=_optimize)


class Finder(MetaPathFinder):
    def __init__(self, paths: set[str]):
        self.origins = {str(sites.ROOT / path) for path in paths}
        self.packages = {Path(path).parts[0] for path in paths}

    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] not in self.packages:
            return None
        spec = PathFinder.find_spec(name, path, target)
        if spec is not None and spec.origin in self.origins:
            spec.loader = Weakening(spec.loader.name, spec.loader.path)
        return spec


def install(paths: set[str]) -> None:
    sys.meta_path.insert(0, Finder(paths))
