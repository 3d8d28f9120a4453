"""Pages of calls, draws, courses and plans."""

from .shown import Shown, first, press, under

OPEN_CALL, PAST_CALL = (first("/calls", f"main [aria-labelledby={part}] h3 a") for part in ("open", "done"))

CALLS = [
    Shown("calls", "/calls", plain=True),
    Shown("open call", OPEN_CALL, plain=True),
    Shown("open call, before applying", under(OPEN_CALL, "/apply"), plain=True),
    Shown("decided call", PAST_CALL),
    Shown("results of a call", under(PAST_CALL, "/results"), plain=True),
    Shown("draws", "/draws"),
    Shown("draw again", "/draws/check"),
    Shown("looking a certificate up", "/certificates", plain=True),
    Shown("looking a certificate up, none", "/certificates", then=press("확인하기", number="AB12")),
    Shown("plans", "/plans", plain=True),
    Shown("plan", "/plans/innovation-2021", plain=True),
    Shown("plan of a department", "/plans/department-2021"),
    Shown("differences of two versions", "/plans/sister-2021/changes?from=1&to=2", plain=True),
]
