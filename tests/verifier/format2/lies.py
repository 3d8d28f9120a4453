"""Definitions that say otherwise than a vote was held and counted by: (kind of vote, lie) by name."""

from tests.verifier.primitives import public_key_of

from .forging import drop, put

NAMES = ("binding", "closes_at", "description", "eligibility", "format", "id", "key_sha256", "observers", "officers", "opens_at",
         "options", "publishes", "question", "rehearsal", "roll", "rule", "signatures", "subject_title", "winners")
BUDGET = ("amount", "currency", "rules")
RULES = ("completion", "fill", "order", "rule", "skips", "step", "threshold", "utility", "weights")

LIES = {f"without {name}": ("approval", drop(name)) for name in NAMES if name != "publishes"}
LIES |= {f"budget without {name}": ("greedy", drop("budget", name)) for name in BUDGET}
LIES |= {f"rules without {name}": ("greedy", drop("budget", "rules", name)) for name in RULES}
LIES |= {f"roll without {name}": ("approval", drop("roll", name)) for name in ("grows", "root", "rule", "size")}
LIES |= {f"{name} of another type": ("approval", put(name, to=7)) for name in NAMES if name not in ("rehearsal", "signatures")}
LIES |= {f"empty {name}": ("approval", put(name, to=" ")) for name in ("binding", "question", "subject_title")}
LIES |= {
    "format 1": ("approval", put("format", to=1)), "an id too short": ("approval", put("id", to="00")),
    "closing before opening": ("approval", put("closes_at", to="2026-03-01T00:00:00Z")),
    "a later close": ("approval", put("closes_at", to="2026-03-09T00:00:00Z")),
    "an instant that is none": ("approval", put("opens_at", to="2026-02-30T00:00:00Z")),
    "an instant of another zone": ("approval", put("opens_at", to="2026-03-02T00:00:00+09:00")),
    "one choice allowed": ("approval", put("rule", "limit", to=1)), "exactly as many": ("approval", put("rule", "exactly", to=1)),
    "exactly 0": ("approval", put("rule", "exactly", to=0)), "a limit above the options": ("approval", put("rule", "limit", to=7)),
    "a limit of nothing": ("approval", put("rule", "limit", to=0)), "another kind of ballots": ("approval", put("rule", "kind", to="points")),
    "an unknown kind of ballots": ("approval", put("rule", "kind", to="ranked")), "an option more": ("approval", put("rule", "options", to=7)),
    "an option gone": ("approval", lambda told: told["options"].pop()), "options renumbered": ("approval", put("options", 0, "number", to=2)),
    "an option without title": ("approval", put("options", 0, "title", to="")), "a cost that is text": ("greedy", put("options", 0, "cost", to="40")),
    "limits of yes or no": ("yes or no", put("rule", "limit", to=2)),
    "groups tighter": ("groups and money", put("rule", "groups", 0, "max", to=1)), "an option in no group": ("groups and money", put("rule", "groups", 1, "options", to=[4])),
    "an option in two groups": ("groups and money", put("rule", "groups", 1, "options", to=[4, 6, 1])),
    "a group of nothing": ("groups and money", put("rule", "groups", to=[])), "a group's least above its most": ("groups and money", put("rule", "groups", 0, "min", to=3)),
    "less money": ("groups and money", put("rule", "money", "limit", to=50)), "other costs on the ballot": ("groups and money", put("rule", "money", "costs", 0, to=41)),
    "other costs than voters read": ("groups and money", put("options", 0, "cost", to=41)), "money of nothing": ("groups and money", put("rule", "money", "limit", to=0)),
    "a smaller roll": ("approval", put("roll", "size", to=80)), "a roll under ten": ("approval", put("roll", "size", to=9)),
    "another roll": ("approval", put("roll", "root", to="0" * 64)), "a roll that would grow": ("approval", put("roll", "grows", to=1)),
    "a roll that grew although it does not": ("growing roll", put("roll", "grows", to=0)), "a roll that grows twice": ("growing roll", put("roll", "grows", to=2)),
    "published to nobody": ("approval", put("publishes", to="nothing")), "no observers": ("approval", put("observers", to=[])),
    "one observer": ("approval", lambda told: told["observers"].__delitem__(slice(1, None))), "as many signatures as observers": ("approval", put("signatures", to=3)),
    "no signatures": ("approval", put("signatures", to=0)), "more signatures than observers": ("whole ballots", put("signatures", to=4)),
    "an observer twice": ("approval", lambda told: told["observers"].append(told["observers"][0])),
    "two observers of one key": ("approval", lambda told: told["observers"][0].update(key=told["observers"][1]["key"])),
    "an observer whose key is no point": ("approval", put("observers", 0, "key", to="02" + "0" * 62)),
    "an observer whose key is of small order": ("approval", put("observers", 0, "key", to="01" + "0" * 62)),
    "more than a hundred observers": ("whole ballots", put("observers", to=[
        {"key": public_key_of(bytes([at]) * 32).hex(), "name": str(at)} for at in range(1, 102)])),
    "an observer of another name": ("approval", put("observers", 0, to=lambda old: old | {"since": "2026"})),
    "a question of ideographic spaces": ("approval", put("question", to="\u3000\u2003")), "a question of a next line": ("approval", put("question", to="\x85")),
    "a question of separators of lines": ("approval", put("question", to="\u2028\u2029")), "a binding of spaces that do not break": ("approval", put("binding", to="\u00a0\u202f")),
    "a title of Ogham spaces": ("approval", put("subject_title", to="\u1680")), "a description that is a list": ("approval", put("description", to=[])),
    "a rule with a name more": ("approval", put("rule", "least", to=1)), "winners with a name more": ("approval", put("winners", "tie", to="lot")),
    "a roll with a name more": ("approval", put("roll", "more", to=1)), "a quorum with a name more": ("approval", put("quorum", "more", to=1)),
    "money without costs": ("approval", put("rule", "money", to={"costs": [1] * 6, "limit": 5})),
    "a zero of a day": ("approval", put("opens_at", to="2026-03-02T24:00:00Z")), "a year before 1970": ("approval", put("opens_at", to="1969-12-31T23:59:59Z")),
    "an observer without key": ("approval", drop("observers", 0, "key")), "two officers": ("officers", lambda told: told["officers"].pop()),
    "seven officers": ("officers", lambda told: told["officers"].extend([{"position": "x"}] * 4)), "an officer without position": ("officers", put("officers", 0, to={"name": "x"})),
    "a rehearsal of 2": ("rehearsal", put("rehearsal", to=2)), "a rehearsal as a vote": ("rehearsal", put("rehearsal", to=0)),
    "more seats": ("approval", put("winners", "seats", to=3)), "fewer seats": ("approval", put("winners", "seats", to=1)),
    "no seats": ("approval", put("winners", "seats", to=0)), "more seats than options": ("approval", put("winners", "seats", to=7)),
    "yes in an approval": ("approval", put("winners", to={"kind": "yes"})), "most of yes or no": ("yes or no", put("winners", to={"kind": "most", "seats": 1})),
    "winners by luck": ("approval", put("winners", "kind", to="luck")), "winners and a budget": ("greedy", put("winners", to={"kind": "none"})),
    "a lower quorum": ("quorum not reached", put("quorum", "value", to=1)), "a higher quorum": ("approval", put("quorum", "value", to=99)),
    "a quorum above 100 percent": ("approval", put("quorum", "value", to=101)), "a quorum of nothing": ("approval", put("quorum", "value", to=0)),
    "a quorum of another kind": ("approval", put("quorum", "kind", to="min_votes")), "a quorum that is left out": ("approval", drop("quorum")),
    "a quorum for a budget": ("greedy", put("quorum", to={"kind": "min_voters", "value": 1})),
    "a draw by the office": ("approval", put("draw", to="office")), "a draw of another kind": ("tie, dice", put("draw", to="lottery")),
    "a draw added later": ("tie without a draw", put("draw", to="dice")), "a draw taken away": ("tie, dice", drop("draw")),
    "a draw added to a budget with a tie": ("greedy, tie by id", put("draw", to="dice")),
    "more money to spend": ("greedy", put("budget", "amount", to=200)), "less money to spend": ("greedy", put("budget", "amount", to=60)),
    "no currency": ("greedy", put("budget", "currency", to=" ")), "another cost": ("greedy", put("options", 1, "cost", to=29)),
    "another code": ("greedy", put("options", 1, "code", to="2027-99")), "a code twice": ("greedy", put("options", 1, "code", to="2027-1")),
    "a project without code": ("greedy", drop("options", 0, "code")), "a project without cost": ("greedy", drop("options", 0, "cost")),
    "stops at the first": ("greedy", put("budget", "rules", "skips", to=0)), "skips of 2": ("greedy", put("budget", "rules", "skips", to=2)),
    "a threshold": ("greedy", put("budget", "rules", "threshold", to=1)), "by votes per cost": ("greedy", put("budget", "rules", "order", to="votes-per-cost")),
    "an unknown order": ("greedy", put("budget", "rules", "order", to="luck")), "an unknown rule": ("greedy", put("budget", "rules", "rule", to="luck")),
    "a share for greedy": ("greedy", put("budget", "rules", "share", to="marks")), "weights for greedy": ("greedy", put("budget", "rules", "weights", to={"residents": "1"})),
    "a fill for greedy": ("greedy", put("budget", "rules", "fill", to="greedy")), "a completion for greedy": ("greedy", put("budget", "rules", "completion", to="add1")),
    "a utility for greedy": ("greedy", put("budget", "rules", "utility", to="cardinality")), "a committee for greedy": ("greedy", put("budget", "committee", to={"ballots": 1, "votes": [0] * 6})),
    "fewer exclusions": ("greedy with exclusions", put("budget", "exclusions", to=[[1, 2]])), "no exclusions": ("greedy with exclusions", drop("budget", "exclusions")),
    "an exclusion of one": ("greedy with exclusions", put("budget", "exclusions", 0, to=[1])), "an exclusion twice": ("greedy with exclusions", put("budget", "exclusions", 0, to=[1, 1])),
    "an exclusion of nobody": ("greedy with exclusions", put("budget", "exclusions", 0, to=[1, 7])),
    "by ballots": ("weighted by marks", put("budget", "rules", "share", to="ballots")), "by marks": ("weighted by ballots", put("budget", "rules", "share", to="marks")),
    "a share of another kind": ("weighted by marks", put("budget", "rules", "share", to="voters")), "no share": ("weighted by marks", drop("budget", "rules", "share")),
    "a heavier committee": ("weighted by marks", put("budget", "rules", "weights", to={"committee": "2", "residents": "1"})),
    "a weight unreduced": ("weighted by marks", put("budget", "rules", "weights", "committee", to="2/4")),
    "a weight as a decimal": ("weighted by marks", put("budget", "rules", "weights", "committee", to="0.5")),
    "a weight of nothing": ("weighted, residents alone", put("budget", "rules", "weights", to={"residents": "0"})),
    "a weight divided by nothing": ("weighted by marks", put("budget", "rules", "weights", "committee", to="1/0")),
    "no weights": ("weighted by marks", put("budget", "rules", "weights", to={})), "a weight for the mayor": ("weighted by marks", put("budget", "rules", "weights", "mayor", to="1")),
    "weighted by votes per cost": ("weighted by marks", put("budget", "rules", "order", to="votes-per-cost")),
    "no committee": ("weighted by marks", drop("budget", "committee")), "another committee vote": ("weighted by marks", put("budget", "committee", "votes", 1, to=3)),
    "more committee votes than members": ("weighted by marks", put("budget", "committee", "votes", 0, to=8)), "a committee vote gone": ("weighted by marks", lambda told: told["budget"]["committee"]["votes"].pop()),
    "a committee that needs a weight": ("weighted, residents alone", put("budget", "rules", "weights", to={"committee": "1"})),
    "no completion": ("equal shares of all to see", put("budget", "rules", "completion", to="none")), "another completion": ("equal shares of all to see", put("budget", "rules", "completion", to="add1-until-infeasible")),
    "an unknown completion": ("equal shares", put("budget", "rules", "completion", to="add2")), "no fill": ("equal shares of all to see", put("budget", "rules", "fill", to="none")),
    "another utility": ("equal shares of all to see", put("budget", "rules", "utility", to="cardinality")), "another step": ("equal shares of all to see", put("budget", "rules", "step", to="2")),
    "a step of nothing": ("equal shares", put("budget", "rules", "step", to="0")), "a step with a zero": ("equal shares", put("budget", "rules", "step", to="01")),
    "a step that is a number": ("equal shares", put("budget", "rules", "step", to=1)), "a step below nothing": ("equal shares", put("budget", "rules", "step", to="-1")),
    "a budget of points": ("greedy", put("rule", "kind", to="points")),
}
"""Each is published as the definition of a vote that was held, logged and counted by the true one."""
