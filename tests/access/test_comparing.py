"""Differences between kept answers, by kind."""

import pytest

from .comparing import SAME, SPACE, kinds, kinds_of_page, report


def answer(body, sort="text/html; charset=utf-8", status=200):
    return [status, {"Content-Type": sort}, [], body]


@pytest.mark.parametrize(("before", "after", "kind"), [
    ("<p  class='a'\n id=b>x\n</p>", "<p id=b class='a'>\n x</p>", SAME),
    ("<ul><li>x</li><li>y</li></ul>", "<ul>\n <li>x</li>\n <li>y</li></ul>", SAME),
    ("<p>x <b>y</b></p>", "<p>x\n  <b>y</b></p>", SAME),
    ("<link href='/a.css?v=1'>", "<link href='/a.css?v=2'>", None),
    ("<p><span>x</span><span>y</span></p>", "<p><span>x</span>\n<span>y</span></p>", SPACE),
    ("<p>(<a>x</a>)</p>", "<p>(<a>x</a> )</p>", SPACE),
    ("<textarea>a b</textarea>", "<textarea>a  b</textarea>", "words"),
    ("<p>x y</p>", "<p>x z</p>", "words"),
    ("<p class=a>x</p>", "<p class=b>x</p>", "class names"),
    ("<p id=a>x</p>", "<p id=b>x</p>", "ids"),
    ("<p lang=ko>x</p>", "<p>x</p>", "attribute lang"),
    ("<p>x</p>", "<p>x</p><link href=/a.css>", "style links"),
    ("<p>x</p>", "<p>x</p><script src=/a.js></script>", "script links"),
    ("<p>x</p>", "<p>x</p><hr>", "elements added"),
    ("<p>x</p><hr>", "<p>x</p>", "elements gone"),
])
def test_kinds_of_differences_between_pages(before, after, kind):
    assert [found for found, _example in kinds(answer(before), answer(after))] == ([kind] if kind else [])


def test_a_space_is_found_on_a_page_that_differs_in_its_tags_too():
    assert {SPACE, "class names"} == {kind for kind, _example in kinds_of_page(
        "<p class=a>x</p><p><i>y</i>z</p>", "<p class=b>x</p><p><i>y</i> z</p>")}


def test_a_download_is_compared_letter_by_letter():
    csv = "text/csv; charset=utf-8"
    assert list(kinds(answer("a,b\n1,2", csv), answer("a,b\n1, 2", csv))) == [("body of text/csv", "- 1,2\n+ 1, 2")]


def test_status_headers_and_sentences_count_too():
    before, after = answer("x"), [303, {"Location": "/"}, [["success", "saved"]], "x"]
    assert [kind for kind, _example in kinds(before, after)] == [
        "status", "header Content-Type", "header Location", "sentences on the next page"]


def test_white_space_alone_is_counted_and_no_difference():
    name = "GET /, -, visitor"
    lines, differ = report({name: answer("<p>x</p>")}, {name: answer("<p>x</p>\n")})
    assert not differ and f"## {SAME}: 1 answers of 1 addresses, 1 different" in lines


def test_each_kind_is_listed_with_its_addresses_and_an_example():
    names = [f"GET /help, -, {actor}" for actor in ("visitor", "user")]
    lines, differ = report({one: answer("<p>x</p>") for one in names}, {names[0]: answer("<p>y</p>")})
    assert differ and lines == [
        "2 answers before, 1 after, 0 the same",
        "", "## answers gone: 1 answers of 1 addresses, 1 different", "at GET /help (1)",
        "1 times, as on GET /help, -, user", "",
        "", "## words: 1 answers of 1 addresses, 1 different", "at GET /help (1)",
        "1 times, as on GET /help, -, visitor", "- x\n+ y"]
