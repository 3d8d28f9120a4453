"""The real site read as a chat program reads it: plain HTTP, no cookies, from the page to its picture."""

import io
from urllib.request import Request, urlopen

import pytest
from lxml import html
from PIL import Image

from tests.running.machine import patience
from .papers import codes, rendered, words

CHAT = {"User-Agent": "facebookexternalhit/1.1; kakaotalk-scrap/1.0", "Accept": "*/*"}
PAGES = ("/proposals/2026-0018", "/agendas/doksanro-walking", "/polls/doksan3-empty-lot", "/budgets/gasan-plan",
         "/forums/siheung-alley-parking", "/outcomes/6")
"""Of the sample district; a project is found on the page of its round."""


def fetched(address: str) -> tuple[str, bytes]:
    with urlopen(Request(address, headers=CHAT), timeout=patience(30)) as answer:
        assert answer.status == 200 and answer.headers["Set-Cookie"] is None
        return answer.headers.get_content_type(), answer.read()


@pytest.mark.in_turns(of=10)
@pytest.mark.servers
def test_all_seven_kinds_of_the_sample(site, tmp_path):
    listed = html.fromstring(fetched(f"{site.url}/budgets/gasan-plan/projects")[1])
    project = listed.xpath("//a/@href[starts-with(., '/budgets/gasan-plan/projects/A')]")[0]
    for page in (*PAGES, project):
        kind, text = fetched(site.url + page)
        metas = html.fromstring(text).xpath("//head/meta[@property]")
        said = {one.get("property"): one.get("content") for one in metas}
        assert kind == "text/html" and said["og:title"] and said["og:description"], page
        kind, data = fetched(said["og:image"])
        assert kind == said["og:image:type"] == "image/jpeg" and fetched(said["og:image"])[1] == data
        with Image.open(io.BytesIO(data)) as image:
            assert image.size == (1200, 630), page
    file = tmp_path / "poster.pdf"
    file.write_bytes(fetched(f"{site.url}/share{PAGES[0]}/poster.pdf")[1])
    assert "약국" in words(file) and codes(rendered(file)) == [site.url + PAGES[0]]
