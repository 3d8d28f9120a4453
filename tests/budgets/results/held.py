"""A count that begins, says so, and goes on when the test lets it: by two named pipes in the directory `HELD`."""

import os
from pathlib import Path

from civic_forum.budgets.counting import box as outcome

_real = outcome.of_box


def of_box(*given, **named):
    """Says in which process it is counted."""
    where = Path(os.environ["HELD"])
    (where / "begun").write_text(str(os.getpid()))
    (where / "go").read_text()
    return _real(*given, **named)
