from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import BooleanField, HiddenField, RadioField, StringField
from wtforms.validators import DataRequired, Regexp, ValidationError

from portal.core import deadlines
from portal.core.permissions import OF_A_UNIT
from portal.core.tables import cells
from portal.web.admin.fields import WholeNumber, at_most, choice, text_area, text_field
from portal.web.admin.wording import EFFECTS, EVIDENCE, KINDS, PICTOGRAMS, STATUSES
from portal.web.asking import line
from portal.web.days import DayField
from portal.web.words import PRIORITIES, ROLES, VISIBILITIES

FIVE_YEARS = 5 * 366
NAME_NEEDED = _("Xin nhập tên.")
CHOOSE = _("Xin chọn một mục.")
DAY_NEEDED = _("Xin ghi ngày bắt đầu.")
PHONE = r"[0-9+()./ -]*\Z"


def lower(raw: str | None) -> str:
    return line(raw).lower()


def upper(raw: str | None) -> str:
    return line(raw).upper()


class PeriodForm(FlaskForm):
    class Meta:
        csrf = False

    since = DayField(_("Từ ngày"), name="from")
    until = DayField(_("Đến ngày"), name="to")

    def validate_until(self, field: DayField) -> None:
        if self.since.data is None or field.data is None:
            return
        if field.data < self.since.data:
            raise ValidationError(_("Ngày cuối phải từ ngày đầu trở đi."))
        if (field.data - self.since.data).days > FIVE_YEARS:
            raise ValidationError(_("Kỳ thống kê dài nhất là 5 năm. Xin chọn kỳ ngắn hơn."))


class RecordForm(FlaskForm):
    """A form about a record; `seen` says what its reader saw."""

    seen = HiddenField()


class UnitForm(RecordForm):
    name = text_field(_("Tên đơn vị"), 200, NAME_NEEDED)
    name_en = text_field(_("Tên tiếng Anh"), 200)
    phone = StringField(
        _("Điện thoại"),
        [at_most(40), Regexp(PHONE, message=_("Số điện thoại chỉ gồm chữ số, dấu cách và dấu + ( ) . / -."))],
        filters=[line],
    )
    email = text_field(_("E-mail"), 254)
    address = text_field(_("Địa chỉ"), 200)
    office_hours = StringField(_("Giờ làm việc"), [at_most(200)], filters=[lower])
    needs_approval = BooleanField(_("Kết quả phải được một cán bộ khác của đơn vị duyệt"))
    valid_until = DayField(_("Hoạt động đến hết ngày"))
    successor_code = choice(_("Đơn vị kế nhiệm"))
    legal_basis = text_field(_("Căn cứ pháp lý"), 300)
    verified = BooleanField(_("Đã xác minh với văn bản"))
    note = text_area(_("Ghi chú"), 1000)

    def validate_email(self, field: StringField) -> None:
        try:
            cells.email(field.data)
        except ValueError as error:
            raise ValidationError(_("E-mail cần có dạng ten@example.vn.")) from error

    def validate_office_hours(self, field: StringField) -> None:
        try:
            deadlines.office_hours(field.data)
        except ValueError as error:
            raise ValidationError(
                _(
                    "Giờ làm việc không đọc được. Xin ghi như ví dụ: mon-fri 07:30-11:30 13:30-17:30; sat 07:30-11:30."
                )
            ) from error


class NewUnitForm(UnitForm):
    code = StringField(
        _("Mã đơn vị"),
        [
            DataRequired(_("Xin nhập mã đơn vị.")),
            Regexp(
                r"[A-Z0-9_]{2,40}\Z", message=_("Mã gồm 2 đến 40 chữ cái không dấu, chữ số và dấu gạch dưới.")
            ),
        ],
        filters=[upper],
    )
    kind = choice(_("Loại đơn vị"), {"": "—"} | KINDS, CHOOSE)
    area_code = choice(_("Địa bàn phụ trách"))
    parent_code = choice(_("Đơn vị cấp trên"))
    valid_from = DayField(_("Hoạt động từ ngày"), DAY_NEEDED)


class CategoryNamesForm(RecordForm):
    name = text_field(_("Tên lĩnh vực"), 80, NAME_NEEDED)
    name_en = text_field(_("Tên tiếng Anh"), 80, _("Xin nhập tên tiếng Anh."))
    hint = text_field(_("Gợi ý cho người dân"), 200)
    hint_en = text_field(_("Gợi ý bằng tiếng Anh"), 200)


class CategoryForm(CategoryNamesForm):
    priority = choice(_("Mức độ ưu tiên"), PRIORITIES, CHOOSE, kind=RadioField)
    receive_hours = WholeNumber(_("Thời hạn tiếp nhận (giờ)"), 1, 800)
    assign_hours = WholeNumber(_("Thời hạn giao việc (giờ)"), 1, 800)
    resolve_hours = WholeNumber(_("Thời hạn xử lý (giờ)"), 1, 4000)
    round_the_clock = BooleanField(_("Tính giờ liên tục ngày đêm, không theo giờ làm việc"))
    visibility = choice(_("Hiển thị"), VISIBILITIES, CHOOSE, kind=RadioField)
    evidence = choice(_("Bằng chứng của kết quả"), EVIDENCE, CHOOSE, kind=RadioField)
    position = WholeNumber(_("Thứ tự trong danh sách"), 1, 999)
    active = BooleanField(_("Người dân chọn được lĩnh vực này"), default=True)
    successor_code = choice(_("Lĩnh vực thay thế"))
    pictogram = choice(_("Hình vẽ"), PICTOGRAMS, CHOOSE, kind=RadioField)
    legal_basis = text_field(_("Căn cứ pháp lý"), 300)

    def validate_resolve_hours(self, field: WholeNumber) -> None:
        if self.receive_hours.data and field.data and field.data < self.receive_hours.data:
            raise ValidationError(_("Thời hạn xử lý không được ngắn hơn thời hạn tiếp nhận."))


