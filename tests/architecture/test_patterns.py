"""No regular expression over what people send takes more than four times as long for four times as much."""

import re

import pytest

from .patterns import patterns, slow

MADE_LATER = {
    "civic_forum.accounts.operations: '|'.join(map(re.escape, sorted(names, key=len, reverse=True)))": "가나|가",
    "civic_forum.ballots.box.additions: b'[0-9a-f]{%d}(?=\\\\n)' % digits": "[0-9a-f]{64}(?=\\n)",
    "civic_forum.ballots.observing.rules: f'[0-9a-f]{{{digits}}}'": "[0-9a-f]{64}",
    "civic_forum.forums.kinds: f'/forums/[^/]+/{place}/([1-9][0-9]{{0,17}})'": "/forums/[^/]+/chat/([1-9][0-9]{0,17})",
    "civic_forum.forums.minutes.rules.drafting: word.pattern": "가나",
    "civic_forum.meetings.pasted: f'(?<!\\\\d){day.month}\\\\. ?{day.day}{_HOURS}'":
        r"(?<!\d)9\. ?8\.[^\n]{0,8}? ?(\d{1,2}:\d\d)(?: ?[~∼〜～–-] ?(\d{1,2}:\d\d))?",
    "civic_forum.forums.record.report: words": "[이異]견없음|이의없음|만장일치",
    "civic_forum.platform.key_files: f'{self.kind}(?:-([2-9]|[1-9][0-9]{{1,8}}))?\\\\.key'":
        r"master(?:-([2-9]|[1-9][0-9]{1,8}))?\.key",
    "civic_forum.platform.write_ahead: f'READ +(\\\\d+) \\\\S+:{index} 12[3-7] 12[4-7]\\\\b'":
        r"READ +(\d+) \S+:7 12[3-7] 12[4-7]\b",
    "civic_forum.search.rules: '|'.join((word.pattern for word in some))": "가나|가",
}
"""Patterns that are known only while the code runs, each as one that it becomes."""
BEFORE = {
    "_METADATA": re.compile(rb"(<(?:\w+:)?metadata\b[^>]*(?<!/)>).*?(</(?:\w+:)?metadata\s*>)", re.DOTALL),
    "_CHANGED_BY": re.compile(rb"(<(?:\w+:)?trackChangeAuthor\b[^>]*?\bname\s*=\s*)(\"[^\"]*\"|'[^']*')"),
    "_NOTED_BY": re.compile(rb"(<(?:\w+:)?stringParam\b[^>]*\bname\s*=\s*[\"'](?:Author|MemoAuthor)[\"']"
                            rb"[^>]*(?<!/)>)[^<]*"),
    "_TAG": re.compile(r"<[^>]*>"),
    "DAYS_NAMED": re.compile(r"(\d+)\s*일\s*(?:안|이내)"),
    "ADDRESS": re.compile(r"/proposals/([0-9]{4}-[0-9]{4,9})(?![^#]*#(?:comment|objection)-)"),
}
"""Those that read documents and texts here once, in a time that grew with the square of their length."""


def test_no_pattern_takes_longer_than_in_proportion_to_the_text():
    seen, found = set(), {}
    for place, pattern, methods in patterns():
        seen.add(place)
        if pattern is None:
            assert place in MADE_LATER, f"say in MADE_LATER what becomes of {place}"
            pattern = re.compile(MADE_LATER[place])
        found[place] = slow(pattern, methods)
    assert set(MADE_LATER) <= seen and len(seen) > 100
    assert {place: text for place, text in found.items() if text} == {}


@pytest.mark.in_turns
@pytest.mark.parametrize("name", BEFORE)
def test_those_that_were_slow_are_seen(name):
    assert slow(BEFORE[name], {"sub"})


@pytest.mark.in_turns
@pytest.mark.parametrize(("pattern", "method"), [
    (r"(a|a)*b", "fullmatch"), (r"(\w+\s?)*$", "match"), (r"[^\W\d_]([^\W\d_]|[ ㆍ])*", "fullmatch"),
    (r"\s+$", "sub"), (r"a*a*b", "fullmatch"), (r"0/([0-9]*[1-9][0-9]*)", "fullmatch"), (r"(a+)+\Z", "match"),
    (r"(?=.*x).*y", "search"), (r"\s*[,;]\s*", "split"),
])
def test_a_slow_one_of_any_kind_is_seen(pattern, method):
    assert slow(re.compile(pattern), {method})


@pytest.mark.parametrize(("pattern", "method"), [
    ("[a-z]+", "sub"), (r"\s*[,;]", "match"), (r"^\s+", "sub"), ("x{1,60}y", "search"), (r"<[^<>]*>", "findall"),
    (r"(?<!\d)\d+-\d+x", "search"), (r"[^\s-]{2,40}-[0-9]{1,10}", "search"),
])
def test_one_that_is_not_slow_is_left_alone(pattern, method):
    assert slow(re.compile(pattern), {method}) is None
