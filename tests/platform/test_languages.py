"""Languages are data: a line and a catalogue make one, and what it does not have says that it is Korean."""

import gzip
import subprocess
import sys
from pathlib import Path
from shutil import copytree, ignore_patterns

import pytest
from lxml import html

from civic_forum.platform import i18n
from civic_forum.platform.i18n import Language

ROOT = Path(__file__).resolve().parents[2]
LINE = '    EN = "en", "English", "en"\n'
WORDS = {"홈": "Vozu", "제안": "Propa", "투표": "Elko", "검색": "Sirku", "도움말": "Helpu", "로그인": "Enil", "가입하기": "Aliri",
         "의제": "Temo", "본문 바로가기": "Rekta", "주 메뉴": "Menuo", "전체 메뉴": "Tutmenu", "제안하기": "Propari",
         "투표하기": "Elkari", "공감하기": "Samsenti", "이야기하기": "Paroli", "찾기": "Trovi", "월 화 수 목 금 토 일": "a b c d e f g",
         "지금 정하고 있어요": "Nun decidas", "동네 일, 우리가 정해요": "Ni decidas", "이 화면을 한국어로 읽기": "Legi"}
CODE = """
import sys
from flask import Flask
from civic_forum.platform.i18n import Language, _, marked, speaking
words = Language("xo")
with speaking(words):
    print(words.label, words.mark, _("투표하기"), _("동네 일, 우리가 정해요"), marked(f"<p>{_('투표하기')}</p><p>{_('로그아웃')}</p>"))
"""


def test_a_language_is_a_file_and_a_line(tmp_path):
    copytree(ROOT / "civic_forum", tmp_path / "civic_forum", ignore=ignore_patterns("__pycache__", "sample_data"))
    source = tmp_path / "civic_forum/platform/i18n.py"
    text = source.read_text("utf-8")
    assert LINE in text
    source.write_text(text.replace(LINE, LINE + '    MADE_UP = "xo", "Xomi", "xo"\n'), "utf-8")
    folder = tmp_path / "civic_forum/translations/xo/LC_MESSAGES"
    folder.mkdir(parents=True)
    entries = "\n".join(f'msgid "{korean}"\nmsgstr "{word}"\n' for korean, word in WORDS.items())
    (folder / "messages.po").write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n' + entries, "utf-8")
    subprocess.run([sys.executable, "-m", "babel.messages.frontend", "--quiet", "compile", "--input-file",
                    folder / "messages.po", "--output-file", folder / "messages.mo"], check=True, cwd=tmp_path)
    spoken = subprocess.run([sys.executable, "-c", CODE], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert spoken.stdout.strip() == (
        'Xomi xo Elkari Ni decidas <p>Elkari</p><p><span lang="ko">로그아웃</span></p>')


def test_every_language_has_a_catalogue_or_is_the_source():
    folders = {path.name for path in (ROOT / "civic_forum/translations").iterdir() if path.is_dir()}
    assert folders - {"__pycache__"} == set(Language) - {Language.KO}


@pytest.mark.parametrize("words", list(Language))
def test_every_language_can_be_chosen_and_says_its_mark(browse, words):
    client = browse()
    client.get(f"/display?language={words}&back=/help")
    page = html.fromstring(client.get("/help").data)
    assert page.get("lang") == words.mark
    choices = {link.text for link in page.xpath("//a[starts-with(@href, '/display?language=')]")}
    assert choices == {other.label for other in Language if other is not words}


def test_korean_on_a_page_in_chinese_says_so(browse):
    client = browse()
    client.get("/display?language=zh&back=/")
    page = html.fromstring(client.get("/help").data)
    unmarked = [text for text in page.xpath("//body//text()[not(ancestor::script|ancestor::style|ancestor::option)]")
                if i18n.HANGUL.search(text) and not text.getparent().xpath("ancestor-or-self::*[@lang][1][@lang='ko']")]
    assert unmarked == []


@pytest.mark.parametrize("path", ["/help", "/polls", "/sign-in", "/nothing"])
def test_a_page_in_chinese_reaches_a_browser_packed_and_marked_once(browse, path):
    client = browse()
    client.get("/display?language=zh&back=/")
    for _time in range(2):  # made, and kept
        plain = client.get(path)
        packed = client.get(path, headers={"Accept-Encoding": "gzip"})
        assert packed.status_code == plain.status_code and packed.headers["Content-Encoding"] == "gzip"
        text = gzip.decompress(packed.data).decode()
        assert '<span lang="ko">' in text and '<span lang="ko"><span' not in text
        assert text.count('<span lang="ko">') == plain.text.count('<span lang="ko">')
        assert packed.headers.get("ETag") == plain.headers.get("ETag") or path in ("/sign-in", "/nothing")


def test_a_drawn_file_is_in_a_language_whose_letters_the_font_has():
    for words, drawn in ((Language.ZH, Language.KO), (Language.EN, Language.EN), (Language.EASY, Language.EASY)):
        with i18n.speaking(words):
            assert i18n.whole_language() is drawn


@pytest.mark.parametrize("words", list(Language))
def test_the_paths_of_power_have_words_in_every_language(browse, words):
    client = browse()
    client.set_cookie("language", words)
    acts = html.fromstring(client.get("/security").data).xpath("//main//li/b")
    assert len(acts) > 10 and all(act.text_content().strip() for act in acts)


def test_a_proposal_says_in_which_language_it_is_written(town, browse):
    written = town.proposal(language="easy"), town.proposal(language="zh")
    for words, marks in (("ko", (None, "zh")), ("easy", (None, "zh")), ("zh", ("ko", None)), ("en", ("ko", "zh"))):
        client = browse()
        client.set_cookie("language", words)
        for proposal, mark in zip(written, marks, strict=True):
            page = html.fromstring(client.get(f"/proposals/{proposal.number}").data)
            assert {prose.get("lang") for prose in page.xpath("//section[@aria-labelledby='problem']/div")} == {mark}


def test_an_account_in_a_language_that_is_gone_is_written_to_in_korean():
    assert i18n.known("xx") is Language.KO and i18n.known("zh") is Language.ZH


def test_texts_without_an_element_of_their_own_stay_as_they_are():
    assert i18n.marked("<p>在금천구 가산동居住的人</p>") == '<p>在<span lang="ko">금천구 가산동</span>居住的人</p>'
    page = '<title>가</title><option>나</option><p lang="ko">다</p><p title="라">abc</p><b>마</b>'
    assert i18n.marked(page) == page.replace("<b>마</b>", '<b><span lang="ko">마</span></b>')


def test_a_browser_is_offered_its_language_in_that_language(browse):
    page = html.fromstring(browse().get("/help", headers={"Accept-Language": "zh-CN,zh;q=0.9"}).data)
    link, = page.xpath("//p[@class='offer']/a")
    assert link.text == "用中文阅读本页" and "language=zh" in link.get("href")
