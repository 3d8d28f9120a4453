"""Labels over the columns of the tables that a round gives to take home."""

from civic_forum.platform.i18n import _l

PROJECTS = (_l("사업 번호"), _l("사업"), _l("배정 예산"), _l("동"), _l("사업 종류"), _l("고르는 묶음"), _l("상태"),
            _l("사업비(원)"), _l("처음 낸 사업비(원)"), _l("부서"), _l("곳"), _l("규모"), _l("내용"), _l("제안 번호"),
            _l("합쳐진 사업"), _l("낸 때"))
OUTCOMES = (_l("배정 예산"), _l("차례"), _l("사업 번호"), _l("사업"), _l("동"), _l("사업비(원)"), _l("득표"),
            _l("위원회 추천"), _l("왜 안 뽑혔나"), _l("상태"), _l("확정한 돈(원)"), _l("구의회가 바꾼 까닭"))
