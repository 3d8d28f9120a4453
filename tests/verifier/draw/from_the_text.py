"""A draw again, written from the text of verifier/DRAW.md alone, without sight of the other programs.

It reckons and does not check: `python3 from_the_text.py RECORD.zip` says whether the result of a record is the same.
"""
import hashlib
import json
import sys
import unicodedata
import zipfile
from datetime import datetime, timedelta

FIRST_LOTTERY, WEEK = datetime.fromisoformat("2002-12-07T11:35:00Z"), timedelta(weeks=1)


def hashed(label, *fields):
    """The SHA-256 of a frame; whole numbers have 4 bytes."""
    fields = [field.to_bytes(4, "big") if isinstance(field, int) else field for field in fields]
    return hashlib.sha256(label.encode() + b"".join(len(field).to_bytes(4, "big") + field for field in fields)).digest()


def plain(name):
    """Letters, marks and digits of a name, in lower case."""
    name = unicodedata.normalize("NFKC", unicodedata.normalize("NFD", name).casefold())
    return "".join(sign for sign in name if unicodedata.category(sign)[0] in "LMN")


def mark(draw_id, number, salt, names, birthday):
    """The mark of a person (one name) or a group (its name, then its representative's)."""
    return hashed("draw-person/1", draw_id, number, salt, "\n".join([*map(plain, names), birthday]).encode())


def lottery(at):
    """Number and instant of the first lottery from 72 hours after an instant."""
    weeks = max(0, -((FIRST_LOTTERY - at - timedelta(hours=72)) // WEEK))
    return weeks + 1, FIRST_LOTTERY + weeks * WEEK


class Group:
    """A group of a lot with those right inside it; the lot itself is the outermost."""

    def __init__(self, cells, least, most, groups):
        self.cells, self.least, self.most, self.taken = set(cells), least, most, 0
        groups = [group for group in groups if set(group["cells"]) < self.cells]
        self.inside = [Group(**group, groups=groups) for group in groups
                       if not any(set(group["cells"]) < set(other["cells"]) for other in groups)]
        self.every = [self, *(group for part in self.inside for group in part.every)]

    def least_of_all(self):
        return max(self.least, sum(group.least_of_all() for group in self.inside))

    def bound(self, cells):
        """Reckon high and low from the cells of those who may be drawn."""
        for group in self.inside:
            group.bound(cells)
        right_in = sum(cell in self.cells and not any(cell in group.cells for group in self.inside) for cell in cells)
        self.high = min(self.most, right_in + sum(group.high for group in self.inside))
        self.low = min(self.high, max(self.least, sum(group.low for group in self.inside)))

    def need(self):
        return max(0, self.low - self.taken, sum(group.need() for group in self.inside))


def filled(lot, people, held, back):
    """Drawn people (number to cell, in the order of the lot): who is held, then who is back, then the rest."""
    whole, drawn = Group(lot["cells"], lot["places"], lot["places"], lot["groups"]), set()
    theirs = {number: [group for group in whole.every if cell in group.cells] for number, cell in people.items()}
    for number in [number for first in (held, back) for number in people if number in first]:
        if number in held or all(group.most > 0 for group in theirs[number]):
            drawn.add(number)
            for group in theirs[number]:
                group.least, group.most = max(0, group.least - 1), group.most - 1
    if any(group.least_of_all() > group.most for group in whole.every):
        for group in whole.every:
            group.least = 0
    rest = [number for number in people if number not in drawn]
    whole.bound([people[number] for number in rest])
    for number in rest:
        for group in theirs[number]:
            group.taken += 1
        if all(group.taken + group.need() <= group.high for group in theirs[number]):
            drawn.add(number)
        else:
            for group in theirs[number]:
                group.taken -= 1
    return [number for number in people if number in drawn]


def all_filled(lots, cells, seed, out, held, back):
    """Drawn people of each lot, in its order, without those who are out."""
    drawn, gone = [], set(out)
    for place, lot in enumerate(lots):
        people = [number for number, cell in cells.items() if cell in lot["cells"] and number not in gone]
        people.sort(key=lambda number: hashed("draw-order/1", seed, place + 1, number))
        drawn.append(filled(lot, {number: cells[number] for number in people}, held[place], back))
        gone.update(drawn[-1])
    return drawn


def result(lots, cells, seed, passed, lottery_at):
    """Drawn people of each lot in the end; somebody is out as long as one of their entries stands."""
    steps = sorted((entry[name], name == "restored", entry["number"], place) for place, entry in enumerate(passed)
                   if not entry["restored"] or datetime.fromisoformat(entry["restored"]) >= lottery_at
                   for name in ("at", "restored") if entry[name])
    first = next((place for place, step in enumerate(steps) if step[1]), len(steps))
    out, restored = {place: number for _at, _restores, number, place in steps[:first]}, set()
    drawn = all_filled(lots, cells, seed, out.values(), [()] * len(lots), ())
    for _at, restores, number, place in steps[first:]:
        if restores:
            restored.add(out.pop(place))
        else:
            out[place] = number
        drawn = all_filled(lots, cells, seed, out.values(), drawn, restored.difference(out.values(), *drawn))
    return drawn


def result_of_record(members):
    """The content of result.json, by the other members of a record."""
    definition, signed = json.loads(members["definition.json"]), json.loads(members["signatures.json"])
    commit = hashlib.sha256(members["definition.json"]).digest()
    seed = hashed("draw-seed/1", commit, members["values.json"], bytes.fromhex(signed["beacon"]))
    at = datetime.fromisoformat(signed.get("late", definition)["at"])
    cells = {int(line[:6]): line[72:] for line in members["list.txt"].decode().splitlines()}
    drawn = result(definition["lots"], cells, seed, json.loads(members["passed.json"]), lottery(at)[1])
    return [{"empty": lot["places"] - len(own), "numbers": own} for lot, own in zip(definition["lots"], drawn)]


if __name__ == "__main__":
    with zipfile.ZipFile(sys.argv[1]) as record:
        known = {name: record.read(name) for name in record.namelist()}
    print(result_of_record(known) == json.loads(known["result.json"]))
