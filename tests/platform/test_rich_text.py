import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html as lxml_html

from civic_forum.platform import rich_text
from tests.running.turns import share

MARKUP = st.text(alphabet="<>&\"'`*_[]()!#-+.:/\\ \n\tajhrefscriptonload=가나&;@x0", max_size=300)


def test_headings_become_paragraphs_and_lists_stay():
    made = rich_text.render("# 제목\n\n- 하나\n- 둘 **굵게**")
    assert "<h1" not in made and "<p>제목</p>" in made and "<strong>굵게</strong>" in made


@pytest.mark.parametrize("source", [
    "[x](javascript:alert(1))", "[x](JaVaScRiPt:alert(1))", "[x](java&#115;cript:alert(1))", "[x](//evil.example)",
    "[x](data:text/html,1)", "<https://user:secret@evil.example>", "[x](https://a@b.example/)", "[x](/proposals)",
    "[x](mailto:a@b.example?bcc=c@d.example)", "[x](https:///nowhere)",
])
def test_a_link_that_is_not_plain_leads_nowhere(source):
    assert "href" not in rich_text.render(source)


@pytest.mark.parametrize("source, target", [
    ("[x](https://a.example/b?c=1&d=2)", "https://a.example/b?c=1&amp;d=2"),
    ("<mailto:a@b.example>", "mailto:a@b.example"),
])
def test_a_plain_link_stays_and_is_marked(source, target):
    made = rich_text.render(source)
    assert f'href="{target}"' in made and f'rel="{rich_text.LINK_REL}"' in made


def test_raw_html_is_shown_as_text():
    assert "&lt;script&gt;" in rich_text.render("<script>alert(1)</script>")


@given(MARKUP)
@settings(max_examples=share(300))
def test_only_the_allowed_tags_and_attributes_come_out(source):
    made = rich_text.render(source)
    for element in lxml_html.fragments_fromstring(f"<div>{made}</div>")[0].iter():
        assert element.tag in rich_text.TAGS | {"div"}
        assert set(element.attrib) <= {"href", "rel"}
        if href := element.get("href"):
            assert re.match(r"(https?|mailto):", href)


@pytest.mark.parametrize("source", ["[" * 10_000, "> " * 5_000, "*a " * 3_300, "`" * 10_000, "<" * 10_000,
                                    "- " * 5_000, "![" * 5_000, "&#1;" * 2_500])
def test_hostile_texts_of_full_length_are_rendered_in_time(source):
    began = time.process_time()
    rich_text.render(source[:rich_text.LONGEST])
    assert time.process_time() - began < 60


def test_a_longer_text_is_refused_before_any_work():
    with pytest.raises(ValueError):
        rich_text.render("가" * (rich_text.LONGEST + 1))


def test_an_excerpt_is_text_and_ends_at_a_word():
    assert rich_text.excerpt("<p>하나 &lt;둘&gt;</p><ul><li>셋</li></ul>") == "하나 <둘> 셋"
    assert rich_text.excerpt("<p>" + "우리 동네 " * 40 + "</p>", 20).endswith("…")
