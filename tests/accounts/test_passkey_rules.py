import pytest

from civic_forum.accounts.rules import NoPasskeys, RelyingParty, is_copied, relying_party


@pytest.mark.parametrize(("url", "found"), [
    ("https://vote.geumcheon.go.kr", RelyingParty("vote.geumcheon.go.kr", "https://vote.geumcheon.go.kr")),
    ("https://Vote.Geumcheon.go.kr:8443/", RelyingParty("vote.geumcheon.go.kr", "https://vote.geumcheon.go.kr:8443")),
    ("https://example.kr:443", RelyingParty("example.kr", "https://example.kr")),
    ("https://금천.한국", RelyingParty("xn--jj0bx39c.xn--3e0b707e", "https://xn--jj0bx39c.xn--3e0b707e")),
    ("http://localhost:8000", RelyingParty("localhost", "http://localhost:8000")),
    ("http://example.kr", NoPasskeys.OPEN), ("http://127.0.0.1:8000", NoPasskeys.NUMBERS),
    ("https://192.0.2.7", NoPasskeys.NUMBERS), ("https://[2001:db8::1]:444", NoPasskeys.NUMBERS)])
def test_the_relying_party_is_the_host_of_the_address(url, found):
    assert relying_party(url) == found


@pytest.mark.parametrize(("known", "came", "copied"), [
    (0, 0, False), (0, 1, False), (4, 5, False), (4, 4, True), (5, 4, True), (4, 0, True)])
def test_a_count_that_does_not_go_up_is_of_a_copy(known, came, copied):
    assert is_copied(known, came) is copied
