"""Fields of parts that name what the district has."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from wtforms import SelectField

from civic_forum.blocks.part_fields import PartField
from civic_forum.blocks.part_files import Entry
from civic_forum.platform.errors import Refusal
from civic_forum.platform.fields import offered
from civic_forum.platform.i18n import _

from . import queries


@dataclass(frozen=True, kw_only=True)
class _EntryField(PartField):
    """An entry of a list of the district, or none yet."""

    choices: Callable[[], Mapping[int, str]]
    names: Callable[[], Mapping[int, str]]
    """Of those, and of closed ones."""
    macro = "select"

    def controls(self, name: str) -> dict[str, Any]:
        return {name: SelectField(self.label, validate_choice=False)}

    def prepare(self, form: Any, name: str) -> None:
        form[name].choices = offered(self.choices(), _("골라 주세요"))

    def typed(self, record: Any, name: str) -> dict[str, object]:
        return {name: str(getattr(record, name) or "")}

    def read(self, form: Any, name: str) -> int | None:
        chosen = form[name].data or ""
        if chosen not in {choice.value for choice in form[name].choices}:
            raise Refusal(_("목록에 있는 것 가운데 골라 주세요."), field=name)
        return int(chosen) if chosen else None

    def of_file(self, entry: Entry, key: str) -> int | None:
        named = entry.text_or_none(key)
        return next((number for number, label in self.names().items() if label == named), None)

    def shown(self, value: int | None) -> str:
        return self.names().get(value, "") if value else ""


def department_field(label: Any, **options: Any) -> PartField:
    return _EntryField(label=label, names=queries.department_names, choices=lambda: {
        department.id: department.name for department in queries.departments()}, **options)


def neighbourhood_field(label: Any, **options: Any) -> PartField:
    return _EntryField(label=label, names=queries.neighbourhood_names, choices=queries.open_neighbourhood_names,
                       **options)
