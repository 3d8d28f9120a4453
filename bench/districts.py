"""Data directories with a sample district of a given size, made once in a run."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import config
from civic_forum.app import create_app
from civic_forum.platform.base import db

from .servers import ROOT


class Districts:
    def __init__(self, folder: Path):
        self.folder = folder
        self.made: dict[int, Path] = {}

    def of(self, proposals: int) -> Path:
        """The sample district with so many proposals added."""
        if proposals not in self.made:
            data = self.folder / f"district-{proposals}"
            config.mark_as_sample(data)
            for command in (["database", "upgrade"], ["sample-data", "load", "--scale", str(proposals)]):
                subprocess.run([sys.executable, "-m", "civic_forum.cli", "--data", str(data), *command],
                               cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
            self.made[proposals] = data
        return self.made[proposals]


def filled(data: Path, copy: Path, fill: Callable[[], object]) -> Path:
    """A copy of this district, with what `fill` writes into its tables."""
    shutil.copytree(data, copy)
    shutil.copytree(f"{data}-keys", f"{copy}-keys")
    app = create_app(config.load(DATA=str(copy)))
    with app.app_context():
        fill()
        db.session.commit()
        db.engine.dispose()
    return copy
