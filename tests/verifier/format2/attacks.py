"""Records that somebody who holds the signing key would like to pass: (kind of vote, change) by name."""

import json

from tests.verifier.primitives import OTHER_SEED, framed, leaf_of

from .changes import (ballots, choice_line, chosen, closing, field, figures, final, first_entry, manifest_of,
                      of_outcome, one_live_more, one_more, opening, other_selection, paper_before_close, paper_choice,
                      papers, raw, recommitted, roll_grown, roll_marked, same_half, small_although_many,
                      swap_first_two, token_of_another, with_draw, without_choices)
from .forging import additions, counts, drop, edit, edit_lines, heads, live, log, put

JSON_SPOILED = {
    "a space": lambda data: data.replace(b":", b": ", 1), "a line end": lambda data: data + b"\n",
    "a mark of order": lambda data: b"\xef\xbb\xbf" + data,
    "a fraction": lambda data: data.replace(b'"format":2', b'"format":2.0'),
    "an exponent": lambda data: data.replace(b'"format":2', b'"format":2e0'),
    "a leading zero": lambda data: data.replace(b'"format":2', b'"format":02'),
    "a sign": lambda data: data.replace(b'"format":2', b'"format":-2'),
    "true": lambda data: data.replace(b'"format":2', b'"format":true'),
    "null": lambda data: data.replace(b'"format":2', b'"format":null'),
    "a name twice": lambda data: data.replace(b'"format":2', b'"format":2,"format":2'),
    "names in another order": lambda data: json.dumps(dict(reversed(json.loads(data).items())), separators=(",", ":"),
                                                      ensure_ascii=False).encode(),
    "letters as escapes": lambda data: data.replace(b'"format"', b'"f\\u006frmat"'), "nothing": lambda _data: b"",
    "a list": lambda _data: b"[]", "cut": lambda data: data[:-1],
    "no UTF-8": lambda data: data.replace(b'"format"', b'"f\xff"'),
    "a lone surrogate": lambda data: data.replace(b'"format":2', b'"format":"\\ud800"'),
    "beyond the largest number": lambda data: data.replace(b'"format":2', b'"format":9007199254740992'),
    "very deep": lambda _data: b"[" * 40 + b"]" * 40, "endlessly deep": lambda _data: b"[" * 100_000,
    "NaN": lambda data: data.replace(b'"format":2', b'"format":NaN'),
}

