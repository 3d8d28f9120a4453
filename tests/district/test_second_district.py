"""Every address in a district that is not the sample's: empty, and with each thing of the table of rights."""

import json
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from civic_forum.accounts.rules import Role
from civic_forum.district import cli, services
from tests import factories
from tests.access.stage import staged
from tests.access.table import ROWS
from tests.access.test_access import let_in

from . import second

SITE = Path(__file__).parents[2] / "civic_forum"
SAMPLE_DATA, CATALOGUE = SITE / "sample_data" / "data", SITE / "translations" / "en" / "LC_MESSAGES" / "messages.po"
NOT_READY = "/readyz"  # says 503, rightly: its tables were made without the revisions
READ = [row for row in ROWS if row.method == "GET" and let_in(row)]


@pytest.fixture(scope="module", params=[0, 1], ids=["no neighbourhood", "one neighbourhood"])
def empty_district(tmp_path_factory, request):
    """The application, and a browser for everybody of whom there may be one."""
    app = second.site(tmp_path_factory.mktemp("empty"))
    with app.app_context():
        services.set_up(neighbourhoods=second.LISTS["neighbourhoods"][:request.param], departments=[], audiences=[],
                        by=None)
        town = factories.Town()
        people = {"visitor": None, "user": town.user(), "moderator": town.moderator(),
                  "administrator": town.administrator(), "observer": town.staff(Role.OBSERVER)}
        secrets = {name: user and factories.signed_in(user) for name, user in people.items()}
    return app, {name: signed_in(app, secret) for name, secret in secrets.items()}


def signed_in(app, secret):
    client = app.test_client()
    with client.session_transaction() as session:
        session.update({"_user_id": secret, "_fresh": True} if secret else {})
    return client


@pytest.fixture(scope="module")
def stage(tmp_path_factory):
    app = second.site(tmp_path_factory.mktemp("second"))
    lists = tmp_path_factory.mktemp("lists") / "district.json"
    lists.write_text(json.dumps(second.LISTS, ensure_ascii=False), "utf-8")
    with app.app_context():
        assert "5 added" in app.test_cli_runner().invoke(cli.district, ["add", str(lists)]).output
    settings = dict(app.config)
    app.config |= {"SAMPLE": True, "LEAST_OFFICERS": 0, "LEAST_ELECTORATE": 1}  # the scene has fewer people than a vote
    for ready in staged(app):
        app.config.update(settings)
        yield ready


@pytest.mark.district
@pytest.mark.in_turns(of=4)
def test_no_address_fails_or_names_another_district_before_there_is_anything(empty_district):
    app, clients = empty_district
    addresses = sorted({rule.rule for rule in app.url_map.iter_rules()
                        if "GET" in rule.methods and not rule.arguments} - {NOT_READY})
    assert len(addresses) > 100
    found = []
    for actor, client in clients.items():
        for language in second.LANGUAGES:
            for address in addresses:
                client.set_cookie("language", language)  # the end of a kiosk's turn takes it away
                found += [f"{address} for {actor} in {language}: {fault}"
                          for fault in second.faults_of(client.get(address), language)]
    assert found == []


@pytest.mark.district
@pytest.mark.in_turns(of=8)
@pytest.mark.parametrize("row", READ, ids=str)
def test_no_address_fails_or_names_another_district_about_anything(stage, row):
    actor, found = let_in(row)[-1], []
    for thing in row.things:
        for language in second.LANGUAGES:
            answer, _changed = stage.request(row, thing, actor, language=language)
            faults = second.faults_of(answer, language)
            found += [f"({thing or '-'}) for {actor} in {language}: {fault}" for fault in faults]
    assert found == []


def test_no_text_of_the_site_names_a_place_of_the_sample():
    sample = json.loads((SAMPLE_DATA / "district.json").read_text("utf-8"))
    names = {entry[name] for kind in ("neighbourhoods", "departments") for entry in sample[kind]
             for name in ("name_ko", "name_en")} | {"금산초", "금하로", "나풀나풀", "siheung", "서울시"}
    with CATALOGUE.open("rb") as file:
        texts = {text for message in read_po(file) for part in (message.id, message.string)
                 for text in ([part] if isinstance(part, str) else part)}
    assert [text for text in texts if second.SAMPLE.search(text) or any(name in text for name in names)] == []
