"""Entries, openings and choices: dropped, added, swapped, altered, reordered."""

from tests.verifier.mutations.scene import PLACES, index
from tests.verifier.mutations.writing import ANY, column, digit, lines, raw, swap

for place in PLACES:
    at = f"at {place:.0%}"
    half = place * 0.5  # among the ballots, never among paper and objections
    lines(f"an entry dropped {at}", "entries.txt", lambda found, p=place: found.pop(index(found, p)))
    lines(f"an entry swapped with the next {at}", "entries.txt", lambda found, p=place: swap(found, p))
    lines(f"a who-half altered {at}", "entries.txt",
          lambda found, p=half: column(found, p, 0, lambda text: digit(text, -100)))
    lines(f"a what-half altered {at}", "entries.txt",
          lambda found, p=half: column(found, p, 0, lambda text: digit(text, -10)), after=ANY)
    lines(f"an opening dropped {at}", "openings.txt", lambda found, p=place: found.pop(index(found, p)))
    lines(f"an n1 altered {at}", "openings.txt",
          lambda found, p=place: column(found, p, 1, lambda text: digit(text, 9)))
    lines(f"a tag altered {at}", "openings.txt",
          lambda found, p=place: column(found, p, 2, lambda text: digit(text, 0)))
    lines(f"a revision altered {at}", "openings.txt",
          lambda found, p=place: column(found, p, 3, lambda text: str(int(text) + 1)))
    lines(f"a choice altered {at}", "choices.txt",
          lambda found, p=place: column(found, p, 2, lambda text: digit(text, 5)))
    lines(f"the opening of a choice dropped {at}", "choices.txt", lambda found, p=place: found.pop(index(found, p)))

for place in (0.0, 0.5, 1.0):
    at = f"at {place:.0%}"
    lines(f"an entry doubled {at}", "entries.txt",
          lambda found, p=place: found.insert(index(found, p), found[index(found, p)]))
    lines(f"an opening doubled {at}", "openings.txt",
          lambda found, p=place: found.insert(index(found, p), found[index(found, p)]))
    lines(f"openings swapped {at}", "openings.txt", lambda found, p=place: swap(found, p))
    lines(f"an n2 altered {at}", "choices.txt",
          lambda found, p=place: column(found, p, 1, lambda text: digit(text, 40)))
    lines(f"choices swapped {at}", "choices.txt", lambda found, p=place: swap(found, p))
    lines(f"the choice of a ballot doubled {at}", "choices.txt",
          lambda found, p=place: found.insert(index(found, p), found[index(found, p)]))

HEX_BALLOT, HEX_WITHDRAWAL = ("00000006" + b"ballot".hex(), "0000000a" + b"withdrawal".hex())


def relabel(found):
    at = next(at for at, line in enumerate(found) if HEX_BALLOT in line)
    found[at] = found[at].replace(HEX_BALLOT, HEX_WITHDRAWAL)


def unlabel(found):
    at = next(at for at, line in enumerate(found) if HEX_WITHDRAWAL in line)
    found[at] = found[at].replace(HEX_WITHDRAWAL, HEX_BALLOT)


def reopen_superseded(found):
    """Adds an opening for a leaf that has none, as if a replaced ballot counted too."""
    leaves = {int(line.split()[0]) for line in found}
    leaf = next(at for at in range(10**6) if at not in leaves)
    found.append(f"{leaf} {'00' * 32} {found[0].split()[2]}")
    found.sort(key=lambda line: int(line.split()[0]))


lines("a ballot called a withdrawal", "entries.txt", relabel)
lines("a withdrawal called a ballot", "entries.txt", unlabel)
lines("all reversed", "entries.txt", list.reverse)
lines("an objection put among the ballots", "entries.txt", lambda found: found.insert(0, found.pop()))
lines("an unknown objection added", "entries.txt", lambda found: found.append(digit(found[-1], -1)))
lines("of another vote", "entries.txt", lambda found: column(found, 0, 0, lambda text: digit(text, 50)))
lines("another label", "entries.txt", lambda found: column(found, 0, 0, lambda text: text.replace("2f31", "2f32", 1)))
lines("a field added", "entries.txt", lambda found: column(found, 0, 0, lambda text: text + "00000000"))
lines("a field cut", "entries.txt", lambda found: column(found, 0, 0, lambda text: text[:-2]))
lines("half a byte", "entries.txt", lambda found: column(found, 0, 0, lambda text: text[:-1]))
raw("upper case", "entries.txt", bytes.upper)
raw("line ends of another system", "entries.txt", lambda data: data.replace(b"\n", b"\r\n"))
raw("the last line end cut", "entries.txt", lambda data: data[:-1])
raw("an empty line added", "entries.txt", lambda data: data + b"\n")
raw("emptied", "entries.txt", lambda data: b"")
lines("a leading zero", "openings.txt", lambda found: column(found, 0.5, 3, lambda text: "0" + text))
lines("a revision of 2^32", "openings.txt", lambda found: column(found, 0.5, 3, lambda text: str(2**32)))
lines("numbered from one", "openings.txt", lambda found: column(found, 0, 0, lambda text: "1"))
raw("two spaces", "openings.txt", lambda data: data.replace(b" ", b"  ", 1))
lines("a replaced ballot opened too", "choices.txt", reopen_superseded)
raw("emptied", "choices.txt", lambda data: b"")