ATTACKS = {
    # the log
    "two ballots in another order": ("approval", log(lambda entries, _at: swap_first_two(entries))),
    "a ballot twice": (
        "approval",
        log(lambda entries, at: (sorted([*entries[:at], entries[0]], key=leaf_of) + entries[at:], at + 1)),
    ),
    "a blind ballot gone": ("approval", ballots(lambda entries: entries[1:])),
    "64 ballots gone": ("approval", ballots(lambda entries: entries[64:])),
    "64 blind ballots more": (
        "approval",
        ballots(
            lambda entries: [
                *entries,
                *(entries[0][:-64] + bytes([at]) * 28 + entries[0][-36:-32] + bytes([at]) * 32 for at in range(64)),
            ][:-1]
        ),
    ),
    "two voters with one receipt": ("approval", same_half("mark")),
    "two ballots with one commitment": ("approval", same_half("commitment")),
    "a ballot of another vote": ("approval", first_entry(lambda entry: entry[:22] + bytes(32) + entry[54:])),
    "a ballot of another type": ("approval", first_entry(lambda entry: entry.replace(b"ballot", b"BALLOT"))),
    "a ballot with a field more": ("approval", first_entry(lambda entry: entry + framed("", b"x"))),
    "a ballot with another label": ("approval", first_entry(lambda entry: entry.replace(b"entry/2", b"entry/1"))),
    "a ballot with longer halves": ("approval", first_entry(lambda entry: entry[:-36] + b"\0\0\0\x21" + entry[-32:])),
    "paper before the close": ("approval", log(paper_before_close)),
    "a ballot behind the close": ("approval", log(lambda entries, at: (entries, at - 64))),
    "paper behind an objection": (
        "approval",
        log(lambda entries, at: ([*entries[:at], entries[at + 1], entries[at], *entries[at + 2 :]], at)),
    ),
    "an objection gone": ("approval", log(lambda entries, at: (entries[:-1], at))),
    "an objection twice": ("approval", log(lambda entries, at: ([*entries, entries[-1]], at))),
    "an entry that is empty": ("approval", raw("entries.txt", lambda data: data + b"\n")),
    "entries in capitals": ("approval", raw("entries.txt", lambda data: data.replace(b"a", b"A", 1))),
    "entries with a carriage return": ("approval", raw("entries.txt", lambda data: data.replace(b"\n", b"\r\n"))),
    "entries with a space": ("approval", raw("entries.txt", lambda data: b" " + data[1:])),
    "entries that are cut": ("approval", raw("entries.txt", lambda data: data[:-1])),
    "entries with half a byte": ("approval", raw("entries.txt", lambda data: data[:-2] + b"\n")),
    "no entries": ("approval", raw("entries.txt", lambda _data: b"")),
    # which ballots count
    "a token gone": ("approval", live(lambda lines: lines.pop())),
    "a token more": ("approval", live(lambda lines: lines.append("f" * 64))),
    "a token twice": ("approval", live(lambda lines: lines.insert(0, lines[0]))),
    "tokens in another order": ("approval", live(swap_first_two)),
    "a token of nobody": ("approval", live(lambda lines: lines.__setitem__(-1, "f" * 64))),
    "a token in capitals": ("approval", live(lambda lines: lines.__setitem__(0, "A" + lines[0][1:]))),
    "tokens that were not signed for": ("approval", edit_lines("live.txt", lambda lines: lines.pop())),
    "a token moved to another leaf": ("approval", token_of_another),
    "a ballot of nobody": ("approval", one_live_more),
    "a choice changed in the log": ("approval", recommitted),
    "a choice of another leaf": (
        "approval",
        choice_line(
            field(3, lambda old: "01" + "0" * (len(old) - 2) if old[1] == "0" else "000001" + "0" * (len(old) - 6))
        ),
    ),
    "another n": ("approval", choice_line(field(2, lambda old: "0" * 64))),
    "another mine": ("approval", choice_line(field(1, lambda old: "0" * 32))),
    "another leaf": ("approval", choice_line(field(0, lambda old: str(int(old) + 1)))),
    "a leaf beyond the log": ("approval", choice_line(field(0, lambda _old: "9999999"), at=-1)),
    "a leaf with a zero in front": ("approval", choice_line(field(0, lambda old: "0" + old))),
    "a choice that is longer": ("approval", choice_line(field(3, lambda old: old + "0000"))),
    "a choice in capitals": ("approval", choice_line(field(1, lambda old: "A" + old[1:]))),
    "a choice with two spaces": ("approval", raw("choices.txt", lambda data: data.replace(b" ", b"  ", 1))),
    "a choice line gone": ("approval", edit_lines("choices.txt", lambda lines: lines.pop())),
    "a choice line twice": ("approval", edit_lines("choices.txt", lambda lines: lines.append(lines[-1]))),
    "choice lines in another order": ("approval", edit_lines("choices.txt", swap_first_two)),
    # the roll
    "somebody marked as having taken part": ("approval", roll_marked("0", "1")),
    "somebody marked no more": ("approval", roll_marked("1", "0")),
    "an entry of the roll gone": ("approval", edit_lines("roll.txt", lambda lines: lines.pop())),
    "an entry of the roll added": ("approval", roll_grown),
    "a roll in another order": ("approval", edit_lines("roll.txt", swap_first_two)),
    "a mark that is 2": ("approval", roll_marked("0", "2")),
    "a roll that is cut": ("approval", raw("roll.txt", lambda data: data[:-1])),
    "a turnout of a smaller roll": ("approval", edit("result.json", put("turnout", "roll", to=70))),
    "additions in another order": ("growing roll", edit_lines("additions.txt", swap_first_two)),
    "an addition gone": ("growing roll", edit_lines("additions.txt", lambda lines: lines.pop())),
    "an addition that is on the roll": (
        "growing roll",
        lambda members: edit_lines(
            "additions.txt", lambda lines: lines.append(members["roll.txt"].decode().splitlines()[0])
        )(members),
    ),
    "additions of an older count": ("growing roll", counts(lambda found: found[1].update(additions=3))),
    "a count of other additions": ("growing roll", counts(lambda found: found[1].update(additions_root="0" * 64))),
    "a head of other additions": ("growing roll", closing(additions_root="0" * 64)),
    "an addition that came after everything was signed": (
        "growing roll", edit_lines("additions.txt", lambda lines: lines.append("f" * 64 + " 0"))),
    "an addition marked as having taken part": (
        "growing roll", edit_lines("additions.txt", lambda lines: lines.__setitem__(0, lines[0][:-1] + "1"))),
    "an addition moved behind the last count": (
        "growing roll", edit_lines("additions.txt", lambda lines: lines.append(lines.pop(0)))),
    "a count without the signature of its additions": (
        "growing roll", edit("counts.json", lambda found: found[0].pop("additions_signature"))),
    "a signature of the additions of another count": ("growing roll", edit("counts.json", lambda found: found[0].update(
        additions_signature=found[1]["additions_signature"]))),
    "a signature of additions where the roll does not grow": ("approval", edit("counts.json", lambda found: found[
        0].update(additions_signature=found[0]["signature"]))),
    "additions where the roll does not grow": ("approval", closing(additions_root="1" * 64)),
    "counts with additions where none are": ("approval", counts(lambda found: found[0].update(additions=1))),
    # heads and counts
    "heads of 1970": (
        "approval",
        heads(lambda found: [head.update(at=f"1970-01-0{at}T00:00:00Z") for at, head in enumerate(found, 1)]),
    ),
    "opened after the close": ("approval", opening(at="2026-03-09T00:00:00Z")),
    "opened at the close": ("approval", opening(at="2026-03-08T15:00:00Z")),
    "opened years before": ("approval", opening(at="2025-01-01T00:00:00Z")),
    "closed a day early": ("approval", closing(at="2026-03-07T15:00:00Z")),
    "closed a second early": ("approval", closing(at="2026-03-08T14:59:59Z")),
    "final before the close": ("approval", final(at="2026-03-08T14:00:00Z")),
    "early by alarms alone": (
        "approval",
        edit("alarms.json", lambda found: found.update(early_close={"at": "2026-03-08T00:00:00Z", "reason": "x"})),
    ),
    "an early close that alarms do not name": ("closed early", edit("alarms.json", drop("early_close"))),
    "an early close decided later": (
        "closed early",
        edit("alarms.json", put("early_close", "at", to="2026-03-09T00:00:00Z")),
    ),
    "an early close decided before the opening": (
        "closed early",
        edit("alarms.json", put("early_close", "at", to="2026-03-01T00:00:00Z")),
    ),
    "a log that was not empty": ("approval", opening(size=1)),
    "live ballots at the opening": ("approval", opening(live_sha256="1" * 64)),
    "additions at the opening": ("approval", opening(additions_root="1" * 64)),
    "another root": ("approval", closing(root="0" * 64)),
    "other live ballots at the end": ("approval", final(live_sha256="0" * 64)),
    "a head of another vote": ("approval", closing(fingerprint="0" * 64)),
    "heads of another key": ("approval", heads(lambda _found: None, OTHER_SEED)),
    "heads in another order": ("approval", heads(lambda found: found.reverse())),
    "two final heads": ("approval", heads(lambda found: found.append(found[-1]))),
    "a proof too much": ("approval", edit("heads.json", lambda found: found[2]["consistency"].append("0" * 64))),
    "a count that falls": ("approval", counts(lambda found: found[1].update(voters=1))),
    "a count of more than there were": ("approval", counts(lambda found: found[1].update(voters=90))),
    "counts of another key": ("approval", counts(lambda _found: None, OTHER_SEED)),
    "a count of another vote": ("approval", counts(lambda found: found[0].update(fingerprint="0" * 64))),
    "a count number twice": ("approval", counts(lambda found: found[0].update(number=3))),
    "counts in another order": ("approval", counts(swap_first_two)),
    "a count before the opening": ("approval", counts(lambda found: found[0].update(at="2026-03-01T00:00:00Z"))),
    "a count after the close": ("approval", counts(lambda found: found[1].update(at="2026-03-08T15:00:01Z"))),
    "a count without number": ("approval", counts(lambda found: found[0].update(number=0))),
    "a fall that did not happen": (
        "approval",
        edit(
            "alarms.json", lambda found: found.update(counts=[3], reasons=[{"at": "2026-03-09T00:00:00Z", "text": "x"}])
        ),
    ),
    # alarms
    "rows missing without a reason": ("broken into", edit("alarms.json", put("reasons", to=[]))),
    "rows missing that nobody names": ("broken into", edit("alarms.json", put("missing", to=0))),
    "a growing roll without its alarms": ("growing roll", edit("alarms.json", drop("additions_lost"))),
    "alarms of additions of a roll that does not grow": (
        "approval", edit("alarms.json", lambda found: found.update(additions_lost=0))),
    "no ledger and no reason": ("approval", edit("alarms.json", put("ledger", to=0))),
    "more struck than on the roll": ("approval", edit("alarms.json", put("strikes", to=10_000))),
    "an officer replaced by nobody's signature": (
        "officers",
        edit(
            "alarms.json",
            put(
                "officers",
                to=[
                    {
                        "number": 1,
                        "change": {"at": "2026-03-03T00:00:00Z", "leaves": "담당관 1", "comes": "담당관 4"},
                        "signature": "0" * 128,
                    }
                ],
            ),
        ),
    ),
    # what won
    "a winner who is not": ("approval", of_outcome("selected", 0, to=lambda old: old % 6 + 1)),
    "winners in another order": ("approval", of_outcome("selected", to=lambda old: old[::-1])),
    "one winner fewer": ("approval", of_outcome("selected", to=lambda old: old[:-1])),
    "no winners": ("approval", of_outcome("selected", to=[])),
    "a quorum that was not reached": ("quorum not reached", of_outcome("quorum", to=1)),
    "a quorum that is left out": ("approval", edit("result.json", drop("outcome", "quorum"))),
    "a poll as a budget": ("approval", of_outcome("kind", to="budget")),
    "a budget as a poll": ("greedy", of_outcome("kind", to="poll")),
    "yes where no won": ("yes or no", of_outcome("selected", to=[1, 2, 3, 1])),
    "points of another": (
        "points",
        edit(
            "result.json",
            lambda found: [
                found["totals"][0].update(points=found["totals"][0]["points"] + 1),
                found["totals"][1].update(points=found["totals"][1]["points"] - 1),
            ],
        ),
    ),
    "few, another winner": ("few", of_outcome("selected", to=[6])),
    "few, with totals": ("few", edit("result.json", lambda found: found.update(totals=[], blank=0))),
    "many as if few": ("approval", small_although_many),
    "a draw that nothing needs": ("draw not needed", with_draw("dice")),
    "a draw that the vote does not name": ("tie without a draw", with_draw("dice")),
    "another draw": ("tie, dice", with_draw("dice")),
    "the draw of another kind": ("tie, lottery", with_draw("dice")),
    "a draw of another week": ("tie, lottery", edit("draw.json", put("number", to=lambda old: old + 1))),
    "a tie without its draw": ("tie, lottery", lambda members: members.update({"draw.json": b"{}"})),
    "another affordable selection, greedy": ("greedy", other_selection),
    "another affordable selection, weighted": ("weighted by marks", other_selection),
    "another affordable selection, equal shares": ("equal shares of all to see", other_selection),
    "a comparison with other projects": (
        "greedy",
        of_outcome("others", "equal-shares", "selected", to=lambda old: old[::-1][:-1]),
    ),
    "a comparison by other rules": ("equal shares", of_outcome("others", "greedy", "rules", "skips", to=0)),
    "a comparison left out": ("weighted by marks", edit("result.json", drop("outcome", "others", "committee"))),
    "a billion voters with a funded project": ("greedy", of_outcome("count", "voters_with_a_funded_choice", to=10**9)),
    "all voters with a funded project": ("greedy", of_outcome("count", "voters_with_a_funded_choice", to="all")),
    "another score": ("weighted by marks", of_outcome("count", "rounds", 0, "score", to="999")),
    "another reason": ("greedy", of_outcome("count", "not_selected", 0, "reason", to="below_threshold")),
    "other parts": ("weighted by marks", of_outcome("count", "parts", "2027-1", "residents", to="1")),
    "hidden numbers that are not": ("equal shares", of_outcome("hidden", to=["2027-1"])),
    "hidden numbers told": ("equal shares, few supporters", edit("result.json", drop("outcome", "hidden"))),
    "an ending that was not": ("equal shares", of_outcome("count", "ending", to="all_funded")),
    "a step more": ("equal shares", of_outcome("count", "steps", to=lambda old: old + 1)),
}
ATTACKS |= {
    # choices that no rule allows, in the log all the same
    "a blank that chooses": ("approval", chosen("010001")),
    "an option marked with 2": ("approval", chosen("000002")),
    "more options than allowed": ("approval", chosen("000001000100010001")),
    "nothing chosen and not blank": ("approval", chosen("00")),
    "a choice of kind 2": ("approval", chosen("02")),
    "a fourth answer": ("yes or no", chosen("00000400010001")),
    "an answer left out": ("yes or no", chosen("0000010001")),
    "more points than given": ("points", chosen("00000b")),
    "no points": ("points", chosen("00")),
    "one instead of two": ("exactly", chosen("000001")),
    "too much of a group": ("groups and money", chosen("000001000100000001")),
    "none of a group that needs one": ("groups and money", chosen("0000000000000001")),
    "too much money": ("groups and money", chosen("0000010000000000" + "0001")),
    # paper
    "sheets that do not add up": ("approval", figures(sheets=one_more)),
    "counted that nobody sees": ("approval", figures(counted=one_more, sheets=one_more)),
    "invalid sheets more": ("approval", figures(invalid=one_more, sheets=one_more)),
    "a batch of number 0": ("approval", figures(number=lambda _old: 0)),
    "two batches of one number": ("two piles of paper", figures(number=lambda _old: 2)),
    "a batch of nine sheets": (
        "two piles of paper",
        papers(
            lambda opened, choices: [
                choices[1]["choices"].append(choices[0]["choices"].pop()),
                *(
                    opened[at]["figures"].update(
                        counted=opened[at]["figures"]["counted"] + by, sheets=opened[at]["figures"]["sheets"] + by
                    )
                    for at, by in ((0, -1), (1, 1))
                ),
            ]
        ),
    ),
    "a paper that is blank and chooses": ("approval", paper_choice("010001")),
    "a paper marked with 2": ("approval", paper_choice("000002")),
    "a paper with too much": ("approval", paper_choice("000001000100010001")),
    "a paper with nothing": ("approval", paper_choice("00")),
    "a paper choice that is longer": (
        "approval",
        papers(lambda _opened, choices: choices[0]["choices"].__setitem__(0, choices[0]["choices"][0] + "0000")),
    ),
    "papers returned beyond all": ("approval", edit("result.json", put("turnout", "paper_returned", to=99))),
    "rows beyond the roll": ("approval", edit("result.json", put("rows", "paper_taken_back", to=90))),
    "papers taken back that were not": ("approval", edit("result.json", put("rows", "paper_taken_back", to=5))),
    "papers kept that were not": (
        "approval",
        edit(
            "result.json",
            lambda found: [
                found["paper"].update(
                    unreturned=found["paper"]["unreturned"] + 2, spoiled=found["paper"]["spoiled"] - 1
                )
            ],
        ),
    ),
    # the rest
    "a final size of another": ("approval", edit("result.json", put("final_size", to=one_more))),
    "a final root of another": ("approval", edit("result.json", put("final_root", to="0" * 64))),
    "signatures: of nobody": ("approval", edit("signatures.json", put("result", to="0" * 128))),
    "signatures: the manifest's for the result": (
        "approval",
        edit("signatures.json", lambda found: found.update(result=found["manifest"])),
    ),
    "signatures: one gone": ("approval", edit("signatures.json", drop("manifest"))),
    "signatures: with S above the order": (
        "approval",
        edit(
            "signatures.json",
            put(
                "result",
                to=lambda old: (
                    old[:64]
                    + (
                        int.from_bytes(bytes.fromhex(old[64:]), "little")
                        + 2**252
                        + 27742317777372353535851937790883648493
                    )
                    .to_bytes(32, "little")
                    .hex()
                ),
            ),
        ),
    ),
    "more additions named than there are": ("growing roll", counts(lambda found: found[1].update(additions=10))),
    "additions in one run": ("growing roll", edit_lines("additions.txt", lambda lines: lines.sort())),
    "additions backwards, signed for": ("growing roll", additions(lambda lines: lines.reverse())),
    "an addition twice, signed for": (
        "growing roll",
        additions(lambda lines: [lines.append(lines[0]), lines.__setitem__(slice(4, None), sorted(lines[4:]))]),
    ),
    "two additions exchanged, signed for": ("growing roll", additions(swap_first_two)),
    "an officer replaced where none are": (
        "approval",
        edit(
            "alarms.json",
            put(
                "officers",
                to=[
                    {
                        "number": 1,
                        "change": {"at": "2026-03-03T00:00:00Z", "leaves": "x", "comes": "y"},
                        "signature": "0" * 128,
                    }
                ],
            ),
        ),
    ),
    "a reason of before the opening": (
        "no ledger",
        edit("alarms.json", put("reasons", 0, "at", to="1999-01-01T00:00:00Z")),
    ),
    "an officer replaced before the opening": (
        "an officer replaced",
        edit("alarms.json", put("officers", 0, "change", "at", to="2026-01-01T00:00:00Z")),
    ),
    "an officer replaced by another": (
        "an officer replaced",
        edit("alarms.json", put("officers", 0, "change", "comes", to="담당관 5")),
    ),
    "counts amiss that nobody names": ("counts that were amiss", edit("alarms.json", put("counts", to=[3]))),
    "an objection of other words": ("approval", edit("objections.json", put(0, "objection", "text", to="다른 말"))),
    "an objection without words": ("approval", edit("objections.json", put(0, "objection", "text", to=" "))),
    "an objection withheld without a reason": ("approval", edit("objections.json", put(1, "withheld", to="\u3000"))),
    "an objection told and withheld": ("approval", edit("objections.json", put(0, "withheld", to="이름"))),
    "a key that is no point": ("approval", edit("key.json", put("public_key", to="02" + "0" * 62))),
    "a key of small order": ("approval", edit("key.json", put("public_key", to="01" + "0" * 62))),
    "dice of 19 throws": ("tie, dice", edit("draw.json", lambda found: found["faces"].pop())),
    "dice with a seven": ("tie, dice", edit("draw.json", put("faces", 0, to=7))),
    "a lottery with a number twice": ("tie, lottery", edit("draw.json", put("bonus", to=15))),
    "a lottery not ascending": ("tie, lottery", edit("draw.json", put("numbers", to=lambda old: old[::-1]))),
    "a lottery of five": ("tie, lottery", edit("draw.json", put("numbers", to=lambda old: old[:5]))),
    "a lottery with a 46": ("tie, lottery", edit("draw.json", put("bonus", to=46))),
    "whole ballots that are left out": ("whole ballots", without_choices),
    "a public file named by everybody's edition": ("whole ballots", manifest_of(public_sha256="0" * 64)),
    "no public file named": ("approval", edit("manifest.json", drop("public_sha256"))),
    "choices in an edition of totals": ("approval", manifest_of(edition="totals")),
    "another edition": ("approval", manifest_of(edition="all")),
    "manifest: format 1": ("approval", manifest_of(format=1)),
    "manifest: a member less": ("approval", edit("manifest.json", drop("members", "draw.json"))),
    "manifest: a member more": ("approval", edit("manifest.json", put("members", "more.json", to="0" * 64))),
    "manifest: another hash": ("approval", edit("manifest.json", put("members", "draw.json", to="0" * 64))),
    "a member more": ("approval", lambda members: members.update({"more.json": b"{}"})),
    "a member less": ("approval", lambda members: members.pop("draw.json")),
    "members in another order": ("approval", lambda members: members.update({"box.json": members.pop("box.json")})),
    "key: another algorithm": ("approval", edit("key.json", put("algorithm", to="RSA"))),
}
for name, change in JSON_SPOILED.items():
    ATTACKS[f"manifest: {name}"] = ("approval", raw("manifest.json", change))
    ATTACKS[f"result: {name}"] = ("approval", raw("result.json", change))
    if name != "names in another order":
        ATTACKS[f"heads: {name}"] = ("approval", raw("heads.json", change))
