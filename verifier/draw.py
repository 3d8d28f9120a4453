#!/usr/bin/env python3
"""Draws a published lot again, and refuses what was steered. It trusts nobody, the office that drew least of all.

It uses Python's standard library and `verify.py` beside it (encodings, zip, signatures), and no code of the site:

    python3 -I -S draw.py RECORD.zip [--commit HASH] [--line NUMBER SALT NAME BIRTHDAY] [--figures N:a,b,c,d,e,f+g]
                                     [--beacon SIGNATURE] [--key FINGERPRINT] [--other OTHER.zip]… [--language ko|en]

DRAW.md says what a record is. To read this file, begin with what decides:

    seed_of, order_of       who is before whom: two public facts and the commit, nothing else
    Group, filled           places of one lot in that order, with its bounds
    drawn, result_of        lots one after another; without those who are passed over
    reckoned                the lottery and the round that the day of the commit asks for
    mark_of                 the line of somebody in the list

then the twenty refusals, check_members to check_observers in the order of CHECKS, and what is always told, tell.
"""

import collections
import importlib.util
import pathlib
import re
import sys
import unicodedata

_SPEC = importlib.util.spec_from_file_location("verify", pathlib.Path(__file__).resolve().with_name("verify.py"))
verify = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(verify)
framed_hash, frame, number, sha256, shown = (verify.framed_hash, verify.frame, verify.number, verify.sha256,
                                             verify.shown)

DAY, WEEK = 86_400, 7 * 86_400
FIRST_LOTTERY = verify.seconds("2002-12-07T11:35:00Z")
FIRST_ROUND, ROUND_SECONDS = 1_692_803_367, 3  # of drand quicknet
FEW = 5
LIST_LINE = re.compile(rb"([1-9][0-9]{5}) ([0-9a-f]{64}) (c[1-9][0-9]{0,3})")
MEMBERS = ("definition.json", "list.txt", "chance.json", "values.json", "passed.json", "result.json", "signatures.json")
OF_THE_DRAW = ("values.json", "result.json")  # not there before the lottery
REASONS = {"self": "withdrew | 스스로 그만둠", "died": "died | 사망", "moved": "moved away | 이사",
           "ineligible": "not eligible | 자격 없음", "conflict": "conflict | 이해 충돌", "silent": "no answer | 답 없음",
           "double": "applied twice | 두 번 신청"}
BREAKS = {"withdrawn", "incomplete", "not_eligible", "double"}
WAYS = {"desk": "desk | 창구", "provider": "identity provider | 본인 확인 서비스", "letter": "letter | 우편", "paper":
        "paper | 종이"}
whole, is_hex, is_text, is_string, is_instant = (verify.whole, verify.is_hex, verify.is_text, verify.is_string,
                                                 verify.is_instant)
LOT = {"name": is_text, "places": whole(1, 900_000), "cells": [is_text],
       "groups": [{"cells": [is_text], "least": whole(0, 900_000), "most": whole(0, 900_000)}]}
DEFINITION = {
    "format": (1,), "slug": is_text, "title": is_text, "attempt": whole(1, 2**32 - 1), "before": is_string,
    "at": is_instant, "list": is_hex, "rule": is_hex, "lottery": whole(1, 2**32 - 1), "round": whole(1),
    "counts": dict.fromkeys(("handed_in", "listed", *BREAKS, *WAYS), whole(0)),
    "cells": [{"name": is_string, "source": is_string, "lines": whole(0), "agreed": whole(0, 1)}], "lots": [LOT],
    "observers": [{"name": is_text, "key": is_hex}]}
VALUES = {"bonus": whole(1, 45), "number": whole(1, 2**32 - 1), "numbers": [whole(1, 45)]}
PASSED = [{"number": whole(100_000, 999_999), "reason": tuple(REASONS), "at": is_instant, "restored": is_string}]
RESULT = [{"empty": whole(0), "numbers": [whole(100_000, 999_999)]}]
SIGNATURES = {
    "key": is_hex, "commit": verify.SIGNATURE, "passed": [verify.SIGNATURE], "beacon?": is_string, "seed?": is_hex,
    "result?": verify.SIGNATURE, "restored?": [verify.SIGNATURE],
    "late?": {"at": is_instant, "signature": verify.SIGNATURE},
    "observed": [{"agrees": whole(0, 1), "key": is_hex, "signature": verify.SIGNATURE, "text": is_string,
                  "at?": is_instant}]}


