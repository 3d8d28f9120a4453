#!/usr/bin/env python3
"""Checks the publication of a consultation, format civic_forum.opinions/1. It shares no code with the site and trusts
nothing that it says: what follows from the counts is computed again, and where the file holds the matrix, counts, plane
and groups as well, with the file's own seed and number of groups.

    python3 opinions.py FILE.json [--json]

It needs NumPy, SciPy and scikit-learn. Exit code 0: everything that could be computed agrees; 1: something does not;
2: the file cannot be read.
"""

import argparse
import json
import math
import sys

FORMAT = "civic_forum.opinions/1"
Z = 1.2816
CLOSE = 1e-6
FIELDS = ("pa", "pd", "pat", "pdt", "ra", "rd", "rat", "rdt")


class Check:
    """Findings: what disagrees, how much was compared, and what could not be computed."""

    def __init__(self):
        self.wrong, self.compared, self.unknown = [], 0, []

    def close(self, where, said, found):
        self.compared += 1
        if not isinstance(said, (int, float)) or isinstance(said, bool) or not math.isfinite(said) \
                or abs(said - found) > CLOSE * max(1, abs(found)):
            self.wrong.append(f"{where}: the file says {said!r}, it is {found!r}")

    def same(self, where, said, found):
        self.compared += 1
        if said != found:
            self.wrong.append(f"{where}: the file says {said!r}, it is {found!r}")


def by_id(one):
    return (0, int(one), one) if one.isascii() and one.isdigit() and len(one) < 19 else (1, 0, one)


def share(n, of):
    return (n + 1) / (of + 2)


def one_z(n, of):
    return 2 * math.sqrt(of + 1) * ((n + 1) / (of + 1) - 0.5)


def two_z(n, of, m, om):
    n, of, m, om = n + 1, of + 1, m + 1, om + 1
    if n + m == of + om:
        return 0.0
    pooled = (n + m) / (of + om)
    return (n / of - m / om) / math.sqrt(pooled * (1 - pooled) * (1 / of + 1 / om))


def figures_of(cell, rest):
    a, d, s = cell
    ra, rd, rs = rest
    return {"pa": share(a, s), "pd": share(d, s), "pat": one_z(a, s), "pdt": one_z(d, s),
            "ra": share(a, s) / share(ra, rs), "rd": share(d, s) / share(rd, rs),
            "rat": two_z(a, s, ra, rs), "rdt": two_z(d, s, rd, rs)}


def wilson(n, of):
    if not of:
        return 0.0
    p = n / of
    middle, spread = p + Z * Z / (2 * of), Z * math.sqrt(p * (1 - p) / of + Z * Z / (4 * of * of))
    return max((middle - spread) / (1 + Z * Z / of), 0.0)


def way(f):
    return "agree" if f["rat"] > f["rdt"] else "disagree"


def strength(f):
    x = "a" if way(f) == "agree" else "d"
    return f["r" + x] * f["r" + x + "t"] * f["p" + x] * f["p" + x + "t"]


def agreed(f, rest):
    return f["ra"] * f["rat"] * f["pa"] * f["pat"] if rest else f["pa"] * f["pat"]


def representative(table):
    """Statements that stand for one group; `table` is [(id, counts, figures)] in the order of ids."""
    best, candidates = None, []
    for one, (a, d, _), f in table:
        if (f["rat"] > Z and f["pat"] > Z) or (f["rdt"] > Z and f["pdt"] > Z):
            candidates.append((one, f))
        if a or d:
            rest = best is not None and best[1]["ra"] > 1
            if (f["pat"] > Z or f["ra"] > 1 and f["pa"] > 0.5) if best is None \
                    else agreed(f, rest) > agreed(best[1], rest):
                best = (one, f)
    if candidates:
        candidates.sort(key=lambda pair: -strength(pair[1]))
        chosen = ([best] if best else []) + [pair for pair in candidates if not best or pair[0] != best[0]]
    elif best:
        chosen = [best]
    else:
        top = max(table, key=lambda line: max(line[2]["rat"], line[2]["rdt"]), default=None)
        chosen = [(top[0], top[2])] if top else []
    said = [[one, way(f)] for one, f in chosen[:5]]
    return [one for one in said if one[1] == "agree"] + [one for one in said if one[1] == "disagree"]


def majority(lines, place):
    sure = []
    for one, total in lines:
        p, z = share(total[place], total[2]), one_z(total[place], total[2])
        if p > 0.5 and z > Z:
            sure.append((-p * z, len(sure), one))
    return [one for _, _, one in sorted(sure)[:5]]


