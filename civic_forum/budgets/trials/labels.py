"""Sentences about a file in the Pabulib format, and short labels of the compared rules."""

from civic_forum.platform.i18n import _, _l

from ..formats.pabulib import Remark, Remarkable
from ..formats.pabulib.faults import Fault, Trouble

FAULT = {
    Trouble.EMPTY: _l("파일이 비어 있어요."),
    Trouble.NOT_UTF8: _l("UTF-8로 적은 글자가 아니에요. UTF-8로 저장해서 다시 올려 주세요."),
    Trouble.NUL: _l("글자가 아닌 것(NUL)이 들어 있어요."),
    Trouble.NOT_PABULIB: _l("Pabulib 파일은 META, PROJECTS, VOTES 가운데 하나로 시작해야 해요."),
    Trouble.CELL_TOO_LONG: _l("칸 하나가 너무 길어요. 따옴표를 닫았는지 확인해 주세요."),
    Trouble.QUOTE_NOT_CLOSED: _l("여기서 연 따옴표를 닫지 않았어요."),
    Trouble.SECTION_TWICE: _l("%(section)s 부분이 두 번 나와요."),
    Trouble.SECTION_MISSING: _l("%(section)s 부분이 없어요."),
    Trouble.HEADER_MISSING: _l("%(section)s 부분에 열 이름이 없어요."),
    Trouble.COLUMN_MISSING: _l("%(section)s 부분에 %(column)s 열이 있어야 해요."),
    Trouble.COLUMN_TWICE: _l("%(column)s 열이 두 번 나와요."),
    Trouble.COLUMN_NAMELESS: _l("%(section)s 부분에 이름이 없는 열이 있어요."),
    Trouble.SHORT_ROW: _l("칸이 %(wanted)s개 있어야 하는데 %(found)s개뿐이에요."),
    Trouble.LONG_ROW: _l("칸이 %(wanted)s개여야 하는데 %(found)s개예요. 글 안의 쌍반점(;)은 따옴표로 감싸 주세요."),
    Trouble.KEY_TWICE: _l("META의 %(key)s 값이 두 번 나와요."),
    Trouble.KEY_MISSING: _l("META에 %(key)s 값이 있어야 해요."),
    Trouble.KEY_EMPTY: _l("META에 이름이 없는 값이 있어요."),
    Trouble.BAD_NUMBER: _l("%(name)s 값은 0 이상의 숫자여야 하는데 “%(text)s”라고 적혀 있어요."),
    Trouble.BAD_DATE: _l("%(name)s 값은 31.12.2026처럼 적은 날짜나 연도여야 하는데 “%(text)s”라고 적혀 있어요."),
    Trouble.VOTE_TYPE: _l("vote_type은 approval, choose-1, cumulative, ordinal 가운데 하나여야 하는데 “%(text)s”라고 적혀 있어요."),
    Trouble.PROJECT_EMPTY: _l("사업 번호(project_id)가 비어 있어요."),
    Trouble.PROJECT_TWICE: _l("사업 번호 %(project)s번이 두 번 나와요."),
    Trouble.PROJECT_WITH_COMMA: _l("사업 번호 “%(project)s”에 쉼표가 있어요."),
    Trouble.VOTER_EMPTY: _l("투표자 번호(voter_id)가 비어 있어요."),
    Trouble.VOTER_TWICE: _l("투표자 “%(voter)s”의 투표지가 두 장이에요."),
    Trouble.PROJECT_UNKNOWN: _l("투표지에 PROJECTS에 없는 사업 “%(project)s”가 있어요."),
    Trouble.TOO_MANY: _l("%(most)s개까지 고를 수 있는데 %(found)s개를 골랐어요."),
    Trouble.TOO_EXPENSIVE: _l("고른 사업의 비용을 더하면 한도 %(most)s보다 많아요."),
    Trouble.TOO_MANY_POINTS: _l("점수가 한도 %(most)s보다 많아요."),
    Trouble.POINTS_DIFFER: _l("고른 사업은 %(projects)s개인데 점수는 %(points)s개예요."),
    Trouble.WRONG_COUNT: _l("%(key)s 값은 %(said)s인데 파일에는 %(found)s개가 있어요."),
    Trouble.COMMITTEE_VOTES: _l("%(name)s 값은 %(least)s에서 %(most)s 사이의 숫자여야 하는데 “%(text)s”라고 적혀 있어요."),
}
REMARK = {
    Remarkable.VOTES_DIFFER: _l("votes 열과 투표지가 다른 사업이 %(how_many)s개예요(처음은 %(line)s번째 줄). 투표지를 셌어요."),
    Remarkable.NAMED_TWICE: _l("한 사업을 두 번 적은 투표지가 %(how_many)s장이에요(처음은 %(line)s번째 줄). 한 번으로 셌어요."),
    Remarkable.BLANK: _l("아무것도 고르지 않은 투표지가 %(how_many)s장이에요(처음은 %(line)s번째 줄). 투표한 사람 수에 들어가요."),
    Remarkable.POINTS: _l("점수를 준 투표지가 %(how_many)s장이에요. 득표순은 점수를 더하고, 균등 몫은 점수를 보지 않고 고른 사람을 세요."),
    Remarkable.RANKED: _l("순위를 적은 투표지가 %(how_many)s장이에요. 순위를 보지 않고, 적힌 사업마다 한 표로 셌어요."),
    Remarkable.BEYOND_BUDGET: _l("예산보다 비싼 사업이 %(how_many)s개예요(처음은 %(line)s번째 줄). 뽑힐 수 없어요."),
}


def of_fault(fault: Fault) -> str:
    """A sentence with the line, and that nothing was taken over."""
    return _("%(line)s번째 줄: %(what)s 파일을 고친 뒤 다시 가져와 주세요. 아직 아무것도 가져오지 않았어요.", line=fault.line,
             what=_filled(FAULT[fault.what], fault.given))


def of_remark(remark: Remark) -> str:
    return _filled(REMARK[remark.what], {"how_many": remark.how_many, "line": remark.line})


def _filled(text, facts: dict[str, object]) -> str:
    return str(text) % facts


def of_stored_remark(remark: dict[str, object]) -> str:
    """The same of what a trial keeps."""
    return of_remark(Remark(Remarkable(remark["what"]), remark["line"], remark["how_many"]))


COMPARED = {
    "own": _l("투표함에 적어 둔 방식"), "greedy": _l("득표순"), "greedy-per-cost": _l("비용 대비 득표순"),
    "shares": _l("균등 몫"), "shares-add1": _l("균등 몫, 몫 늘리기"),
    "shares-add1-greedy": _l("균등 몫, 몫 늘리고 득표순으로 채우기"),
    "shares-add1-until-infeasible": _l("균등 몫, 예산을 넘기 전까지 늘리기"),
    "cardinality-add1-greedy": _l("균등 몫(사업 수 기준), 몫 늘리고 득표순으로 채우기"),
    "weighted-marks": _l("주민과 위원회 반씩, 준 표 전체로 나누기"),
    "weighted-ballots": _l("주민과 위원회 반씩, 사람 수로 나누기"),
}
