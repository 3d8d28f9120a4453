"""The election of projects."""

import re
from fractions import Fraction

from .encodings import STRING, Whole, exact, need, read_exact, rising, shape


# ---------------------------------------------------------------- the election of projects

class Project:
    def __init__(self, number, option, votes):
        self.number, self.code, self.cost, self.votes = number, option["code"], option["cost"], votes
        self.excludes = set()

    def line(self, **more):
        return {"project": self.code, "cost": str(self.cost), "votes": str(self.votes)} | more


class Voters:
    """All voters with the same marks; they always hold the same."""

    def __init__(self, marks, times):
        self.marks, self.times, self.holds = marks, times, Fraction(0)


class Count:
    def __init__(self):
        self.rounds, self.not_selected, self.ties, self.extra = [], [], [], {}
        self.funded = []

    @property
    def selected(self):
        return [p.code for p in self.funded]

    @property
    def needs_draw(self):
        return any({"lot", "id"} & set(tie["decided_by"]) for tie in self.ties)


class Election:
    def __init__(self, record):
        box, budget = record.box, record.box["budget"]
        self.amount, self.rules, self.committee = budget["amount"], budget["rules"], budget.get("committee")
        self.n, self.lots = record.result["ballots"], record.lots
        self.blank = record.result.get("blank", 0)
        self.projects = [Project(o["number"], o, v) for o, v in zip(box["options"], record.votes())]
        self.by_code = {p.code: p for p in self.projects}
        for group in budget.get("exclusions", []):
            for number in group:
                self.projects[number - 1].excludes |= set(group) - {number}
        self.groups = None
        if record.with_choices:
            self.groups = [Voters({i for i, value in enumerate(choice, 1) if value}, times)
                           for choice, times in record.choices.items() if choice is not None]

    # ------------------------------------------------------------ ties, score

    def tie_key(self, p):
        return p.cost, -p.votes, self.lots[p.number] if self.lots else p.code

    def tie(self, projects, **where):
        """Notes for a tie of projects in the order decided."""
        told = set()
        for a, b in zip(projects, projects[1:]):
            if a.cost != b.cost:
                told.add("cost")
            elif a.votes != b.votes:
                told.add("votes")
            else:
                told.add("lot" if self.lots else "id")
        return {"decided_by": [name for name in ("cost", "votes", "lot", "id") if name in told],
                "projects": [p.code for p in projects]} | where

    def share(self, p, body, kind):
        if body == "residents":
            votes, ballots = [q.votes for q in self.projects], self.n
        elif self.committee:
            votes, ballots = self.committee["votes"], self.committee["ballots"]
        else:
            return Fraction(0)
        below = sum(votes) if kind == "marks" else ballots
        return Fraction(votes[p.number - 1], below) if below else Fraction(0)

    def score(self, p, rules):
        if rules["rule"] != "weighted":
            return Fraction(p.votes)
        return sum(read_exact(weight) * self.share(p, body, rules["share"]) for body,
                   weight in rules["weights"].items())

    def excluder(self, p, funded):
        return next((q for q in funded if q.number in p.excludes), None)

    # ------------------------------------------------------------ counting

    def count(self, rules, told=None):
        count = Count()
        scores = {p: self.score(p, rules) for p in self.projects}
        weighted = rules["rule"] == "weighted"
        stay, out = [], []
        for p in self.projects:
            more = {"score": exact(scores[p])} if weighted else {}
            if scores[p] == 0:
                out.append((p, p.line(reason="no_votes", **more)))
            elif p.votes < rules["threshold"]:
                out.append((p, p.line(reason="below_threshold", threshold=rules["threshold"], **more)))
            else:
                stay.append(p)
        count.money = self.amount
        if rules["rule"] == "equal-shares":
            self.equal_shares(count, rules, stay, told)
        else:
            for p, line in self.go_down(count, rules, stay, scores, "greedy"):
                if weighted:
                    line["score"] = exact(scores[p])
                if line["reason"] is None:
                    self.fund(count, p, line)
                else:
                    count.not_selected.append(line)
        out.sort(key=lambda item: (-scores[item[0]], self.tie_key(item[0])))
        count.not_selected += [line for _, line in out]
        count.rules = rules
        if weighted:
            bodies = ["residents"] + (["committee"] if self.committee else [])
            count.extra["parts"] = {p.code: {b: exact(self.share(p, b, rules["share"])) for b in bodies}
                                    for p in self.projects}
        return count

    def fund(self, count, p, line):
        line.pop("reason", None)
        line |= {"round": len(count.rounds) + 1, "left_before": str(count.money),
                 "left_after": str(count.money - p.cost)}
        line.pop("left", None)
        count.money -= p.cost
        count.rounds.append(line)
        count.funded.append(p)

    def go_down(self, count, rules, projects, scores, stage):
        """Yields (project, line) in order of rank; `reason` None means: fund it now."""
        def worth(p):
            if rules["order"] == "votes":
                return 0, scores[p]
            return (1, Fraction(0)) if p.cost == 0 else (0, scores[p] / p.cost)

        keys = {p: worth(p) for p in projects}
        order = sorted(projects, key=lambda p: (-keys[p][0], -keys[p][1], self.tie_key(p)))
        start = 0
        for end in range(1, len(order) + 1):
            if end == len(order) or keys[order[end]] != keys[order[start]]:
                if end - start > 1:
                    count.ties.append(self.tie(order[start:end], stage=stage, rank=start + 1))
                start = end
        stop = None
        for rank, p in enumerate(order, 1):
            by = self.excluder(p, count.funded)
            if stop:
                yield p, p.line(rank=rank, reason="stopped", by=stop[0].code, by_rank=stop[1])
            elif by:
                yield p, p.line(rank=rank, reason="excluded", by=by.code, left=str(count.money))
            elif p.cost > count.money:
                yield p, p.line(rank=rank, reason="did_not_fit", left=str(count.money))
                if not rules["skips"]:
                    stop = p, rank
            else:
                yield p, p.line(rank=rank, reason=None, stage=stage)

    # ------------------------------------------------------------ equal shares

    def equal_shares(self, count, rules, stay, told):
        share = Fraction(self.amount, self.n) if self.n else Fraction(0)
        if told:
            steps = told.count["steps"] if rules["completion"] != "none" else 0
            share += steps * read_exact(rules["step"])
            run = told.run(rules, stay, share)
            ending = self.ending(rules, stay, run) or "infeasible"
        else:
            run, steps, ending = self.run(rules, stay, share), 0, None
        while rules["completion"] != "none" and not ending:
            ending = self.ending(rules, stay, run)
            following = None if ending else self.run(rules, stay, share + read_exact(rules["step"]))
            if following and following.cost <= self.amount:
                run, share, steps = following, share + read_exact(rules["step"]), steps + 1
            else:
                ending = ending or "infeasible"
        count.extra["share"] = exact(share)
        if rules["completion"] != "none":
            count.extra |= {"steps": steps, "ending": ending}
        count.ties += run.ties
        for p, q in zip(run.funded, run.prices):
            line = p.line(stage="equal-shares")
            if q is not None:
                effective = Fraction(p.cost) / q if q else p.votes
                line |= {"payment_per_supporter": exact(q), "effective_votes": exact(effective)}
            self.fund(count, p, line)
        unfunded = told.unfunded if told else self.unfunded
        lines = {p: None for p in stay if p not in run.funded}
        if rules["fill"] == "greedy":
            votes = {p: Fraction(p.votes) for p in lines}
            for p, line in self.go_down(count, rules, list(lines), votes, "fill"):
                if line["reason"] is None:
                    self.fund(count, p, line)
                    del lines[p]
                    continue
                lines[p] = old = unfunded(p, run, share)
                if line["reason"] == "excluded":
                    lines[p] = old = p.line(reason="excluded", by=line["by"], held_at_start=old["held_at_start"])
                old["fill_rank"] = line["rank"]
                if line["reason"] == "stopped":
                    old["fill_stopped_by"] = line["by"]
                else:
                    old["fill_left"] = line["left"]
        count.not_selected += [lines[p] or unfunded(p, run, share) for p in sorted(
            lines, key=lambda p: (-p.votes, self.tie_key(p)))]

    def ending(self, rules, stay, run):
        """`all_funded` or `exhausted`, or None where the shares would grow on."""
        left = [p for p in stay if p not in run.funded and not self.excluder(p, run.funded)]
        if not left:
            return "all_funded"
        spare = self.amount - sum(p.cost for p in run.funded)
        return "exhausted" if rules["completion"] == "add1" and all(p.cost > spare for p in left) else None

    def gifts(self, stay):
        """The projects of cost 0 that are funded, each with those tied with it."""
        there = sorted((p for p in stay if p.cost == 0), key=self.tie_key)
        while there:
            p, rest = there[0], there[1:]
            yield p, [q for q in rest if q.votes == p.votes]
            there = [q for q in rest if q.number not in p.excludes]

    def run(self, rules, stay, share):
        """One run of equal shares in which every voter holds `share`."""
        run = Count()
        run.prices, run.paid, run.cost = [], [], 0
        for group in self.groups:
            group.holds = share
        for p, same in self.gifts(stay):
            if same:
                run.ties.append(self.tie([p] + same, stage="equal-shares", round=len(run.funded) + 1))
            run.funded.append(p)
            run.prices.append(Fraction(0))
        supporters = {p: [g for g in self.groups if p.number in g.marks] for p in stay}
        there = [p for p in stay if p.cost > 0]
        while True:
            prices = {}
            for p in there:
                q = None if self.excluder(p, run.funded) else price(p.cost, supporters[p])
                if q is not None:
                    prices[p] = q
            if not prices:
                return run
            if rules["utility"] == "cost":
                worth = {p: p.cost / q for p, q in prices.items()}
            else:
                worth = {p: -q for p, q in prices.items()}
            best = max(worth.values())
            equals = sorted((p for p in prices if worth[p] == best), key=self.tie_key)
            if len(equals) > 1:
                run.ties.append(self.tie(equals, stage="equal-shares", round=len(run.funded) + 1))
            p = equals[0]
            payments = {}
            for group in supporters[p]:
                payments[group] = min(group.holds, prices[p])
                group.holds -= payments[group]
            run.funded.append(p)
            run.prices.append(prices[p])
            run.paid.append((p, payments))
            run.cost += p.cost
            there = [q for q in prices if q is not p]

    def unfunded(self, p, run, share):
        """The line of a project that this run of equal shares did not fund."""
        held = share * p.votes
        line = p.line(held_at_start=exact(held))
        if held < p.cost:
            return line | {"reason": "never_enough"}
        zero = len(run.funded) - len(run.paid)
        spent, found = [], None
        for j, (q, payments) in enumerate(run.paid, 1):
            amount = sum(payment * group.times for group, payment in payments.items() if p.number in group.marks)
            if amount:
                spent.append({"project": q.code, "amount": exact(amount)})
            held -= amount
            if held < p.cost:
                found = j
                break
        by = self.excluder(p, run.funded)
        if by and (found is None or run.funded.index(by) < zero + found):
            return line | {"reason": "excluded", "by": by.code}
        line |= {"reason": "within_reach_until_round", "round": zero + found, "left": exact(held)}
        return line | ({"spent_on": spent} if spent else {})

    # ------------------------------------------------------------ writing it down

    def write(self, count):
        selected = {p.number for p in count.funded}
        reached = None if self.groups is None else sum(g.times for g in self.groups if g.marks & selected)
        return {"budget": str(self.amount), "cost": str(sum(p.cost for p in count.funded)),
                "not_selected": count.not_selected, "rounds": count.rounds, "rule": count.rules["rule"],
                "rules": count.rules, "selected": count.selected, "ties": count.ties, "voters": self.n,
                "voters_with_a_funded_choice": reached} | count.extra

    def hide(self, written):
        """Takes out of the lines what would tell of fewer than 10 voters; gives the codes."""
        kept = {"project", "stage", "cost", "votes", "left_before", "left_after", "rank", "reason", "fill_rank",
                "fill_left", "fill_stopped_by"}
        hidden = []
        for name in ("rounds", "not_selected"):
            for place, line in enumerate(written[name]):
                if int(line["votes"]) < 10 and (line.get("stage") == "equal-shares"
                                                or line.get("reason") == "within_reach_until_round"):
                    hidden.append(line["project"])
                    written[name][place] = {n: v for n, v in line.items()
                                            if n in kept or n == "round" and "stage" in line}
        return sorted(hidden)

    def other_rules(self, rules):
        plain = {"completion": "none", "fill": "none", "order": "votes", "skips": rules["skips"], "step": "1",
                 "threshold": rules["threshold"], "utility": "cost", "weights": {}}
        greedy = plain | {"rule": "greedy"}
        if rules["rule"] == "equal-shares":
            return {"greedy": greedy}
        step = 100 * max(1, -(-self.amount // (self.n * 10_000))) if self.n else 100
        others = {"equal-shares": plain | {"rule": "equal-shares", "skips": 1, "completion": "add1", "fill": "greedy",
                                           "step": str(step)}}
        if rules["rule"] == "weighted":
            share = "ballots" if rules["share"] == "marks" else "marks"
            others |= {"greedy": greedy, share: rules | {"share": share},
                       "residents": rules | {"weights": {"residents": "1"}}}
            if self.committee:
                others["committee"] = rules | {"weights": {"committee": "1"}}
        return others


class Told:
    """A run of equal shares as a record without choices tells it."""

    def __init__(self, count, election):
        self.count, self.election = count, election
        self.lines = {line["project"]: line for line in count["rounds"] + count["not_selected"]}

    def possible(self, holds, p, what):
        need(holds, "result.json", f"{what} of {p.code} cannot come from any ballots")

    def number(self, text, p):
        need(isinstance(text, str) and re.fullmatch(r"[0-9]+(\.[0-9]+|/[1-9][0-9]*)?", text), "result.json",
             f"an exact number in the line of {p.code} is none")
        return Fraction(text)

    def run(self, rules, stay, share):
        run, election = Count(), self.election
        run.prices, run.cost = [], 0
        for p, same in election.gifts(stay):
            if same:
                run.ties.append(election.tie([p] + same, stage="equal-shares", round=len(run.funded) + 1))
            run.funded.append(p)
            run.prices.append(Fraction(0))
        self.gifts = len(run.funded)
        codes = [line["project"] for line in self.count["rounds"] if line.get("stage") == "equal-shares"]
        ties = {tie.get("round"): tie["projects"] for tie in self.count["ties"] if tie["stage"] == "equal-shares"}
        cardinality, best = rules["utility"] == "cardinality", None
        for code in codes[self.gifts:]:
            p = election.by_code[code]
            there = [q for q in stay if q.cost and q.votes * share >= q.cost and q not in run.funded
                     and not election.excluder(q, run.funded)]
            self.possible(p in there, p, "the round")
            equals = [election.by_code[c] for c in ties.get(len(run.funded) + 1, [code])]
            q = None
            if best is None:
                worth = {r: Fraction(r.votes, r.cost) if cardinality else Fraction(r.votes) for r in there}
                best, q = max(worth.values()), Fraction(p.cost, p.votes)
                self.possible(sorted(equals, key=election.tie_key) == sorted(
                    (r for r in there if worth[r] == best), key=election.tie_key), p, "the first paid round")
            elif p.votes >= 10:
                q = self.number(self.lines[code].get("payment_per_supporter"), p)
                self.possible(Fraction(p.cost, p.votes) <= q <= share, p, "the price")
                worth = 1 / q if cardinality else p.cost / q
                self.possible(worth <= best, p, "the value")
                best = worth
                for r in equals:
                    mine = q if cardinality else r.cost / worth
                    self.possible(r.cost <= mine * r.votes and mine <= share, r, "the tie")
            else:
                highest = [Fraction(r.votes, r.cost) if cardinality else Fraction(r.votes) for r in equals]
                lowest = [1 / share if cardinality else r.cost / share for r in equals]
                best = min([best, *highest])
                self.possible(max(lowest) <= best, p, "the hidden round")
            self.possible(set(equals) <= set(there) and len(set(equals)) == len(equals)
                          and min(equals, key=election.tie_key, default=None) is p, p, "the tie")
            if len(equals) > 1:
                equals.sort(key=election.tie_key)
                run.ties.append(election.tie(equals, stage="equal-shares", round=len(run.funded) + 1))
            run.funded.append(p)
            run.prices.append(q)
        spent, held = sum(p.cost for p in run.funded), share * (election.n - election.blank)
        if spent > min(held, election.amount):
            self.possible(False, run.funded[-1], "the cost")
        if best is None:
            for p in stay:
                self.possible(not p.cost or p.votes * share < p.cost or election.excluder(p, run.funded), p, "no round")
        return run

    def unfunded(self, p, run, share):
        line, given, held = p.line(held_at_start=exact(share * p.votes)), self.lines[p.code], share * p.votes
        if held < p.cost:
            return line | {"reason": "never_enough"}
        by = self.election.excluder(p, run.funded)
        end = run.funded.index(by) if by else len(run.funded)
        if by and end <= self.gifts or given.get("reason") == "excluded":
            return line | {"reason": "excluded", "by": by.code if by else None}
        line["reason"] = "within_reach_until_round"
        if p.votes < 10:
            return line
        shape(given, {"round": Whole(self.gifts + 1, end), "spent_on": [{"amount": STRING, "project": STRING}],
                      "*": 0}, "result.json", f"the line of {p.code}")
        self.possible(given["spent_on"], p, "`spent_on`")
        places, rest, before = [], held, held
        for payment in given["spent_on"]:
            other, amount = self.election.by_code.get(payment["project"]), self.number(payment["amount"], p)
            self.possible(other in run.funded, p, "`spent_on`")
            places.append(run.funded.index(other))
            q = run.prices[places[-1]]
            most = min(Fraction(other.cost), (share if q is None else q) * min(other.votes, p.votes))
            self.possible(places[-1] >= self.gifts and 0 < amount <= most, p, "an amount")
            before, rest = rest, rest - amount
        self.possible(rising(places) and places[-1] + 1 == given["round"], p, "`spent_on`")
        self.possible(0 <= rest < p.cost <= before, p, "`left`")
        return line | {"round": given["round"], "left": exact(rest), "spent_on": [
            {"amount": exact(self.number(payment["amount"], p)), "project": payment["project"]}
            for payment in given["spent_on"]]}


def price(cost, supporters):
    """The smallest q with which the supporters pay `cost` together, or None where they hold less."""
    rest, heads = Fraction(cost), sum(g.times for g in supporters)
    for group in sorted(supporters, key=lambda g: g.holds):
        if group.holds * heads >= rest:
            return rest / heads
        rest -= group.holds * group.times
        heads -= group.times
    return None
