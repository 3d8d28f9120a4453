"""Files of our own making, as text."""

META = (("description", "서울 금천구 주민참여예산"), ("country", "South Korea"), ("unit", "Geumcheon"),
        ("instance", "2026"), ("num_projects", "3"), ("num_votes", "4"), ("budget", "100"),
        ("vote_type", "approval"), ("rule", "greedy"), ("date_begin", "01.09.2026"), ("date_end", "14.09.2026"))
PROJECTS = ("project_id;cost;votes;name", "1;60;3;Bench", "2;40;2;Lamp", "P/3;50;1;Tree")
VOTES = ("voter_id;vote", "a;1,2", "b;1", "c;1,2,P/3", "d;")


def text(*, meta=(), projects=PROJECTS, votes=VOTES, without=(), more=()) -> str:
    """A file that is fine but for what is said: `meta` replaces keys, `without` leaves some out, `more` adds lines."""
    said = dict(META) | dict(meta)
    keys = [f"{key};{value}" for key, value in said.items() if key not in without]
    return "\n".join(("META", "key;value", *keys, *more, "PROJECTS", *projects, "VOTES", *votes, ""))


def line_of(whole: str, part: str) -> int:
    """The number of the line that begins so, counted from 1."""
    return next(number for number, line in enumerate(whole.split("\n"), 1) if line.startswith(part))
