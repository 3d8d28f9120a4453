"""The result and the participations, with and without the choices beside them."""

from tests.verifier.mutations.writing import digit, value


def one_more(*path):
    def change(found):
        for step in path[:-1]:
            found = found[step]
        found[path[-1]] += 1

    return change


def move(found, source, target, name="votes"):
    found["totals"][source][name] -= 1
    found["totals"][target][name] += 1


for path in (("ballots",), ("blank",), ("replaced",), ("withdrawn",), ("paper", "issued"), ("paper", "counted"),
             ("paper", "invalid"), ("paper", "taken_back"), ("paper", "unreturned"), ("turnout", "online"),
             ("turnout", "assisted"), ("turnout", "paper_returned"), ("turnout", "roll"), ("turnout", "total"),
             ("totals", 0, "votes"), ("totals", 3, "votes"), ("totals", 1, "option")):
    value(f"{' '.join(map(str, path))} one more", "result.json", one_more(*path))
value("a vote moved", "result.json", lambda found: move(found, 0, 1))
for source, target in ((0, 1), (1, 2), (2, 3), (3, 0)):
    value(f"a vote moved from {source} to {target}, without choices", "result.json",
          lambda found, source=source, target=target: move(found, source, target), edition="totals",
          after=("same_as",))
value("more votes than ballots, without choices", "result.json",
      lambda found: found["totals"][0].update(votes=found["ballots"] + 1), edition="totals")
value("more votes than the limit, without choices", "result.json",
      lambda found: [total.update(votes=found["ballots"] - found["blank"]) for total in found["totals"]] and None,
      edition="totals")
value("a paper more spoiled", "result.json", lambda found: found["paper"].update(
    issued=found["paper"]["issued"] + 1, spoiled=found["paper"]["spoiled"] + 1), after=("same_as",))
value("breakdown dropped", "result.json", lambda found: found.pop("breakdown") and None, after=("same_as",))
value("a small cell shown", "result.json", lambda found: found["breakdown"]["cells"].append(
    {**{"name": found["breakdown"]["cells"].pop()["name"], "roll": 30}, "voted": 7}))
value("a cell renamed", "result.json", lambda found: found["breakdown"]["cells"][0].update(name="다른 동"),
      after=("same_as",))
value("another final root", "result.json", lambda found: found.update(final_root=digit(found["final_root"], 0)),
      resign="none")
for name in ("online", "assisted", "paper_issued", "paper_returned"):
    value(f"{name} one more", "participations.json", one_more(name))
