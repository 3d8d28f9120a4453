"""Good votes of every kind that a record can hold."""

from fractions import Fraction

from civic_forum.ballots.box.sealing import Channel
from civic_forum.ballots.rules.log import canonical_json, frame
from civic_forum.ballots.rules import signing
from civic_forum.ballots.rules.choices import BoxRule, Group, Kind, Money
from civic_forum.budgets.counting.settings import Completion, CountingRules, Order, Rule, Share, Utility

from .votes import SEED, Vote

COSTS = [40, 30, 25, 60, 10, 35]
HALVES = {"residents": Fraction(1, 2), "committee": Fraction(1, 2)}
COMMITTEE = {"ballots": 7, "votes": [5, 2, 6, 1, 0, 7]}
APPROVAL = BoxRule(Kind.APPROVAL, 6, 3)
SHARES = CountingRules(Rule.EQUAL_SHARES, completion=Completion.ADD1, fill_greedy=True)


def budget(rules=None, *, amount=110, costs=COSTS, exclusions=None, committee=None, codes=None, **definition) -> dict:
    """The parts of the definition of a budget."""
    codes = codes or [f"2027-{at}" for at in range(1, len(costs) + 1)]
    options = [{"number": at, "title": f"사업 {at}", "code": code, "cost": cost}
               for at, (code, cost) in enumerate(zip(codes, costs, strict=True), start=1)]
    found = {"amount": amount, "currency": "KRW", "rules": (rules or CountingRules()).to_json()}
    found |= {"exclusions": exclusions} if exclusions else {}
    found |= {"committee": committee} if committee else {}
    return {"budget": found, "options": options} | definition


def points(scene):
    return scene.box.rule.encode({scene.chance.randint(1, 3): scene.chance.randint(1, 5),
                                  4: scene.chance.randint(1, 5)})


def answers(scene):
    return scene.box.rule.encode({at: scene.chance.randint(1, 3) for at in range(1, scene.box.rule.options + 1)})


def within(scene):
    """A choice within groups and money."""
    while True:
        picked = scene.chance.sample(range(1, 7), scene.chance.randint(1, 3))
        try:
            return scene.box.rule.encode(dict.fromkeys(picked, 1))
        except Exception:
            continue


def exactly_two(scene):
    return scene.box.rule.encode(dict.fromkeys(scene.chance.sample(range(1, 7), 2), 1))


def even(scene):
    """Ballots in turn for 1 and 2, 3 and 4, 5 and 6, so that all are equal."""
    scene.turn = getattr(scene, "turn", -1) + 1
    first = 2 * (scene.turn % 3) + 1
    return scene.box.rule.encode({first: 1, first + 1: 1})


def in_turn(*ballots):
    """Ballots that mark these options, one after another and again."""
    def choose(scene):
        scene.turn = getattr(scene, "turn", -1) + 1
        marked = ballots[scene.turn % len(ballots)]
        return scene.box.rule.encode(dict.fromkeys(marked, 1)) if marked else scene.box.rule.blank_choice()
    return choose


def turns(voters, definition, *ballots, **more):
    """A vote of so many online ballots in turn."""
    return Vote(APPROVAL, definition, choose=in_turn(*ballots), on_paper=0, changes=0, voters=voters, **more)


def shares(**facts):
    return CountingRules(Rule.EQUAL_SHARES, **facts)


def blank(scene):
    return scene.box.rule.blank_choice()


def broken(scene):
    """Rows deleted, damaged and of nobody, a promise that is gone."""
    for number in (8, 9):
        del scene.rows[scene.key(number)]
    row = scene.rows[scene.key(10)]
    scene.rows[row.row_key] = row._replace(channel=Channel.PAPER_RETURNED, paper=99)
    scene.rows[b"x" * 32] = row._replace(row_key=b"x" * 32)
    del scene.promises[scene.box.keys.name(scene.voters[scene.key(9)].mine)]


def replaced(alarms, prints):
    """An officer who was replaced; signed by the record's key."""
    change = {"at": "2026-03-04T00:00:00Z", "comes": "담당관 4", "leaves": "담당관 1"}
    message = frame("officer/2", prints, (1).to_bytes(4, "big"), canonical_json(change))
    signature = signing.sign(SEED, message).hex()
    alarms["officers"] = [{"change": change, "number": 1, "signature": signature}]


