"""Files of providers, and claims as they are read."""

from datetime import date

import pytest

import config
from civic_forum.accounts.providers import rules
from civic_forum.accounts.providers.rules import BadProviders, Claims, Lack, Provider, Purpose, Resident, Wanted

WHOLE = """
[providers.simple]
label = "간편인증"
label_en = "Simple authentication"
issuer = "https://id.example.org/realm"
client_id = "the-district"
client_secret_file = "secret"
purposes = ["resident", "sign-in"]
scopes = ["openid", "profile", "address"]
claims = { name = "verified.name", birth_date = "verified.born", neighbourhood = "verified.code", address = "address" }
neighbourhoods = { "1154510100" = "가산동" }
level = ["urn:high"]
second_factor = ["urn:two"]
hosts = ["keys.example.org"]
"""


def written(tmp_path, text=WHOLE):
    (tmp_path / "secret").write_text("a secret\n")
    (tmp_path / "providers.toml").write_text(text, "utf-8")
    return str(tmp_path / "providers.toml")


def test_a_whole_file_is_read(tmp_path):
    [found] = rules.read(written(tmp_path))
    assert found == Provider(
        "simple", "간편인증", {"en": "Simple authentication"}, "https://id.example.org/realm", "the-district",
        frozenset({Purpose.RESIDENT, Purpose.SIGN_IN}), "a secret", ("openid", "profile", "address"),
        Claims("verified.name", "verified.born", "verified.code", "address"), {"1154510100": "가산동"}, ("urn:high",),
        ("urn:two",), frozenset({"keys.example.org"}))
    assert "a secret" not in repr(found)
    assert [found.serves(one) for one in Wanted] == [True] * 5


BAD = {
    "nothing": ("", "expected one table"),
    "no TOML": ("[", "no TOML"),
    "something else": (f"{WHOLE}\n[other]\n", "and nothing else"),
    "a key": (WHOLE.replace("providers.simple", 'providers."S P"'), "a key has"),
    "a field nobody knows": (WHOLE.replace("level =", "levels ="), "levels is not known"),
    "no client": (WHOLE.replace('client_id = "the-district"', ""), "client_id is missing"),
    "an empty label": (WHOLE.replace('"간편인증"', '" "'), "label is missing"),
    "a purpose nobody knows": (
        WHOLE.replace('"sign-in"', '"anything"'), "purposes are some of resident, sign-in, staff"),
    "no purpose": (WHOLE.replace('purposes = ["resident", "sign-in"]', ""), "purposes are some of"),
    "a text for a list": (WHOLE.replace('["urn:high"]', '"urn:high"'), "level is a list of texts"),
    "an issuer that is no address": (
        WHOLE.replace("https://id.example.org/realm", "id.example.org"), "issuer is an address"),
    "an issuer with a query": (WHOLE.replace("/realm", "/realm?a=b"), "issuer is an address"),
    "an issuer with a password": (WHOLE.replace("https://", "https://a:b@"), "issuer is an address"),
    "no place": (
        WHOLE.replace(', neighbourhood = "verified.code", address = "address"', ""), "neither neighbourhood nor"),
    "a claim nobody knows": (WHOLE.replace("name = ", "names = "), "claims is a table of name, birth_date"),
    "a table of numbers": (WHOLE.replace('= "가산동"', "= 1"), "neighbourhoods is a table"),
    "without openid": (WHOLE.replace('"openid", ', ""), "scopes lack openid"),
    "two secrets": (f'{WHOLE}client_secret = "b"\n', "client_secret is a text, or"),
    "an entry that is no table": ('[providers]\nsimple = "x"\n', "expected a table"),
    "a list with an empty text": (WHOLE.replace('["urn:high"]', '["urn:high", " "]'), "level is a list of texts"),
    "a flag that is a text": (f'{WHOLE}example = "yes"\n', "example is true or false"),
    "a claim without a name": (WHOLE.replace('"verified.name"', '""'), "claims is a table of"),
    "an empty secret": (
        WHOLE.replace('client_secret_file = "secret"', 'client_secret = ""'), "client_secret is a text"),
    "a secret that is not there": (WHOLE.replace('"secret"', '"another"'), "cannot read another"),
}


@pytest.mark.parametrize("text, said", BAD.values(), ids=BAD)
def test_a_bad_file_is_refused_with_a_sentence(tmp_path, text, said):
    with pytest.raises(BadProviders, match=said):
        rules.read(written(tmp_path, text))


def test_a_bad_file_stops_the_start(tmp_path):
    given = {"DATA": str(tmp_path / "data"), "SECRET_KEY": "long enough for everybody"}
    with pytest.raises(config.SettingError, match=r"CIVIC_FORUM_PROVIDERS is wrong: cannot read /nowhere\."):
        config.load({"CIVIC_FORUM_PROVIDERS": "/nowhere"}, **given)
    path = written(tmp_path, WHOLE.replace("https://id.", "http://id."))
    with pytest.raises(config.SettingError, match="the issuer of simple is reached without https"):
        config.load({"CIVIC_FORUM_PROVIDERS": path}, **given)
    config.mark_as_sample(tmp_path / "data")
    assert len(config.load({"CIVIC_FORUM_PROVIDERS": path}, **given)["PROVIDERS"]) == 1


