"""Labels of the lists of the district."""

from civic_forum.platform.i18n import _l

from .rules import DistrictAct, DistrictList

LIST = {DistrictList.NEIGHBOURHOODS: _l("동 목록"), DistrictList.DEPARTMENTS: _l("부서 목록"),
        DistrictList.AUDIENCES: _l("대상 목록"), DistrictList.CATEGORIES: _l("분야 목록"),
        DistrictList.REASONS: _l("답변 결과 목록"), DistrictList.TEXTS: _l("미리 쓴 글 목록")}
ACT = {DistrictAct.MAKE: _l("처음 만들었어요"), DistrictAct.RENAME: _l("이름을 바꿨어요"), DistrictAct.MOVE: _l("순서를 바꿨어요"),
       DistrictAct.CLOSE: _l("닫았어요"), DistrictAct.SET: _l("기준을 바꿨어요"),
       DistrictAct.SET_BY_TWO: _l("기준을 바꿨어요"), DistrictAct.CHANGE: _l("바꿨어요"),
       DistrictAct.CHANGE_BY_TWO: _l("바꿨어요")}
TO_CONFIRM = {DistrictAct.CLOSE: _l("합치고 닫기"), DistrictAct.SET_BY_TWO: _l("기준 바꾸기")}
