"""Residents of a whole vote who send the forms of a site over the network, without a browser."""

import json
import re
from urllib.parse import urlencode, urljoin

import sqlalchemy as sa
from lxml import html

from civic_forum.budgets.projects.models import EligibilityReview
from tests.faults.people import Somebody

ENVELOPES = (("whole", "구 전체", 150_000_000), ("north", "독산 쪽", 90_000_000), ("south", "시흥 쪽", 90_000_000))
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
JSON = {"Content-Type": "application/json", "Accept": "application/json"}


class Resident(Somebody):
    """Somebody who fills in the forms that the pages have."""

    def __init__(self, user, url):
        super().__init__(user.session, seconds=120)
        self.user = user
        self.arrive(url)

    def page(self, path):
        status, _headers, text = self.get(path)
        assert status == 200, (path, status)
        return html.fromstring(text)

    def fill(self, path, action=None, path_follows=True, **facts) -> str:
        """Send the large form of a page, or the one whose address ends so, as it stands but for these fields; the
        address to which the answer leads, or where none follows the page itself."""
        page = self.page(path)
        form = _form(page, action)
        given = [(name, value) for name, value in form.form_values() if name not in facts]
        for name, value in facts.items():
            given += [(name, one) for one in (value if isinstance(value, list) else [value])]
        status, headers, text = self.ask("POST", urljoin(path, form.get("action") or path), urlencode(given), **FORM)
        if not path_follows and status == 200:
            return text
        assert status in (302, 303), (path, facts, status, re.findall(r'class="err[^>]*>([^<]+)', text),
                                      re.sub(r"<[^>]+>|\s+", " ", text)[-1500:-500])
        return headers["Location"]

    def vote(self, choices: dict[str, str], here: str) -> None:
        """All ballots of the round at once, as the script of the page sends them."""
        page = self.page(f"{here}/ballot/all")
        fields = {one.get("name"): one.get("value") for one in page.xpath("//main//input[@type='hidden']")}
        body = {slug: {name: fields[f"{slug}.{name}"] for name in ("fingerprint", "form_key", "state", "mine")} | {
            "choice": choice} for slug, choice in choices.items()}
        status, _headers, text = self.ask("POST", f"{here}/casts", json.dumps(body), **JSON,
                                          **{"X-CSRFToken": fields["csrf_token"]})
        assert status == 200, (status, text)

    def hand_in_project(self, here: str, title: str, **facts: str) -> None:
        """`facts`: `envelope` and `neighbourhood` by their row numbers, `cost`."""
        self.fill(f"{here}/projects/new", title=title, category="safety", place="시흥1동 골목",
                  scope="의자 세 개", text="앉아 쉴 의자를 놓고 밤에도 밝게 해요.", **facts)

    def review_project(self, project: int, cost: int, town) -> None:
        """Give it out to the department of this town and find it eligible."""
        self.fill(f"/desk/reviews/projects/{project}/assignments", department=str(town.department))
        [(review,)] = town.read(sa.select(EligibilityReview.id).filter_by(project_id=project))
        self.fill(f"/desk/reviews/{review}", do="hand_in", legal="fine", technical="fine", part_what=["공사"],
                  part_won=[str(cost)], duration="세 달", running_cost="0", text="할 수 있는 사업이에요.", verdict="eligible")


def _form(page, action):
    found = [one for one in page.xpath("//main//form") if (one.get("action") or "").endswith(action)] if action else (
        page.xpath("//main//form[contains(@class, 'form')]"))
    assert found, (action, " ".join(page.xpath("//main")[0].text_content().split())[:900])
    return found[0]


def in_hex(how_many: int, chosen) -> str:
    """A choice as it is sealed; nothing chosen is the explicit blank."""
    return ("00" if chosen else "01") + "".join(f"{int(number in chosen):04x}" for number in range(1, how_many + 1))
