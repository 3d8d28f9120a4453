"""A result as it is published, ready-made."""

from civic_forum.opinions import keyring
from civic_forum.opinions.models import Consultation, OpinionMap
from civic_forum.platform import clock
from tests.factories import saved

COUNTS = [  # agreed, disagreed, seen, by group
    ([50, 2, 56], [28, 1, 30]), ([48, 6, 56], [3, 25, 30]), ([5, 44, 54], [26, 2, 30]), ([2, 50, 55], [1, 27, 30]),
    ([20, 20, 50], None), ([30, 10, 44], [12, 14, 29])]
OUTLINES = ([[-3, -1], [-1, 2], [0, 0], [-2, -2]], [[1, -1], [3, 1], [2, 2], [1, 1]])


def statement(number: int, counts) -> dict:
    cells = {str(place): one for place, one in enumerate(counts)}
    whole = None not in counts
    return {"id": str(number), "text": f"의견 {number}", "taken_out": False, "meta": False, "origin": "seed",
            "total": [sum(one) for one in zip(*counts)] if whole else None, "groups": cells,
            "lower": 0.9 - number / 10 if whole else None, "gic": 0.5, "divisive": number / 100 if whole else None}


def publication(groups: bool = True, counts=COUNTS, picture: bool = True) -> dict:
    lines = [statement(number, one) for number, one in enumerate(counts, 1)]
    if not groups:
        lines = [one | {"groups": {}, "lower": None, "divisive": None} for one in lines]
    return {
        "format": "civic_forum.opinions/1", "participants": 90, "clear": groups, "k": 2 if groups else 0,
        "silhouette": {"2": 0.41, "3": 0.3} if groups else {}, "apart": {"agree": 4, "disagree": None},
        "groups": {"0": 56, "1": 30} if groups else {}, "statements": lines,
        "representative": {"0": [["2", "agree"], ["3", "disagree"]], "1": [["3", "agree"]]} if groups else {},
        "majority": {"agree": ["1"], "disagree": ["4"]}, "matrix": None,
        **({"picture": {str(place): {
            "outline": outline, "points": outline}
            for place, outline in enumerate(OUTLINES)}} if groups and picture else {})}


def result(asked: Consultation, **given) -> OpinionMap:
    return saved(OpinionMap(consultation_id=asked.id, number=1, at=clock.now(), participants=90,
                            published=publication(**given),
                            kept=keyring.keys(asked.id).seal("kept", b'{"priority": {"3": 5.0}}', 1)))
