"""Every public page of the sample as a chat shows it: a title, a sentence and a picture."""

from lxml import html

from tests.browser.pages import PUBLIC

OTHERS = {"/polls", "/budgets/2026/resident/results", "/commitments", "/commitments/1", "/figures"}
NOT_FOR_CHATS = {"/kiosk", "/offline"}
PAGES = sorted((OTHERS | {shown.path for shown in PUBLIC if isinstance(shown.path, str) and shown.who is None
                          and shown.status == 200 and shown.then is None}) - NOT_FOR_CHATS)
NEEDED = {"og:title", "og:description", "og:image", "og:image:alt", "og:site_name"}


def test_every_public_page_has_words_and_a_picture_for_chats(district):
    client, missing = district.test_client(), {}
    for path in PAGES:
        tags = html.fromstring(client.get(path, follow_redirects=True).text).xpath("//head/meta[@property]")
        contents = {tag.get("property"): tag.get("content") for tag in tags}
        if lacking := NEEDED - {name for name, content in contents.items() if content}:
            missing[path] = sorted(lacking)
        assert len(contents) == len(tags), f"{path} says something twice"
    assert missing == {}


def test_the_picture_of_the_site_is_drawn_and_an_earlier_address_leads_to_it(district):
    client = district.test_client()
    address, = html.fromstring(client.get("/help").text).xpath("//meta[@property='og:image']/@content")
    path = address.removeprefix(district.config["URL"].rstrip("/"))
    assert client.get(path).mimetype == "image/jpeg"
    assert client.get("/share/site/0.jpg").headers["Location"] == path
