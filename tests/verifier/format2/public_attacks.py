"""The same for editions without choices, where what totals decide is all that a verifier has: (kind of vote, change)
by name."""

from fractions import Fraction

from .changes import of_outcome
from .forging import both, drop, edit, put
from .running import verify

SEVERAL, FREE, FEW = "equal shares, spent on several", "equal shares, several free", "equal shares, few supporters"
BEYOND, TEN = "equal shares, one of two that all support", "equal shares, nine and ten supporters"


def result(*path, to):
    return edit("result.json", put(*path, to=to))


def count(*path, to):
    return of_outcome("count", *path, to=to)


def another(*path, to):
    """In the equal shares that stand beside another rule."""
    return of_outcome("others", "equal-shares", *path, to=to)


def without(*path):
    return edit("result.json", drop("outcome", "count", *path))


def totals(of):
    """Totals of a vote without winners, from those of now and the number of ballots that are not blank."""
    def change(found):
        figure = "votes" if "votes" in found["totals"][0] else "points"
        told = of([line[figure] for line in found["totals"]], found["ballots"] - found["blank"])
        found["totals"] = [line | {figure: one} for line, one in zip(found["totals"], told, strict=True)]
    return edit("result.json", change)


def lines(part, reason, change):
    """A change of the first line that has this reason or stage."""
    def changed(found):
        items = found["outcome"]["count"][part]
        change(next(line for line in items if reason in (line.get("reason"), line.get("stage"))))
    return edit("result.json", changed)


def within(**changes):
    return lines("not_selected", "within_reach_until_round", lambda line: line.update(changes))


def never(**changes):
    return lines("not_selected", "never_enough", lambda line: line.update(changes))


def later_round(**changes):
    """A change of a paid round behind the first."""
    def changed(found):
        paid = [line for line in found["outcome"]["count"]["rounds"] if line.get("payment_per_supporter", "0") != "0"]
        paid[1].update(changes)
    return edit("result.json", changed)


def spent(change):
    return lines("not_selected", "within_reach_until_round", lambda line: change(line["spent_on"]))


def swapped(part, one, other):
    def change(found):
        items = found["outcome"]["count"][part]
        items[one], items[other] = items[other], items[one]
    return edit("result.json", change)


def rounds_swapped(one, other):
    """Two rounds in another order, with all that follows from it."""
    def change(found):
        told = found["outcome"]["count"]
        told["rounds"][one], told["rounds"][other] = told["rounds"][other], told["rounds"][one]
        left = int(told["budget"])
        for at, line in enumerate(told["rounds"], start=1):
            line.update(round=at, left_before=str(left), left_after=str(left - int(line["cost"])))
            left -= int(line["cost"])
        told["selected"] = [line["project"] for line in told["rounds"]]
    return edit("result.json", change)


def moved_out(found):
    """The last round is taken back, as if nobody had reached its cost."""
    told = found["outcome"]["count"]
    gone = told["rounds"].pop()
    told["selected"].pop()
    told["cost"] = str(int(told["cost"]) - int(gone["cost"]))
    told["not_selected"].insert(0,
                                {name: gone[name] for name in ("project", "cost", "votes")}
                                | {"reason": "never_enough"})


def beyond_all_shares(steps):
    """A second round that its supporters hold the money for, but not beside the first; with `steps` in shares beyond
    the money."""
    def change(found):
        told = found["outcome"]["count"]
        (first,), (second, *rest) = told["rounds"], told["not_selected"]
        line = {name: second[name] for name in ("project", "cost", "votes")}
        left = int(first["left_after"])
        told["rounds"].append(line | {
            "effective_votes": line["votes"], "left_after": str(left - int(line["cost"])), "left_before": str(left),
            "payment_per_supporter": verify.exact_text(Fraction(int(line["cost"]), int(line["votes"]))), "round": 2,
            "stage": "equal-shares"})
        told.update(not_selected=rest, cost=str(int(first["cost"]) + int(line["cost"])), ending="all_funded",
                    selected=[first["project"], line["project"]], share=str(5 + steps), steps=steps)
    return edit("result.json", change)


def unhidden(found):
    """Hidden lines told as if they were not, with numbers of nobody's."""
    del found["outcome"]["hidden"]
    for line in found["outcome"]["count"]["rounds"]:
        line.setdefault("payment_per_supporter", "5")
        line.setdefault("effective_votes", "5")


