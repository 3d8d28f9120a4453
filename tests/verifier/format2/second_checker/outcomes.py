"""Totals, winners and the outcome of a record, counted again."""

from collections import Counter

from .contents import Contents
from .elections import Election, Told
from .encodings import ANY_OBJECT, N, One, STRING, TEXT, Whole, canonical, is_whole, need, rising, shape


class Record(Contents):
    """A whole record: the contents, then what was counted from them."""


    # ------------------------------------------------------------ section 4: what must add up

    def check_sums(self):
        member, result, alarms = "result.json", self.result, self.json["alarms.json"]
        rows, turnout, paper, desks = result["rows"], result["turnout"], result["paper"], result["desks"]
        everybody = self.roll + self.additions
        on_paper = rows["paper_issued"] + rows["paper_returned"]
        need(result["ballots"] == len(self.live) + sum(f["counted"] for f in self.batches), member,
             "`ballots` is not the live ballots and the counted papers")
        self.check_totals()
        need(rows["online"] + rows["assisted"] == len(self.live), member,
             "online and assisted rows are not the live ballots")
        need(sum(rows.values()) <= len(everybody), member, "there are more `rows` than the roll has")
        for name in ("online", "assisted", "damaged", "missing"):
            need(turnout[name] == rows[name], member, f"`turnout.{name}` is not that of `rows`")
        need(rows["paper_returned"] <= turnout["paper_returned"] <= on_paper, member,
             "`turnout.paper_returned` is not between the papers returned and all papers")
        total = sum(turnout[n] for n in ("online", "assisted", "damaged", "missing", "paper_returned"))
        need(turnout["total"] == total == sum(took for _, took in everybody), member,
             "`turnout.total` is not the sum, or not those marked 1 on the roll")
        need(turnout["roll"] == len(everybody), member, "`turnout.roll` is not the lines of the roll")
        for name in ("counted", "invalid"):
            need(paper[name] == sum(f[name] for f in self.batches), member,
                 f"`paper.{name}` is not that of the batches")
        back = paper["counted"] + paper["invalid"]
        need(paper["issued"] == back + paper["spoiled"] + paper["taken_back"] + paper["unreturned"]
             == sum(d["issued"] for d in desks), member, "the papers issued do not add up")
        need(all(d["withdrawn"] <= d["issued"] for d in desks), member, "a desk withdrew more than it issued")
        out, unclear = on_paper - turnout["paper_returned"], rows["damaged"] + rows["missing"]
        need(out - alarms["sheets"] <= paper["unreturned"] <= out + unclear + alarms["sheets"], member,
             "`paper.unreturned` does not go with the rows")
        need(rows["paper_taken_back"] <= paper["taken_back"] + alarms["sheets"], member,
             "`rows.paper_taken_back` is more than `paper.taken_back` allows")
        if "breakdown" in result:
            self.check_breakdown(result["breakdown"]["cells"], turnout)

    def check_breakdown(self, cells, turnout):
        member = "result.json"
        need(cells, member, "the breakdown has no cell")
        for cell in cells:
            extra = {"hidden": One(1)} if "hidden" in cell else {"voted": Whole(10)}
            shape(cell, {"name": TEXT, "roll": N} | extra, member, "a cell of the breakdown")
            need("hidden" in cell or cell["voted"] <= cell["roll"], member, "in a cell more voted than its roll has")
        need(len({c["name"] for c in cells}) == len(cells), member, "a cell of the breakdown stands twice")
        need(sum(c["roll"] for c in cells) == turnout["roll"], member, "the rolls of the breakdown do not add up")
        hidden = [c for c in cells if "hidden" in c]
        voters = turnout["total"] - sum(c["voted"] for c in cells if "voted" in c)
        need(0 <= voters <= sum(c["roll"] for c in hidden), member,
             "the hidden cells have an impossible number of voters")
        if hidden and len(hidden) < len(cells):
            need(len(hidden) >= 2 and voters >= 10, member,
                 "the hidden cells are fewer than two or have fewer than ten voters")

    def check_totals(self):
        """Totals counted from the choices, or at least possible; leaves self.totals (None if unknown)."""
        member, result, rule = "result.json", self.result, self.box["rule"]
        if self.with_choices:
            need(sum(self.choices.values()) == result["ballots"], member, "`ballots` is not what was counted")
            self.blank, self.totals = self.choices[None], []
            for i in range(self.options):
                column = Counter()
                for choice, times in self.choices.items():
                    if choice is not None:
                        column[choice[i]] += times
                weight = sum(value * times for value, times in column.items())
                self.totals.append({"approval": {"option": i + 1, "votes": weight},
                                    "points": {"option": i + 1, "points": weight},
                                    "yes_no": {"option": i + 1, "yes": column[1], "no": column[2], "blank": column[3]}
                                    }[self.kind])
            if not self.small:
                need(result["blank"] == self.blank, member, "`blank` is not what was counted")
                need(result["totals"] == self.totals, member, "`totals` are not what was counted")
            return
        self.totals = None
        if self.small:
            return
        need(result["blank"] <= result["ballots"], member, "`blank` is above `ballots`")
        self.blank, self.totals = result["blank"], result["totals"]
        v = result["ballots"] - self.blank
        impossible = "`totals` are not possible with so many ballots"
        if self.kind == "yes_no":
            need(all(t["yes"] + t["no"] + t["blank"] == v for t in self.totals), member, impossible)
            return
        votes = self.votes()
        low = rule["limit"] * v if "exactly" in rule else v
        need(low <= sum(votes) <= rule["limit"] * v, member, impossible)
        if self.kind == "approval":
            need(all(x <= v for x in votes), member, impossible)
            for group in rule.get("groups", []):
                need(group["min"] * v <= sum(votes[i - 1] for i in group["options"]) <= group["max"] * v, member,
                     impossible)
            if "money" in rule:
                need(sum(x * c for x, c in zip(votes, rule["money"]["costs"])) <= rule["money"]["limit"] * v, member,
                     impossible)

    def votes(self):
        return [t["votes" if self.kind == "approval" else "points"] for t in self.totals]

    # ------------------------------------------------------------ section 4a: the outcome

    def check_outcome(self):
        if "budget" in self.box:
            self.check_budget_outcome()
        else:
            self.check_poll()

    def need_draw(self, tied):
        if "draw" in self.box:
            need(bool(tied) == (self.lots is not None), "draw.json",
                 "a draw must stand there exactly when the count met a tie that needs one")

    def check_poll(self):
        member, outcome, winners = "result.json", self.result["outcome"], self.box["winners"]
        expected, reached = {"kind": "poll"}, self.quorum_reached()
        told = reached or "missed" in self.box.get("quorum", {})
        if "quorum" in self.box:
            expected["quorum"] = int(reached)
        if self.totals is None:
            shape(outcome, {"kind": One("poll"), "selected": [Whole(1, self.options)]}
                  | ({"quorum": One(expected["quorum"])} if "quorum" in expected else {}), member, "`outcome`")
            selected = outcome["selected"]
            need(rising(selected), member, "`selected` does not ascend")
            most = {"none": 0, "most": winners.get("seats"), "yes": self.options}[winners["kind"]] if told else 0
            need(len(selected) <= most, member, "`selected` has more than can be selected")
            self.notes.append("Without choices and totals the winners could not be recounted.")
            return
        selected, tied = self.poll_winners(told)
        self.need_draw(tied)
        if self.small:
            selected.sort()
        elif tied:
            expected["tied"] = tied
        expected["selected"] = selected
        need(outcome == expected, member, "`outcome` is not what was counted")

    def quorum_reached(self):
        quorum, turnout = self.box.get("quorum"), self.result["turnout"]
        if quorum is None:
            return True
        if quorum["kind"] == "min_voters":
            return turnout["total"] >= quorum["value"]
        if quorum["kind"] == "per_mille":
            return turnout["total"] * 1000 >= quorum["value"] * quorum["of"]["number"]
        return turnout["total"] * 100 >= quorum["value"] * turnout["roll"]

    def poll_winners(self, reached):
        """The selected options and those that were tied."""
        winners, selected, tied = self.box["winners"], [], []
        if reached and winners["kind"] == "yes":
            selected = [t["option"] for t in self.totals if t["yes"] > t["no"]]
        elif reached and winners["kind"] == "most":
            votes, seats = dict(enumerate(self.votes(), 1)), winners["seats"]
            order = sorted((i for i in votes if votes[i]), key=lambda i: (-votes[i], i))
            selected = order[:seats]
            if len(order) > seats and votes[order[seats - 1]] == votes[order[seats]]:
                level = votes[order[seats]]
                tied = [i for i in order if votes[i] == level]
                if self.lots:
                    tied.sort(key=self.lots.get)
                selected = ([i for i in order if votes[i] > level] + tied)[:seats]
        return selected, tied

    def check_budget_outcome(self):
        member, outcome, budget = "result.json", self.result["outcome"], self.box["budget"]
        codes = {o["code"]: o for o in self.box["options"]}
        quorum = {"quorum": One(int(self.quorum_reached()))} if "quorum" in self.box else {}
        if quorum and not self.quorum_reached() and "missed" not in self.box["quorum"]:
            self.need_draw([])
            need(outcome == {"kind": "budget", "quorum": 0, "selected": []}, member, "`outcome` decides something")
            return
        if self.small:
            shape(outcome, {"kind": One("budget"), "selected": [One(*codes)]} | quorum, member, "`outcome`")
            need(rising(outcome["selected"]), member, "`selected` does not ascend")
            if self.totals is None:
                need(sum(codes[c]["cost"] for c in outcome["selected"]) <= budget["amount"], member,
                     "the selected projects cost more than the amount")
                self.notes.append("Without choices and totals the budget could not be recounted.")
                return
        election = Election(self)
        rules = budget["rules"]
        if self.small:
            count = election.count(rules)
            self.need_draw(count.needs_draw)
            need(outcome["selected"] == sorted(count.selected), member, "`selected` is not what was counted")
            return
        shape(outcome, quorum | {"count": ANY_OBJECT, "kind": One("budget"), "others": ANY_OBJECT,
                                 "hidden?": [One(*codes)]}, member, "`outcome`")
        others = election.other_rules(rules)
        need(set(outcome["others"]) == set(others), member, "`others` does not have the names that it should have")
        if rules["rule"] == "equal-shares" and not self.with_choices:
            self.shape_uncounted(outcome["count"], election)
            count = election.count(rules, Told(outcome["count"], election))
            self.notes.append("Equal shares could not be recounted without choices.")
        else:
            count = election.count(rules)
        self.need_draw(count.needs_draw)
        expected, hidden = election.write(count), []
        if rules["rule"] == "equal-shares" and self.box["publishes"] == "totals":
            hidden = election.hide(expected)
        need(outcome.get("hidden") == (hidden or None), member, "`hidden` of `outcome` is not what was counted")
        self.compare(outcome["count"], expected, election, count.selected, "`count`")
        for name, other in others.items():
            given = outcome["others"][name]
            shape(given, {"cost": STRING, "rules": ANY_OBJECT, "selected": [One(*codes)],
                          "voters_with_a_funded_choice": N}, member, f"`others.{name}`")
            need(given["rules"] == other, member, f"`rules` of `others.{name}` are others")
            if other["rule"] == "equal-shares" and not self.with_choices:
                self.check_bounds(given, election, f"`others.{name}`")
                continue
            count = election.count(other)
            expected = {n: v for n, v in election.write(count).items() if n in given}
            self.compare(given, expected, election, count.selected, f"`others.{name}`")

    def compare(self, given, expected, election, selected, what):
        """Name for name; without choices the voters with a funded choice are only bounded."""
        member = "result.json"
        need(set(given) == set(expected), member, f"{what} does not have exactly its names")
        for name in sorted(expected):
            if name == "voters_with_a_funded_choice" and not self.with_choices:
                self.check_reach(given, election, selected, what)
            else:
                need(canonical(given[name]) == canonical(expected[name]), member,
                     f"`{name}` of {what} is not what was counted")

    def check_reach(self, given, election, selected, what):
        member, voters, v = "result.json", given["voters_with_a_funded_choice"], self.result["ballots"] - self.blank
        votes, rule = [election.by_code[c].votes for c in selected], self.box["rule"]
        others = sum(p.votes for p in election.projects) - sum(votes)
        low = max([0] + votes)
        while low * rule["limit"] < sum(votes) or (v - low) * (rule["limit"] if "exactly" in rule else 1) > others:
            low += 1
        need(is_whole(voters, low, min(v, sum(votes))), member,
             f"`voters_with_a_funded_choice` of {what} is not possible")

    def check_bounds(self, given, election, what):
        """Check of equal shares in `others`, as far as it goes without choices."""
        member = "result.json"
        shape(given["selected"], [One(*election.by_code)], member, f"`selected` of {what}")
        selected = [election.by_code[c] for c in given["selected"]]
        possible = [p for p in election.projects if p.votes and p.votes >= given["rules"]["threshold"]]
        need(len(set(given["selected"])) == len(selected), member, f"`selected` of {what} names a project twice")
        need(all(p in possible for p in selected), member,
             f"{what} funds a project without votes or below the threshold")
        need(not any(q.number in p.excludes for p in selected for q in selected), member,
             f"{what} funds projects that exclude one another")
        cost = sum(p.cost for p in selected)
        need(given["cost"] == str(cost) and cost <= election.amount, member,
             f"`cost` of {what} is not the sum or above the amount")
        gifts = [p for p, _ in election.gifts(possible)]
        need(selected[:len(gifts)] == gifts, member, f"{what} does not begin with the projects of cost 0")
        for p in possible:
            need(p in selected or p.cost > election.amount - cost or election.excluder(p, selected), member,
                 f"{what} leaves out {p.code}, which the fill would fund")
        self.check_reach(given, election, given["selected"], what)
        note = "Equal shares could not be recounted without choices."
        if note not in self.notes:
            self.notes.append(note)

    def shape_uncounted(self, count, election):
        """The forms in the `count` of equal shares from which something is taken."""
        member, code = "result.json", One(*election.by_code)
        names = {"not_selected": [{"project": code, "*": 0}], "rounds": [{"project": code, "*": 0}],
                 "ties": [{"stage": One("equal-shares", "fill"), "projects": [code], "round?": N, "*": 0}]}
        if election.rules["completion"] != "none":
            names["steps"] = N
        shape(count, names | {"*": 0}, member, "`count`")
        lines = [line["project"] for line in count["rounds"] + count["not_selected"]]
        need(sorted(lines) == sorted(election.by_code), member, "not every project has one line")