class Refusal(verify.Wrong):
    """One of the twenty; 0 for what is not written as DRAW.md says."""

    def __init__(self, refusal, where, sentence):
        super().__init__(where, sentence)
        self.refusal = refusal


def need(refusal, condition, where, sentence):
    if not condition:
        raise Refusal(refusal, where, sentence)


# Seed and order -----------------------------------------------------------------------------------------------------


def seed_of(commit, values, signature):
    return framed_hash("draw-seed/1", commit, values, signature)


def order_of(seed, lot, numbers):
    """Numbers as they come in this lot, counted from 1: by a hash that nobody can choose."""
    before = frame("draw-order/1", seed, number(lot, 4)) + number(4, 4)  # 4, the length of the field that follows
    return sorted(numbers, key=lambda own: sha256(before + number(own, 4)))


def reckoned(seconds):
    """The first lottery 72 hours after these seconds since 1970 or later, and the first round an hour after it."""
    lottery = max(1, 1 + -((FIRST_LOTTERY - seconds - 3 * DAY) // WEEK))
    return lottery, 1 + -((FIRST_ROUND - lottery_at(lottery) - 3600) // ROUND_SECONDS)


def lottery_at(lottery):
    return FIRST_LOTTERY + (lottery - 1) * WEEK


def round_at(beacon_round):
    return FIRST_ROUND + (beacon_round - 1) * ROUND_SECONDS


# Filling ------------------------------------------------------------------------------------------------------------


class Group:
    """People of some cells, of whom at least and at most so many are drawn; inside it stand smaller groups."""

    def __init__(self, cells, least, most, inside=()):
        self.cells, self.least, self.most, self.inside = frozenset(cells), least, most, list(inside)
        self.taken = self.low = self.high = 0

    def fix(self, people):
        """Bounds that can be kept with these people, a number for each cell; from the inside."""
        for group in self.inside:
            group.fix(people)
        right_in = sum(people[cell] for cell in self.cells.difference(*(group.cells for group in self.inside)))
        self.taken, self.high = 0, min(self.most, right_in + sum(group.high for group in self.inside))
        self.low = min(self.high, max(self.least, sum(group.low for group in self.inside)))

    def needs(self):
        """People still wanted to reach what is least here and inside."""
        return max(0, self.low - self.taken, sum(group.needs() for group in self.inside))

    def around(self, cell):
        """This group and those inside in which somebody of the cell is."""
        return [self, *(one for group in self.inside if cell in group.cells for one in group.around(cell))]

    def wanted(self):
        """People for whom all bounds of `least` ask together."""
        return max(self.least, sum(group.wanted() for group in self.inside))

    def can_hold(self):
        return self.wanted() <= self.most and all(group.can_hold() for group in self.inside)

    def left(self, taken):
        """The same group for the places that are left when some are taken, a number for each cell."""
        own = sum(taken[cell] for cell in self.cells)
        inside = [group.left(taken) for group in self.inside]
        return Group(self.cells, max(0, self.least - own), self.most - own, inside)

    def freed(self):
        """The same group without anything that is least."""
        return Group(self.cells, 0, self.most, [group.freed() for group in self.inside])


def tree_of(lot):
    """The lot as the outermost group; None where its groups cross, are equal or hold a cell that is not in it."""
    whole_lot = Group(lot["cells"], lot["places"], lot["places"])
    for written in sorted(lot["groups"], key=lambda written: -len(written["cells"])):
        group, outer = Group(written["cells"], written["least"], written["most"]), whole_lot
        while outer:
            if not group.cells or not group.cells < outer.cells:
                return None
            touching = [inner for inner in outer.inside if inner.cells & group.cells]
            if len(touching) > 1:
                return None
            outer, around = (touching or [None])[0], outer
        around.inside.append(group)
    return whole_lot


def filled(group, order, cells, held=frozenset(), back=frozenset()):
    """Numbers drawn in a lot, in the order. Those `held` keep their places; who came `back` is first where one is free.
    """
    drawn = {own for own in order if own in held}
    if held or back:
        for own in order:
            if own in back and all(sum(cells[other] in each.cells for other in drawn) < each.most
                                   for each in group.around(cells[own])):
                drawn.add(own)
        group = group.left(collections.Counter(cells[own] for own in drawn))
        group = group if group.can_hold() else group.freed()
    rest = [own for own in order if own not in drawn]
    group.fix(collections.Counter(cells[own] for own in rest))
    full = set()  # cells of which somebody was refused: bounds never loosen again
    for own in rest:
        if group.taken == group.high:
            break
        if cells[own] in full:
            continue
        around = group.around(cells[own])
        for each in around:
            each.taken += 1
        if all(each.taken + each.needs() <= each.high for each in around):
            drawn.add(own)
        else:
            full.add(cells[own])
            for each in around:
                each.taken -= 1
    return [own for own in order if own in drawn]


def drawn(trees, cells, seed, gone=frozenset(), held=None, back=frozenset()):
    """Numbers of each lot: each lot is among those whom no lot before has drawn."""
    out, lots = set(gone), []
    back = set(back).difference(*held or ())
    for lot, tree in enumerate(trees, start=1):
        people = [own for own, cell in cells.items() if cell in tree.cells and own not in out]
        lots.append(filled(tree, order_of(seed, lot, people), cells, set(held[lot - 1]) if held else set(), back))
        out.update(lots[-1])
    return lots


def result_of(trees, cells, seed, entries, lottery_instant):
    """Numbers of each lot without those passed over. Once somebody is restored after the lottery, nobody who is in by
    then goes again."""
    steps = []
    for entry in entries:
        if not entry["restored"] or verify.seconds(entry["restored"]) >= lottery_instant:
            steps.append((entry["at"], 0, entry["number"]))
            if entry["restored"]:
                steps.append((entry["restored"], 1, entry["number"]))
    gone, back, held = set(), set(), None
    for _at, restored, own in sorted(steps):
        if restored and held is None:
            held = drawn(trees, cells, seed, gone)
        if restored:
            gone.remove(own)
            back.add(own)
        else:
            gone.add(own)
            back.discard(own)
        if held is not None:
            held = drawn(trees, cells, seed, gone, held, back)
    return drawn(trees, cells, seed, gone) if held is None else held


def chance_of(trees, cells, commit):
    """People drawn of each cell that has lines, by as many seeds as the length of the list asks for."""
    counted = dict.fromkeys(set(cells.values()), 0)
    for at in range(10_000 if len(cells) <= 500 else 2_000 if len(cells) <= 2_500 else 1_000):
        for numbers in drawn(trees, cells, framed_hash("draw-chance/1", commit, number(at, 4))):
            for own in numbers:
                counted[cells[own]] += 1
    return counted


# Lines --------------------------------------------------------------------------------------------------------------


def folded(name):
    """A name as it is compared: letters, marks and digits alone, in one case."""
    name = unicodedata.normalize("NFKC", unicodedata.normalize("NFD", name).casefold())
    return "".join(letter for letter in name if unicodedata.category(letter)[0] in "LMN")


def mark_of(slug, attempt, own, salt, name, birthday):
    draw = framed_hash("draw-id/1", slug.encode(), number(attempt, 4))
    who = "\n".join([*map(folded, name.rsplit(" / ", 1)), birthday])  # of a group: its name / the representative's
    return framed_hash("draw-person/1", draw, number(own, 4), salt, who.encode())


# The record ---------------------------------------------------------------------------------------------------------


class Record:
    """A record with its members read, filled by the checks in the order of CHECKS."""

    def __init__(self, data, options, report):
        self.options, self.say, self.open = options, report.say, report.open
        self.members = check_members(data)
        self.definition = self.json("definition.json", DEFINITION)
        self.signatures = self.json("signatures.json", SIGNATURES)
        self.entries = self.json("passed.json", PASSED)
        self.chance = self.json("chance.json", verify.is_object)
        self.is_drawn = "result.json" in self.members
        self.result = self.json("result.json", RESULT) if self.is_drawn else []
        self.commit = sha256(self.members["definition.json"])
        self.at = verify.seconds(self.definition["at"])
        self.cells, self.values, self.trees = {}, None, []
        late = self.signatures.get("late")
        self.lottery, self.round = ((reckoned(verify.seconds(late["at"]))[0], self.definition["round"]) if late else
                                    (self.definition["lottery"], self.definition["round"]))

    def json(self, name, shape):
        value = verify.parse_json(self.members[name], name)
        need(0, verify.canonical(value) == self.members[name], name, "is not canonical JSON | 정해진 꼴의 JSON이 아니에요")
        return verify.shaped(value, shape, name)

    def signed(self, refusal, where, signature, message, key=None):
        key = bytes.fromhex(key or self.signatures["key"])
        need(refusal, verify.signature_holds(key, message, bytes.fromhex(signature)), where,
             "the signature does not hold | 서명이 맞지 않아요")


def check_members(data):
    """20: members more or fewer, or another zip than the canonical one."""
    try:
        members = verify.read_zip(data)
    except (verify.Wrong, *verify.CONFUSED):
        members = {}
    expected = [list(MEMBERS), [name for name in MEMBERS if name not in OF_THE_DRAW]]
    need(20, list(members) in expected, "zip", "not the members of a record, or not in order | 추첨 기록의 파일이나 차례가 아니에요")
    return members


def check_commit(record):
    """15: another commit than the letter's, or one that is not signed."""
    named = record.options.commit
    need(15, named in (None, record.commit.hex()), "--commit", f"the letter says {named}, the definition has "
         f"{record.commit.hex()} | 편지에는 {named}, 정의에서는 {record.commit.hex()}")
    named = record.options.key
    need(15, named in (None, sha256(bytes.fromhex(record.signatures["key"])).hex()), "--key",
         "signed by another key | 다른 열쇠로 서명했어요")
    record.signed(15, "signatures.json: commit", record.signatures["commit"],
                  frame("draw-commit/1", record.commit, number(record.at)))


def check_list(record):
    """1 and 2: a list that is not the committed one, lines out of order, a number or mark twice."""
    data = record.members["list.txt"]
    need(1, sha256(data).hex() == record.definition["list"], "list.txt",
         "is not the list of the definition | 정의에 적은 명단이 아니에요")
    lines = [LIST_LINE.fullmatch(line) for line in data.split(b"\n")[:-1]]
    need(2, all(lines) and data[-1:] in (b"", b"\n"), "list.txt", "has a line that is none | 정해진 꼴이 아닌 줄이 있어요")
    numbers, marks = [int(line[1]) for line in lines], {line[2] for line in lines}
    need(2, all(map(int.__lt__, numbers, numbers[1:])), "list.txt", "is not ascending, or has a number twice | 차례가 "
         "아니거나 같은 번호가 두 번 있어요")
    need(2, len(marks) == len(lines), "list.txt", "has a mark twice | 같은 표시가 두 번 있어요")
    record.cells = {own: line[3].decode() for own, line in zip(numbers, lines)}
    record.marks = {own: line[2].decode() for own, line in zip(numbers, lines)}


def check_counts(record):
    """3: sums, lines of each cell, and cells of few people who have not agreed."""
    counts, cells, where = record.definition["counts"], record.definition["cells"], "definition.json"
    need(3, counts["handed_in"] == counts["listed"] + sum(counts[name] for name in BREAKS), where,
         "handed in is not listed, withdrawn, incomplete, not eligible and double together | 접수한 수가 명단·철회·미비·자격 "
         "없음·중복의 합과 달라요")
    need(3, counts["listed"] == len(record.cells) == sum(counts[name] for name in WAYS), where,
         f"{counts['listed']} listed, {len(record.cells)} lines, ways differ | 명단 {counts['listed']}명, "
         f"{len(record.cells)}줄, 접수한 길의 합이 달라요")
    lines = collections.Counter(record.cells.values())
    need(3, lines.keys() <= {f"c{at}" for at in range(1, len(cells) + 1)}, "list.txt",
         "has a cell of no definition | 정의에 없는 칸이 있어요")
    for at, cell in enumerate(cells, start=1):
        need(3, cell["lines"] == lines[f"c{at}"], where, f"cell c{at} has {lines[f'c{at}']} lines, not "
             f"{cell['lines']} | 칸 c{at}은 {cell['lines']}줄이 아니라 {lines[f'c{at}']}줄이에요")
        need(3, cell["agreed"] or not 0 < cell["lines"] < FEW or len(cells) == 1, where,
             f"cell c{at} has few lines, and not all agreed | 칸 c{at}은 사람이 적은데 모두 동의하지 않았어요")


def check_lots(record):
    """4: groups crossed, or more needed than there may be."""
    known = {f"c{at}" for at in range(1, len(record.definition["cells"]) + 1)}
    need(4, record.definition["lots"], "definition.json: lots", "there is none | 추첨 차례가 없어요")
    for lot in record.definition["lots"]:
        tree = tree_of(lot)
        for cells in (lot["cells"], *(group["cells"] for group in lot["groups"])):
            need(4, len(set(cells)) == len(cells), f"definition.json: {shown(lot['name'])}",
                 "names a cell twice | 같은 칸이 두 번 있어요")
        need(4, lot["cells"] and set(lot["cells"]) <= known and tree, f"definition.json: {shown(lot['name'])}",
             "groups cross or are equal, or name other cells | 묶음이 서로 걸치거나 같거나, 없는 칸이 있어요")
        need(4, tree.can_hold(), f"definition.json: {shown(lot['name'])}",
             "more are needed than there may be | 적어도 뽑을 수가 많아야 뽑을 수보다 커요")
        record.trees.append(tree)


def check_rule(record):
    """5: other lots than the call published. Both are told; quotas may have been dropped, or the lots changed."""
    here = sha256(verify.canonical(record.definition["lots"])).hex()
    if record.definition["rule"] != here:
        record.open(5, "definition.json: rule", f"the call published lots {record.definition['rule']}, these are "
                    f"{here}: quotas were dropped or changed | 모집할 때 알린 추첨 차례는 {record.definition['rule']}, 이 추첨은 "
                    f"{here}: 몫을 뺐거나 바꿨어요")


def check_instants(record):
    """6 and 7: the lottery and round are those that the instant of the commit asks for, 72 hours after it or more."""
    need(7, lottery_at(record.definition["lottery"]) - record.at >= 3 * DAY, "definition.json: at",
         "is less than 72 hours before the lottery | 로또 추첨까지 72시간이 안 돼요")
    named, own = (record.definition["lottery"], record.definition["round"]), reckoned(record.at)
    need(6, named == own, "definition.json", f"names lottery and round {named}, reckoned {own} | 로또와 비컨 회차가 {named}인데 "
         f"계산하면 {own}이에요")


def check_attempts(record):
    """17: a gap between attempts, or two of one number. 14: fewer entries than an earlier record of this draw had."""
    own = record.definition
    need(17, own["before"] == "" if own["attempt"] == 1 else re.fullmatch("[0-9a-f]{64}", own["before"]),
         "definition.json: before", "an attempt that names none before it | 앞선 추첨을 적지 않은 추첨이에요")
    commits = {own["attempt"]: record.commit.hex()}
    befores = {own["attempt"]: own["before"]}
    for path in record.options.other:
        members = check_members(verify.read_file(path))
        other = verify.shaped(verify.parse_json(members["definition.json"], "definition.json"), DEFINITION, "other")
        commit = sha256(members["definition.json"]).hex()
        need(17, other["slug"] == own["slug"] and commits.setdefault(other["attempt"], commit) == commit,
             verify.named(path), f"another draw {other['attempt']} | {other['attempt']}번째 추첨이 하나 더 있어요")
        befores[other["attempt"]] = other["before"]
        if commit == record.commit.hex():
            kept = [{**entry, "restored": ""} for entry in verify.parse_json(members["passed.json"], "passed.json")]
            now = [{**entry, "restored": ""} for entry in record.entries[:len(kept)]]
            need(14, kept == now, verify.named(path), "has entries that are gone or others now | 지금은 없거나 달라진 항목이 있어요")
    if record.options.other:
        highest = max(befores)
        need(17, sorted(befores) == list(range(1, highest + 1)), "--other", "an attempt is missing | 빠진 추첨이 있어요")
        need(17, all(befores[at] == commits[at - 1] for at in range(2, highest + 1)), "--other",
             "an attempt names another one before it | 앞선 추첨이 적힌 것과 달라요")
    elif own["attempt"] > 1:
        record.say(f"This is attempt {own['attempt']}; those before were not compared (--other). | {own['attempt']}번째 "
                   "추첨이에요. 앞선 추첨과는 견주지 않았어요(--other).")


def check_line(record):
    """16: the line of a letter is not in the list."""
    if not record.options.line:
        return
    own, salt, name, birthday = record.options.line
    need(16, own.isascii() and own.isdigit() and verify.HEX.fullmatch(salt) and len(salt) == 32, "--line",
         "not a number of six digits and a salt of 32 signs | 여섯 자리 번호와 서른두 글자 확인 글자가 아니에요")
    mark = mark_of(record.definition["slug"], record.definition["attempt"], int(own), bytes.fromhex(salt), name,
                   birthday)
    need(16, record.marks.get(int(own)) == mark.hex(), "--line", f"{own} with this name and birthday is not in the "
         f"list | 이 이름과 생일의 {own}번은 명단에 없어요")
    record.say(f"The line {own} is in the list, cell {record.cells[int(own)]}. | {own}번 줄이 명단에 있어요. 칸 "
               f"{record.cells[int(own)]}.")


def check_chance(record):
    """18: the chances that were told are not those of the list and lots."""
    need(18, record.chance == chance_of(record.trees, record.cells, record.commit), "chance.json",
         "is not what the seeds from the commit give | 확약값에서 나온 시드로 센 값과 달라요")


def check_entries(record):
    """13 and 14: somebody passed over twice; entries out of order, unsigned or with a gap."""
    signatures, before, out = record.signatures["passed"], bytes(32), {}
    need(14, len(signatures) == len(record.entries), "signatures.json: passed",
         "not one for each entry | 항목마다 하나가 아니에요")
    restored = iter(record.signatures.get("restored", ()))
    previous = record.definition["at"]
    for at, (entry, signature) in enumerate(zip(record.entries, signatures), start=1):
        where, own = f"passed.json: {at}", entry["number"]
        need(13, own in record.cells, where, f"{own} is not in the list | {own}번은 명단에 없어요")
        need(13, own not in out or "" < out[own] < entry["at"], where,
             f"{own} is passed over twice | {own}번이 두 번 빠졌어요")
        need(14, previous <= entry["at"], where, "is before the entry above | 앞 항목보다 일러요")
        message = frame("draw-passed/1", record.commit, number(at, 4), number(own, 4), entry["reason"].encode(),
                        number(verify.seconds(entry["at"])), before)
        record.signed(14, where, signature, message)
        if entry["restored"]:
            is_instant(entry["restored"], where)
            need(14, entry["at"] <= entry["restored"], where, "restored before it was passed over | 빠지기 전에 되돌렸어요")
            record.signed(14, where, next(restored, "00" * 64), frame(
                "draw-restored/1", record.commit, number(at, 4), number(own, 4),
                number(verify.seconds(entry["restored"]))))
        before, previous, out[own] = sha256(message), entry["at"], entry["restored"]


def check_values(record):
    """8: figures that are not written in the one way, or of another lottery; or not those of a newspaper."""
    if not record.is_drawn:
        return
    where, data = "values.json", record.members["values.json"]
    try:
        values = verify.shaped(verify.parse_json(data, where), VALUES, where)
    except verify.Wrong as wrong:
        raise Refusal(8, where, " | ".join(wrong.said)) from None
    need(8, verify.canonical(values) == data, where, "is not canonical JSON | 정해진 꼴의 JSON이 아니에요")
    need(8, len({*values["numbers"], values["bonus"]}) == 7 and sorted(values["numbers"]) == values["numbers"]
         and len(values["numbers"]) == 6, where, "not six ascending numbers and another bonus | 작은 것부터 여섯 수와 다른 보너스가 "
         "아니에요")
    need(8, values["number"] == record.lottery, where, f"is of lottery {values['number']}, not {record.lottery} | "
         f"{record.lottery}회가 아니라 {values['number']}회예요")
    named = record.options.figures
    need(8, named is None or {**values, "kind": "lottery"} == named, "--figures",
         "not the figures that you named | 알려 주신 숫자가 아니에요")
    record.values = values


def check_beacon(record):
    """9: the signature of the round does not hold. Without `drand-verify` this is said not to have been looked at."""
    if not record.is_drawn:
        return
    signature, late = record.signatures.get("beacon", ""), record.signatures.get("late")
    named = record.options.beacon
    need(9, named in (None, signature), "--beacon", "not the signature that you named | 알려 주신 비컨 서명이 아니에요")
    if late:
        need(9, signature == "" and verify.seconds(late["at"]) >= round_at(record.round) + 14 * DAY,
             "signatures.json: late", "said before 14 days, or with a signature | 14일이 안 됐거나 서명이 있어요")
        record.signed(9, "signatures.json: late", late["signature"],
                      frame("draw-late/1", record.commit, number(verify.seconds(late["at"]))))
        record.say("Nobody had the beacon for 14 days; the lottery counts alone. | 14일 동안 비컨이 없어서 로또만 썼어요.")
        return
    need(9, len(signature) == 96 and verify.HEX.fullmatch(signature), "signatures.json: beacon",
         "is not 48 bytes | 48바이트가 아니에요")
    holds = beacon_holds(record.round, signature)
    need(9, holds is not False, "signatures.json: beacon", f"is not the signature of round {record.round} | "
         f"{record.round}회차의 서명이 아니에요")
    record.say("The beacon's signature holds. | 비컨 서명이 맞아요." if holds else
               "The beacon's signature was NOT checked (drand-verify is not installed). | 비컨 서명은 확인하지 "
               "않았어요(drand-verify가 없어요).")


def beacon_holds(beacon_round, signature):
    """None where the program that pairs is not there (`pip install drand-verify`, and run without -I -S)."""
    try:
        from drand_verify import verify_quicknet
    except ImportError:
        return None
    try:
        return bool(verify_quicknet(beacon_round, signature))
    except ValueError:
        return False


def check_result(record):
    """10 to 13: the seed, the order in each lot, who is in."""
    if not record.is_drawn:
        return
    seed = seed_of(record.commit, record.members["values.json"], bytes.fromhex(record.signatures.get("beacon", "")))
    need(10, record.signatures.get("seed") == seed.hex(), "signatures.json: seed",
         f"is not {seed.hex()} | {seed.hex()}이 아니에요")
    told = [lot["numbers"] for lot in record.result]
    everybody = [own for lot in told for own in lot]
    gone = {entry["number"] for entry in record.entries if not entry["restored"]}
    need(13, not gone.intersection(everybody), "result.json", "somebody who is passed over is in | 빠진 사람이 들어 있어요")
    need(13, len(set(everybody)) == len(everybody), "result.json", "somebody is in twice | 두 번 들어간 사람이 있어요")
    own = result_of(record.trees, record.cells, seed, record.entries, lottery_at(record.lottery))
    need(11, len(told) != len(own) or told == own or list(map(sorted, told)) != list(map(sorted, own)), "result.json",
         "the numbers are in another order | 번호의 차례가 달라요")
    need(12, told == own and [lot["empty"] for lot in record.result] == [
        lot["places"] - len(numbers) for lot, numbers in zip(record.definition["lots"], own)], "result.json",
        f"is not what this draw gives: {own} | 다시 뽑은 결과와 달라요: {own}")
    record.signed(12, "signatures.json: result", record.signatures.get("result", "00" * 64), frame(
        "draw-result/1", record.commit, seed, sha256(record.members["result.json"]), number(len(record.entries), 4)))
    numbers = " / ".join(", ".join(map(str, lot)) or "-" for lot in own)
    record.say(f"Drawn again, the same: {numbers} | 다시 뽑아도 같아요: {numbers}")


def check_observers(record):
    """19: fewer observers than were named, or one who said that the list is wrong."""
    named = {observer["key"]: observer["name"] for observer in record.definition["observers"]}
    agreed = set()
    for item in record.signatures["observed"]:
        need(19, item["key"] in named, "signatures.json: observed", "by nobody who was named | 정해 둔 참관인이 아니에요")
        record.signed(19, "signatures.json: observed", item["signature"], frame(
            "draw-observed/1", record.commit, bytes([item["agrees"]]), item["text"].encode()), item["key"])
        agreed |= {item["key"]} if item["agrees"] else set()
        if not item["agrees"]:
            record.open(19, shown(named[item["key"]]), f"says that the list is wrong: {shown(item['text'], 200)} | "
                        f"명단이 틀렸다고 해요: {shown(item['text'], 200)}")
    if len(agreed) < len(named):
        record.open(19, "signatures.json: observed", f"{len(agreed)} of {len(named)} observers compared the list | "
                    f"참관인 {len(named)}명 가운데 {len(agreed)}명만 명단을 대조했어요")


CHECKS = (check_commit, check_list, check_counts, check_lots, check_rule, check_instants, check_attempts, check_line,
          check_entries, check_values, check_beacon, check_result, check_chance, check_observers)


# What is always told, to compare with a newspaper -------------------------------------------------------------------


def tell(record):
    """Lottery and figures, round, who was passed over, cells of few, who checked the list."""
    own, say = record.definition, record.say
    say(f"{shown(own['title'])}, attempt {own['attempt']}, {own['counts']['listed']} in the list. Commit "
        f"{record.commit.hex()}. | {shown(own['title'])}, {own['attempt']}번째 추첨, 명단 {own['counts']['listed']}명. 확약값 "
        f"{record.commit.hex()}.")
    figures = shown(record.members["values.json"].decode("utf-8", "replace"), 200) if record.is_drawn else "-"
    say(f"Lottery {record.lottery}: {figures}. Compare it with a newspaper. | 로또 {record.lottery}회: {figures}. 신문과 "
        "견주어 보세요.")
    say(f"Beacon round {record.round}: {shown(record.signatures.get('beacon') or '-', 96)} | 비컨 {record.round}회차: "
        f"{shown(record.signatures.get('beacon') or '-', 96)}")
    for early, words in ((True, "before the lottery | 로또 전"), (False, "after it | 로또 뒤")):
        reasons = collections.Counter(entry["reason"] for entry in record.entries
                                      if (verify.seconds(entry["at"]) < lottery_at(record.lottery)) is early)
        both = [", ".join(f"{REASONS[reason].split(' | ')[at]} {count}" for reason, count in sorted(reasons.items()))
                for at in (0, 1)]
        english, korean = words.split(" | ")
        say(f"Passed over {english}: {both[0] or 'nobody'}. | {korean}에 빠진 사람: {both[1] or '없음'}.")
    few = ", ".join(f"c{at} {shown(cell['name'])} {cell['lines']}" for at, cell in enumerate(own["cells"], start=1)
                    if 0 < cell["lines"] < FEW)
    say(f"Cells under five: {few or 'none'}. | 다섯 명이 안 되는 칸: {few or '없음'}.")
    signed = {item["key"]: item["agrees"] for item in record.signatures["observed"]}
    words = {1: "agrees | 맞다고 함", 0: "REFUSES | 틀렸다고 함", None: "has not signed | 서명 없음"}
    names = [", ".join(f"{shown(observer['name'])} {words[signed.get(observer['key'])].split(' | ')[at]}"
                       for observer in own["observers"]) for at in (0, 1)]
    say(f"The list was checked by: {names[0]}. | 명단을 대조한 사람: {names[1]}." if own["observers"] else
        "Nobody compared the list with the applications. | 명단은 아무도 대조하지 않았어요.")


class Report(verify.Report):
    """Sentences in one language, and what is open: told, and no fault that can be reckoned."""

    def __init__(self, language):
        super().__init__(language)
        self.opened = []

    def open(self, refusal, where, sentence):
        self.opened.append(f"({refusal}) {where}: {self.pick(sentence)}")


def check_all(options, report):
    record = Record(verify.read_file(options.record), options, report)
    tell(record)
    for check in CHECKS:
        check(record)
    return record


def last_line(options, record, report):
    if report.opened:
        return report.pick("LOOK: what can be reckoned holds, but: | 살펴보세요: 계산은 맞지만,") + " " + "; ".join(report.opened)
    parts = ["OK: everything that can be reckoned holds. | 맞아요: 계산할 수 있는 것은 모두 맞아요." if record.is_drawn else
             "OK so far: not drawn yet. | 지금까지 맞아요. 아직 뽑지 않았어요."]
    if not options.commit:
        parts.append("NOT compared with the commit of a letter (--commit). | 편지의 확약값과는 견주지 않았어요(--commit).")
    if not options.key:
        parts.append("Signer NOT confirmed (--key). | 누가 서명했는지는 확인하지 않았어요(--key).")
    return " ".join(map(report.pick, parts))


def main(arguments):
    parser = verify.Parser(prog="draw.py", allow_abbrev=False, description=
                           "Draws a published lot again. / 공개된 추첨을 다시 뽑아 봐요.")
    parser.add_argument("record", metavar="RECORD.zip")
    parser.add_argument("--commit", type=verify.key_fingerprint, metavar="HASH", help="of a letter / 편지의 확약값")
    parser.add_argument("--line", nargs=4, metavar=("NUMBER", "SALT", "NAME", "BIRTHDAY"), help=
                        "of a letter / 편지의 번호, 확인 글자, 이름, 생일(1980-01-01)")
    parser.add_argument("--figures", type=verify.named_draw, metavar="N:a,b,c,d,e,f+g", help="of a newspaper / 신문의 로또")
    parser.add_argument("--beacon", metavar="SIGNATURE", help="of the round, from drand / drand에서 본 회차의 서명")
    parser.add_argument("--key", type=verify.key_fingerprint, metavar="FINGERPRINT", help="of the site / 사이트 열쇠의 지문")
    parser.add_argument("--other", action="append", default=[], metavar="OTHER.zip", help=
                        "attempts before, or an earlier record / 앞선 추첨이나 전에 받은 기록")
    parser.add_argument("--language", choices=("en", "ko"), default="en")
    options = parser.parse_args(arguments)
    report, record, wrong = Report(options.language), None, None
    try:
        record = check_all(options, report)
    except OSError as error:
        print(f"{shown(str(error.filename))} cannot be used / 쓸 수 없어요: {error.strerror}", file=sys.stderr)
        return 2
    except verify.Unusable as error:
        print(" / ".join(error.said), file=sys.stderr)
        return 2
    except verify.Wrong as error:
        wrong = f"({getattr(error, 'refusal', 0)}) {error.said[report.korean]}"
    except verify.CONFUSED as error:
        wrong = f"(0) {type(error).__name__}"
    beginning = report.pick("WRONG: | 틀렸어요:") + " "
    print("\n".join([*report.lines, beginning + wrong if wrong else last_line(options, record, report)]))
    return 1 if wrong else 3 if report.opened else 0


if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")
    sys.exit(main(sys.argv[1:]))
