"""Labels of deadlines."""

from civic_forum.platform.i18n import _l

from .deadlines import Due

DUE = {
    Due.LATE: _l("늦었어요"),
    Due.TODAY: _l("오늘까지"),
    Due.WEEK: _l("7일 안"),
    Due.ALL: _l("모두"),
}
