from collections.abc import Iterable, Sequence
from typing import Any
from uuid import uuid4

from flask import request
from flask_babel import lazy_gettext as _
from wtforms import (
    HiddenField,
    MultipleFileField,
    RadioField,
    SelectChoice,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import AnyOf, DataRequired, InputRequired, Length, Optional, Regexp, ValidationError

from portal.core.workflow import LAW, REASONS, Channel, Demand, Status, Step, Told
from portal.models import Account, Document, Photo, Report, Seat, Unit
from portal.services import corrections, routing, standing
from portal.services.evidence import RESULTS
from portal.web import asking, pictures
from portal.web.asking import EXPIRED, LastingForm, line, paragraph
from portal.web.days import DayField
from portal.web.pictures import Picture
from portal.web.words import CHANNELS, VISIBILITIES, named
from portal.web.words import REASONS as REASON_WORDS

CHOOSE_REASON = _("Xin chọn một lý do trong danh sách.")
CHOOSE_CHANNEL = _("Xin chọn một nơi tiếp nhận trong danh sách.")
NO_CODE = _("Không có phản ánh nào khác mang mã này. Xin xem lại mã.")
MOST_SIGNS = 2000
NOBODY = "nobody"
PERSONAL = (
    SelectChoice("mask", _("Che đi, vì là của một người dân")),
    SelectChoice("keep", _("Giữ nguyên, vì là thông tin liên hệ công khai của cơ quan")),
)


def _by_name(colleagues: Iterable[Account]) -> list[SelectChoice]:
    return [SelectChoice(str(colleague.id), colleague.name) for colleague in colleagues]


class StepForm(LastingForm):
    """One step from the status that the page showed. Several stand on one page, so their ids carry the step.

    `offers`: the answer templates that its words may begin with; `nameable`: whom its note may name. `personal` is
    wanted only where its words for everybody hold personal data.
    """

    offers: list[Any]
    nameable: Sequence[tuple[Account, Unit]] = ()

    seen = HiddenField(validators=[AnyOf(list(Status), message=_("Biểu mẫu không đủ. Xin tải lại trang."))])
    request_key = HiddenField(validators=[Optional(), Regexp(r"[\w-]{8,64}\Z", message=EXPIRED)])
    personal = RadioField(
        _("Dữ liệu cá nhân trong nội dung công khai"), choices=PERSONAL, validate_choice=False
    )

    def __init__(self, step: Step, **kwargs: Any):
        super().__init__(**kwargs)
        self.step, self.offers = step, []
        for field in self:
            field.id = f"{step}-{field.short_name}"
            field.label.field_id = field.id
        if "note" in self:
            self["note"].label.text, self["note"].description = NOTES[step]

    @property
    def is_told(self) -> bool:
        """Does the reporter get a message with these words, at once or when they are approved?"""
        return self.step in TOLD

    @property
    def key(self) -> str | None:
        """The name of this sending, None where the form brought none that can be."""
        return None if self.request_key.errors else self.request_key.data or None

    def renew(self, report: Report) -> None:
        """Let the form be sent about the report as it is now, as a new sending."""
        self.seen.data, self.request_key.data = report.status, uuid4().hex


def note_field() -> TextAreaField:
    return TextAreaField(
        validators=[
            DataRequired(_("Xin ghi nội dung trước khi gửi.")),
            Length(max=MOST_SIGNS, message=_("Nội dung dài quá 2.000 ký tự. Xin rút ngắn lại.")),
        ],
        filters=[paragraph],
    )


def because_field(label: Any) -> TextAreaField:
    """A reason for going on in spite of an objection: everybody who later asks reads it."""
    return TextAreaField(
        label,
        [Length(max=500, message=_("Lý do dài quá 500 ký tự. Xin rút ngắn lại."))],
        filters=[paragraph],
        description=_("Lý do được lưu trong hồ sơ và được thống kê."),
    )


class NoteForm(StepForm):
    note = note_field()


class AnswerForm(NoteForm):
    """With photos and documents. `latitude` and `longitude` are where the phone stands that sends them.

    `stated` and `repeated` are wanted only where the law asks for them: why doubtful photos are right, and why an
    answer is sent that repeats another.
    """

    photos = MultipleFileField(_("Ảnh"))
    documents = MultipleFileField(_("Tài liệu PDF"))
    latitude = HiddenField()
    longitude = HiddenField()
    stated = because_field(_("Vì sao ảnh này vẫn đúng?"))
    repeated = because_field(_("Vì sao vẫn gửi câu này?"))

    def __init__(self, step: Step, **kwargs: Any):
        super().__init__(step, **kwargs)
        self.kept_photos: list[Photo] = []
        self.kept_documents: list[Document] = []

    def renew(self, report: Report) -> None:
        super().renew(report)
        demanded = self.step in RESULTS and report.category.evidence != "none"
        self.photos.flags.required = self.documents.flags.required = demanded

    @property
    def kept_pictures(self) -> list[Picture]:
        return list(pictures.kept_pictures(self.kept_photos))


class ReasonForm(StepForm):
    """The reasons are those that the law lists for the step."""

    reason = RadioField(validators=[InputRequired(CHOOSE_REASON)], validate_choice=False)
    note = note_field()

    def __init__(self, step: Step, **kwargs: Any):
        super().__init__(step, **kwargs)
        self.reason.label.text = WHY[step]
        self.reason.choices = [SelectChoice(reason.value, REASON_WORDS[reason]) for reason in REASONS[step]]

    def validate_reason(self, field: RadioField) -> None:
        if field.data not in REASONS[self.step]:
            raise ValidationError(CHOOSE_REASON)


class RejectForm(ReasonForm):
    repeated = because_field(_("Vì sao vẫn gửi câu này?"))


class RedirectForm(StepForm):
    channel = RadioField(
        _("Nơi giải quyết"),
        [InputRequired(CHOOSE_CHANNEL)],
        choices=[SelectChoice(channel.value, CHANNELS[channel]) for channel in Channel],
        validate_choice=False,
    )
    note = note_field()

    def validate_channel(self, field: RadioField) -> None:
        if field.data not in set(Channel):
            raise ValidationError(CHOOSE_CHANNEL)


class DuplicateForm(StepForm):
    original = StringField(
        _("Mã của phản ánh kia"),
        [DataRequired(_("Xin ghi mã của phản ánh kia.")), Length(max=40, message=NO_CODE)],
        description=_(
            "Phản ánh này kết thúc; người phản ánh được dẫn đến phản ánh kia, nếu phản ánh kia công khai."
        ),
        filters=[line],
    )


class SameCauseForm(DuplicateForm):
    """Both reports stay as they are."""

    def __init__(self, step: Step, **kwargs: Any):
        super().__init__(step, **kwargs)
        self.original.description = _("Một phản ánh khác của đơn vị. Hai phản ánh vẫn được xử lý riêng.")


class AssignForm(StepForm):
    colleague = SelectField(
        _("Giao cho"), [InputRequired(_("Xin chọn một cán bộ của đơn vị."))], validate_choice=False
    )

    def offer(self, colleagues: Iterable[Account]) -> None:
        self.colleague.choices = [SelectChoice("", _("Chọn cán bộ")), *_by_name(colleagues)]

    def validate_colleague(self, field: SelectField) -> None:
        if field.data not in {choice.value for choice in field.choices}:
            raise ValidationError(_("Xin chọn một cán bộ của đơn vị."))


class ReceiveForm(AssignForm):
    """Who receives is in charge, or a colleague, or `NOBODY` until somebody is named."""

    colleague = SelectField(_("Giao cho"), [Optional()], validate_choice=False)

    def offer(self, colleagues: Iterable[Account]) -> None:
        self.colleague.choices = [*_by_name(colleagues), SelectChoice(NOBODY, _("Chưa giao"))]

    def propose(self, report: Report, seat: Seat) -> None:
        """Who is named already, else the officer."""
        self.colleague.data = str(report.assignee_id or seat.account_id)


class ApproveForm(StepForm):
    """`proposal` is the event of the result that the page showed."""

    proposal = HiddenField(validators=[Regexp(r"[0-9]{1,18}\Z", message=EXPIRED)])

    def renew(self, report: Report) -> None:
        super().renew(report)
        proposal = standing.proposal(report)
        self.proposal.data = proposal.id if proposal else None


class ForwardForm(StepForm):
    unit = SelectField(_("Chuyển đến"), [InputRequired(_("Xin chọn đơn vị."))], validate_choice=False)
    note = note_field()

    def validate_unit(self, field: SelectField) -> None:
        if field.data not in {choice.value for choice in field.choices}:
            raise ValidationError(_("Xin chọn một đơn vị khác đang hoạt động để chuyển đến."))


class ExtensionForm(LastingForm):
    request_key = HiddenField(validators=[Optional(), Regexp(r"[\w-]{8,64}\Z", message=EXPIRED)])
    day = DayField(
        _("Hẹn trả lời chậm nhất ngày"),
        _("Xin chọn ngày hẹn mới."),
        description=_("Đến hết giờ làm việc của ngày đó."),
    )
    reason = TextAreaField(
        _("Lý do"),
        [
            DataRequired(_("Xin ghi lý do.")),
            Length(max=500, message=_("Lý do dài quá 500 ký tự. Xin rút ngắn lại.")),
        ],
        filters=[paragraph],
        description=_("Khi được duyệt, người phản ánh nhận đúng lý do này cùng ngày hẹn mới."),
    )


class CorrectForm(StepForm):
    """What is right stays as it is; `facts` says what the page showed.

    `asked` are the questions of the category `about`, chosen or as it is, and `answers` what is known of them.
    """

    facts = HiddenField()
    category = SelectField(_("Lĩnh vực"), validate_choice=False)
    area = SelectField(_("Phường, xã, đặc khu"), validate_choice=False)
    point = asking.point_field()
    place = asking.place_field()

    visibility = SelectField(
        _("Hiển thị"),
        choices=[SelectChoice("", _("Giữ nguyên")), *(SelectChoice(*word) for word in VISIBILITIES.items())],
        filters=[line],
        validate_choice=False,
    )

    about_unit = SelectField(_("Phản ánh về cán bộ, công chức của"), filters=[line], validate_choice=False)

    def renew(self, report: Report) -> None:
        super().renew(report)
        here = {
            unit.id: named(unit) for unit in (report.lead_unit, *(one.unit for one in report.cooperations))
        }
        self.about_unit.choices = [
            SelectChoice("", _("Giữ nguyên")),
            *(SelectChoice(str(number), name) for number, name in here.items()),
        ]
        self.facts.data = corrections.version(report)
        self.about = self.category.data or report.category_code
        self.asked = routing.questions_of(self.about)
        known = report.answers if self.about == report.category_code else {}
        self.answers = {**known, **self.answered(self.about)}

    def answered(self, category: str) -> dict[str, str]:
        """What the request says to this category's questions, '' for not known; each as `answer-<category>-…`."""
        names = {question: f"answer-{category}-{question}" for question in routing.questions_of(category)}
        return {question: request.form[name] for question, name in names.items() if name in request.form}

    def validate_category(self, field: SelectField) -> None:
        if field.data not in {choice.value for choice in field.choices}:
            raise ValidationError(_("Xin chọn một lĩnh vực trong danh sách."))

    def validate_area(self, field: SelectField) -> None:
        if field.data not in {choice.value for choice in field.choices}:
            raise ValidationError(_("Xin chọn phường, xã trong danh sách."))

    def validate_visibility(self, field: SelectField) -> None:
        if field.data not in {choice.value for choice in field.choices}:
            raise ValidationError(_("Xin chọn một cách hiển thị trong danh sách."))


OF_DEMANDS: dict[frozenset[Demand], type[StepForm]] = {
    frozenset(): StepForm,
    frozenset({Demand.ANSWER}): NoteForm,
    frozenset({Demand.NOTE}): NoteForm,
    frozenset({Demand.ANSWER, Demand.EVIDENCE}): AnswerForm,
    frozenset({Demand.REASON, Demand.ANSWER}): ReasonForm,
    frozenset({Demand.UNIT, Demand.ANSWER}): ForwardForm,
    frozenset({Demand.CHANNEL, Demand.ANSWER}): RedirectForm,
    frozenset({Demand.ORIGINAL}): DuplicateForm,
    frozenset({Demand.FACTS}): CorrectForm,
    frozenset({Demand.COLLEAGUE}): AssignForm,
}
FORMS: dict[Step, type[StepForm]] = {line[0]: OF_DEMANDS[frozenset(line[4])] for line in LAW}
FORMS |= dict.fromkeys((Step.ANSWER, Step.NOTE), AnswerForm)
FORMS |= {
    Step.RECEIVE: ReceiveForm,
    Step.APPROVE: ApproveForm,
    Step.REJECT: RejectForm,
    Step.SAME_CAUSE: SameCauseForm,
}

TOLD = {line[0] for line in LAW if Demand.ANSWER in line[4] and line[5] is Told.MESSAGE} | {Step.PROPOSE}

WHY = {
    Step.REJECT: _("Vì sao không xử lý?"),
    Step.PAUSE: _("Vì sao phải dừng?"),
    Step.RETURN: _("Vì sao không thuộc thẩm quyền?"),
}

NOTES = {
    Step.FORWARD: (_("Lý do chuyển"), _("Đơn vị nhận và người phản ánh đều đọc được.")),
    Step.RETURN: (
        _("Giải thích"),
        _(
            "Trả lại được trong 8 giờ làm việc từ khi hồ sơ đến đơn vị. Hồ sơ về đơn vị đã chuyển đến hoặc"
            " trung tâm điều phối; người phản ánh đọc được."
        ),
    ),
    Step.ASK: (
        _("Câu hỏi"),
        _(
            "Người phản ánh nhận đúng câu này. Thời hạn tạm dừng cho đến khi có trả lời, nhiều nhất 5 ngày làm việc."
        ),
    ),
    Step.PAUSE: (
        _("Giải thích"),
        _("Người phản ánh nhận đúng nội dung này. Thời hạn tạm dừng cho đến khi xử lý tiếp."),
    ),
    Step.ANSWER: (_("Nội dung trả lời"), _("Người phản ánh nhận đúng nội dung này; việc xử lý tiếp tục.")),
    Step.NOTE: (_("Nội dung ghi chú"), _("Chỉ cán bộ đọc được.")),
    Step.RESOLVE: (
        _("Kết quả xử lý"),
        _("Đã làm gì, ở đâu, khi nào. Người phản ánh nhận đúng nội dung này."),
    ),
    Step.PROPOSE: (
        _("Kết quả xử lý"),
        _("Đã làm gì, ở đâu, khi nào. Người phản ánh nhận đúng nội dung này khi một cán bộ khác đã duyệt."),
    ),
    Step.SEND_BACK: (_("Cần làm gì thêm?"), _("Chỉ cán bộ đọc được.")),
    Step.REJECT: (_("Giải thích"), _("Nói rõ cho người phản ánh, và nơi có thể giải quyết nếu có.")),
    Step.REDIRECT: (_("Hướng dẫn"), _("Nói rõ cho người phản ánh: nộp gì, ở đâu, theo luật nào.")),
    Step.REOPEN: (_("Lý do mở lại"), _("Người phản ánh đọc được. Thời hạn xử lý được tính lại từ đầu.")),
}
