"""Costs of list, detail and search when the data grows a hundredfold."""

from urllib.parse import quote

from civic_forum.sample_data.scale import RARE

from .districts import Districts
from .figures import Figure
from .pages import long_page
from .servers import free_port, serving

FEW, MANY = 1_000, 100_000
GOAL = "≤ 1.5"


def growth(districts: Districts) -> list[Figure]:
    """Cost at 100,000 proposals and a million comments over the cost at 1,000; pages made anew."""
    small, large = districts.of(FEW), districts.of(MANY)
    paths = {
        "list, newest": ("/proposals", "/proposals"),
        "list, most supported": ("/proposals?sort=supported",) * 2,
        "list of one neighbourhood": ("/proposals?neighbourhood=3",) * 2,
        "detail with 200 comments": (long_page(small), long_page(large)),
        "search for a rare word": (f"/search?q={quote(RARE)}&kind=proposal",) * 2,
    }
    figures = []
    with serving("fresh", small, free_port()) as few, serving("fresh", large, free_port()) as many:
        for name, (path_few, path_many) in paths.items():
            before, after = few.cost_ms(path_few, requests=100), many.cost_ms(path_many, requests=100)
            figures.append(Figure(f"{name}, 100,000 over 1,000", round(after, 3), "ms CPU", GOAL,
                                  round(before, 3), round(after / before, 2)))
    return figures
