"""Answers of every address to every actor of the table, kept before a change of the code and compared after it.

    python -m tests.access.snapshots keep FOLDER           one file for each address
    python -m tests.access.snapshots compare A B [MORE]    differences by kind; status 1 for any; MORE: so many examples

Pages in Korean and in English, refusals, downloads, and the answers to forms filled in as they are meant, left blank
and with texts that are too long: the page that comes, or where it leads to and the sentences that are said there. The
clock stands still and chance repeats itself (`repeatable.py`).
"""

import gzip
import json
import os
import re
import sys
from base64 import b64encode
from collections.abc import Iterator
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch
from zipfile import ZipFile

from tests.conftest import WEAK_HASHER, build, hash_with

from . import asking
from .repeatable import repeatable
from .scene import ACTORS
from .stage import Stage, staged
from .table import ROWS

CHANGING = [(re.compile(pattern), kind) for pattern, kind in (
    (r'(<input[^>]*name="(?:csrf_token|form_key|key|state|mine|visit|seen|draft_key)"[^>]*value=")[^"]*', r"\1TOKEN"),
    (r"\?v=[\w-]+", "?v=VERSION"),
    (r"\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?", "INSTANT"),
    (r"\d{4}-\d\d-\d\d", "DAY"),
    (r"(?:\d{4}\. )?\d{1,2}\. \d{1,2}\.(?:\([월화수목금토일]\))?(?: \d\d:\d\d)?", "MOMENT"),
    (r"\b\d\d:\d\d\b", "TIME"),
    (r"\d+(?:일|시간|분|초)( 전| 뒤| 남음)", r"SPAN\1"),
    (r"\b[0-9a-f]{12,}\b", "HEX"),
    (r"\b(?=[\w-]*\d)(?=[\w-]*[A-Z])[\w-]{16,}={0,2}", "CODE"),
    (r"\b[A-Z2-7]{4}(?:[ -][A-Z2-7]{4})+\b", "NUMBER"),
)]
LEFT_OUT = {"Content-Length", "Date", "ETag", "Last-Modified", "Set-Cookie"}
"""Headers that follow from the body, or that say when."""
AS_MEANT = ("ok", "200", "400", "409", "410", "422")
"""Outcomes for which forms are sent: all others are turned away before the form is read."""
TOO_LONG = "가나다 " * 3000


def plain(html: str) -> str:
    """The page without what is new in every run, one tag or text on a line."""
    for pattern, kind in CHANGING:
        html = pattern.sub(kind, html)
    lines = (line.strip() for line in re.sub(r"(<[^>]*>)", r"\n\1\n", re.sub(r"\s+", " ", html)).splitlines())
    return "\n".join(line for line in lines if line)


def keep(folder: Path) -> int:
    """Number of answers written."""
    folder.mkdir(parents=True)
    hash_with(WEAK_HASHER)
    total = 0
    with TemporaryDirectory() as data, repeatable() as numbers:
        for stage in staged(build(Path(data))):
            for number, address in enumerate(dict.fromkeys((row.method, row.rule) for row in ROWS)):
                answers = {}
                for row in (one for one in ROWS if (one.method, one.rule) == address):
                    for thing in row.things:
                        for actor in ACTORS:
                            for name, around in _ways(row, row.expected[actor].rstrip("*")):
                                text = f"{' '.join(address)}, {thing or '-'}, {actor}{name}"
                                numbers.begin(text)
                                answers[text] = _asked(stage, row, thing, actor, around)
                total += len(answers)
                with gzip.open(folder / f"{number:03d}.json.gz", "wt", encoding="utf-8", compresslevel=3) as file:
                    json.dump(answers, file, ensure_ascii=False)
    return total


def _ways(row, expected: str) -> Iterator[tuple[str, dict]]:
    """Names of the requests that are sent for a cell, with what is done differently."""
    if row.method == "GET" and expected != "in":
        yield "", {}
        if expected == "200":
            yield ", in English", {"LANGUAGE": "en"}
    if row.method == "POST" and expected in AS_MEANT:
        yield "", {}
        if expected == "ok":
            yield ", left blank", {"filled_in": _with("")}
            yield ", too long", {"filled_in": _with(TOO_LONG)}


_filled_in = asking.filled_in


def _with(text: str):
    def filled_in(*given):
        return {name: text if isinstance(value, str) else value for name, value in _filled_in(*given).items()}
    return filled_in


def _asked(stage: Stage, row, thing: str, actor: str, around: dict) -> list:
    """Status, headers, sentences said on the next page, and the body as text."""
    try:
        with patch.multiple(asking, **around) if around else patch.object(asking, "CONVERTER", asking.CONVERTER):
            answer, _changed = stage.request(row, thing, actor)
    except Exception as error:  # the tool goes on: that a request fails is what it has to say
        return [0, {}, [], f"{type(error).__name__}: {error}"]
    headers = {name: value for name, value in sorted(answer.headers) if name not in LEFT_OUT}
    return [answer.status_code, headers, _sentences(stage.app, answer), _text(answer.mimetype, answer.data)]


def _sentences(app, answer) -> list:
    """Sentences that wait in the cookie for the next page."""
    cookies = [one.partition("=")[2].partition(";")[0] for one in answer.headers.getlist("Set-Cookie")
               if one.startswith(f"{app.config['SESSION_COOKIE_NAME']}=")]
    signer = app.session_interface.get_signing_serializer(app)
    return [list(sentence) for one in cookies if one for sentence in signer.loads(one).get("_flashes", ())]


def _text(mimetype: str, body: bytes) -> str:
    """Bodies in words: an archive by its members, other bytes as they are or by their hash."""
    if body[:2] == b"PK":
        with ZipFile(BytesIO(body)) as archive:
            return "\n".join(f"== {member.filename}\n{_text('', archive.read(member))}"
                             for member in archive.infolist())
    try:
        return body.decode()
    except UnicodeDecodeError:
        return f"{mimetype} {sha256(body).hexdigest()}" if len(body) > 200 else b64encode(body).decode()


def read(folder: Path) -> dict[str, list]:
    found = {}
    for path in sorted(folder.glob("*.json.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as file:
            found |= json.load(file)
    return found


def main(what: str, *given: str) -> int:
    if what == "keep":
        if os.environ.get("PYTHONHASHSEED") != "0":  # the order of sets of texts follows from it
            os.environ["PYTHONHASHSEED"] = "0"
            os.execv(sys.executable, [sys.executable, "-m", "tests.access.snapshots", what, *given])
        print(keep(Path(given[0])), "answers")
        return 0
    from .comparing import report
    before, after = (read(Path(folder)) for folder in given[:2])
    lines, differ = report(before, after, int(given[2]) if len(given) > 2 else 1)
    print("\n".join(lines))
    return 1 if differ else 0


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))
