"""Changes of the members of a record, of which attacks are made."""

import json

from civic_forum.ballots.box.sealing import ballot_entry, commitment, mark, token
from tests.verifier.primitives import as_json, framed, hashed, leaf_of

from .forging import edit, edit_lines, heads, live, log, put

TEXT_BAD = "０"


def prints_of(members):
    return hashed("box/2", members["box.json"])


def ballots(change):
    """A change of the ballots of a log, sorted again."""
    def changed(entries, closing):
        first = change(entries[:closing])
        first = sorted(first if first is not None else entries[:closing], key=leaf_of)
        return [*first, *entries[closing:]], len(first)
    return log(changed)


def swap_first_two(items):
    items[0], items[1] = items[1], items[0]


def same_half(which):
    """Two ballots with one mark or one commitment, as for two voters with one receipt."""
    def changed(entries):
        at = 57 if which == "mark" else 93
        entries[5] = entries[5][:at] + entries[9][at:at + 32] + entries[5][at + 32:]
        return entries
    return ballots(changed)


def token_of_another(members):
    """The live token of a voter moved to the older leaf of the same voter, which stays in the log."""
    number = members["choices.txt"].decode().splitlines()[0].split()[0]
    live(lambda lines: [lines.pop(0), lines.append("f" * 64)])(members)
    edit_lines("choices.txt", lambda lines: lines.pop(0))(members)
    return number


def choice_line(change, at=0):
    def changed(lines):
        fields = lines[at].split(" ")
        lines[at] = " ".join(change(fields))
    return edit_lines("choices.txt", changed)


def field(number, to):
    return lambda fields: [to(old) if at == number else old for at, old in enumerate(fields)]


def blanked(choice):
    """A blank choice, of a blank one another."""
    blank = "01" + "0" * (len(choice) - 2)
    return blank if choice != blank else "000001" + "0" * (len(choice) - 6)


def chosen(written):
    """A live ballot that chooses something else, written as hex digits of options, in its commitment too."""
    return lambda members: recommitted(members, lambda choice: written.ljust(len(choice), "0"))


def recommitted(members, to=blanked):
    """A live ballot's choice changed in its commitment too, but not in the totals."""
    number, mine, n, choice = members["choices.txt"].decode().splitlines()[0].split(" ")
    other = to(choice)
    prints, old = prints_of(members), bytes.fromhex(choice)
    entry = ballot_entry(prints, mark(prints, bytes.fromhex(mine)), commitment(bytes.fromhex(n), old))
    anew = ballot_entry(prints, mark(prints, bytes.fromhex(mine)), commitment(bytes.fromhex(n), bytes.fromhex(other)))
    before = [bytes.fromhex(line) for line in members["entries.txt"].decode().split()]
    ballots(lambda entries: [anew if one == entry else one for one in entries])(members)
    after = {bytes.fromhex(line): at for at, line in enumerate(members["entries.txt"].decode().split())}
    renumber = {str(at): str(after[anew if one == entry else one]) for at, one in enumerate(before)
                if (anew if one == entry else one) in after}
    lines = [line.split(" ") for line in members["choices.txt"].decode().splitlines()]
    lines = [[renumber[line[0]], *line[1:]] for line in lines]
    for line in lines:
        if line[1] == mine:
            line[3] = other
    members["choices.txt"] = "".join(" ".join(line) + "\n"
                                     for line in sorted(lines, key=lambda line: int(line[0]))).encode()


def one_live_more(members):
    """A ballot of nobody: leaf, token, choice, totals and turnout all fit; the roll does not."""
    prints, mine, n = prints_of(members), b"z" * 16, b"n" * 32
    length = len(members["choices.txt"].split(b"\n")[0].split(b" ")[3]) // 2
    blank = b"\1" + bytes(length - 1)
    entry = ballot_entry(prints, mark(prints, mine), commitment(n, blank))
    before = list(members["entries.txt"].decode().split())
    closing = json.loads(members["heads.json"])[1]["size"]
    edit_lines("live.txt", lambda lines: [lines.append(token(prints, mine).hex()), lines.sort()])(members)
    lines = {before[int(line.split(" ")[0])]: line.split(" ")[1:]
             for line in members["choices.txt"].decode().splitlines()}
    blind = next(line for line in before[:closing] if line not in lines)
    ballots(lambda entries: [entry if one.hex() == blind else one for one in entries])(members)
    lines[entry.hex()] = [mine.hex(), n.hex(), blank.hex()]
    after = members["entries.txt"].decode().split()
    members["choices.txt"] = "".join(f"{at} {' '.join(lines[line])}\n" for at, line in enumerate(after)
                                     if line in lines).encode()

    def counted(result):
        result["ballots"] += 1
        result["blank"] += 1
        result["rows"]["online"] += 1
        result["turnout"]["online"] += 1
        result["turnout"]["total"] += 1
    edit("result.json", counted)(members)


