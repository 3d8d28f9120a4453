"""The same for format 3, by name: (kind of vote, change)."""

import json

from tests.verifier.primitives import OTHER_SEED, SEED, as_json, framed, sign

from .changes import of_outcome, papers, prints_of
from .forging import both, confirmations, counts, drop, edit, heads, put
from .kinds_3 import AT_THE_OPENING, BEFORE, BY
from .votes import CLOSES, DRAWN, ENDS, OPENS, later


def acts(*change):
    return confirmations(put(*change[:-1], to=change[-1]))


def other(action, **facts):
    """One act more."""
    return confirmations(lambda found: found.append({"action": action, "at": ENDS, "by": BY} | facts))


def member_gone(members):
    del members["confirmations.json"]
    edit("manifest.json", drop("members", "confirmations.json"))(members)


def as_format_2(members):
    member_gone(members)
    edit("manifest.json", put("format", to=2))(members)


def late(seconds, told, reason=True):
    """The closing head signed so much later, and what the alarms say of it."""
    def changed(members):
        heads(lambda found: found[1].update(at=later(CLOSES, seconds=seconds)))(members)
        edit("alarms.json", lambda alarms: alarms.update(
            late=told, reasons=[{"at": ENDS, "text": "늦었어요."}] if reason else []))(members)
        if reason:
            confirmations(lambda found: found.append(
                {"action": "count_anyway", "at": ENDS, "by": BY, "note": "늦었어요."}))(members)
    return changed


def numbered(number, at=0):
    """The number of an act alone, its signature as it was."""
    return edit("confirmations.json", put(at, "number", to=number))


def gap(members, last, first=1):
    """Numbers of two piles, in the log too."""
    def renumbered(opened, _choices):
        for batch, number in zip(opened, (first, last), strict=True):
            batch["figures"]["number"] = number
    papers(renumbered)(members)


def reasoned(members):
    """A reason that two officials gave for what is amiss."""
    edit("alarms.json", put("reasons", to=[{"at": ENDS, "text": "까닭"}]))(members)
    other("count_anyway", note="까닭")(members)


def replaced_by(*positions, days=1):
    """Officers replaced, each so many days behind the one before: who leaves, who comes, and so on."""
    def changed(members):
        prints, first = prints_of(members), "2026-03-04T00:00:00Z"
        changes = [{"at": later(first, days=days * at), "comes": comes, "leaves": leaves}
                   for at, (leaves, comes) in enumerate(zip(positions[::2], positions[1::2], strict=True))]
        edit("alarms.json", put("officers", to=[
            {"change": change, "number": number, "signature": sign(SEED, framed(
                "officer/2", prints, number.to_bytes(4, "big"), as_json(change)))}
            for number, change in enumerate(changes, 1)]))(members)
    return changed