def check_counts(check, data):
    """Figures that follow from the counts in the file."""
    groups, settings = list(data["groups"]), data["settings"]
    dropped = sum(one["taken_out"] or one["meta"] for one in data["statements"]) if settings["drop"] else 0
    width = len(data["statements"]) - dropped
    hidden = {"totals": 0, "cells": 0}
    table = []
    for line in data["statements"]:
        where, zeroed = f"statement {line['id']}", line["taken_out"] or line["meta"]
        cells = [line["groups"].get(name) for name in groups]
        for counts in [line["total"], *cells]:
            if counts is not None and not (len(counts) == 3 and all(type(n) is int and n >= 0 for n in counts)
                                           and counts[0] + counts[1] <= counts[2]):
                check.wrong.append(f"{where}: {counts!r} are no counts")
                return
        if line["total"] is None:
            hidden["totals"] += 1
        else:
            a, d, s = line["total"]
            m = 0 if zeroed or not s else (a - d) / s
            far = math.sqrt(width) * abs(1 - m) * math.hypot(*line["components"])  # published only with the responses
            check.close(f"{where}, center", line["center"], m)
            if line["components"]:
                check.close(f"{where}, extremity", line["extremity"], far)
            if line["components"] and None not in cells:
                if groups:
                    a, d, s = (sum(cell[n] for cell in cells) for n in range(3))
                weight = (1 - share(s - a - d, s)) * (far + 1) * share(a, s) * (1 + 8 * 2 ** (-s / 5))
                check.close(f"{where}, priority", line["priority"], 49 if line["meta"] else weight ** 2)
            if None not in cells and any(sum(cell[n] for cell in cells) > line["total"][n] for n in range(3)):
                check.wrong.append(f"{where}: groups count more than the total")
        hidden["cells"] += cells.count(None)
        if groups and None not in cells:
            all_of = [sum(cell[n] for cell in cells) for n in range(3)]
            found = [figures_of(cell, [all_of[n] - cell[n] for n in range(3)]) for cell in cells]
            pa = [f["pa"] for f in found]
            check.close(f"{where}, gic", line["gic"], math.prod(pa))
            check.close(f"{where}, lower", line["lower"], math.prod(wilson(cell[0], cell[2]) for cell in cells))
            if len(pa) > 1:
                mean = sum(pa) / len(pa)
                check.close(f"{where}, divisive", line["divisive"], sum((p - mean) ** 2 for p in pa) / len(pa))
            if not zeroed:
                table.append((line["id"], cells, found))
        for name, cell in zip(groups, cells):
            if cell is None:
                continue
            rest = [sum(other[n] for other in cells if other is not None) - cell[n] for n in range(3)]
            again = figures_of(cell, rest)
            for field, said in line["figures"].get(name, {}).items():
                if field not in FIELDS:
                    check.wrong.append(f"{where}: {field} is no figure")
                elif field in FIELDS[:4] or None not in cells:
                    check.close(f"{where}, group {name}, {field}", said, again[field])
    table.sort(key=lambda line: by_id(line[0]))
    for place, name in enumerate(groups):
        check.same(f"representative of group {name}", data["representative"].get(name),
                   representative([(one, cells[place], found[place]) for one, cells, found in table]))
    totals = sorted(((one["id"], one["total"]) for one in data["statements"]
                     if one["total"] is not None and not one["taken_out"] and not one["meta"]),
                    key=lambda line: by_id(line[0]))
    check.same("majority that agrees", data["majority"]["agree"], majority(totals, 0))
    check.same("majority that disagrees", data["majority"]["disagree"], majority(totals, 1))
    for what, number in hidden.items():
        if number:
            check.unknown.append(f"{number} {what} that are too small to be published, and what follows from them")


def check_matrix(check, data):
    """Counts, plane and groups from the published responses."""
    import numpy as np
    people = data["matrix"]
    lines = sorted(data["statements"], key=lambda one: by_id(one["id"]))
    places = {one["id"]: place for place, one in enumerate(lines)}
    check.same("participants", data["participants"], len(people))
    given = np.full((len(people), len(lines)), np.nan)
    for row, person in enumerate(people):
        for one, value in person["responses"].items():
            given[row, places[one]] = value
    groups = np.array([person["group"] for person in people], object)
    for place, line in enumerate(lines):
        for where, said, mask in [("all", line["total"], groups == groups),
                                  *((f"group {name}", line["groups"].get(name), groups == name)
                                    for name in data["groups"])]:
            if said is not None and not line["meta"]:  # who somebody is stands in no table
                column = given[mask, place]
                check.same(f"statement {line['id']}, {where}", list(said), [
                    int((column == 1).sum()), int((column == -1).sum()), int((~np.isnan(column)).sum())])
    projection = check_plane(check, data, lines, given)
    check_groups(check, data, given, groups, projection)


