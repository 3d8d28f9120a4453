"""Fields shared by every form of a running forum."""

from wtforms import HiddenField

from civic_forum.kernel.forms import Form


class LiveForm(Form):
    """A form of a running forum: what it sends is applied once."""

    key = HiddenField()

    @property
    def sent_as(self) -> str:
        """The key of the thing that it sends; empty where nobody gave it one."""
        return self.key.data or ""
