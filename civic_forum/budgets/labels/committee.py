"""Sentences for members of the committee."""

from civic_forum.platform.i18n import _l

OWN_ENVELOPE = _l("이 배정 예산에는 내가 낸 사업이 있어요. 내 사업도, 그 사업과 겨루는 사업도 내가 권할 수 없어요.")
