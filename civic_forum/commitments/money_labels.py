"""Sentences about rows of a table that cannot be taken."""

from civic_forum.platform.i18n import _, _l

from . import foreign_tables
from .importing import Problem, Wrong

WRONG = {
    Wrong.NO_ROWS: _l("첫 줄에 칸 이름을, 그 아래에 돈을 한 줄에 하나씩 적어 주세요."),
    Wrong.NO_COLUMN: _l("‘%(said)s’ 칸이 없어요. 칸 이름은 그대로 두어 주세요."),
    Wrong.UNKNOWN_COLUMN: _l("‘%(said)s’은(는) 모르는 칸이에요. 지우거나 칸 이름을 고쳐 주세요."),
    Wrong.COLUMN_TWICE: _l("‘%(said)s’ 칸이 두 번 있어요."),
    Wrong.NO_COMMITMENT: _l("어느 약속인지 번호나 코드를 적어 주세요. 합친 칸은 나눠 주세요."),
    Wrong.UNKNOWN_COMMITMENT: _l("‘%(said)s’ 약속이 없어요. 번호나 코드를 확인해 주세요."),
    Wrong.NUMBER_OR_CODE: _l("‘%(said)s’이(가) 번호인지 코드인지 알 수 없어요. 번호면 앞에 #을 적어 주세요."),
    Wrong.ELSEWHERE: _l("‘%(said)s’은(는) 다른 부서가 맡은 약속이에요. 맡은 부서만 적을 수 있어요."),
    Wrong.YEAR: _l("해를 2026처럼 적어 주세요."),
    Wrong.SOURCE: _l("재원을 국비, 시비, 구비, 민간, 기타, 재원 모름 가운데 하나로 적어 주세요."),
    Wrong.ITEM: _l("항목은 60자까지 적을 수 있어요. 줄여 주세요."),
    Wrong.UNIT: _l("단위를 원, 천원, 백만원 가운데 하나로 적거나 비워 주세요."),
    Wrong.SUM: _l("‘%(said)s’은(는) 돈으로 읽을 수 없어요. %(column)s 칸에 숫자를 적거나 비워 주세요."),
    Wrong.FORMULA: _l("%(column)s 칸의 식이 아직 계산되지 않았어요. 엑셀에서 열어 저장한 뒤 다시 올려 주세요."),
    Wrong.NOTHING: _l("계획, 확보, 집행 가운데 하나는 적어 주세요."),
    Wrong.TWICE: _l("%(other)s번째 줄과 같은 해, 재원, 항목이에요. 한 줄로 모아 주세요."),
    Wrong.MORE_EXECUTED: _l("집행한 돈이 확보한 돈보다 많아요."),
    Wrong.TWO_TOTALS: _l("총사업비가 %(other)s번째 줄과 달라요. 한 약속에는 하나만 적어 주세요."),
    Wrong.TOTAL: _l("이 약속의 돈을 모두 더하면 %(said)s인데 총사업비는 %(column)s이에요. 둘을 맞춰 주세요."),
    Wrong.MANY_LINES: _l("이 약속의 줄이 200개보다 많아져요. 항목을 모아 주세요."),
}
OF_TABLES = {
    foreign_tables.Wrong.COLUMN_TWICE: _l("같은 칸이 두 번 있어요: ‘%(text)s’. 하나만 남겨 주세요."),
    foreign_tables.Wrong.LONG: _l("너무 길어요: ‘%(text)s…’. 줄여 주세요."),
    foreign_tables.Wrong.SUM: _l("돈으로 읽을 수 없어요: ‘%(text)s’. 숫자로 적거나 비워 주세요."),
    foreign_tables.Wrong.FORMULA: _l("식이 아직 계산되지 않았어요. 엑셀에서 열어 저장한 뒤 다시 올려 주세요."),
    foreign_tables.Wrong.YEAR: _l("해로 읽을 수 없어요: ‘%(text)s’. 2026처럼 적어 주세요."),
    foreign_tables.Wrong.SOURCE: _l("모르는 재원이에요: ‘%(text)s’. 국비, 시비, 구비, 민간, 기타 가운데 하나로 적어 주세요."),
}
"""Of tables in anybody's form."""
OF_SHEETS = OF_TABLES | {
    foreign_tables.Wrong.NO_TITLE: _l("약속 이름이 든 칸을 찾지 못했어요. 아래에서 칸마다 무엇인지 골라 주세요."),
    foreign_tables.Wrong.PERCENT: _l("진도로 읽을 수 없어요: ‘%(text)s’. 0부터 100까지 적거나 비워 주세요."),
    foreign_tables.Wrong.TEXT: _l("추진실적을 다섯 글자 이상 적거나 비워 주세요."),
    foreign_tables.Wrong.SEVERAL_LINES: _l("%(text)s년 돈이 여기에는 여러 줄로 적혀 있어요. ‘표로 돈 적기’에서 줄마다 고쳐 주세요."),
    foreign_tables.Wrong.NEGATIVE: _l("다른 해의 돈을 더한 것보다 적어요: ‘%(text)s’. 해마다 나눠 적어 주세요."),
    foreign_tables.Wrong.TWICE: _l("같은 약속이 두 번 있어요: ‘%(text)s’. 하나만 남겨 주세요."),
    foreign_tables.Wrong.TOTAL: _l("돈을 모두 더하면 %(text)s원이에요. 총사업비와 맞춰 주세요."),
    foreign_tables.Wrong.MORE_EXECUTED: _l("집행한 돈이 확보한 돈보다 많아요."),
}
SHOWN = 40
"""Characters of a cell in a sentence about it."""


def sentence(problem: Problem) -> str:
    text = problem.said if len(problem.said) <= SHOWN else f"{problem.said[:SHOWN]}…"
    return str(WRONG[problem.wrong]) % {"said": text, "column": problem.column, "other": problem.other}


def sentence_of_sheet(problem: foreign_tables.Problem) -> str:
    return str(OF_SHEETS[problem.wrong]) % {"text": problem.text}


def row_of(problem: Problem | foreign_tables.Problem) -> str:
    return _("%(row)s번째 줄", row=problem.row)
