"""Formulas of the map in plain Python loops, written from their description: shares nothing with the site's code."""

import math
import random

Z = 1.2816


def made(people: int, lines: int, seed: int = 1, density: float = 0.6, camps: int = 3) -> list[tuple[str, str, int]]:
    """Responses of people in camps."""
    chance = random.Random(seed)
    leaning = [[chance.gauss(0, 1.2) for _ in range(lines)] for _ in range(camps)]
    out = []
    for person in range(people):
        for line in range(lines):
            if chance.random() < density:
                value = leaning[person % camps][line] + chance.gauss(0, 0.7)
                out.append((f"p{person}", str(line), 1 if value > 0.3 else -1 if value < -0.3 else 0))
    return out


def counts(triples, groups, lines):
    """{group: {line: [agree, disagree, seen]}}; None stands for everybody."""
    out = {one: {line: [0, 0, 0] for line in lines} for one in [None, *sorted(set(groups.values()))]}
    for person, line, value in triples:
        for one in {None, groups.get(person)}:
            cell = out[one][line]
            cell[0] += value == 1
            cell[1] += value == -1
            cell[2] += 1
    return out


def figures(counted, group, line):
    a, d, s = counted[group][line]
    ao = do = so = 0
    for other in counted:
        if other not in (None, group):
            ao, do, so = ao + counted[other][line][0], do + counted[other][line][1], so + counted[other][line][2]

    def half(n):
        return 2 * math.sqrt(s + 1) * ((n + 1) / (s + 1) - 0.5)

    def against(n, m):
        pooled = (n + 1 + m + 1) / (s + 1 + so + 1)
        if pooled == 1:
            return 0.0
        spread = math.sqrt(pooled * (1 - pooled) * (1 / (s + 1) + 1 / (so + 1)))
        return ((n + 1) / (s + 1) - (m + 1) / (so + 1)) / spread

    pa, pd = (a + 1) / (s + 2), (d + 1) / (s + 2)
    return dict(pa=pa, pd=pd, pat=half(a), pdt=half(d), ra=pa / ((ao + 1) / (so + 2)), rd=pd / ((do + 1) / (so + 2)),
                rat=against(a, ao), rdt=against(d, do))


def representative(counted, group, kept):
    best, candidates, of = None, [], {line: figures(counted, group, line) for line in kept}
    for line in kept:
        f = of[line]
        if f["rat"] > Z and f["pat"] > Z or f["rdt"] > Z and f["pdt"] > Z:
            candidates.append(line)
        if counted[group][line][0] == counted[group][line][1] == 0:
            continue
        if best is None:
            take = f["pat"] > Z or f["ra"] > 1 and f["pa"] > 0.5
        elif of[best]["ra"] > 1:
            take = math.prod(f[x] for x in ("ra", "rat", "pa", "pat")) > math.prod(
                of[best][x] for x in ("ra", "rat", "pa", "pat"))
        else:
            take = f["pa"] * f["pat"] > of[best]["pa"] * of[best]["pat"]
        best = line if take else best

    def way(line):
        return "agree" if of[line]["rat"] > of[line]["rdt"] else "disagree"

    def strength(line):
        return math.prod(of[line][x] for x in (("ra", "rat", "pa", "pat") if way(line) == "agree"
                                               else ("rd", "rdt", "pd", "pdt")))

    if candidates:
        listed = [best] * (best is not None) + [one for one in sorted(candidates, key=lambda one: -strength(one))
                                                if one != best]
    elif best is not None:
        listed = [best]
    else:
        listed = sorted(kept, key=lambda one: -max(of[one]["rat"], of[one]["rdt"]))[:1]
    said = [(one, way(one)) for one in listed[:5]]
    return tuple([one for one in said if one[1] == "agree"] + [one for one in said if one[1] == "disagree"])


def majority(counted, kept, place):
    sure = []
    for line in kept:
        n, s = counted[None][line][place], counted[None][line][2]
        p, z = (n + 1) / (s + 2), 2 * math.sqrt(s + 1) * ((n + 1) / (s + 1) - 0.5)
        if p > 0.5 and z > Z:
            sure.append((line, p * z))
    return tuple(line for line, _ in sorted(sure, key=lambda one: -one[1])[:5])


def means(triples, lines, zeroed):
    out = {}
    for line in lines:
        given = [value for _, one, value in triples if one == line]
        out[line] = sum(given) / len(given) if given and line not in zeroed else 0.0
    return out


def covariance(triples, people, lines, zeroed):
    """Sums of products of the centred matrix, of which the components are eigenvectors."""
    m = means(triples, lines, zeroed)
    rows = {person: {} for person in people}
    for person, line, value in triples:
        if line not in zeroed:
            rows[person][line] = value - m[line]
    return [[sum(row.get(a, 0) * row.get(b, 0) for row in rows.values()) for b in lines] for a in lines]


def projected(triples, people, lines, zeroed, components):
    m = means(triples, lines, zeroed)
    out = {}
    for person in people:
        given = {line: value for one, line, value in triples if one == person and line not in zeroed}
        scale = math.sqrt(len(lines) / max(len(given) + len(zeroed), 1))
        out[person] = [scale * sum((value - m[line]) * axis[line] for line, value in given.items())
                       for axis in components]
    return out


def rand(one, other):
    """Adjusted Rand index of two partings of the same people."""
    def pairs(numbers):
        return sum(n * (n - 1) / 2 for n in numbers)

    def sizes(labels):
        labels = list(labels)
        return [labels.count(label) for label in set(labels)]

    people = sorted(set(one) & set(other))
    both = pairs(sizes((one[p], other[p]) for p in people))
    a, b = (pairs(sizes(of[p] for p in people)) for of in (one, other))
    expected = a * b / max(pairs([len(people)]), 1)
    most = (a + b) / 2
    return 1.0 if most == expected else (both - expected) / (most - expected)