@pytest.mark.parametrize("url, own", [
    ("https://id.example.org/token", True), ("https://keys.example.org/jwks", True),
    ("http://id.example.org/token", False),
    ("https://id.example.org:8443/", False),
    ("https://example.org/", False), ("https://id.example.org@evil.org/", False),
    ("https://evil.org#id.example.org", False), ("file:///etc/passwd", False), ("https://[", False), ("", False)])
def test_addresses_are_a_provider_s_own_or_not(tmp_path, url, own):
    assert rules.read(written(tmp_path))[0].owns(url) is own


@pytest.mark.parametrize("text, born", [
    ("1949-03-01", date(1949, 3, 1)), ("19490301", date(1949, 3, 1)), ("0000-03-01", None), ("1949-02-30", None),
    ("1949-3-1", None), ("49-03-01", None), ("1949", None), ("", None), ("１９４９-03-01", None)])
def test_a_birth_date_is_read(text, born):
    assert rules.birth_date(text) == born


NAMES = ("가산동", "독산1동", "독산2동")
SAID = {"name": " 김  하늘 ", "birthdate": "19910517"}


def place(said, **claims):
    provider = Provider("a", "a", {}, "https://a.example.org", "a", frozenset({Purpose.RESIDENT}),
                        claims=Claims(**claims), neighbourhoods={"1154510100": "가산동", "독산동": "없는동"})
    found = rules.resident(provider, SAID | said, NAMES, "금천구")
    return found.neighbourhood if isinstance(found, Resident) else found


@pytest.mark.parametrize("said, found", [
    ("가산동", "가산동"), ("1154510100", "가산동"), (1154510100, "가산동"), ("신림동", Lack.ELSEWHERE), ("독산동", Lack.ELSEWHERE),
    ("", Lack.PLACE), (None, Lack.PLACE), (True, Lack.PLACE), ({"a": 1}, Lack.PLACE), ("가" * 500, Lack.PLACE)])
def test_a_claim_says_the_neighbourhood(said, found):
    assert place({"dong": said}, neighbourhood="dong") == found


@pytest.mark.parametrize("said, found", [
    ("서울특별시 금천구 가산디지털1로 1 (가산동)", "가산동"), ("서울특별시 금천구 독산1동 9-1, 2층", "독산1동"),
    ("서울특별시 관악구 신림로 1 (신림동)", Lack.ELSEWHERE), ("서울특별시 금천구 독산로 1 (독산동)", Lack.PLACE),
    ("금천구 가산동 독산1동", Lack.PLACE), ("", Lack.PLACE),
    ({"region": "서울특별시", "locality": "금천구", "street_address": "가산동 1"}, "가산동"),
    ({"formatted": "서울특별시 금천구\n가산동 1"}, "가산동")])
def test_an_address_says_the_neighbourhood(said, found):
    assert place({"address": said}, address="address") == found


@pytest.mark.parametrize("length, taken", [(rules.NAME_MOST, True), (rules.NAME_MOST + 1, False)])
def test_a_name_has_an_end(length, taken):
    assert (place({"name": "가" * length, "dong": "가산동"}, neighbourhood="dong") == "가산동") is taken


def test_claims_lie_in_others():
    provider = Provider("a", "a", {}, "https://a.example.org", "a", frozenset({Purpose.RESIDENT}),
                        claims=Claims("of.name", "of.born", "of.dong"))
    said = {"of": {"name": "김하늘", "born": "1991-05-17", "dong": "가산동"}}
    assert rules.resident(provider, said, NAMES, "금천구") == Resident("김하늘", date(1991, 5, 17), "가산동")
    assert rules.resident(provider, {"of": "text"}, NAMES, "금천구") is Lack.NAME


@pytest.mark.parametrize("name", ["홍*동", "홍○동", "***", "김하늘(金하늘)", "김하늘 2", "", " ", "\ud800", "하\0늘", "하\u202e늘", "-"])
def test_a_name_that_no_register_has_makes_nobody(name):
    provider = Provider("a", "a", {}, "https://a.example.org", "a", frozenset({Purpose.RESIDENT}),
                        claims=Claims(neighbourhood="dong"))
    said = {"name": name, "birthdate": "1991-05-17", "dong": "가산동"}
    assert rules.resident(provider, said, NAMES, "금천구") is Lack.NAME


@pytest.mark.parametrize("name", ["김하늘", "김 하늘", "Anna-Maria O'Neil Jr.", "마리아·안나", "阮氏花", "Nguyễn Thị Hoa"])
def test_a_name_is_taken_as_it_is(name):
    provider = Provider("a", "a", {}, "https://a.example.org", "a", frozenset({Purpose.RESIDENT}),
                        claims=Claims(neighbourhood="dong"))
    said = {"name": f" {name} ", "birthdate": 19910517, "dong": "가산동"}
    assert rules.resident(provider, said, NAMES, "금천구") == Resident(name, date(1991, 5, 17), "가산동")
