"""First visits of pages as Chromium counts them: bytes, requests, what moves, the first paint on a slow phone."""

from statistics import median

from tests.servers.chromium import running
from tests.servers.loading import loaded

from .districts import Districts
from .figures import Figure
from .pages import long_page, sign_in
from .servers import Server, free_port, serving

VOTER, BALLOT = "resident5", "/polls/doksan3-empty-lot/ballot"
LOADED = """/ /proposals /polls/doksan3-empty-lot /polls/napulnapul-2020 /budgets/gasan-plan /commitments /figures
    /outcomes /agendas/doksanro-walking /consultations/alley-bins/result /forums/gvalley-lunch-live
    /forums/night-doksanro-2020 /forums/night-doksanro-2020/record /sign-in""".split()
TIMES = 5
"""Visits of which the median first paint counts."""


def first_load(districts: Districts) -> list[Figure]:
    data = districts.of(1_000)
    with serving("kept", data, free_port()) as site, running() as browser:
        figures = [figure for path in (*LOADED, long_page(data)) for figure in _load(browser, site, path)]
        sign_in(site, VOTER)
        return [*figures, *_load(browser, site, BALLOT)]


def _load(browser, site: Server, path: str) -> list[Figure]:
    """By slow 4G on a processor of a quarter, so that the letters of the page come last."""
    url = f"http://127.0.0.1:{site.port}"
    cookies = [{"name": name, "value": value, "url": url} for name, _, value in
               (cookie.partition("=") for cookie in site.headers.get("Cookie", "").split("; ") if cookie)]
    loads = [loaded(browser, url + path, slow=True, cookies=cookies) for _time in range(TIMES)]
    load = loads[-1]
    columns = {"requests": load.requests, "kB without fonts": round(load.without_fonts / 1000, 1),
               "kB of fonts (120)": round(load.fonts / 1000, 1), "sheets (3)": load.sheets,
               "shift (0.05)": round(max(load.shift for load in loads), 3),
               "first paint, ms": round(median(load.paint_ms for load in loads))}
    return [Figure(path, value, "", "", column=column) for column, value in columns.items()]
