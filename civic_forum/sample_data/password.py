"""The one password of the sample accounts, made once for a data directory."""

import os
from pathlib import Path
from secrets import choice

SYLLABLES = "ba be bo da de do ga ge go ha he ho ja jo ka ke ko la le lo ma me mo na ne no pa po ra ro sa se so".split()


def of(data: str) -> str:
    """Easy to type on a phone: `kalo-mena-sodi-pehu-42`; about 45 bits."""
    path = Path(data) / "sample-password"
    if not path.exists():
        words = ["".join(choice(SYLLABLES) for _syllable in range(2)) for _word in range(4)]
        made = "-".join(words) + f"-{choice(range(10, 100))}"
        with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
            file.write(made + "\n")
    return path.read_text().strip()