def check_plane(check, data, lines, given):
    import numpy as np
    from scipy.sparse import csr_array
    from scipy.sparse.linalg import svds
    zeroed = np.array([one["taken_out"] or one["meta"] for one in lines], bool)
    used = np.where(zeroed, np.nan, given)
    seen = ~np.isnan(used)
    mean = np.where(seen, used, 0).sum(axis=0) / np.maximum(seen.sum(axis=0), 1)
    centred = np.where(seen, used - mean, 0)
    said = np.array([one["components"] for one in lines], float).T
    if min(centred.shape) > 3 and centred.any():
        _, sizes, found = svds(csr_array(centred), k=2, v0=np.ones(min(centred.shape)))
        found = found[np.argsort(-sizes)]
        for place in range(2):
            if sizes.min() > 1e-6 * sizes.max():
                check.close(f"component {place + 1}", float(abs(found[place] @ said[place])), 1.0)
    else:
        check.unknown.append("components: too few participants or statements")
    extra = 0 if data["settings"]["drop"] else int(zeroed.sum())
    answered = seen.sum(axis=1) + extra
    width = len(lines) - (int(zeroed.sum()) - extra)
    return (centred @ said.T) * np.sqrt(width / np.maximum(answered, 1))[:, None]


def check_groups(check, data, given, groups, points):
    """Number of groups and who is in which. Groups may part a few people otherwise on another machine."""
    import numpy as np
    from sklearn.cluster import KMeans
    from sklearn.metrics import adjusted_rand_score
    settings, number = data["settings"], (~np.isnan(given)).sum(axis=1)
    apart = np.zeros(len(given), bool)
    if settings["apart"] is not None:
        for value in (1, -1, 0):
            apart |= (number >= settings["apart"]) & ((given == value).sum(axis=1) == number)
    inside = ~apart & (number >= min(settings["answers"], given.shape[1])) & (number > 0)
    left = np.flatnonzero(~inside & ~apart & (number > 0))
    for place in left[np.argsort(-number[left], kind="stable")][:max(0, settings["people"] - int(inside.sum()))]:
        inside[place] = True
    if data["k"] < 2:
        check.unknown.append("groups: none are published")
        return
    chosen = points[inside]
    chosen_groups = groups[inside]
    centres, base = np.unique(chosen, axis=0, return_inverse=True)
    base = base.reshape(-1)
    if len(centres) > settings["base"]:
        fitted = KMeans(settings["base"], n_init=10, random_state=settings["seed"]).fit(
            chosen[np.lexsort((chosen[:, 1], chosen[:, 0]))])
        centres, base = fitted.cluster_centers_, fitted.predict(chosen)
    weights = np.bincount(base, minlength=len(centres)).astype(float)
    found = KMeans(data["k"], n_init=10, random_state=settings["seed"]).fit(
        centres, sample_weight=weights).labels_[base]
    middles = np.array([chosen[found == one].mean(axis=0) for one in np.unique(found)])
    found = KMeans(len(middles), init=middles, n_init=1).fit(chosen).labels_
    named = np.array([one is not None for one in chosen_groups])
    alike = adjusted_rand_score(chosen_groups[named].astype(str), found[named]) if named.any() else 1.0
    check.compared += 1
    if alike < 0.95:
        check.wrong.append(f"groups: found anew they are alike to {alike:.3f} only (adjusted Rand index)")
    if not named.all():
        check.unknown.append(f"the groups of {int((~named).sum())} people, which are too small to be published")


def verify(data):
    check = Check()
    if data["format"] != FORMAT:
        raise ValueError(f"this is not {FORMAT}")
    check_counts(check, data)
    if data["matrix"] is None:
        check.unknown += ["components, their shares and silhouettes: they need the matrix, which is not published",
                          "who is in which group, and the counts themselves: they need the matrix"]
    else:
        check_matrix(check, data)
    return check


def main():
    parser = argparse.ArgumentParser(description="Check the publication of a consultation.")
    parser.add_argument("file")
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    try:
        with open(chosen.file, encoding="utf-8-sig") as file:
            check = verify(json.load(file))
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError) as wrong:
        print(f"{chosen.file} cannot be checked: {type(wrong).__name__}: {wrong}", file=sys.stderr)
        return 2
    if chosen.json:
        print(json.dumps({"agrees": not check.wrong, "compared": check.compared, "wrong": check.wrong,
                          "not_recomputed": check.unknown}, ensure_ascii=False))
    else:
        for one in check.wrong:
            print(f"WRONG  {one}")
        for one in check.unknown:
            print(f"Not computed again: {one}")
        print(f"{check.compared} figures compared: " + ("all agree." if not check.wrong else "the file is wrong."))
    return bool(check.wrong)


if __name__ == "__main__":
    sys.exit(main())
