"""Costs of list, detail and search when the data grows a hundredfold."""

import re
from urllib.parse import quote

from civic_forum.sample_data.scale import RARE

from .districts import Districts
from .figures import Figure
from .pages import ASKED, READER, TOKEN, long_page, sign_in
from .servers import Server, free_port, serving

FEW, MANY = 1_000, 100_000
GOAL, GOAL_OF_OWN = "≤ 1.5", "≤ 1.3"
ANY = {"LIMIT_POSTS_USER": "1000000"}
THREAD = re.compile(r"/threads/\d+/comments")


def growth(districts: Districts) -> list[Figure]:
    """Cost at 100,000 proposals and a million comments over the cost at 1,000; all of each page made."""
    small, large = districts.of(FEW), districts.of(MANY)
    paths = {
        "list, newest": ("/proposals", "/proposals"),
        "list, most supported": ("/proposals?sort=supported",) * 2,
        "list of one neighbourhood": ("/proposals?neighbourhood=3",) * 2,
        "detail with 200 comments": (long_page(small), long_page(large)),
        "search for a rare word": (f"/search?q={quote(RARE)}&kind=proposal",) * 2,
    }
    figures = []
    with serving("made", small, free_port(), **ANY) as few, serving("made", large, free_port(), **ANY) as many:
        for name, (path_few, path_many) in paths.items():
            before, after = few.cost_ms(path_few, requests=ASKED), many.cost_ms(path_many, requests=ASKED)
            figures.append(Figure(f"{name}, 100,000 over 1,000", round(after, 3), "ms CPU", GOAL,
                                  round(before, 3), round(after / before, 2)))
        for name, cost in {"own page": _own_page_ms, "one comment posted": _comment_ms}.items():
            before, after = cost(few, long_page(small)), cost(many, long_page(large))
            figures.append(Figure(f"{name}, 100,000 over 1,000", round(after, 3), "ms CPU", GOAL_OF_OWN,
                                  round(before, 3), round(after / before, 2)))
    return figures


def _own_page_ms(site: Server, _page: str) -> float:
    sign_in(site, READER)
    return site.cost_ms("/me", requests=ASKED)


def _comment_ms(site: Server, page: str) -> float:
    """Cost of one more comment below this page."""
    sign_in(site, READER)
    html = site.get(page)[2].decode()
    fields = {"csrf_token": TOKEN.search(html)[1], "text": "밤길이 어두워요.", "stance": "note"}
    return site.cost_ms(THREAD.search(html)[0], requests=ASKED, status=303, fields=fields)
