"""Labels of the categories."""

from civic_forum.platform.i18n import _l

from .rules import Category

CATEGORY = {
    Category.TRAFFIC: _l("교통·주차"), Category.SAFETY: _l("안전"), Category.ENVIRONMENT: _l("환경·청소"),
    Category.WELFARE: _l("복지·돌봄"), Category.EDUCATION: _l("교육·청소년"), Category.CULTURE: _l("문화·체육"),
    Category.ECONOMY: _l("경제·일자리"), Category.CITY: _l("도시·공원"), Category.SELF_GOVERNANCE: _l("주민자치"),
    Category.OTHER: _l("기타"),
}