def larger_cells(found):
    cells = found["breakdown"]["cells"]
    cells[0]["voted"] += 1
    cells[0]["roll"] -= 1


def one_hidden(found):
    """All hidden cells as one, which subtracting tells."""
    cells = found["breakdown"]["cells"]
    hidden = [cell for cell in cells if "hidden" in cell]
    found["breakdown"]["cells"] = [*(cell for cell in cells if "voted" in cell),
                                   hidden[0] | {"roll": sum(cell["roll"] for cell in hidden)}]


PUBLIC = {
    # totals that no ballots can give
    "an option above the voters": ("no winners", totals(lambda votes, v: [v + 1, *votes[1:]])),
    "fewer votes than voters": ("no winners", totals(lambda votes, v: [v - 1, 0, 0, 0, 0, 0])),
    "more votes than limits": ("no winners", totals(lambda votes, v: [v, v, v, 1, 0, 0])),
    "more blanks than ballots": ("no winners", result("blank", to=90)),
    "blanks of all": ("no winners", result("blank", to=lambda old: old + 20)),
    "a vote more than exactly": ("exactly", totals(lambda votes, _v: [votes[0] + 1, *votes[1:]])),
    "a vote fewer than exactly": ("exactly", totals(lambda votes, _v: [votes[0] - 1, *votes[1:]])),
    "points beyond the limit": ("points", totals(lambda points, v: [10 * v + 1, 0, 0, 0])),
    "fewer points than voters": ("points", totals(lambda points, v: [v - 1, 0, 0, 0])),
    "yes, no and blank one more": ("yes or no", result("totals", 0, "blank", to=lambda old: old + 1)),
    "yes, no and blank one fewer": ("yes or no", result("totals", 0, "no", to=lambda old: old - 1)),
    "a group above its most": ("groups and money", totals(lambda votes, v: [v, v, 1, 0, 0, 0])),
    "a group below its least": ("groups and money", totals(lambda votes, v: [0, 0, 0, v, 0, 0])),
    "more money than everybody had": ("groups and money", totals(lambda votes, v: [v, v, 0, v, 0, 0])),
    "totals of another number of options": ("no winners", edit("result.json", lambda found: found["totals"].pop())),
    "totals in another order": ("no winners", edit("result.json", lambda found: found["totals"].reverse())),
    # polls
    "public: a winner who is not": ("approval", of_outcome("selected", 0, to=lambda old: old % 6 + 1)),
    "public: winners in another order": ("approval", of_outcome("selected", to=lambda old: old[::-1])),
    "public: one winner fewer": ("approval", of_outcome("selected", to=lambda old: old[:-1])),
    "public: votes moved to a loser": (
        "approval",
        totals(lambda votes, v: [v if one == min(votes) else one for one in votes]),
    ),
    "public: yes where no won": (
        "yes or no",
        of_outcome("selected", to=lambda old: [at for at in (1, 2, 3) if at not in old]),
    ),
    "public: another tie": ("tie, lottery", of_outcome("tied", to=lambda old: old[::-1])),
    "public: a tie left out": ("tie, lottery", edit("result.json", drop("outcome", "tied"))),
    "public: a tie without its draw": ("tie, lottery", lambda members: members.update({"draw.json": b"{}"})),
    "public: a quorum that was not reached": ("quorum of voters missed by one", of_outcome("quorum", to=1)),
    "public: a quorum that was met": (
        "quorum of turnout met exactly",
        both(of_outcome("quorum", to=0), of_outcome("selected", to=[])),
    ),
    "few in public: winners not ascending": ("few", of_outcome("selected", to=[2, 1])),
    "few in public: more than seats": ("few", of_outcome("selected", to=[1, 2, 3])),
    "few in public: nobody's option": ("few", of_outcome("selected", to=[7])),
    "few in public: winners without a quorum": ("few, quorum missed", of_outcome("selected", to=[1])),
    "few in public: a quorum told wrongly": ("few, quorum met", of_outcome("quorum", to=0)),
    "few in public: a tie": ("few", of_outcome("tied", to=[1, 2])),
    "few in public: projects not ascending": ("few, budget", of_outcome("selected", to=["2027-5", "2027-3"])),
    "few in public: projects beyond the money": (
        "few, budget",
        of_outcome("selected", to=["2027-1", "2027-2", "2027-4"]),
    ),
    "few in public: a project of nobody": ("few, budget", of_outcome("selected", to=["2027-7"])),
    "few in public: costs": ("few, budget", of_outcome("cost", to="10")),
    # greedy and weighted, which totals decide
    "public: greedy funds another": ("greedy", count("selected", to=lambda old: old[::-1])),
    "public: money of a round": ("greedy", count("rounds", 0, "left_before", to="111")),
    "public: a rank": ("greedy", count("not_selected", 0, "rank", to=lambda old: old + 1)),
    "public: a reason": ("greedy", count("not_selected", 0, "reason", to="excluded")),
    "public: a score": ("weighted by marks", count("rounds", 0, "score", to="0.9")),
    "public: parts": ("weighted by marks", count("parts", "2027-1", "residents", to="1")),
    "public: a body more": ("weighted, residents alone", count("parts", "2027-1", "committee", to="0")),
    "public: ties of greedy": ("greedy, tie by id", count("ties", to=[])),
    "public: fewer voters with a funded project than the first has": (
        "greedy",
        count("voters_with_a_funded_choice", to=1),
    ),
    "public: more voters with a funded project than ballots": ("greedy", count("voters_with_a_funded_choice", to=60)),
    "public: fewer than the others leave": (
        "greedy, stopped above an excluded one",
        count("voters_with_a_funded_choice", to=0),
    ),
    "public: other rules of the comparison": ("greedy", another("rules", "step", to="200")),
    "the comparison funds one twice": ("greedy", another("selected", to=lambda old: old + old[:1])),
    "the comparison funds one of nobody": ("greedy", another("selected", to=lambda old: ["2027-9", *old])),
    "the comparison costs another sum": ("greedy", another("cost", to="1")),
    "the comparison costs more than there is": (
        "greedy",
        both(another("selected", to=["2027-1", "2027-2", "2027-4"]), another("cost", to="130")),
    ),
    "the comparison leaves out what it could pay": (
        "greedy",
        both(another("selected", to=["2027-2"]), another("cost", to="30")),
    ),
    "the comparison funds nothing": (
        "greedy",
        both(another("selected", to=[]), another("cost", to="0"), another("voters_with_a_funded_choice", to=0)),
    ),
    "the comparison funds what excludes one another": (
        "greedy with exclusions",
        both(another("selected", to=["2027-1", "2027-2"]), another("cost", to="70")),
    ),
    "the comparison funds what is free last": (
        "greedy per cost",
        another("selected", to=lambda old: old[1:] + old[:1]),
    ),
    "the comparison funds what nobody chose": (
        "greedy without votes",
        both(another("selected", to=["2027-2", "2027-1", "2027-6"]), another("cost", to="105")),
    ),
    "the comparison has more voters than votes": ("greedy", another("voters_with_a_funded_choice", to=60)),
    "the comparison has fewer voters than one project": ("greedy", another("voters_with_a_funded_choice", to=1)),
    "the comparison has a name more": ("greedy", another("share", to="2")),
    "a comparison of nothing": ("greedy", of_outcome("others", to={})),
    # equal shares: what follows from the totals
    "shares: the budget": ("equal shares", count("budget", to="111")),
    "shares: the rule": ("equal shares", count("rule", to="greedy")),
    "shares: rules": ("equal shares", count("rules", "threshold", to=1)),
    "shares: voters": ("equal shares", count("voters", to=lambda old: old + 1)),
    "shares: the cost": ("equal shares", count("cost", to="1")),
    "shares: the selected": ("equal shares", count("selected", to=lambda old: old[::-1])),
    "shares: a share": ("equal shares", count("share", to="4")),
    "shares: a share that is no number": ("equal shares", count("share", to="much")),
    "shares: a share as a number": ("equal shares", count("share", to=3)),
    "shares: steps as text": ("equal shares", count("steps", to="1")),
    "shares: more steps": ("equal shares", count("steps", to=lambda old: old + 1)),
    "shares: steps left out": ("equal shares", without("steps")),
    "shares: steps where none are": ("equal shares, a line that the fill shortens", count("steps", to=1)),
    "shares: an ending of no kind": ("equal shares", count("ending", to="none")),
    "shares: all funded": ("equal shares", count("ending", to="all_funded")),
    "shares: exhausted": ("equal shares", count("ending", to="exhausted")),
    "shares: exhausted that went on": ("equal shares, exhausted beside one excluded", count("ending", to="infeasible")),
    "shares: all funded that went on": ("equal shares, all funded", count("ending", to="infeasible")),
    "shares: a name more": ("equal shares", count("zzz", to=1)),
    "shares: ties of anything": ("equal shares", count("ties", to=[7, "x"])),
    "shares: ties as an object": ("equal shares", count("ties", to={})),
    "shares: a line with a name more": ("equal shares", count("not_selected", 0, "zzz", to=1)),
    "shares: a line without reason": ("equal shares", without("not_selected", 0, "reason")),
    "shares: a line twice": ("equal shares", count("not_selected", to=lambda old: old + old[:1])),
    "shares: a line gone": ("equal shares", count("not_selected", to=lambda old: old[1:])),
    "shares: lines in another order": ("equal shares", count("not_selected", to=lambda old: old[::-1])),
    "shares: votes of a line": ("equal shares", count("not_selected", 0, "votes", to="3")),
    "shares: cost of a round": ("equal shares", count("rounds", 0, "cost", to="3")),
    "shares: rounds backwards": ("equal shares", count("rounds", to=lambda old: old[::-1])),
    "shares: money before a round": ("equal shares", count("rounds", 0, "left_before", to="7")),
    "shares: money after a round": ("equal shares", count("rounds", 1, "left_after", to="7")),
    "shares: a round's number": ("equal shares", count("rounds", 1, "round", to=7)),
    "shares: a round's stage": ("equal shares", count("rounds", 1, "stage", to="greedy")),
    "shares: a project of nobody": ("equal shares", count("rounds", 0, "project", to="2027-9")),
    "shares: a line of nobody": ("equal shares", count("not_selected", 0, "project", to="2027-9")),
    "shares: funded twice": ("equal shares", count("rounds", to=lambda old: [old[0], *old])),
    "shares: nothing funded": ("equal shares", count("rounds", to=[])),
    "shares: another price of the first round": ("equal shares", count("rounds", 0, "payment_per_supporter", to="2")),
    "shares: a price as a number": ("equal shares", count("rounds", 0, "payment_per_supporter", to=2)),
    "shares: effective votes": ("equal shares", count("rounds", 0, "effective_votes", to="1")),
    "shares: another first round": ("equal shares", rounds_swapped(0, 1)),
    "shares: ties left out": ("equal shares", count("ties", to=[])),
    "shares: a tie decided by luck": ("equal shares", count("ties", 0, "decided_by", to=["lot"])),
    "shares: a tie the other way round": ("equal shares", count("ties", 0, "projects", to=lambda old: old[::-1])),
    "shares: a tie with the first round": (
        "equal shares",
        count(
            "ties",
            to=lambda old: [
                {"decided_by": ["cost"], "projects": ["2027-2", "2027-4"], "stage": "equal-shares", "round": 1},
                *old,
            ],
        ),
    ),
    "shares: a tie of one": ("equal shares", count("ties", 0, "projects", to=lambda old: old[:1])),
    "shares: a tie with one twice": ("equal shares", count("ties", 0, "projects", to=lambda old: old + old[-1:])),
    "shares: a tie of nobody": ("equal shares", count("ties", 0, "projects", to=["2027-9", "2027-3"])),
    "shares: a tie of no projects": ("equal shares", count("ties", 0, "projects", to=[])),
    "shares: a tie of another round": ("equal shares", count("ties", 0, "round", to=3)),
    "shares: a tie of a round that is none": ("equal shares", count("ties", 0, "round", to="2")),
    "shares: a tie of the fill": ("equal shares", count("ties", -1, "rank", to=lambda old: old + 1)),
    "shares: a tie with what cannot be funded": (
        "equal shares, a later tie",
        count("ties", 0, "projects", to=lambda old: [*old, "2027-4"]),
    ),
    # equal shares: what is taken from the record, within its bounds
    "shares: a price that supporters cannot pay": (
        "equal shares",
        later_round(payment_per_supporter="0.1", effective_votes="100"),
    ),
    "shares: a price of nothing": ("equal shares", later_round(payment_per_supporter="0", effective_votes="0")),
    "shares: a price above the share": (
        "equal shares",
        later_round(payment_per_supporter="100", effective_votes="0.1"),
    ),
    "shares: rounds that cost more than all shares": (BEYOND, beyond_all_shares(0)),
    "shares: rounds that cost more than the money": (BEYOND, beyond_all_shares(1)),
    "shares: more value than a hidden round before": (TEN, rounds_swapped(2, 3)),
    "shares: a price unreduced": ("equal shares", later_round(payment_per_supporter="4/6")),
    "shares: a price that is none": ("equal shares", later_round(payment_per_supporter="1e3")),
    "shares: a price left out": (
        "equal shares",
        edit("result.json", lambda found: found["outcome"]["count"]["rounds"][1].pop("payment_per_supporter")),
    ),
    "shares: more value than the first round": (
        "equal shares",
        later_round(payment_per_supporter="10/22", effective_votes="22"),
    ),
    "shares: enough although it was not": (
        "equal shares",
        never(reason="within_reach_until_round", round=1, left="1", spent_on=[]),
    ),
    "shares: never enough although it was": ("equal shares", within(reason="never_enough")),
    "shares: excluded by nobody": ("equal shares", within(reason="excluded", by="2027-2")),
    "shares: what was held at the start": ("equal shares", never(held_at_start="1")),
    "shares: what was left": ("equal shares", within(left="1")),
    "shares: more left than the cost": ("equal shares", within(left="61")),
    "shares: a round before all": ("equal shares", within(round=0)),
    "shares: a round behind all": ("equal shares", within(round=9)),
    "shares: a round that they did not pay": ("equal shares", within(round=2)),
    "shares: a round as text": ("equal shares", within(round="1")),
    "shares: nothing spent": ("equal shares", within(spent_on=[])),
    "shares: spent on anything": ("equal shares", within(spent_on=["x"])),
    "shares: spent on the fill": ("equal shares", spent(lambda items: items[0].update(project="2027-6"))),
    "shares: spent on nobody": ("equal shares", spent(lambda items: items[0].update(project="2027-9"))),
    "shares: spent more than it cost": ("equal shares", spent(lambda items: items[0].update(amount="31"))),
    "shares: spent nothing": ("equal shares", spent(lambda items: items[0].update(amount="0"))),
    "shares: spent less than nothing": ("equal shares", spent(lambda items: items[0].update(amount="-1"))),
    "shares: spent too little to fall short": (
        "equal shares",
        both(spent(lambda items: items[0].update(amount="1")), within(left="63")),
    ),
    "shares: spent twice": (SEVERAL, spent(lambda items: items.append(items[0]))),
    "shares: spent the other way round": (SEVERAL, spent(lambda items: items.reverse())),
    "shares: spent a name more": (SEVERAL, spent(lambda items: items[0].update(round=1))),
    "shares: fell short before": (SEVERAL, spent(lambda items: items.pop())),
    "shares: excluded within reach": (
        "equal shares, excluded before it fell short",
        lines("not_selected", "excluded", lambda line: line.update(reason="within_reach_until_round", round=9)),
    ),
    "shares: excluded by another": (
        "equal shares, excluded before it fell short",
        lines("not_selected", "excluded", lambda line: line.update(by="2027-6")),
    ),
    "shares: the last round taken back": (SEVERAL, edit("result.json", moved_out)),
    # what is free, the fill, what is out before
    "free: in another order": (FREE, rounds_swapped(0, 1)),
    "free: left out": (FREE, count("rounds", to=lambda old: old[1:])),
    "free: with a price": (FREE, count("rounds", 0, "payment_per_supporter", to="1")),
    "free: other effective votes": (FREE, count("rounds", 0, "effective_votes", to="1")),
    "free: its tie left out": (FREE, count("ties", to=lambda old: old[1:])),
    "free: excluded by another": (FREE, lines("not_selected", "excluded", lambda line: line.update(by="2027-4"))),
    "fill: a rank": ("equal shares", lines("rounds", "fill", lambda line: line.update(rank=line["rank"] + 1))),
    "fill: a turn": ("equal shares", count("not_selected", 0, "fill_rank", to=lambda old: old + 1)),
    "fill: money left": ("equal shares", count("not_selected", 0, "fill_left", to="1")),
    "fill: funds another": ("equal shares", edit("result.json", moved_out)),
    "fill: stopped by another": (
        "equal shares, a fill stopped above one excluded",
        lines("not_selected", "excluded", lambda line: line.update(fill_stopped_by="2027-1")),
    ),
    "fill: a reason that it takes": (
        "equal shares, a line that the fill shortens",
        lines("not_selected", "excluded", lambda line: line.update(reason="never_enough")),
    ),
    "fill: of what is out before": (
        "equal shares, out before beside a fill",
        lines("not_selected", "below_threshold", lambda line: line.update(fill_rank=1)),
    ),
    "out before: another threshold": (
        "equal shares, out before beside a fill",
        lines("not_selected", "below_threshold", lambda line: line.update(threshold=12)),
    ),
    "out before: no votes": (
        "equal shares, out before beside a fill",
        lines("not_selected", "below_threshold", lambda line: line.update(reason="no_votes")),
    ),
    # what is hidden
    "hidden: one left out": (FEW, of_outcome("hidden", to=lambda old: old[1:])),
    "hidden: backwards": (FEW, of_outcome("hidden", to=lambda old: old[::-1])),
    "hidden: one twice": (FEW, of_outcome("hidden", to=lambda old: old + old[-1:])),
    "hidden: nothing": (FEW, edit("result.json", unhidden)),
    "hidden: the list left out": (FEW, edit("result.json", drop("outcome", "hidden"))),
    "hidden: an empty list": ("equal shares", of_outcome("hidden", to=[])),
    "hidden: of ten votes and more": ("equal shares", of_outcome("hidden", to=["2027-2"])),
    "hidden: of nobody": (FEW, of_outcome("hidden", to=lambda old: [*old, "2027-9"])),
    "hidden: a line that tells its price": (
        FEW,
        lines("rounds", "equal-shares", lambda line: line.update(payment_per_supporter="5")),
    ),
    "hidden: a line that tells its votes": (
        FEW,
        lines("rounds", "equal-shares", lambda line: line.update(effective_votes="5")),
    ),
    "hidden: a line that tells what was held": (
        FEW,
        lines("not_selected", "within_reach_until_round", lambda line: line.update(held_at_start="1")),
    ),
    "hidden: a line that tells its round": (
        FEW,
        lines("not_selected", "within_reach_until_round", lambda line: line.update(round=1)),
    ),
    "hidden: a line that tells what was spent": (
        FEW,
        lines("not_selected", "within_reach_until_round", lambda line: line.update(spent_on=[])),
    ),
    "hidden: money of its line": (FEW, lines("rounds", "equal-shares", lambda line: line.update(left_after="1"))),
    # figures that any edition has
    "public: a breakdown with more voted than the cell has": (
        "approval",
        edit(
            "result.json",
            lambda found: found["breakdown"]["cells"][0].update(voted=found["breakdown"]["cells"][0]["roll"] + 1),
        ),
    ),
    "public: a cell of nine": ("approval", result("breakdown", "cells", 0, "voted", to=9)),
    "public: no cells": ("approval", result("breakdown", "cells", to=[])),
    "public: cells of a smaller roll": ("approval", edit("result.json", larger_cells)),
    "public: a cell twice": ("approval", result("breakdown", "cells", to=lambda old: old + old[:1])),
    "public: one hidden cell": ("approval", edit("result.json", one_hidden)),
    "public: a breakdown where few voted": (
        "few",
        result("breakdown", to={"by": "x", "cells": [{"hidden": 1, "name": "x", "roll": 22}]}),
    ),
    "public: a desk that withdrew more than it issued": ("approval", result("desks", 0, "withdrawn", to=999)),
    "public: a desk twice": ("approval", result("desks", to=lambda old: old + old)),
    "public: an edition of choices": ("approval", edit("manifest.json", put("edition", to="choices"))),
    "public: a public file of its own": ("approval", edit("manifest.json", put("public_sha256", to="0" * 64))),
    "public: one choice all the same": ("approval", lambda members: members.update({"choices.txt": b""})),
    "public: a reason of before the opening": (
        "no ledger",
        edit("alarms.json", put("reasons", 0, "at", to="2026-01-01T00:00:00Z")),
    ),
    "public: an officer replaced before the opening": (
        "an officer replaced",
        edit("alarms.json", put("officers", 0, "change", "at", to="2026-01-01T00:00:00Z")),
    ),
    "public: an officer of number 2": ("an officer replaced", edit("alarms.json", put("officers", 0, "number", to=2))),
    "public: counts amiss that nobody names": ("counts that were amiss", edit("alarms.json", put("counts", to=[]))),
    "public: counts amiss without a reason": ("counts that were amiss", edit("alarms.json", put("reasons", to=[]))),
    "public: sheets without a reason": ("a sheet that is gone", edit("alarms.json", put("reasons", to=[]))),
    "public: additions in one run": (
        "growing roll",
        lambda members: members.update(
            {"additions.txt": b"".join(sorted(members["additions.txt"].splitlines(keepends=True)))}
        ),
    ),
    "public: a result of format 3": ("approval", result("format", to=3)),
}