def roll_marked(old, new):
    """Somebody marked as having taken part, or not any more."""
    def changed(lines):
        at = next(at for at, line in enumerate(lines) if line.endswith(old))
        lines[at] = lines[at][:-1] + new
    return edit_lines("roll.txt", changed)


def roll_grown(members):
    """An entry added to the roll behind its root."""
    edit_lines("roll.txt", lambda lines: [lines.append("0" * 64 + " 0"), lines.sort()])(members)
    edit("result.json", lambda result: result["turnout"].update(roll=result["turnout"]["roll"] + 1))(members)


def opening(**changes):
    return heads(lambda found: found[0].update(changes))


def closing(**changes):
    return heads(lambda found: found[1].update(changes))


def final(**changes):
    return heads(lambda found: found[2].update(changes))


def of_outcome(*path, to):
    return edit("result.json", put("outcome", *path, to=to))


def other_selection(members):
    """Another affordable selection with lines that look right."""
    result = json.loads(members["result.json"])
    counted = result["outcome"]["count"]
    gone, came = counted["rounds"].pop(), counted["not_selected"].pop(0)
    counted["rounds"].append(gone | {"project": came["project"], "cost": came["cost"], "votes": came["votes"]})
    counted["not_selected"].insert(0, came | {"project": gone["project"], "cost": gone["cost"], "votes": gone["votes"]})
    counted["selected"][-1] = came["project"]
    counted["cost"] = str(sum(int(line["cost"]) for line in counted["rounds"]))
    members["result.json"] = as_json(result)


def small_although_many(members):
    def few(result):
        del result["blank"], result["totals"]
        result.pop("breakdown", None)
        result.update(small=1, outcome={"kind": "poll", "quorum": 1, "selected": sorted(result["outcome"]["selected"])})
    edit("result.json", few)(members)


def with_draw(kind):
    dice = {"kind": "dice", "faces": [1] * 20}
    lottery = {"kind": "lottery", "number": 1214, "numbers": [1, 2, 3, 4, 5, 6], "bonus": 7}
    return lambda members: members.update({"draw.json": as_json(dice if kind == "dice" else lottery)})


def raw(name, change):
    return lambda members: members.update({name: change(members[name])})


def manifest_of(**changes):
    return edit("manifest.json", lambda found: found.update(changes))


def without_choices(members):
    """Everybody's edition without the ballots that were to be published whole."""
    for name in ("choices.txt", "paper-choices.json"):
        del members[name]
    edit("manifest.json", lambda found: [found.update(edition="totals"), [found["members"].pop(name) for name in (
        "choices.txt", "paper-choices.json")]])(members)


def papers(change):
    """A change of the batches, opened and committed to anew; their number stays."""
    def altered(members):
        opened, choices = (json.loads(members[name]) for name in ("paper.json", "paper-choices.json"))
        change(opened, choices)
        prints = prints_of(members)
        made = {one["leaf"]: framed("entry/2", b"paper", prints,
                                    hashed("text/2", bytes.fromhex(one["n"]), as_json(one["figures"])),
                                    hashed("paper/2", bytes.fromhex(two["n2"]), bytes.fromhex("".join(two["choices"]))))
                for one, two in zip(opened, choices, strict=True)}
        members.update({"paper.json": as_json(opened), "paper-choices.json": as_json(choices)})
        log(lambda entries, at: ([made.get(number, entry) for number, entry in enumerate(entries)], at))(members)
    return altered


def figures(at=0, **changes):
    return papers(lambda opened,
                  _choices: opened[at]["figures"].update({name: to(opened[at]["figures"][name]) for name,
                                                          to in changes.items()}))


def paper_choice(written):
    return papers(lambda _opened,
                  choices: choices[0]["choices"].__setitem__(0, written.ljust(len(choices[0]["choices"][0]), "0")))


def one_less(old):
    return old - 1


def one_more(old):
    return old + 1


def first_entry(change):
    return log(lambda entries, _closing: entries.__setitem__(0, change(entries[0])))


def paper_before_close(entries, at):
    return [*sorted([*entries[:at - 1], entries[at]], key=leaf_of), entries[at - 1], *entries[at + 1:]], at