CARDINALITY, ADD1, INFEASIBLE = Utility.CARDINALITY, Completion.ADD1, Completion.ADD1_UNTIL_INFEASIBLE
PER_COST = Order.VOTES_PER_COST
EVEN = {"choose": even, "on_paper": 0, "voters": 36, "changes": 0}
KINDS: dict[str, Vote] = {
    "approval": Vote(APPROVAL, {"quorum": {"kind": "min_turnout", "value": 20}}),
    "quorum not reached": Vote(APPROVAL, {"quorum": {"kind": "min_voters", "value": 1000}}),
    "exactly": Vote(BoxRule(Kind.APPROVAL, 6, 2, exactly=True), choose=exactly_two),
    "yes or no": Vote(BoxRule(Kind.YES_NO, 3), choose=answers),
    "points": Vote(BoxRule(Kind.POINTS, 4, 10), choose=points),
    "groups and money": Vote(BoxRule(Kind.APPROVAL, 6, 3, groups=(Group((1, 2, 3, 5), 1, 2), Group((4, 6), 0, 1)),
                                     money=Money(100, tuple(COSTS))), choose=within),
    "no winners": Vote(APPROVAL, {"winners": {"kind": "none"}}),
    "tie without a draw": Vote(APPROVAL, {"winners": {"kind": "most", "seats": 3}}, **EVEN),
    "tie, lottery": Vote(APPROVAL, {"winners": {"kind": "most", "seats": 3}, "draw": "lottery"}, **EVEN),
    "tie, dice": Vote(APPROVAL, {"winners": {"kind": "most", "seats": 5}, "draw": "dice"}, **EVEN),
    "draw not needed": Vote(APPROVAL, {"winners": {"kind": "most", "seats": 6}, "draw": "dice"}, **EVEN),
    "whole ballots": Vote(APPROVAL, {"publishes": "ballots"}),
    "whole ballots, few": Vote(APPROVAL, {"publishes": "ballots"}, voters=4, on_paper=3, breakdown=False),
    "few": Vote(APPROVAL, voters=6, on_paper=0, breakdown=False),
    "few, budget": Vote(APPROVAL, budget(), voters=8, on_paper=0, breakdown=False),
    "few, yes or no": Vote(BoxRule(Kind.YES_NO, 3), voters=3, on_paper=0, choose=answers, breakdown=False),
    "nobody": Vote(APPROVAL, voters=0, on_paper=0, breakdown=False),
    "all blank": Vote(APPROVAL, choose=blank),
    "rehearsal": Vote(APPROVAL, {"rehearsal": 1, "observers": [], "signatures": 0}),
    "no observers": Vote(APPROVAL, {"publishes": "ballots", "observers": [], "signatures": 0}),
    "growing roll": Vote(APPROVAL, grows=9),
    "closed early": Vote(APPROVAL, closes_early=True),
    "broken into": Vote(APPROVAL, amiss=broken),
    "two piles of paper": Vote(APPROVAL, voters=60, on_paper=40),
    "a pile left out": Vote(APPROVAL, voters=60, on_paper=40, piles=(1, 3)),
    "many changes": Vote(APPROVAL, changes=40),
    "officers": Vote(APPROVAL, {"officers": [{"position": f"담당관 {at}"} for at in (1, 2, 3)]}),
    "greedy": Vote(APPROVAL, budget()),
    "greedy, tie, dice": Vote(APPROVAL, budget(costs=[30] * 6, draw="dice"), **EVEN),
    "greedy, tie by id": Vote(APPROVAL, budget(costs=[30] * 6), **EVEN),
    "greedy that stops": Vote(APPROVAL, budget(CountingRules(skips=False, threshold=14))),
    "greedy per cost": Vote(APPROVAL, budget(CountingRules(order=Order.VOTES_PER_COST), costs=[40, 0, 25, 60, 0, 35])),
    "greedy with exclusions": Vote(APPROVAL, budget(exclusions=[[1, 2], [3, 4, 5]])),
    "weighted by marks": Vote(APPROVAL, budget(CountingRules(Rule.WEIGHTED, weights=HALVES), committee=COMMITTEE)),
    "weighted by ballots": Vote(APPROVAL,
                                budget(CountingRules(Rule.WEIGHTED, weights=HALVES, share=Share.BALLOTS, threshold=9),
                                                 committee=COMMITTEE)),
    "weighted, residents alone": Vote(APPROVAL,
                                      budget(CountingRules(Rule.WEIGHTED, weights={"residents": Fraction(3)}))),
    "equal shares": Vote(APPROVAL, budget(SHARES)),
    "equal shares of all to see": Vote(APPROVAL,
                                       budget(SHARES, publishes="ballots", exclusions=[[1, 2]],
                                              costs=[40, 30, 25, 60, 0, 35])),
    "equal shares, plain": Vote(APPROVAL, budget(CountingRules(Rule.EQUAL_SHARES), publishes="ballots")),
    "equal shares by number": Vote(APPROVAL, budget(CountingRules(
        Rule.EQUAL_SHARES, Utility.CARDINALITY, Completion.ADD1_UNTIL_INFEASIBLE, step=Fraction(1, 10), threshold=5),
        publishes="ballots")),
    "equal shares, tie": Vote(APPROVAL, budget(SHARES, costs=[30] * 6, publishes="ballots", draw="lottery"), **EVEN),
    "equal shares, few supporters": Vote(APPROVAL, budget(SHARES, amount=60), voters=10, on_paper=0, breakdown=False),
}
BY_TURNS = ((1, 2, 3), (1, 2, 4), (1, 3, 5), (1, 2, 6), (2, 3, 5), ())
KINDS |= {
    # texts and figures that decide how the format is read
    "a question of separators": Vote(APPROVAL, {"question": "\u001c\u180e\u200b\ufeff", "subject_title": "\u3000제목 "}),
    "quorum of voters met exactly": Vote(APPROVAL, {"quorum": {"kind": "min_voters", "value": 45}}, voters=45,
                                         on_paper=0),
    "quorum of voters missed by one": Vote(APPROVAL, {"quorum": {"kind": "min_voters", "value": 46}}, voters=45,
                                           on_paper=0),
    "quorum of turnout met exactly": Vote(APPROVAL, {"quorum": {"kind": "min_turnout", "value": 45}}, voters=45,
                                          on_paper=0),
    "quorum of turnout missed": Vote(APPROVAL, {"quorum": {"kind": "min_turnout", "value": 46}}, voters=45, on_paper=0),
    "few, quorum met": Vote(APPROVAL, {"quorum": {"kind": "min_voters", "value": 6}}, voters=6, on_paper=0,
                            breakdown=False),
    "few, quorum missed": Vote(APPROVAL, {"quorum": {"kind": "min_voters", "value": 7}}, voters=6, on_paper=0,
                               breakdown=False),
    "counts that were amiss": Vote(APPROVAL, counts_amiss=True),
    "no ledger": Vote(APPROVAL, alarmed=lambda alarms, _prints: alarms.update(ledger=0)),
    "a sheet that is gone": Vote(APPROVAL, alarmed=lambda alarms, _prints: alarms.update(sheets=1)),
    "an officer replaced": Vote(APPROVAL, {"officers": [{"position": f"담당관 {at}"} for at in (1, 2, 3)]},
                                alarmed=replaced),
    # greedy and weighted
    "greedy, stopped above an excluded one": turns(40, budget(
        CountingRules(skips=False), costs=[40, 80, 10, 20, 10, 35], exclusions=[[1, 5], [3, 6]]), *BY_TURNS),
    "greedy, tied at other costs and votes": turns(30, budget(
        CountingRules(order=PER_COST), costs=[40, 20, 30, 60, 10, 35]), (1, 2), (1, 3), (5,)),
    "greedy, codes against numbers": turns(36, budget(
        costs=[30] * 6, codes=["가-2", "가-1", "나", "\ufb01", "A-10", "A-9"]), (1, 2), (3, 4), (5, 6)),
    "greedy of much money": turns(40, budget(costs=[cost * 10**6 for cost in COSTS], amount=110_000_123), *BY_TURNS),
    "greedy without votes": turns(20, budget(), (1, 2), (1, 3)),
    "weighted without votes": turns(20,
                                    budget(CountingRules(Rule.WEIGHTED, weights=HALVES, threshold=3),
                                           committee=COMMITTEE),
                                    (1, 2), (1, 3)),
    "weighted, a committee without weight": turns(20, budget(
        CountingRules(Rule.WEIGHTED, weights={"residents": Fraction(2)}), committee=COMMITTEE), *BY_TURNS),
    "weighted by a committee of nobody": turns(20, budget(CountingRules(Rule.WEIGHTED, weights=HALVES), committee={
        "ballots": 0, "votes": [0] * 6}), *BY_TURNS),
    # equal shares
    "equal shares, several free": turns(30, budget(
        SHARES, costs=[0, 0, 0, 30, 0, 35], exclusions=[[1, 2], [5, 6]]), (1, 2, 4), (1, 2, 3), (3, 6), (1, 2)),
    "equal shares, all funded": turns(24, budget(SHARES, amount=200, exclusions=[[5, 6]]), *BY_TURNS),
    "equal shares, exhausted beside one excluded": turns(24, budget(
        shares(completion=ADD1, fill_greedy=True, threshold=6), costs=[7, 54, 25, 57, 44, 56],
        exclusions=[[2, 3], [1, 4], [4, 5]]), (4, 5), (4,), (2, 3), (1, 4), (1, 3, 6), (2, 5, 6), (3,), (4, 5)),
    "equal shares, a line that the fill shortens": turns(24, budget(
        shares(utility=CARDINALITY, fill_greedy=True, skips=False), costs=[28, 26, 26, 12, 23, 20],
        exclusions=[[1, 4], [2, 6]]), (1, 4, 5), (1, 2, 5), (3, 6), (1, 4, 5)),
    "equal shares, spent on several": turns(20, budget(
        shares(utility=CARDINALITY, completion=INFEASIBLE, fill_greedy=True, skips=False, order=PER_COST, threshold=6),
        amount=80, costs=[29, 18, 40, 5, 22, 45], exclusions=[[4, 5]]),
        (1, 4, 5), (3, 5), (1, 4, 6), (1, 2, 3), (2, 6), (2, 3, 4)),
    "equal shares, a later tie": turns(36, budget(
        shares(utility=CARDINALITY, completion=INFEASIBLE, fill_greedy=True, order=PER_COST), amount=60, costs=[30] * 6,
        exclusions=[[5, 1], [3, 5]]), (1, 3, 4), (6,), (1, 2), (1, 2, 6), (3, 6), (2, 3, 5), (3,), (1, 6), (3, 4, 5)),
    "equal shares, excluded before it fell short": turns(24, budget(
        shares(utility=CARDINALITY, completion=ADD1, fill_greedy=True, skips=False, order=PER_COST),
        costs=[40, 52, 8, 15, 24, 46], exclusions=[[3, 5], [3, 2]]),
        (1, 2, 4), (2, 4), (1, 2), (2, 4, 6), (2, 3, 6), (2, 5), (2,), (3, 4, 5)),
    "equal shares, a fill stopped above one excluded": turns(20, budget(
        shares(completion=ADD1, fill_greedy=True, skips=False, order=PER_COST), amount=130,
        exclusions=[[6, 5], [6, 2]]),
        (2, 3, 4), (1,), (1, 4, 6), (4,), (2, 4), (5, 6), (5,)),
    "equal shares, ties of an earlier run": turns(36, budget(
        SHARES, amount=130, costs=[10, 20, 30, 40, 20, 10], exclusions=[[2, 3], [6, 3], [1, 4]]),
        (2, 4, 5), (6,), (6,), (1, 3, 6)),
    "equal shares, excluded after it fell short": turns(24, budget(
        shares(utility=CARDINALITY, completion=INFEASIBLE, order=PER_COST), costs=[10, 20, 30, 40, 20, 10],
        exclusions=[[4, 3], [5, 3]]), (1, 6), (3, 4), (4,), (2, 3, 6), (2,)),
    "equal shares, out before beside a fill": turns(30, budget(
        shares(completion=ADD1, fill_greedy=True, threshold=11), amount=80, costs=[40, 30, 25, 60, 5, 35]), *BY_TURNS),
    "equal shares, one of two that all support": turns(20, budget(
        shares(completion=ADD1), amount=100, costs=[60, 55, 10, 10, 10, 10]), (1, 2), (1, 2), (1, 2), (1,)),
    "equal shares, nine and ten supporters": turns(29, budget(SHARES, costs=[20, 15, 10, 60, 10, 35]),
                                                    (1, 2), (1, 3), (2, 5)),
    "equal shares of much money": turns(40, budget(shares(completion=ADD1, step=Fraction(100000)), amount=110_000_000,
                                                   costs=[cost * 10**6 for cost in COSTS]), *BY_TURNS),
    "equal shares without money": turns(20, budget(SHARES, amount=0, costs=[0, 30, 0, 60, 10, 35]), *BY_TURNS),
}
