"""Addresses that somebody brings along: a path of this site, or none."""

from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic_forum.platform.addresses import local_path

LONGEST = "/" + "a" * 499


@pytest.mark.parametrize("target", ["/", "/proposals?q=a&b=c#d", "/제안/글", "/!", "/a//b", "/?next=https://example.com/",
                                    "/[::1", LONGEST])
def test_a_path_of_this_site_stays(target):
    assert local_path(target, "/otherwise") == target


@pytest.mark.parametrize("target", [
    None, "", "proposals", "https://example.com/", "//example.com/", "/\\example.com/", "/\t/example.com/",
    "/a\\..\\b", "/a b", "/a\nb", " /", LONGEST + "a"])
def test_anything_else_is_none(target):
    assert local_path(target, "/otherwise") == "/otherwise"


@given(st.text(alphabet="/\\:@?#[]a\t\r\n .\0http") | st.text())
def test_no_path_leads_to_another_host(text):
    parts = urlsplit(local_path("/" + text))
    assert not parts.scheme and not parts.netloc
