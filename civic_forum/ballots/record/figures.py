"""Figures of a result and of its alarms, and the sums that must come out. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from ..box.closing import DAMAGED, MISSING, STATES, size_of_log
from ..rules.choices import Totals
from ..counting.rules import LEAST_SHOWN, Paper
from ..rules.log import FORMAT

LATE_FROM = 6 * 3_600
IN_TURNOUT = ("online", "assisted", STATES[DAMAGED], STATES[MISSING])


def turnout(rows: Mapping[str, int], papers_returned: int, roll: int) -> dict[str, int]:
    """Turnout by channel. `rows`: rows of the roll at the close by state; `roll`: entries, later ones too."""
    figures = {name: rows[name] for name in IN_TURNOUT} | {"paper_returned": papers_returned}
    return figures | {"roll": roll, "total": sum(figures.values())}


def papers_short(turned_out: Mapping[str, int], paper: Paper) -> int:
    """Papers counted or invalid that are missing, by the people who may have returned one; below 0: too many."""
    may_be = sum(turned_out[name] for name in ("paper_returned", "damaged", "missing"))
    return may_be - paper.counted - paper.invalid


def counts_amiss(counts: Sequence, rows: Mapping[str, int], acts: Sequence[Iterable[Mapping] | None]) -> list[int]:
    """Numbers of signed counts (rows in their order) that fell, exceed what stood at the close, or tell fewer `acts`
    of staff of one kind and desk than the one before (None in format 2)."""
    whole = sum(rows.values())
    told = [Counter({(act["kind"], act["desk"]): act["number"] for act in each or ()}) for each in acts]
    falls = [False, *(count.voters < before.voters or bool(earlier - later)
                      for before, count, earlier, later in zip(counts, counts[1:], told, told[1:], strict=False))]
    return [count.number for count, fell in zip(counts, falls, strict=False) if fell or count.voters > whole]


def alarms(figures: Mapping[str, int], turned_out: Mapping[str, int], paper: Paper, *, sheets: int = 0,
           strikes: int = 0,
           counts: Iterable[int] = (), officers: Iterable[Mapping] = (), reasons: Iterable[Mapping[str, str]] = (),
           early_close: Mapping[str, str] | None = None, late: int | None = None) -> dict[str, Any]:
    """Content of `alarms.json`; `figures` are those frozen with the closing head, `officers` the
    replaced ones as they were signed, `late` as below; None in format 2."""
    content = {"counts": list(counts), "officers": [dict(officer) for officer in officers], "sheets": sheets,
               "strikes": strikes, "papers_short": papers_short(turned_out, paper),
               "reasons": [dict(reason) for reason in reasons]}
    content |= {} if late is None else {"late": late}
    return dict(figures) | content | ({"early_close": dict(early_close)} if early_close else {})


def late(closed: datetime, closes_at: datetime) -> int:
    """Seconds by which a closing head is late; 0 up to six hours."""
    seconds = int((closed - closes_at).total_seconds())
    return seconds if seconds > LATE_FROM else 0


def need_reasons(alarms: Mapping[str, Any]) -> bool:
    """True if two officers have to give a reason before the count."""
    amiss = ("counts", "damaged", "foreign", "lost", "missing", "papers_short", "sheets")
    return any(alarms[name] for name in amiss) or not alarms["ledger"] or bool(alarms.get("late"))


def is_small(ballots: int) -> bool:
    """True if so few voted that only what won is published."""
    return ballots < LEAST_SHOWN


def result(*, final_root: bytes, final_size: int, totals: Totals, rows: Mapping[str, int],
           turned_out: Mapping[str, int],
           paper: Paper, desks: Iterable[Mapping], outcome: Mapping, breakdown: Mapping | None = None,
           version: int = FORMAT) -> dict[str, Any]:
    """The result as it is signed; of fewer than ten ballots it has no numbers of votes. `version`: of the
    format."""
    content = {"format": version, "final_root": final_root.hex(), "final_size": final_size, "ballots": totals.ballots,
               "rows": dict(rows), "turnout": dict(turned_out), "paper": paper.to_json(),
               "desks": [dict(desk) for desk in desks], "outcome": dict(outcome)}
    if is_small(totals.ballots):
        return content | {"small": 1}
    content |= {"blank": totals.blank, "totals": totals.options}
    return content | ({"breakdown": dict(breakdown)} if breakdown else {})


def discrepancies(result: Mapping[str, Any], *, live: int, leaves: int, sheets: int = 0) -> list[str]:
    """Names of the sums of a result that do not come out; with any, nothing is counted. `leaves`: size of the closing
    head; `sheets`: papers whose sheet is gone or in another state."""
    rows, turned_out, paper = result["rows"], result["turnout"], result["paper"]
    on_paper = rows["paper_issued"] + rows["paper_returned"]
    out, unclear = on_paper - turned_out["paper_returned"], turned_out["damaged"] + turned_out["missing"]
    fits = {
        "live": rows["online"] + rows["assisted"] == live,
        "leaves": leaves >= size_of_log(0, live) and leaves == size_of_log(leaves, live),
        "ballots": result["ballots"] == live + paper["counted"],
        "roll": sum(rows.values()) <= turned_out["roll"],
        "returned": rows["paper_returned"] <= turned_out["paper_returned"] <= on_paper
        and papers_short(turned_out, Paper(**paper)) >= 0,
        "issued": paper["issued"] == sum(paper[name] for name in paper if name != "issued"),
        "unreturned": out - sheets <= paper["unreturned"] <= out + unclear + sheets,
        "taken_back": rows["paper_taken_back"] <= paper["taken_back"] + sheets,
        "desks": paper["issued"] == sum(desk["issued"] for desk in result["desks"])
        and all(desk["withdrawn"] <= desk["issued"] for desk in result["desks"]),
    }
    return [name for name, comes_out in fits.items() if not comes_out]
