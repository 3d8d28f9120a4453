"""Hostile texts through every field and every part of an address: refused with a sentence, or stored clean."""

from io import BytesIO
from urllib.parse import quote

import pytest
from werkzeug.exceptions import HTTPException

from tests import limits
from tests.attachments import making
from tests.hostile.files import NAMES
from tests.hostile.strings import STRINGS
from tests.running.turns import some
from tests.running.turns import landings

from .asking import client_of, rule_of
from .forms import ADDRESSES, BY_RULE, FORMS
from .scene import ACTORS
from .sending import Sending, sentence_is_missing, stage_for_hostile_texts
from .table import ROWS

TEXTS = [hostile.text for hostile in STRINGS]
KINDS = [[hostile.text for hostile in STRINGS if hostile.name.partition(":")[0] in kind.split()] for kind in (
    "characters size slow", "template query machine sheet format", "element svg breakout encoding markdown",
    "word number date")]
"""A run sends one text of each kind to a field or an address, each run others; `long` sends them all."""
UNCLEAN = "가\0나\u202e다\x1b라\u200b\u3164\ufe0f\u1100\u1161"
"""Much of what `plain_text.clean` takes away, short enough for most fields: every field gets it in every run."""
UNSEEN = "\u3164\u2800\u00ad\u115f\u034f\ufe0f\u200d\U000e0100" * 5
PRESSED = {"age", "terms", "privacy", "sign_in"}
"""Boxes and buttons of which any text says that they were pressed."""
TYPED = [form for form in FORMS if form.fields]
FILES = "/proposals/drafts/<key>/attachments"
FILE_NAMES = [name for name in (*(one.name for one in NAMES), *TEXTS[::2])
              if len(name) < 10_000 and not any("\ud800" <= character <= "\udfff" for character in name)]
"""Names that can be sent: half a pair cannot, as UTF-8."""
NOW_AND_THEN = 32
"""Of so many requests of `long` one is sent again without what was refused, until the rest is kept."""
OF_A_PROPOSAL = ["?order={}", "?stance={}", "?after={}", "/versions?from={}", "/versions?to={}"]
LONGEST_ADDRESS = 5_000


@pytest.fixture(scope="module")
def stage(sqlite_app):
    yield from stage_for_hostile_texts(sqlite_app)


@pytest.mark.in_turns(of=10)
@pytest.mark.parametrize("form", TYPED, ids=str)
def test_hostile_texts_are_refused_with_a_sentence_or_stored_clean(stage, form):
    """Another text in every field of one request; what is refused goes again as it is meant, until the rest is kept."""
    sending = Sending(stage, form)
    for texts in requests_of_this_run(form, sending.names):
        sending.send_until_stored(texts)
    sending.look_back()
    assert not sending.faults, "\n".join(sending.faults)


def requests_of_this_run(form, names: list[str]) -> list[dict[str, str]]:
    """Texts for every field of a form."""
    first = sum(len(before.fields.split()) for before in TYPED[:TYPED.index(form)])
    places = list(enumerate(names, first))
    return [{name: f"{UNCLEAN}{place}" for place, name in places}] + [
        {name: kind[(landings() + place) % len(kind)] for place, name in places} for kind in KINDS]


@pytest.mark.in_turns(of=10)
@pytest.mark.parametrize("form", TYPED, ids=str)
def test_blank_letters_do_not_fill_a_field(stage, form):
    """Blank letters in every field: refused in those that may not be left blank."""
    sending = Sending(stage, form)
    for name in (name for name in sending.names if name not in PRESSED):
        blank, unseen = (sending.send({name: text}) for text in ("", UNSEEN))
        assert unseen.status_code >= 400 or blank.status_code < 400, name
    assert not sending.faults, "\n".join(sending.faults)


@pytest.mark.long
@pytest.mark.parametrize("form", TYPED, ids=str)
def test_every_hostile_text_in_every_field(stage, form):
    """Every text in every field once, others in the fields beside it; now and then sent until the rest is kept."""
    sending = Sending(stage, form)
    for first in range(len(TEXTS)):
        send = sending.send if first % NOW_AND_THEN else sending.send_until_stored
        send(dict(zip(sending.names, TEXTS[first:] + TEXTS[:first], strict=False)))
    assert not sending.faults, "\n".join(sending.faults)


def test_hostile_file_names_are_refused_with_a_sentence_or_stored_clean(stage):
    assert file_name_faults(stage, some(FILE_NAMES, 10)) == []


@pytest.mark.long
def test_every_hostile_file_name(stage):
    assert file_name_faults(stage, FILE_NAMES) == []


def file_name_faults(stage, names: list[str]) -> list[str]:
    sending = Sending(stage, BY_RULE[FILES])
    for name in names:
        sending.send({"files": (BytesIO(making.jpeg()), name or "x"), "descriptions": name})
    assert sending.accepted, "no file was kept"
    return sending.faults


@pytest.mark.sqlite_alone("asks for addresses that are there on no database")
def test_a_hostile_text_in_an_address_is_a_page_with_a_sentence(stage):
    faults = []
    for place, address in some(list(enumerate(ADDRESSES + OF_A_PROPOSAL)), 5):
        faults += address_faults(stage, address, [UNCLEAN, *(kind[(landings() + place) % len(kind)] for kind in KINDS)])
    assert not faults, "\n".join(faults)


@pytest.mark.long
@pytest.mark.parametrize("address", ADDRESSES + OF_A_PROPOSAL)
def test_every_hostile_text_in_every_address(stage, address):
    assert address_faults(stage, address, TEXTS) == []


def address_faults(stage, address: str, texts: list[str]) -> list[str]:
    about = f"/proposals/{stage.scene.things['gathering'].path['number']}" if address in OF_A_PROPOSAL else ""
    with stage.app.app_context():
        clients = [client_of(stage.app, stage.scene, actor) for actor in readers_of(stage.app, about + address)]
    plain, found = (about + address).partition("?")[0].replace("{}", "x"), []
    client = min(clients, key=lambda one: one.get(plain).status_code)
    for text in texts:
        if len(text) <= LONGEST_ADDRESS:
            limits.forget()
            answer = client.get(about + address.replace("{}", quote(text.encode("utf-8", "replace"), safe="")))
            if wrong := sentence_is_missing(answer):
                found.append(f"{address} {ascii(text)[:60]}: {wrong}")
    return found


def readers_of(app, address: str) -> list[str]:
    """Those of the cast who may open the page of this address, or one like it; a visitor if there is none."""
    for typed in ("x", "1"):
        try:
            rule, _path = app.url_map.bind("localhost").match(address.partition("?")[0].replace("{}", typed), "GET",
                                                              return_rule=True)
        except HTTPException:
            continue
        return [actor for actor in ACTORS if any(row.expected[actor].rstrip("*") == "200" for row in ROWS
                                                 if (row.method, row.rule) == ("GET", rule_of(rule)))] or ["visitor"]
    return ["visitor"]


def test_every_form_is_sent_with_hostile_texts():
    assert {row.rule for row in ROWS if row.method == "POST"} == set(BY_RULE)