class NewCategoryForm(CategoryForm):
    successor_code = None  # what is new replaces others, and nothing replaces it yet
    code = StringField(
        _("Mã lĩnh vực"),
        [
            DataRequired(_("Xin nhập mã lĩnh vực.")),
            Regexp(r"[a-z_]{2,30}\Z", message=_("Mã gồm 2 đến 30 chữ thường không dấu và dấu gạch dưới.")),
        ],
        filters=[lower],
    )


class DayForm(RecordForm):
    name = text_field(_("Dịp"), 200, _("Xin ghi đây là dịp gì."))
    effect = choice(_("Được tính là"), EFFECTS, CHOOSE, kind=RadioField)
    status = choice(_("Tình trạng"), STATUSES, CHOOSE, kind=RadioField)
    legal_basis = text_field(_("Căn cứ pháp lý"), 300, _("Xin ghi căn cứ."))


class NewDayForm(DayForm):
    day = DayField(_("Ngày"), _("Xin ghi ngày."))


class LevelForm(RecordForm):
    priority = choice(_("Mức độ ưu tiên"))
    category_code = choice(_("Lĩnh vực"))
    unit_code = choice(_("Đơn vị chủ trì"))
    receive_hours = WholeNumber(_("Thời hạn tiếp nhận (giờ)"), 1, 800)
    assign_hours = WholeNumber(_("Thời hạn giao việc (giờ)"), 1, 800)
    resolve_hours = WholeNumber(_("Thời hạn xử lý (giờ)"), 1, 4000)
    round_the_clock = BooleanField(_("Tính giờ liên tục ngày đêm, không theo giờ làm việc"))
    legal_basis = text_field(_("Căn cứ pháp lý"), 300, _("Xin ghi căn cứ."))

    validate_resolve_hours = CategoryForm.validate_resolve_hours


class EscalationForm(RecordForm):
    clock = choice(_("Thời hạn bị quá"), None, CHOOSE)
    category_code = choice(_("Lĩnh vực"))
    unit_kind = choice(_("Loại đơn vị chủ trì"))
    after_hours = WholeNumber(_("Báo sau (giờ)"), 0, 800)
    target = choice(_("Báo cho"))


class PersonForm(RecordForm):
    name = text_field(_("Họ và tên"), 100, _("Xin nhập họ và tên."))
    email = StringField(_("E-mail"), [at_most(254)], filters=[lower])

    validate_email = UnitForm.validate_email


class ChangePersonForm(PersonForm):
    """The address in use is not given into the form: nothing typed keeps it."""

    without_email = BooleanField(_("Bỏ địa chỉ e-mail đang dùng"))


class AddressForm(FlaskForm):
    """Why somebody's address is read."""

    why = text_field(_("Lý do xem"), 300, _("Xin ghi lý do; lý do được lưu vào nhật ký."))


class PostForm(FlaskForm):
    """A role, and the unit in which it is held where it belongs to one."""

    role = choice(_("Vai trò"), ROLES, CHOOSE, kind=RadioField)
    unit_id = choice(_("Đơn vị"))

    @property
    def belongs(self) -> bool:
        return self.role.data in OF_A_UNIT

    def validate_unit_id(self, field: Any) -> None:
        if self.belongs and not field.data:
            raise ValidationError(_("Vai trò này phải thuộc một đơn vị. Xin chọn đơn vị."))


class AppointForm(PostForm):
    since = DayField(_("Giữ từ ngày"), DAY_NEEDED)
    until = DayField(_("Thôi từ ngày"))


class NewPersonForm(PersonForm, PostForm):
    username = StringField(
        _("Tên đăng nhập"),
        [
            DataRequired(_("Xin nhập tên đăng nhập.")),
            Regexp(
                r"[a-z0-9][a-z0-9._-]{1,59}\Z",
                message=_("Tên đăng nhập gồm 2 đến 60 chữ thường không dấu, chữ số và dấu . _ -"),
            ),
        ],
        filters=[lower],
    )
    request_key = HiddenField()


class ReformForm(FlaskForm):
    """`rows` is the file as it was read for the plan, so that what is prepared is what was looked at."""

    name = text_field(_("Tên gọi"), 120, _("Xin đặt tên cho lần sắp xếp này."))
    effective = DayField(_("Ngày có hiệu lực"), _("Xin ghi ngày có hiệu lực."))
    file = FileField(_("Tệp CSV"))
    rows = HiddenField()

    def __init__(self, *values: Any, **named: Any):
        super().__init__(*values, **named)
        self.file.flags.required = True  # unless the rows come with the form

    @property
    def raw(self) -> bytes:
        return self.file.data.read() if self.file.data else (self.rows.data or "").encode()

    @property
    def file_name(self) -> str:
        return self.file.data.filename if self.file.data else "csv"

    def validate_file(self, field: FileField) -> None:
        if not field.data and not self.rows.data:
            raise ValidationError(_("Xin chọn tệp CSV."))
