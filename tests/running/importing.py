"""An import hook: modules of the site are read from their source and changed on the way."""

import ast
import sys
from collections.abc import Callable
from importlib.abc import MetaPathFinder
from importlib.machinery import PathFinder, SourceFileLoader
from pathlib import Path

ROOT = Path.cwd()
"""`bin/test` begins at the root; so does every process of pytest."""


class Finder(MetaPathFinder):
    """Finds what lies below ROOT and is `wanted`; code that is `kept` lies apart from what everybody else imports."""

    def __init__(self, change: Callable[[bytes, str], ast.Module], wanted: Callable[[str], bool], kept: Path | None):
        class Loader(SourceFileLoader):
            def path_stats(self, path):
                if kept is None:
                    raise OSError("changed code is not kept")
                return super().path_stats(path)

            def get_code(self, fullname):
                before, sys.pycache_prefix = sys.pycache_prefix, str(kept)
                try:
                    return super().get_code(fullname)
                finally:
                    sys.pycache_prefix = before

            def source_to_code(self, data, path, *, _optimize=-1):
                tree = ast.fix_missing_locations(change(data, Path(path).resolve().relative_to(ROOT).as_posix()))
                return compile(tree, path, "exec", dont_inherit=True, optimize=_optimize)

        self.loader, self.wanted = Loader, wanted

    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] not in ("civic_forum", "config"):
            return None
        spec = PathFinder.find_spec(name, path, target)
        origin = Path(spec.origin).resolve() if spec and isinstance(spec.loader, SourceFileLoader) else None
        if origin and origin.is_relative_to(ROOT) and self.wanted(origin.relative_to(ROOT).as_posix()):
            spec.loader = self.loader(spec.loader.name, spec.loader.path)
        return spec


def install(change, wanted, kept: Path | None = None) -> None:
    sys.meta_path.insert(0, Finder(change, wanted, kept))
