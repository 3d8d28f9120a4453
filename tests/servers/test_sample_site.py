
import json
import os
import re
import signal
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest

from .sample import FIRST_LOG
from .test_serving import get

ACCOUNTS = ("resident1 resident2 resident3 resident4 resident5 resident6 resident7 resident8 resident9 moderator1 "
            "moderator2 official1 official2 clerk1 clerk2 observer1 observer2 administrator").split()


def introduction(log):
    return log.read_text().split("Ready:")[0].split("Sample accounts")[1]


def of_the_first_start(site):
    return introduction(site.data.parent / FIRST_LOG)


def test_the_sample_accounts_are_named_before_it_is_ready(site):
    assert [line.split()[0] for line in of_the_first_start(site).splitlines()[1:-1]] == ACCOUNTS
    assert len(site.password) > 12


def test_the_first_page_is_there(site):
    status, page = get(site, "/")
    assert status == 200
    assert 'lang="ko"' in page.decode()


def issuer(site):
    return re.search(r'issuer = "(.+)"', (site.data / "sample-providers.toml").read_text())[1]


def test_an_example_of_a_provider_runs_beside_it_and_comes_back(site):
    at = issuer(site)
    assert urlsplit(at).hostname == urlsplit(site.url).hostname
    with urlopen(f"{at}/.well-known/openid-configuration") as answer:
        assert json.load(answer)["issuer"] == at
    [before] = site.processes("civic_forum.sample_data.provider")
    os.kill(before, signal.SIGKILL)
    with urlopen(f"{at}/jwks") as answer:  # its socket is kept meanwhile
        assert json.load(answer)["keys"]


@pytest.mark.in_turns(of=10)
def test_a_second_start_says_the_same(site):
    site.stop()
    site.start()
    assert introduction(site.log) == of_the_first_start(site)
    assert get(site, "/")[0] == 200
