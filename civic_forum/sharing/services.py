"""Pictures and posters as they are made once and kept, and the entries for calendars.

What was drawn lies in `<data>/shared` by the mark of its content: no table names it, no backup takes it along, and it
can be deleted at any time. Two things are drawn at a time for each process that serves pages, beside it.
"""

import re
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import cast

from flask import current_app

from civic_forum.blocks.kinds import Ref
from civic_forum.blocks.sharing import Day
from civic_forum.platform import calendar_file, clock, settings, storage, subprocess_call, work
from civic_forum.platform.errors import Unavailable
from civic_forum.platform.jobs import every
from civic_forum.platform.i18n import Language, _, _n, day, end_day, language, last_day, local, speaking
from civic_forum.platform.lanes import AGAIN_S, Lane

from . import making, queries
from .queries import Found
from .rules import Face, Sheet

MOST = 2000
"""Files that are kept; the oldest make room."""
DRAWN = re.compile(r"\.?[0-9a-f]{20}\.(jpg|pdf)(\..*)?")
"""Names of what was drawn, whole or not: nothing else is ever deleted there, wherever the folder leads."""
A_DAY_S = 86_400
"""A photo that somebody took away stands in what was drawn before for so long."""
SECONDS, MEGABYTES = 10, 1024
"""Of a processor and of memory for one picture or poster."""


def _crowded() -> str:
    return _("지금은 만드는 그림이 많아요. 잠시 뒤에 다시 열어 주세요.")


LANE = Lane(places=2, most=40, most_of_one=20, patience_s=20, crowded=_crowded, enough=_crowded)


def days_left(until: datetime | None) -> str:
    """Days in which something can still be done, in words; nothing where that is over."""
    now = clock.now()
    if until is None or until <= now:
        return ""
    days = (last_day(until) - local(now).date()).days
    return _n("%(num)s일 남음", "%(num)s일 남음", days) if days else _("오늘까지")


def face(subject: Found) -> Face:
    """The face of a thing as chats show it: in the language of its district, in which it was written."""
    in_korean = language() is Language.KO
    with speaking(Language.KO):
        again = None if in_korean else queries.of(subject.kind.name, subject.id)
        preview = (again or subject).preview
        return Face(kind=preview.word or str(subject.kind.label), place=preview.sign or subject.place,
                    site=settings.value("SITE_NAME"), title=preview.title, figure=preview.figure,
                    beside=preview.beside, left=days_left(preview.until), of=preview.of, picture=preview.picture)


def site_face() -> Face:
    """The face of the site itself, for its pages that are about no one thing."""
    with speaking(Language.KO):
        return Face(kind="", place="", site=settings.value("SITE_NAME"), title=_("동네 일, 우리가 정해요"), figure="",
                    beside=_("제안하고 투표하면 구청이 답하고, 어떻게 됐는지 끝까지 보여 드려요."), left="")


def sheet(subject: Found, site: str, phone: str) -> Sheet:
    """The poster of a thing, in the language of the page, with the name of the site and where to ask."""
    preview, until = subject.preview, subject.preview.until
    counted = _("%(day)s 기준", day=day(clock.now(), year=False)) if preview.missing else ""
    return Sheet(
        face=Face(kind=preview.word or str(subject.kind.label), place=preview.sign or subject.place, site=site,
                  title=preview.title, figure=preview.figure, beside=preview.beside,
                  of=preview.of, picture=preview.picture,
                  left=_("%(day)s까지", day=end_day(until)) if until and until > clock.now() else ""),
        sentence=preview.goal or preview.sentence, text=preview.text[:300], missing=preview.missing, counted_on=counted,
        act=preview.act, address=address(subject), phone=phone, language=language().mark)


def address(subject: Found) -> str:
    """The whole address of the thing."""
    return str(current_app.config["URL"]).rstrip("/") + subject.preview.url


def picture(face: Face, allow: Callable[[], None]) -> bytes:
    """The picture of a face; `allow` is asked before it is drawn and may refuse."""
    return _kept(f"{face.mark}.jpg", making.picture, face, face.picture, allow)


def poster(sheet: Sheet, allow: Callable[[], None]) -> bytes:
    """The file of a poster, likewise."""
    return _kept(f"{sheet.mark}.pdf", making.poster, sheet, sheet.face.picture, allow)


def _kept(name: str, make: Callable[..., bytes], drawn: Face | Sheet, picture: str | None,
          allow: Callable[[], None]) -> bytes:
    folder = Path(current_app.config["DATA"]) / "shared"
    path = folder / name
    if (kept := _read(path)) is not None:
        return kept
    allow()
    work.let_go()  # whoever waits for their turn to draw holds no connection
    with LANE.turn():
        if (kept := _read(path)) is None:
            folder.mkdir(exist_ok=True)
            blob = _read(storage.path_of(picture)) if picture else None  # deleted meanwhile: its sign stands there
            kept = _drawn(make, drawn, blob)
            storage.write(path, kept)
            _make_room(folder)
    return kept


def _drawn(make: Callable[..., bytes], drawn: Face | Sheet, blob: bytes | None) -> bytes:
    if not subprocess_call.serves_pages():
        return cast(bytes, subprocess_call.call(make, drawn, blob))
    try:
        return cast(bytes, subprocess_call.call_limited(SECONDS, MEGABYTES, make, drawn, blob))
    except subprocess_call.NoAnswer as ended:
        raise Unavailable(_crowded(), retry_after=AGAIN_S) from ended


def _read(path: Path) -> bytes | None:
    with suppress(FileNotFoundError), storage.opened(path) as file:
        return file.read()
    return None


def _make_room(folder: Path) -> None:
    """Delete the oldest files above MOST."""
    for _age, path in _by_age(folder)[:-MOST]:
        path.unlink(missing_ok=True)


def _by_age(folder: Path) -> list[tuple[float, Path]]:
    """Files with the seconds of the clock at which they were written, the oldest first."""
    ages = []
    for path in (path for path in folder.glob("*") if DRAWN.fullmatch(path.name)):
        with suppress(FileNotFoundError):
            ages.append((path.stat().st_mtime, path))
    return sorted(ages)


@every(60, "drawn pictures that are a day old")
def forget_old() -> int:
    """Delete what was drawn more than a day ago; returns how many files went. It is drawn anew when somebody asks."""
    until = clock.now().timestamp() - A_DAY_S
    old = [path for age, path in _by_age(Path(current_app.config["DATA"]) / "shared") if age < until]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


def days(subject: Found) -> list[Day]:
    """Days of a thing that are still to come."""
    now = clock.now()
    return [day for day in subject.preview.days if _is_to_come(day, now)]


def _is_to_come(day: Day, now: datetime) -> bool:
    end = day.ends or day.at
    return end > now if isinstance(end, datetime) else end >= local(now).date()


def calendar(subject: Found) -> bytes:
    """The days of a thing that are still to come, for a calendar."""
    preview, ref = subject.preview, Ref(subject.kind.name, subject.id)
    entries = [day.entry(ref, preview.version, preview.since, preview.url, preview.sentence) for day in days(subject)]
    return calendar_file.calendar(entries, settings.value("SITE_NAME"))
