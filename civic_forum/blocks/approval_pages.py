"""Pages of an approval: a text is written, another person approves it or sends it back, and it is corrected."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, cast

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from wtforms import TextAreaField

from civic_forum.platform import plain_text
from civic_forum.platform.errors import Denied
from civic_forum.platform.forms import CHOICE, SeenForm
from civic_forum.platform.i18n import _, _l
from civic_forum.platform.policy import require
from civic_forum.platform.web import by_user, visitor

from .approval import Approval, Key, Text
from .approval_rights import Case, Record
from .pages import handle, saved


class SendBackForm(SeenForm):
    """WTForms for sending a text back; only its department reads it."""

    reason = TextAreaField(_l("다시 써야 하는 이유"))

    @classmethod
    def empty(cls) -> "SendBackForm":
        return cls(formdata=None, prefix="back")


@dataclass(frozen=True, kw_only=True)
class Said:
    """Sentences after what was done."""

    published: object
    approved: object
    correction_written: object
    corrected_at_once: object
    """Where the setting asks for no other person."""
    corrected: object
    gave_up: object


@dataclass(frozen=True, kw_only=True)
class ApprovalPages(Generic[Key, Case, Record, Text]):
    approval: Approval[Key, Case, Record, Text]
    said: Said
    find: Callable[..., Case]
    """By the parts of the address. Raises NotFound and Denied."""
    key: Callable[[Case], Key]
    page: Callable[..., str]
    """(case, form=, preview=, back=): where it is written, and where another person reads it"""
    form: Callable[[], Any]
    preview: Callable[[Case, Text], Record]
    public: Callable[..., Record]
    """The published one, by the part of the address. Raises NotFound."""
    correction_form: type[Any]
    correction_page: Callable[[Record, Any], str]
    filled: Callable[[Record], dict[str, object]]
    desk_url: Callable[[Record], str]
    published_url: Callable[[Record], str]

    def mount(self, desk: Blueprint, case: str, correction: str, gate: Callable[..., Any]) -> None:
        """Hang them on a blueprint, below the address of a case and that of a correction; `gate` lets people in."""
        for rule, view in ((case, by_user(self.write)), (f"{case}/approvals", self.approve),
                           (f"{case}/send-backs", self.send_back), (correction, by_user(self.correct)),
                           (f"{correction}/approvals", self.approve_correction),
                           (f"{correction}/send-backs", self.send_back_correction)):
            desk.add_url_rule(rule, view.__name__, gate(view), methods=["POST"])
        desk.add_url_rule(correction, "correction", gate(self.correction), methods=["GET"])

    def write(self, **at: Any) -> ResponseReturnValue:
        case, form = self.find(**at), self.form()
        require(visitor(), self.approval.may_write, case)
        # The buttons about numbers stand only where it was about to be submitted.
        act = request.form.get("do") or ("submit" if CHOICE in request.form else None)

        def keep() -> Record:
            text = form.part()
            if act == "submit":
                form.refuse_personal_numbers()
            if act == "preview":
                return self.preview(case, text)
            change = self.approval.submit if act == "submit" else self.approval.save
            return change(self.key(case), text, seen=form.read_version, by=visitor())

        def done(record: Record) -> ResponseReturnValue:
            if act == "preview":
                return self.page(case, form=form, preview=record)
            if act != "submit":
                sentence: object = _("저장했어요. 우리 부서만 볼 수 있어요.")
            elif self.approval.rights.another.is_asked():
                sentence = _("승인을 요청했어요. 다른 담당자가 승인하면 공개돼요.")
            else:
                sentence = self.said.published
            return saved(str(sentence), self.desk_url(record))

        return handle(form, keep, lambda: self.page(self.find(**at), form=form), done, through=Denied)

    def approve(self, **at: Any) -> ResponseReturnValue:
        case, seen, back = self.find(**at), plain_text.version(request.form.get("seen")), SendBackForm.empty()
        return handle(back, lambda: self.approval.approve(self.key(case), seen=seen, by=visitor()),
                      lambda: self.page(self.find(**at), back=back),
                      lambda record: saved(str(self.said.approved), self.published_url(record)), through=Denied)

    def send_back(self, **at: Any) -> ResponseReturnValue:
        case, back = self.find(**at), SendBackForm(prefix="back")
        return handle(back, lambda: self.approval.send_back(self.key(case), seen=back.read_version,
                                                            why=back.reason.data or "", by=visitor()),
                      lambda: self.page(self.find(**at), back=back),
                      lambda record: saved(_("다시 쓰는 중으로 되돌렸어요."), self.desk_url(record)), through=Denied)

    def correction(self, **at: Any) -> ResponseReturnValue:
        record = self.public(**at)
        require(visitor(), self.approval.rights.correct, record)
        return self.correction_page(record, self.correction_form(formdata=None, data=self.filled(record)))

    def correct(self, **at: Any) -> ResponseReturnValue:
        record, form = self.public(**at), self.correction_form()
        require(visitor(), self.approval.rights.correct, record)
        for name in self.approval.fixed:
            form[name].process_data(getattr(record, name))

        def act() -> Record:
            form.refuse_personal_numbers()
            return self.approval.correct(cast(Any, record).id, form.part(), why=form.why.data or "",
                                         seen=form.read_version, by=visitor())

        def done(corrected: Record) -> ResponseReturnValue:
            if self.approval.rights.another.is_asked():
                return saved(str(self.said.correction_written), self.desk_url(corrected))
            return saved(str(self.said.corrected_at_once), self.published_url(corrected))

        return handle(form, act, lambda: self.correction_page(record, form), done, through=Denied)

    def approve_correction(self, **at: Any) -> ResponseReturnValue:
        known: Any = self.public(**at)
        record = self.approval.approve_correction(known.id, seen=request.form.get("seen", ""), by=visitor())
        return saved(str(self.said.corrected), self.published_url(record))

    def send_back_correction(self, **at: Any) -> ResponseReturnValue:
        known: Any = self.public(**at)
        record = self.approval.send_back_correction(known.id, by=visitor())
        return saved(str(self.said.gave_up), self.desk_url(record))
