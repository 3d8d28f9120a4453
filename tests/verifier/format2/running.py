"""Runs verify.py for format 2 inside this process, or as people do."""

import contextlib
import importlib.util
import io
import json
import subprocess
import sys
from pathlib import Path

from tests.running.machine import patience
from . import second_checker

VERIFIER = Path(__file__).resolve().parents[3] / "verifier"
PROGRAM = VERIFIER / "verify.py"


def load():
    spec = importlib.util.spec_from_file_location("verify_under_test", PROGRAM)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


verify = load()


def refusal(record: bytes) -> tuple[str, str] | None:
    """The place and the kind of the fault, in English and Korean; None for an accepted record."""
    try:
        verify.check_record(record, None, verify.Report("en"))
    except verify.Wrong as wrong:
        return wrong.said
    return None


def second_refusal(record: bytes) -> str | None:
    """The fault that the second checker, written from the description of the format alone, finds."""
    try:
        second_checker.Record(record)
    except second_checker.Bad as bad:
        return str(bad)
    return None


def run(*arguments) -> tuple[int, list[str]]:
    """(exit status, printed lines)"""
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        status = verify.main([str(argument) for argument in arguments])
    return status, printed.getvalue().splitlines()


def run_alone(*arguments, cwd=None) -> subprocess.CompletedProcess:
    """As a program of its own, cut off from the site's packages and directories."""
    command = [sys.executable, "-I", "-S", str(PROGRAM), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=patience(300), check=False, cwd=cwd)


class Desk:
    """Puts what a test makes into files, and verifies them."""

    def __init__(self, folder: Path):
        self.folder, self.count = folder, 0

    def keep(self, content, name: str = "") -> Path:
        """The path of a file with these bytes, or with this value as JSON."""
        self.count += 1
        path = self.folder / (name or f"{self.count}.{'zip' if isinstance(content, bytes) else 'json'}")
        path.write_bytes(content if isinstance(content, bytes) else json.dumps(content, indent=1).encode())
        return path

    def verify(self, record: bytes, **options) -> tuple[int, list[str]]:
        """Options are key, head, count, receipt, draw, same_as (bytes), signatures, language; a list of
        receipts is several."""
        arguments = [self.keep(record)]
        for name, value in options.items():
            for one in value if name == "receipt" and isinstance(value, list) else [value]:
                kept = one if name in ("key", "language", "draw") else self.keep(one)
                arguments += ["--" + name.replace("_", "-"), kept]
        return run(*arguments)
