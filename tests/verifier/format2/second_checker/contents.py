"""Members of a record held against one another, before anything is counted."""

import re
from collections import Counter
from datetime import datetime, timezone

from .encodings import (
    ANY_OBJECT, EXACT, H, H32, Hex, INSTANT, MEMBERS, N, One, STRING, TEXT, U32, Whole, ZERO32, b4, b8, canonical,
    frame, instant, is_hex, need, read_exact, read_json, read_lines, read_zip, rising, sha, shape)
from .signatures import PublicKey, consistency, leaf_hash, tree_root


# ---------------------------------------------------------------- the draw

def lottery_after(seconds):
    first = int(datetime(2002, 12, 7, 11, 35, tzinfo=timezone.utc).timestamp())
    return max(1, (seconds - first) // (7 * 86400) + 2)


def lottery_held(number):
    return int(datetime(2002, 12, 7, 11, 35, tzinfo=timezone.utc).timestamp()) + (number - 1) * 7 * 86400


def acts_of(count):
    return Counter({(act["kind"], act["desk"]): act["number"] for act in count.get("acts", [])})


def replace(positions, change):
    positions.remove(change["leaves"])
    positions.append(change["comes"])


def draw_order(root, draw, options):
    """Option number → place in the order of the draw."""
    order = sorted(range(1, options + 1), key=lambda number: H("lot/2", root, draw, b4(number)))
    return {number: place for place, number in enumerate(order)}


# ---------------------------------------------------------------- the record

class Contents:
    def __init__(self, data):
        self.notes = []
        self.blob, self.members = read_zip(data)
        self.json = {}
        for name in MEMBERS:
            optional = name in ("additions.txt", "choices.txt", "paper-choices.json", "confirmations.json")
            need(optional or name in self.members, name, "the member is missing")
            if name in self.members and name.endswith(".json"):
                self.json[name] = read_json(self.members[name], name)
        self.check_manifest()
        self.check_box()
        self.check_key()
        self.check_edition()
        self.check_signatures()
        self.check_result_shape()
        self.check_entries()
        self.check_heads()
        self.check_roll_and_counts()
        self.check_live()
        self.check_choices()
        self.check_paper()
        self.check_objections()
        self.check_alarms()
        self.check_draw()
        self.check_confirmations()
        self.check_sums()
        self.check_outcome()

    # ------------------------------------------------------------ manifest.json, editions, signatures.json

    def check_manifest(self):
        member, manifest = "manifest.json", self.json["manifest.json"]
        shape(manifest, {"edition": One("totals", "choices"), "format": One(2, 3), "members": ANY_OBJECT,
                         "public_sha256?": H32}, member)
        self.version = manifest["format"]
        need(("confirmations.json" in self.members) == (self.version == 3), "confirmations.json",
             "it must stand in format 3 and only there")
        expected = {name: sha(data).hex() for name, data in self.members.items()
                    if name not in ("manifest.json", "signatures.json")}
        need(set(manifest["members"]) == set(expected), member, "`members` does not name exactly the other members")
        for name, digest in expected.items():
            need(manifest["members"][name] == digest, member, f"the SHA-256 of {name} is another")
        self.with_choices = manifest["edition"] == "choices"
        for name in ("choices.txt", "paper-choices.json"):
            need((name in self.members) == self.with_choices, name,
                 "it must stand in the edition with choices and only there")

    def check_edition(self):
        member, manifest, result = "manifest.json", self.json["manifest.json"], self.json["result.json"]
        need(isinstance(result, dict), "result.json", "it must be an object")
        small = "small" in result
        allowed = {("ballots", False): [("choices", False)],
                   ("ballots", True): [("totals", False), ("choices", True)],
                   ("totals", False): [("totals", False), ("choices", True)],
                   ("totals", True): [("totals", False), ("choices", True)]}[self.box["publishes"], small]
        need((manifest["edition"], "public_sha256" in manifest) in allowed, member,
             "this edition, with or without `public_sha256`, is not allowed for what the box publishes")

    def check_signatures(self):
        member, value = "signatures.json", self.json["signatures.json"]
        shape(value, {"manifest": Hex(64), "result": Hex(64)}, member)
        for name in ("manifest", "result"):
            message = frame(name + "/2", self.fingerprint, self.members[name + ".json"])
            need(self.signed(value[name], message), member, f"the signature over {name}.json does not verify")

    def signed(self, signature, message):
        return self.key.verifies(bytes.fromhex(signature), message)

    # ------------------------------------------------------------ box.json, key.json

    def check_box(self):
        member = "box.json"
        self.box = box = self.json[member]
        shape(box, {
            "format": One(self.version), "id": Hex(16), "subject_title": TEXT, "question": TEXT, "binding": TEXT,
            "description": STRING, "rule": ANY_OBJECT,
            "options": [{"number": N, "title": TEXT, "cost?": N, "*": 0}],
            "eligibility": ANY_OBJECT, "opens_at": INSTANT, "closes_at": INSTANT,
            "publishes": One("totals", "ballots"), "rehearsal": One(0, 1), "key_sha256": H32,
            "roll": {"grows": One(0, 1), "root": H32, "rule": ANY_OBJECT, "size": N},
            "observers": [{"key": H32, "name": TEXT}], "signatures": N, "officers": [{"position": TEXT, "*": 0}],
            "draw?": One("lottery", "dice"), "*": 0}, member, "the box")
        self.fingerprint = H("box/2", self.members[member])
        need(instant(box["opens_at"]) < instant(box["closes_at"]), member, "`opens_at` is not before `closes_at`")
        roll, observers = box["roll"], box["observers"]
        need(roll["size"] >= 10 or box["rehearsal"] or roll["grows"], member, "`roll.size` is below 10")
        need(len(observers) <= 100, member, "there are more than 100 observers")
        for name in ("key", "name"):
            need(len({o[name] for o in observers}) == len(observers), member, f"two observers have the same {name}")
        need(all(PublicKey(bytes.fromhex(o["key"])).good for o in observers), member,
             "the key of an observer is no canonical point or of small order")
        need(box["signatures"] <= len(observers), member, "`signatures` is more than there are observers")
        if box["publishes"] == "totals" and not box["rehearsal"]:
            need(len(observers) >= 2, member, "a vote that publishes totals has fewer than two observers")
            need(1 <= box["signatures"] < len(observers), member,
                 "`signatures` is not from 1 to one less than the observers")
        need(len(box["officers"]) in (0, 3, 4, 5, 6), member, "there are not no or 3 to 6 officers")
        self.check_rule()
        self.check_winners()

    def check_rule(self):
        member, box, rule = "box.json", self.box, self.box["rule"]
        kind = rule.get("kind")
        shape(kind, One("approval", "points", "yes_no"), member, "`rule.kind`")
        names = {"kind": One(kind), "options": Whole(1, 1000)}
        if kind == "approval":
            names |= {"limit": Whole(1), "exactly?": One(1), "groups?": [{"max": N, "min": N, "options": [N]}],
                      "money?": {"costs": [N], "limit": Whole(1)}}
        elif kind == "points":
            names["limit"] = Whole(1, 65535)
        shape(rule, names, member, "`rule`")
        self.kind, self.options = kind, rule["options"]
        options = box["options"]
        need([o["number"] for o in options] == list(range(1, self.options + 1)), member,
             "`options` are not numbered 1, 2, … up to `rule.options`")
        if kind == "approval":
            need(rule["limit"] <= self.options, member, "`rule.limit` is more than there are options")
        if "groups" in rule:
            need(rule["groups"], member, "`rule.groups` is empty")
            numbers = [number for group in rule["groups"] for number in group["options"]]
            need(sorted(numbers) == list(range(1, self.options + 1)), member,
                 "not every option stands in exactly one of `rule.groups`")
            for group in rule["groups"]:
                need(1 <= group["max"] <= len(group["options"]) and group["min"] <= group["max"], member,
                     "`max` or `min` of a group is out of range")
        if "money" in rule:
            need(all("cost" in o for o in options), member, "with `rule.money` an option has no cost")
            need(rule["money"]["costs"] == [o["cost"] for o in options], member,
                 "`rule.money.costs` are not the costs of the options")

    def check_winners(self):
        member, box = "box.json", self.box
        need(("winners" in box) != ("budget" in box), member, "not exactly one of `winners` and `budget` stands there")
        if "quorum" in box:
            self.check_quorum(box["quorum"])
        if "budget" in box:
            self.check_budget()
            return
        winners = box["winners"]
        shape(winners, ANY_OBJECT, member, "`winners`")
        kind = winners.get("kind")
        shape(kind, One("most", "yes", "none"), member, "`winners.kind`")
        seats = {"seats": Whole(1, self.options)} if kind == "most" else {}
        shape(winners, {"kind": One(kind)} | seats, member, "`winners`")
        need(kind == "none" or (kind == "yes") == (self.kind == "yes_no"), member,
             "`winners.kind` does not go with `rule.kind`")

    def check_quorum(self, quorum):
        member, newer = "box.json", self.box["format"] == 3
        need(newer or "budget" not in self.box, member, "`quorum` stands beside `budget`")
        shape(quorum, ANY_OBJECT, member, "`quorum`")
        limits = {"min_voters": 10_000_000, "min_turnout": 100} | ({"per_mille": 1_000} if newer else {})
        shape(quorum.get("kind"), One(*limits), member, "`quorum.kind`")
        of_residents = quorum["kind"] == "per_mille"
        names = {"kind": STRING, "value": Whole(1, limits[quorum["kind"]])}
        names |= {"of": {"number": Whole(1, 10_000_000), "on": TEXT, "source": TEXT}} if of_residents else {
            "text?": STRING}
        shape(quorum, names | ({"missed?": One("advisory")} if newer else {}), member, "`quorum`")

    def check_budget(self):
        member, box, budget = "box.json", self.box, self.box["budget"]
        need(self.kind == "approval", member, "a budget stands with a rule that is not `approval`")
        shape(budget, {"amount": N, "currency": TEXT, "rules": ANY_OBJECT, "exclusions?": [[N]],
                       "committee?": {"ballots": N, "votes": [N]}, "*": 0}, member, "`budget`")
        for option in box["options"]:
            shape(option, {"code": TEXT, "cost": N, "*": 0}, member, "an option of a budget")
        need(len({o["code"] for o in box["options"]}) == self.options, member, "two projects have the same code")
        rules = budget["rules"]
        weighted = rules.get("rule") == "weighted"
        shape(rules, {"completion": One("none", "add1", "add1-until-infeasible"), "fill": One("none", "greedy"),
                      "order": One("votes", "votes-per-cost"), "rule": One("greedy", "weighted", "equal-shares"),
                      "skips": One(0, 1), "step": EXACT, "threshold": N, "utility": One("cost", "cardinality"),
                      "weights": {"residents?": EXACT, "committee?": EXACT}}
              | ({"share": One("marks", "ballots")} if weighted else {}), member, "`budget.rules`")
        need(read_exact(rules["step"]) > 0, member, "`step` is not above 0")
        weights = rules["weights"]
        if weighted:
            need(sum(map(read_exact, weights.values())) > 0, member, "the sum of `weights` is not above 0")
            need(rules["order"] == "votes", member, "with `weighted` the `order` is not `votes`")
        else:
            need(weights == {}, member, "`weights` stand with a rule that is not `weighted`")
        if rules["rule"] != "equal-shares":
            need((rules["completion"], rules["fill"], rules["utility"]) == ("none", "none", "cost"), member,
                 "`completion`, `fill` or `utility` stands with a rule that is not `equal-shares`")
        if "committee" in budget:
            need(weighted, member, "`committee` stands with a rule that is not `weighted`")
            need(len(budget["committee"]["votes"]) == self.options, member,
                 "`committee.votes` is not one for each option")
            need(all(v <= budget["committee"]["ballots"] for v in budget["committee"]["votes"]), member,
                 "a vote of the committee is above its `ballots`")
        else:
            need("committee" not in weights, member, "`weights` has a committee and the budget has none")
        for group in budget.get("exclusions", []):
            need(len(group) >= 2 and len(set(group)) == len(group) and all(1 <= i <= self.options for i in group),
                 member, "a list of `exclusions` is not of two or more different options")

    def check_key(self):
        shape(self.json["key.json"], {"algorithm": One("Ed25519"), "public_key": H32}, "key.json")
        self.public_key = self.json["key.json"]["public_key"]
        self.key = PublicKey(bytes.fromhex(self.public_key))
        need(self.key.good, "key.json", "the public key is no canonical point or of small order")
        self.key_fingerprint = sha(self.key.data).hex()

    # ------------------------------------------------------------ entries.txt, heads.json

    def check_entries(self):
        member = "entries.txt"
        self.leaves, self.entries = [], []
        for number, line in enumerate(read_lines(self.members[member], member)):
            need(re.fullmatch("(?:[0-9a-f]{2})+", line), member, f"line {number} is not lower-case hex")
            entry = bytes.fromhex(line)
            need(entry.startswith(b"entry/2"), member, f"entry {number} does not begin with `entry/2`")
            fields, at = [], 7
            while at < len(entry):
                size = int.from_bytes(entry[at:at + 4], "big")
                fields.append(entry[at + 4:at + 4 + size])
                at += 4 + size
            kind = fields[0].decode("latin-1") if fields else ""
            need(kind in ("ballot", "paper", "objection"), member, f"entry {number} has an unknown type")
            need([len(f) for f in fields[1:]] == [32] * (2 if kind == "objection" else 3)
                 and frame("entry/2", *fields) == entry, member, f"entry {number} does not have the fields of its type")
            need(fields[1] == self.fingerprint, member, f"entry {number} bears another fingerprint")
            self.entries.append((kind, fields[2:]))
            self.leaves.append(leaf_hash(entry))
        need(len(set(self.leaves)) == len(self.leaves), member, "a leaf hash stands twice")
        for place, name in ((0, "mark"), (1, "commitment")):
            seen = [fields[place] for kind, fields in self.entries if kind == "ballot"]
            need(len(set(seen)) == len(seen), member, f"two ballots have the same {name}")

    def check_heads(self):
        member, heads, box = "heads.json", self.json["heads.json"], self.box
        shape(heads, [{"additions_root": H32, "at": INSTANT, "consistency": [H32], "fingerprint": H32,
                       "format": One(2), "kind": One("opening", "closing", "final"), "live_sha256": H32,
                       "number": Whole(0, 2), "public_key": H32, "root": H32, "signature": Hex(64), "size": N}], member)
        need([(h["number"], h["kind"]) for h in heads] == [(0, "opening"), (1, "closing"), (2, "final")], member,
             "there are not the three heads opening, closing and final, numbered 0, 1, 2")
        self.grows = box["roll"]["grows"]
        need(("additions.txt" in self.members) == bool(self.grows), "additions.txt",
             "it must stand where the roll grows and only there")
        self.roll = self.read_roll("roll.txt")
        self.additions = self.read_roll("additions.txt") if self.grows else []
        before = 0
        for head in heads:
            kind, size = head["kind"], head["size"]
            need(head["fingerprint"] == self.fingerprint.hex(), member, f"the {kind} head bears another fingerprint")
            need(head["public_key"] == self.public_key, member, f"the {kind} head bears another public key")
            need(before <= size <= len(self.leaves), member,
                 f"the size of the {kind} head falls or is above the entries")
            need(kind != "opening" or size == 0, member, "the opening head has another size than 0")
            need(head["root"] == tree_root(self.leaves[:size]).hex(), member,
                 f"the root of the {kind} head is not that of the entries")
            proof = [h.hex() for h in consistency(before, self.leaves[:size])]
            need(head["consistency"] == proof, member, f"the consistency proof of the {kind} head is another")
            live = ZERO32 if kind == "opening" else sha(self.members["live.txt"]).hex()
            need(head["live_sha256"] == live, member, f"`live_sha256` of the {kind} head is another")
            root = ZERO32 if kind == "opening" or not self.grows else self.additions_root(len(self.additions))
            need(head["additions_root"] == root, member, f"`additions_root` of the {kind} head is another")
            message = frame("head/2", self.fingerprint, kind.encode(), b8(head["number"]), b8(size),
                            *(bytes.fromhex(head[n]) for n in ("root", "live_sha256", "additions_root")),
                            b8(instant(head["at"])))
            need(self.signed(head["signature"], message), member, f"the signature of the {kind} head does not verify")
            before = size
        need(before == len(self.leaves), member, "the final size is not the number of entries")
        self.opened, self.closed, final = (instant(h["at"]) for h in heads)
        need(self.opened < self.closed <= final, member, "the instants of the heads are out of order")
        need(self.opened >= instant(box["opens_at"]) - 366 * 86400, member,
             "the opening head is more than 366 days before `opens_at`")
        alarms = self.json["alarms.json"]
        early = isinstance(alarms, dict) and "early_close" in alarms
        need((self.closed < instant(box["closes_at"])) == early, member,
             "the closing head is before `closes_at` without `early_close`, or not before it with `early_close`")
        self.closing_size, self.closing_root = heads[1]["size"], bytes.fromhex(heads[1]["root"])
        kinds = [kind for kind, _ in self.entries]
        need(all(kind == "ballot" for kind in kinds[:self.closing_size]), "entries.txt",
             "a leaf before the closing size is no ballot")
        need("ballot" not in kinds[self.closing_size:], "entries.txt", "there is a ballot behind the closing size")
        need(rising(self.leaves[:self.closing_size]), "entries.txt", "the ballots do not ascend by leaf hash")
        live = self.members["live.txt"].count(b"\n")
        need(self.closing_size % 64 == 0 and self.closing_size >= 2 * live + 256, member,
             "the closing size is not a multiple of 64 and at least twice the live ballots plus 256")
        result = self.json["result.json"]
        need((result["final_root"], result["final_size"]) == (heads[2]["root"], heads[2]["size"]), "result.json",
             "`final_root` and `final_size` are not those of the final head")

    # ------------------------------------------------------------ roll.txt, additions.txt, counts.json, live.txt

    def read_roll(self, member):
        lines = read_lines(self.members[member], member)
        for number, line in enumerate(lines):
            need(re.fullmatch("[0-9a-f]{64} [01]", line), member, f"line {number} is not a roll leaf and 0 or 1")
        return [(line[:64], int(line[65])) for line in lines]

    def additions_root(self, size):
        return tree_root([leaf_hash(bytes.fromhex(leaf)) for leaf, _ in self.additions[:size]]).hex()

    def check_roll_and_counts(self):
        roll, additions = [leaf for leaf, _ in self.roll], [leaf for leaf, _ in self.additions]
        need(rising(roll), "roll.txt", "the leaves do not ascend")
        need(len(roll) == self.box["roll"]["size"], "roll.txt", "it has another number of lines than `roll.size`")
        need(tree_root([leaf_hash(bytes.fromhex(x)) for x in roll]).hex() == self.box["roll"]["root"], "roll.txt",
             "its root is not `roll.root` of the box")
        need(len(set(roll + additions)) == len(roll) + len(additions), "additions.txt", "a roll leaf stands twice")
        member, counts = "counts.json", self.json["counts.json"]
        told = {"acts": [{"desk": TEXT, "kind": TEXT, "number": Whole(1)}]} if self.version == 3 else {}
        shape(counts, [{**told, "additions": U32, "additions_root": H32, "at": INSTANT, "fingerprint": H32,
                        "format": One(self.version),
                        "number": Whole(1, 2 ** 32 - 1), "public_key": H32, "signature": Hex(64), "voters": U32,
                        **({"additions_signature": Hex(64)} if self.grows else {})}], member)
        need(rising([c["number"] for c in counts]), member, "`number` does not rise")
        for name, values in (("at", [instant(c["at"]) for c in counts]),
                             ("additions", [c["additions"] for c in counts])):
            need(values == sorted(values), member, f"`{name}` falls")
        start = 0
        for count in counts:
            which = f"count {count['number']}"
            need(count["fingerprint"] == self.fingerprint.hex(), member, f"{which} bears another fingerprint")
            need(count["public_key"] == self.public_key, member, f"{which} bears another public key")
            at = instant(count["at"])
            need(self.opened <= at <= self.closed, member, f"{which} is not between the opening and the closing head")
            need(count["additions"] <= len(additions), member, f"{which} names more additions than there are")
            root = self.additions_root(count["additions"]) if self.grows else ZERO32
            need(count["additions_root"] == root, member, f"`additions_root` of {which} is another")
            acts = [(act["kind"], act["desk"]) for act in count.get("acts", [])]
            need(rising(acts), member, f"`acts` of {which} do not ascend by kind and desk")
            message = frame(f"count/{self.version}", self.fingerprint, b4(count["number"]), b8(at), b4(count["voters"]),
                            b4(count["additions"]), bytes.fromhex(root),
                            *([canonical(count["acts"])] if self.version == 3 else []))
            need(self.signed(count["signature"], message), member, f"the signature of {which} does not verify")
            message = frame("additions/2", self.fingerprint, b4(count["number"]), b8(at), b4(count["additions"]),
                            bytes.fromhex(root))
            need(not self.grows or self.signed(count["additions_signature"], message), member,
                 f"the signature of the additions of {which} does not verify")
            need(rising(additions[start:count["additions"]]), "additions.txt",
                 f"the leaves up to {which} do not ascend")
            start = count["additions"]
        need(rising(additions[start:]), "additions.txt", "the leaves behind the last count do not ascend")

    def check_live(self):
        self.live = read_lines(self.members["live.txt"], "live.txt")
        need(all(is_hex(line, 32) for line in self.live), "live.txt", "a line is not a token of 32 bytes in hex")
        need(rising(self.live), "live.txt", "the tokens do not ascend")

    # ------------------------------------------------------------ choices.txt, paper.json, objections.json

    def check_choice(self, choice, member):
        """A canonical choice: one byte for blank, then two bytes for each option."""
        need(len(choice) == 2 * self.options + 1 and choice[0] in (0, 1), member, "a choice has the wrong form")
        values = [int.from_bytes(choice[i:i + 2], "big") for i in range(1, len(choice), 2)]
        if choice[0]:
            need(not any(values), member, "an explicit blank chooses something")
            return None
        rule = self.box["rule"]
        if self.kind == "yes_no":
            need(all(value in (1, 2, 3) for value in values), member, "an option is not answered yes, no or blank")
        elif self.kind == "points":
            need(1 <= sum(values) <= rule["limit"], member, "the points are not from 1 to `limit`")
        else:
            need(all(value in (0, 1) for value in values), member, "an option is marked otherwise than 0 or 1")
            need(1 <= sum(values) <= rule["limit"], member, "there is no mark, or more than `limit`")
            need("exactly" not in rule or sum(values) == rule["limit"], member, "there are not exactly `limit` marks")
            for group in rule.get("groups", []):
                marks = sum(values[i - 1] for i in group["options"])
                need(group["min"] <= marks <= group["max"], member, "the marks of a group are not from `min` to `max`")
            if "money" in rule:
                cost = sum(c for c, value in zip(rule["money"]["costs"], values) if value)
                need(cost <= rule["money"]["limit"], member, "the marks cost more than `money.limit`")
        return tuple(values)

    def check_choices(self):
        member = "choices.txt"
        self.choices = Counter()
        if not self.with_choices:
            return
        before, tokens = -1, []
        for number, line in enumerate(read_lines(self.members[member], member)):
            match = re.fullmatch("(0|[1-9][0-9]{0,15}) ([0-9a-f]{32}) ([0-9a-f]{64}) ((?:[0-9a-f]{2})+)", line)
            need(match, member, f"line {number} is not a leaf, mine, n and a choice")
            leaf, (mine, n, choice) = int(match[1]), map(bytes.fromhex, match.group(2, 3, 4))
            need(before < leaf < self.closing_size, member, f"the leaf of line {number} is no ballot or out of order")
            mark, commitment = self.entries[leaf][1]
            need(H("mine/2", self.fingerprint, mine) == mark, member, f"`mine` does not open the mark of leaf {leaf}")
            need(H("ballot/2", n, choice) == commitment, member, f"the choice does not open leaf {leaf}")
            tokens.append(H("live/2", self.fingerprint, mine).hex())
            self.choices[self.check_choice(choice, member)] += 1
            before = leaf
        need(sorted(tokens) == self.live, member, "the tokens of all lines are not exactly live.txt")

    def opened_leaves(self, member, kind, items):
        leaves = [i for i, (name, _) in enumerate(self.entries) if name == kind]
        need([item["leaf"] for item in items] == leaves, member,
             f"there is not one object for each {kind} leaf in log order")
        return [self.entries[i][1] for i in leaves]

    def check_paper(self):
        member, batches = "paper.json", self.json["paper.json"]
        shape(batches,
              [{"figures": {"counted": N, "invalid": N, "number": Whole(1), "sheets": N}, "leaf": N, "n": H32}],
              member)
        self.batches = [batch["figures"] for batch in batches]
        for batch, fields in zip(batches, self.opened_leaves(member, "paper", batches)):
            figures = batch["figures"]
            need(H("text/2", bytes.fromhex(batch["n"]), canonical(figures)) == fields[0], member,
                 f"the figures do not open leaf {batch['leaf']}")
            need(figures["sheets"] == figures["counted"] + figures["invalid"] >= 1, member,
                 "`sheets` is not `counted` + `invalid`, at least 1")
            need(figures["sheets"] >= 10 or len(batches) == 1, member,
                 "one of several batches has fewer than 10 sheets")
        need(len({f["number"] for f in self.batches}) == len(batches), member, "two batches have the same number")
        need(self.version == 2 or {f["number"] for f in self.batches} == set(range(1, len(batches) + 1)), member,
             "the numbers of batches have gaps")
        if not self.with_choices:
            return
        member, papers = "paper-choices.json", self.json["paper-choices.json"]
        shape(papers, [{"choices": [STRING], "leaf": N, "n2": H32}], member)
        for paper, fields, figures in zip(papers, self.opened_leaves(member, "paper", papers), self.batches):
            need(all(is_hex(c, 2 * self.options + 1) for c in paper["choices"]), member, "a choice has the wrong form")
            raw = [bytes.fromhex(c) for c in paper["choices"]]
            need(len(raw) == figures["counted"], member, "there are not `counted` choices")
            need(H("paper/2", bytes.fromhex(paper["n2"]), b"".join(raw)) == fields[1], member,
                 f"the choices do not open leaf {paper['leaf']}")
            for choice in raw:
                self.choices[self.check_choice(choice, member)] += 1

    def check_objections(self):
        member, items = "objections.json", self.json["objections.json"]
        shape(items, [{"leaf": N, "*": 0}], member)
        for item, fields in zip(items, self.opened_leaves(member, "objection", items)):
            if "withheld" in item:
                shape(item, {"leaf": N, "withheld": TEXT}, member, "an objection")
                continue
            shape(item, {"leaf": N, "n": H32, "objection": {"text": TEXT, "*": 0}}, member, "an objection")
            need(H("text/2", bytes.fromhex(item["n"]), canonical(item["objection"])) == fields[0], member,
                 f"the objection does not open leaf {item['leaf']}")

    # ------------------------------------------------------------ result.json, alarms.json, draw.json

    def check_result_shape(self):
        member = "result.json"
        self.result = result = self.json[member]
        self.small = "small" in result
        per_option = {"approval": {"option": N, "votes": N}, "points": {"option": N, "points": N},
                      "yes_no": {"blank": N, "no": N, "option": N, "yes": N}}[self.kind]
        names = {
            "ballots": N, "desks": [{"desk": TEXT, "issued": N, "withdrawn": N}], "final_root": H32, "final_size": N,
            "format": One(self.version), "outcome": ANY_OBJECT,
            "paper": dict.fromkeys(("counted", "invalid", "issued", "spoiled", "taken_back", "unreturned"), N),
            "rows": dict.fromkeys(("assisted", "damaged", "missing", "online", "paper_issued", "paper_returned",
                                   "paper_taken_back"), N),
            "turnout": dict.fromkeys(("assisted", "damaged", "missing", "online", "paper_returned", "roll",
                                      "total"), N)}
        if self.small:
            names["small"] = One(1)
        else:
            names |= {"blank": N, "totals": [per_option], "breakdown?": {"by": TEXT, "cells": [ANY_OBJECT]}}
        shape(result, names, member, "the result")
        need((result["ballots"] < 10) == self.small, member,
             "`small` must stand with fewer than 10 ballots and only then")
        if not self.small:
            need([t["option"] for t in result["totals"]] == list(range(1, self.options + 1)), member,
                 "`totals` has not one object for each option in order")
        need(len({d["desk"] for d in result["desks"]}) == len(result["desks"]), member, "a desk stands twice")

    def check_alarms(self):
        member, alarms, result = "alarms.json", self.json["alarms.json"], self.result
        shape(alarms, {
            "counts": [N], "damaged": N, "foreign": N, "ledger": One(0, 1), "lost": N, "missing": N,
            "officers": [{"change": {"at": INSTANT, "comes": TEXT, "leaves": TEXT}, "number": U32,
                          "signature": Hex(64)}],
            "papers_short": N, "reasons": [{"at": INSTANT, "text": TEXT}], "sheets": N, "strikes": N,
            "early_close?": {"at": INSTANT, "reason": TEXT}, "additions_forged?": N, "additions_gone?": N,
            "additions_lost?": One(0, 1), "additions_other?": N, **({"late": N} if self.version == 3 else {})}, member)
        late = self.closed - instant(self.box["closes_at"])
        need(self.version == 2 or alarms["late"] == (late if late > 21600 else 0), member, "`late` is another")
        for name in ("forged", "gone", "lost", "other"):
            need((f"additions_{name}" in alarms) == (self.box["roll"]["grows"] == 1), member,
                 f"`additions_{name}` must stand where the roll grows and only there")
        for name in ("damaged", "missing"):
            need(alarms[name] == result["rows"][name], member, f"`{name}` is not that of `rows` in result.json")
        need(alarms["strikes"] <= len(self.roll) + len(self.additions), member, "`strikes` is more than the roll has")
        counts, rows = self.json["counts.json"], sum(result["rows"].values())
        odd = [c["number"] for i, c in enumerate(counts) if c["voters"] > rows or i and (
            c["voters"] < counts[i - 1]["voters"] or acts_of(counts[i - 1]) - acts_of(c))]
        need(alarms["counts"] == odd, member, "`counts` does not name exactly the counts that are amiss")
        short = (result["turnout"]["paper_returned"] + alarms["damaged"] + alarms["missing"]
                 - result["paper"]["counted"] - result["paper"]["invalid"])
        need(alarms["papers_short"] == short, member, "`papers_short` does not add up")
        amiss = odd or not alarms["ledger"] or any(
            alarms.get(n) for n in ("damaged", "foreign", "late", "lost", "missing", "papers_short", "sheets"))
        need(alarms["reasons"] or not amiss, member, "`reasons` is empty although something was amiss")
        if "early_close" in alarms:
            need(self.opened <= instant(alarms["early_close"]["at"]) <= self.closed, member,
                 "`early_close.at` is not between the opening and the closing head")
        need(self.box["officers"] or not alarms["officers"], member, "an officer was replaced and the box has none")
        need(all(instant(item["at"]) >= self.opened for item in
                 alarms["reasons"] + [officer["change"] for officer in alarms["officers"]]), member,
             "a reason or the change of an officer is of before the opening head")
        need(self.version == 2 or all(instant(reason["at"]) >= self.closed for reason in alarms["reasons"]), member,
             "a reason is of before the closing head")
        for number, officer in enumerate(alarms["officers"], 1):
            need(officer["number"] == number, member, "the replaced officers are not numbered 1, 2, 3 …")
            message = frame("officer/2", self.fingerprint, b4(number), canonical(officer["change"]))
            need(self.signed(officer["signature"], message), member,
                 f"the signature of replaced officer {number} does not verify")
        instants = [instant(officer["change"]["at"]) for officer in alarms["officers"]]
        need(instants == sorted(instants), member, "the replaced officers are not in order")
        there = [officer["position"] for officer in self.box["officers"]]
        for officer in alarms["officers"]:
            need(officer["change"]["leaves"] in there, member, "somebody was replaced who was not in office")
            replace(there, officer["change"])

    def check_confirmations(self):
        if self.version == 2:
            return
        member, items, alarms = "confirmations.json", self.json["confirmations.json"], self.json["alarms.json"]
        shape(items, [{"confirmation": {"action": One(
            "open", "close_early", "count_anyway", "draw", "set_back", "strike", "export_key", "answer_refusal",
            "without_signatures"), "at": INSTANT, "by": [TEXT], "note?": TEXT}, "number": U32, "signature": Hex(64)}],
              member)
        acts = [item["confirmation"] for item in items]
        for number, item in enumerate(items, 1):
            need(item["number"] == number, member, "the acts are not numbered 1, 2, 3 …")
            message = frame("confirmation/3", self.fingerprint, b4(number), canonical(item["confirmation"]))
            need(self.signed(item["signature"], message), member, f"the signature of act {number} does not verify")
            self.check_act(item["confirmation"], alarms["officers"], member)
        instants = [instant(act["at"]) for act in acts]
        need(instants == sorted(instants), member, "the acts are not in order")
        openings = [instant(act["at"]) for act in acts if act["action"] == "open"]
        may_lack = self.box["rehearsal"] or not self.box["officers"]
        need(openings == [self.opened] or may_lack and not openings, member,
             "there is not one `open` at the instant of the opening head")
        told = [("count_anyway", reason["at"], reason["text"]) for reason in alarms["reasons"]]
        if "early_close" in alarms:
            told.append(("close_early", alarms["early_close"]["at"], alarms["early_close"]["reason"]))
        have = [(act["action"], act["at"], act.get("note")) for act in acts]
        need(all(one in have for one in told), member, "a reason of alarms.json is confirmed by nobody")
        draws = [act.get("note") for act in acts if act["action"] == "draw"]
        need(self.json["draw.json"] == {} or draws[-1:] == [self.members["draw.json"].decode()], member,
             "the draw is confirmed by nobody")
        if self.json["draw.json"] != {}:
            last = [instant(act["at"]) for act in acts if act["action"] == "draw"][-1]
            lottery = self.json["draw.json"]["kind"] == "lottery"
            drawn = lottery_held(self.json["draw.json"]["number"]) if lottery else self.closed
            need(last >= drawn, member, "the draw is confirmed before it could be drawn")
        need(sum(act["action"] == "strike" for act in acts) <= alarms["strikes"], member, "there are more strikes")

    def check_act(self, act, changes, member):
        least = 1 if self.box["rehearsal"] else 2
        need(least <= len(act["by"]) <= 2, member, "`by` are not two")
        at = instant(act["at"])
        if not self.box["officers"] or at < self.opened:
            return
        there = [officer["position"] for officer in self.box["officers"]]
        for change in (one["change"] for one in changes):
            if instant(change["at"]) <= at:
                replace(there, change)
        need(len(set(act["by"])) == len(act["by"]) and all(position in there for position in act["by"]), member,
             "`by` are not different officers of that time")

    def check_draw(self):
        member, draw = "draw.json", self.json["draw.json"]
        self.lots = None
        shape(draw, ANY_OBJECT, member)
        if draw == {}:
            return
        need("draw" in self.box, member, "there is a draw and the box has none")
        if self.box["draw"] == "dice":
            shape(draw, {"kind": One("dice"), "faces": [Whole(1, 6)]}, member)
            need(len(draw["faces"]) == 20, member, "there are not 20 faces")
        else:
            ball = Whole(1, 45)
            shape(draw, {"kind": One("lottery"), "bonus": ball, "number": N, "numbers": [ball]}, member)
            numbers = draw["numbers"]
            need(len(numbers) == 6 and rising(numbers) and draw["bonus"] not in numbers, member,
                 "there are not six ascending numbers and another bonus")
            need(draw["number"] == lottery_after(self.closed + 86400), member,
                 "`number` is not that of the draw to be used")
        self.lots = draw_order(self.closing_root, self.members[member], self.options)
