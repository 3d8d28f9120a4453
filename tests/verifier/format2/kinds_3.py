"""Good votes of format 3: some as in format 2, and those that only it can tell."""

from dataclasses import replace

from .kinds import APPROVAL, EVEN, KINDS, budget, even, replaced
from .votes import ENDS, OPENS, Vote, later

OFFICERS = {"officers": [{"position": f"담당관 {at}"} for at in (1, 2, 3)]}
AS_BEFORE = ("approval", "tie, lottery", "tie, dice", "broken into", "closed early", "growing roll", "few", "no ledger",
             "two piles of paper", "whole ballots", "no observers", "counts that were amiss", "greedy, tie, dice",
             "equal shares of all to see", "weighted by marks", "few, budget")
ACTS = ({"desk": "가산동 주민센터", "kind": "account_opened", "number": 2},
        {"desk": "독산1동 주민센터", "kind": "account_opened", "number": 1},
        {"desk": "가산동 주민센터", "kind": "code_given", "number": 7})
BY = ["담당관 1", "담당관 2"]


def all_acts(acts):
    """Everything that two officials can confirm before a record."""
    acts.insert(0, {"action": "export_key", "at": "2026-03-01T00:00:00Z", "by": ["담당관 1", "옛 담당관"]})
    acts += [{"action": "strike", "at": "2026-03-05T00:00:00Z", "by": ["담당관 2", "담당관 3"]},
             {"action": "set_back", "at": ENDS, "by": BY, "note": "다시 세요."},
             {"action": "answer_refusal", "at": ENDS, "by": BY, "note": "종이를 다시 봤어요."},
             {"action": "without_signatures", "at": ENDS, "by": BY, "note": "연락이 닿지 않아요."}]
    acts.sort(key=lambda act: act["at"])


def by_newcomer(acts):
    acts.append({"action": "set_back", "at": "2026-03-09T00:00:00Z", "by": ["담당관 4", "담당관 2"], "note": "다시 세요."})


def alone(acts):
    acts[0]["by"] = ["담당관"]


def quorum_of(value, definition, *, voters=45, choose=None, **missed):
    """A vote of people without changes or paper, with a quorum of so many ‰ of 999 residents: 45 ‰ are 45 of them."""
    quorum = {"kind": "per_mille", "value": value, "of": {"number": 999, "source": "주민등록인구", "on": "2026-01-31"}}
    return Vote(APPROVAL, definition | {"quorum": quorum | missed}, voters=voters, on_paper=0, changes=0,
                choose=choose, breakdown=False, format=3)


KINDS_3 = {f"3: {name}": replace(KINDS[name], format=3) for name in AS_BEFORE} | {
    "3: closed late": Vote(APPROVAL, format=3, closes_late=21_601),
    "3: closed six hours late": Vote(APPROVAL, format=3, closes_late=21_600),
    "3: acts of staff": Vote(APPROVAL, format=3, acts=ACTS),
    "3: acts of staff that fell": Vote(APPROVAL, format=3, acts=ACTS, acts_fell=True),
    "3: acts of staff, growing roll": Vote(APPROVAL, format=3, acts=ACTS, grows=9),
    "3: all acts": Vote(APPROVAL, OFFICERS, format=3, confirmed=all_acts),
    "3: an officer replaced": Vote(APPROVAL, OFFICERS, format=3, alarmed=replaced, confirmed=by_newcomer),
    "3: rehearsal": Vote(APPROVAL, {"rehearsal": 1, "observers": [], "signatures": 0}, format=3, confirmed=alone),
    "3: example": Vote(APPROVAL, budget(costs=[30] * 6, draw="lottery", publishes="ballots") | OFFICERS, format=3,
                       acts=ACTS, grows=9, confirmed=all_acts, **EVEN),
    "3: greedy": Vote(APPROVAL, budget() | OFFICERS, format=3),
    "3: quorum in thousandths met exactly": quorum_of(45, budget()),
    "3: quorum in thousandths missed by one": quorum_of(46, budget(costs=[30] * 6, draw="dice"), choose=even),
    "3: quorum missed, advisory": quorum_of(46, budget() | {"publishes": "ballots"}, missed="advisory"),
    "3: quorum missed, advisory, tie": quorum_of(
        1_000, {"winners": {"kind": "most", "seats": 3}, "draw": "dice"}, choose=even, missed="advisory", voters=36),
    "3: poll, quorum missed": quorum_of(1_000, {"winners": {"kind": "most", "seats": 3}}, voters=36),
    "3: few, quorum missed": quorum_of(300, budget(), voters=8),
    "3: few, quorum missed, advisory": quorum_of(300, budget(), voters=8, missed="advisory"),
}
AT_THE_OPENING, BEFORE = OPENS, later(OPENS, seconds=-1)
