"""Runs verifier/verify.py inside this process, or as people do."""

import contextlib
import importlib.util
import io
import json
import subprocess
import sys
from pathlib import Path

VERIFIER = Path(__file__).resolve().parents[2] / "verifier"


def load():
    spec = importlib.util.spec_from_file_location("verify_under_test", VERIFIER / "verify.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


verify = load()
VECTORS = json.loads((VERIFIER / "vectors.json").read_text("utf-8"))


def run(*arguments) -> tuple[int, list[str]]:
    """(exit status, printed lines)"""
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        status = verify.main([str(argument) for argument in arguments])
    return status, printed.getvalue().splitlines()


def run_alone(*arguments, cwd=None) -> subprocess.CompletedProcess:
    """As a program of its own, cut off from the site's packages and directories."""
    command = [sys.executable, "-I", "-S", str(VERIFIER / "verify.py"), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False, cwd=cwd)


class Desk:
    """Puts what a test makes into files, and verifies them."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.count = 0

    def keep(self, content, name: str = "") -> Path:
        """The path of a file with these bytes, or with this value as JSON."""
        self.count += 1
        path = self.folder / (name or f"{self.count}.{'zip' if isinstance(content, bytes) else 'json'}")
        path.write_bytes(content if isinstance(content, bytes) else json.dumps(content, indent=1).encode())
        return path

    def verify(self, record: bytes, **options) -> tuple[int, list[str]]:
        """Options are key, head, receipt, proof (a value or a list of values), same_as (bytes), language."""
        arguments = [self.keep(record)]
        for name, value in options.items():
            values = value if name in ("receipt", "proof") and isinstance(value, list) else [value]
            for one in values:
                kept = one if name in ("key", "language") else self.keep(one)
                arguments += ["--" + name.replace("_", "-"), kept]
        return run(*arguments)