PLAIN, ALL, OF_STAFF, LATE = "3: approval", "3: all acts", "3: acts of staff", "3: closed late"
FELL, NAMED = "3: acts of staff that fell", "3: greedy"
ATTACKS_3 = {
    "3: a record of format 2 and 3": (PLAIN, as_format_2),
    "3: a manifest of format 2": (PLAIN, edit("manifest.json", put("format", to=2))),
    "3: format 4": (PLAIN, edit("manifest.json", put("format", to=4))),
    "3: a result of format 2": (PLAIN, edit("result.json", put("format", to=2))),
    "3: a count of format 2": (PLAIN, edit("counts.json", put(0, "format", to=2))),
    "3: a head of format 3": (PLAIN, edit("heads.json", put(0, "format", to=3))),
    "3: no confirmations": (PLAIN, member_gone),
    "2: confirmations": ("approval", lambda members: members.update({"confirmations.json": b"[]"})),
    "2: acts in a count": ("approval", edit("counts.json", put(0, "acts", to=[]))),
    "2: lateness": ("approval", edit("alarms.json", put("late", to=0))),
    # late
    "3: closed late, not told": (PLAIN, late(21_601, 0, reason=False)),
    "3: closed late, no reason": (PLAIN, late(21_601, 21_601, reason=False)),
    "3: closed late by less": (PLAIN, late(25_000, 21_601)),
    "3: in time and told late": (PLAIN, late(21_600, 21_600)),
    "3: no word of lateness": (PLAIN, edit("alarms.json", drop("late"))),
    "3: late, the reason withdrawn": (LATE, edit("alarms.json", put("reasons", to=[]))),
    # piles
    "3: piles 1 and 3": ("3: two piles of paper", lambda members: gap(members, 3)),
    "3: piles 2 and 3": ("3: two piles of paper", lambda members: gap(members, 3, 2)),
    # acts of staff in counts
    "3: a count without acts": (OF_STAFF, edit("counts.json", drop(0, "acts"))),
    "3: acts out of order": (OF_STAFF, counts(lambda found: found[0]["acts"].reverse())),
    "3: an act twice": (OF_STAFF, counts(lambda found: found[0]["acts"].insert(1, found[0]["acts"][0]))),
    "3: an act of nothing": (OF_STAFF, counts(put(0, "acts", 0, "number", to=0))),
    "3: an act without a desk": (OF_STAFF, counts(drop(0, "acts", 0, "desk"))),
    "3: a kind that is blank": (OF_STAFF, counts(put(0, "acts", 0, "kind", to=" "))),
    "3: fewer acts, not signed anew": (OF_STAFF, edit("counts.json", lambda found: found[0]["acts"].pop())),
    "3: an act more, not signed anew": (OF_STAFF, edit("counts.json", put(0, "acts", 0, "number", to=9))),
    "3: an act fewer than before, not named": (OF_STAFF, counts(put(0, "acts", 1, "number", to=2))),
    "3: an act that is gone, not named": (OF_STAFF, counts(lambda found: found[1]["acts"].pop())),
    "3: acts that fell, not named": (FELL, edit("alarms.json", put("counts", to=[]))),
    "3: acts that fell, the reason withdrawn": (FELL, edit("alarms.json", put("reasons", to=[]))),
    "3: acts that rose, named": (OF_STAFF, both(edit("alarms.json", put("counts", to=[3])), reasoned)),
    # officers
    "3: somebody replaced who was never in office": (NAMED, replaced_by("담당관 9", "담당관 4")),
    "3: somebody replaced twice": (NAMED, replaced_by("담당관 1", "담당관 4", "담당관 1", "담당관 5")),
    "3: replaced in another order": (NAMED, replaced_by("담당관 1", "담당관 4", "담당관 2", "담당관 5", days=-1)),
    "2: somebody replaced who was never in office": ("officers", replaced_by("담당관 9", "담당관 4")),
    # what two officials confirmed
    "3: nobody opened": (ALL, confirmations(lambda found: found.pop(1))),
    "3: opened twice": (PLAIN, confirmations(lambda found: found.append(found[0]))),
    "3: opened at another instant": (PLAIN, acts(0, "at", later(AT_THE_OPENING, seconds=1))),
    "3: opened before": (PLAIN, acts(0, "at", BEFORE)),
    "3: opened by one": (PLAIN, acts(0, "by", ["담당관"])),
    "3: opened by nobody": (PLAIN, acts(0, "by", [])),
    "3: opened by three": (PLAIN, acts(0, "by", ["담당관", "담당관", "담당관"])),
    "3: opened by a blank": (PLAIN, acts(0, "by", ["담당관", ""])),
    "3: opened by one officer twice": (ALL, acts(1, "by", ["담당관 1", "담당관 1"])),
    "3: opened by somebody else": (ALL, acts(1, "by", ["담당관 1", "옛 담당관"])),
    "3: an officer who had left": ("3: an officer replaced", acts(1, "by", ["담당관 1", "담당관 2"])),
    "3: an officer who was to come": ("3: an officer replaced", acts(0, "by", ["담당관 4", "담당관 2"])),
    "3: an unknown act": (PLAIN, other("recount")),
    "3: an act with a name more": (PLAIN, other("set_back", why="x")),
    "3: the destruction in the record": (PLAIN, other("destroy_key", note="없앴어요.")),
    "3: the publication in the record": (PLAIN, other("publish")),
    "3: an act of this result": (PLAIN, other("set_back", result_sha256="0" * 64)),
    "3: acts out of their order": (ALL, confirmations(lambda found: found.reverse())),
    "3: more strikes than told": (ALL, other("strike")),
    "3: an early close that nobody confirmed": ("3: closed early", confirmations(lambda found: found.pop())),
    "3: an early close for another reason": ("3: closed early", acts(1, "note", "다른 까닭")),
    "3: an early close at another instant": ("3: closed early", acts(1, "at", CLOSES)),
    "3: a reason that nobody confirmed": ("3: broken into", confirmations(lambda found: found.pop())),
    "3: a reason in other words": ("3: broken into", acts(1, "note", "다른 까닭")),
    "3: a draw that nobody confirmed": ("3: tie, dice", confirmations(lambda found: found.pop())),
    "3: another draw confirmed": ("3: tie, dice", acts(-1, "note", json.dumps({"kind": "dice", "faces": [1] * 20}))),
    "3: a lottery confirmed before it was drawn": ("3: tie, lottery", acts(-1, "at", later(DRAWN, seconds=-1))),
    "3: a reason of before what it explains": ("3: broken into", both(
        edit("alarms.json", put("reasons", 0, "at", to=OPENS)), acts(1, "at", OPENS))),
    "3: dice confirmed before the close": ("3: tie, dice", acts(-1, "at", later(CLOSES, seconds=-1))),
    "3: an act signed by another key": (PLAIN, confirmations(lambda found: None, OTHER_SEED)),
    "3: an act changed after it was signed": (ALL, edit("confirmations.json", put(0, "confirmation", "by", to=BY))),
    "3: an act gone, the others as they were": (ALL, edit("confirmations.json", lambda found: found.pop(0))),
    "3: a miss as reached": ("3: quorum missed, advisory", of_outcome("quorum", to=1)),
    "3: a quorum met as missed": ("3: quorum in thousandths met exactly", of_outcome("quorum", to=0)),
    "3: a budget decided in spite of a miss": (
        "3: quorum in thousandths missed by one", of_outcome("selected", to=["2027-1"])),
    "3: a budget without its quorum": (
        "3: quorum in thousandths met exactly", edit("result.json", drop("outcome", "quorum"))),
    "3: a quorum that the box does not have": ("3: greedy", of_outcome("quorum", to=1)),
    "3: few, a miss as reached": ("3: few, quorum missed, advisory", of_outcome("quorum", to=1)),
    "3: acts numbered from 0": (PLAIN, numbered(0)), "3: acts numbered from 2": (PLAIN, numbered(2)),
}
