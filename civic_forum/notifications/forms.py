"""WTForms for how often somebody wants which kind: one choice for each kind and channel."""

from collections.abc import Collection

from wtforms import SelectField
from wtforms.fields.choices import SelectChoice

from civic_forum.platform.errors import Refusal
from civic_forum.platform.forms import Form
from civic_forum.platform.i18n import _

from . import rules, labels
from .rules import Channel, Frequency, NoticeKind


class PreferencesForm(Form):
    """Its fields are called `mail_reply`; where there is nothing to choose there is none."""

    @classmethod
    def of(cls, wanted: dict[tuple[NoticeKind, Channel], Frequency]):
        return cls(formdata=None, data={_name(kind, channel): frequency.value
                                        for (kind, channel), frequency in wanted.items()})

    def choice(self, kind: NoticeKind, channel: Channel) -> SelectField | None:
        name = _name(kind, channel)
        return self[name] if name in self else None

    def wanted(self, kinds: list[NoticeKind], channels: Collection[Channel],
               ) -> dict[tuple[NoticeKind, Channel], Frequency]:
        """Choices of these kinds and channels; a field that did not come is left as it is. Raises Refusal."""
        choices = {}
        for kind in kinds:
            for channel in channels:
                field = self.choice(kind, channel)
                if field is not None and field.data is not None:
                    choices[kind, channel] = _frequency(field)
        return choices


def _name(kind: NoticeKind, channel: Channel) -> str:
    return f"{channel.value}_{kind.value}"


def _frequency(field: SelectField) -> Frequency:
    try:
        return Frequency(field.data)
    except ValueError:
        raise Refusal(_("목록에 있는 것에서 골라 주세요."), field=field.name) from None


def _choice(kind: NoticeKind, channel: Channel) -> SelectField:
    called = labels.ON_SITE if channel is Channel.SITE else labels.FREQUENCY
    return SelectField(labels.CHANNEL[channel], validate_choice=False, choices=[
        SelectChoice(frequency.value, called[frequency]) for frequency in rules.choices(kind, channel)])


for _kind in NoticeKind:
    for _channel in Channel:
        if len(rules.choices(_kind, _channel)) > 1:
            setattr(PreferencesForm, _name(_kind, _channel), _choice(_kind, _channel))
