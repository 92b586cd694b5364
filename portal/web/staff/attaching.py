"""Photos and documents of a step: kept before anything else is judged, so that no error loses them."""

import re

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import FileStorage

from portal.adapters.documents import MOST_BYTES
from portal.core.errors import BadDocument, EvidenceDoubtful, EvidenceRequired, GenericAnswer, PersonalData
from portal.core.evidence import Demand, Doubt
from portal.core.places import Point, valid_coordinates
from portal.models import Document
from portal.services import evidence
from portal.services.evidence import NO_EVIDENCE, Evidence
from portal.web import context, filters, pictures, words
from portal.web.staff.forms import AnswerForm, StepForm
from portal.web.staff.words import DOUBTS

MOST_DOCUMENTS = 3
MOST_BYTES_TOGETHER = pictures.MOST_BYTES_TOGETHER + MOST_DOCUMENTS * MOST_BYTES
DEGREES = re.compile(r"-?[0-9]{1,3}\.[0-9]{1,10}")

REFUSED = {
    "format": _l("tệp này không phải là PDF"),
    "large": _l("tài liệu quá lớn (mỗi tài liệu tối đa 10 MB)"),
    "active": _l(
        "tài liệu có mã lệnh, biểu mẫu động hoặc tệp đính kèm bên trong; xin in lại thành PDF thường"
    ),
    "locked": _l("tài liệu có mật khẩu nên không kiểm tra được; xin bỏ mật khẩu"),
    "broken": _l("tài liệu bị hỏng, không đọc được"),
}
NEEDED = {
    Demand.PHOTO: _l("Lĩnh vực này cần ảnh chụp sau khi xử lý. Xin thêm ảnh."),
    Demand.DOCUMENT: _l("Lĩnh vực này cần văn bản kết quả. Xin thêm tài liệu PDF."),
    Demand.PHOTO_OR_DOCUMENT: _l(
        "Lĩnh vực này cần ảnh sau khi xử lý hoặc văn bản kết quả. Xin thêm ảnh hoặc PDF."
    ),
}


def keep(form: StepForm) -> None:
    """Keep what the form brings; a sentence stands at the field for each file that was not kept."""
    if not isinstance(form, AnswerForm):
        return
    form.kept_documents, refused = _documents()
    form.documents.errors = [*form.documents.errors, *refused]
    form.kept_photos, refused = pictures.keep(traced=True)
    form.photos.errors = [*form.photos.errors, *refused]
    if form.kept_photos and (point := _device(form)):
        evidence.locate(form.kept_photos, point, now=context.now())


def carry(form: StepForm, other: StepForm) -> None:
    """Let another form go on with what was kept for this one."""
    if isinstance(form, AnswerForm) and isinstance(other, AnswerForm):
        other.kept_photos, other.kept_documents = form.kept_photos, form.kept_documents


def evidence_of(form: StepForm) -> Evidence:
    """What was kept for the step, as the law asks for it."""
    if not isinstance(form, AnswerForm):
        return NO_EVIDENCE
    return Evidence(
        tuple(photo.token for photo in form.kept_photos),
        tuple(document.token for document in form.kept_documents),
        form.stated.data or "",
    )


def refuse(form: StepForm, error: EvidenceRequired | EvidenceDoubtful | GenericAnswer | PersonalData) -> None:
    """Say at its field what the step lacks."""
    match error:
        case EvidenceRequired():
            demand = Demand(str(error.details["demand"]))
            name, said = "documents" if demand is Demand.DOCUMENT else "photos", NEEDED[demand]
        case EvidenceDoubtful():
            name, said = "stated", doubtful(error.details["doubts"])  # type: ignore[arg-type]
        case PersonalData():
            name, said = "personal", words.personal_data(error)
        case _:
            name, said = "repeated", _repeats(error)
    form[name].errors = [said]
    form[name].flags.required = True


def doubtful(doubts: list[str]) -> str:
    """'Chưa rõ ảnh chụp ở đây sau khi có phản ánh: …'"""
    why = "; ".join(str(DOUBTS[Doubt(doubt)]) for doubt in doubts)
    return _("Chưa rõ ảnh chụp ở đây, sau khi có phản ánh: %(why)s. Xin nói rõ, hoặc thay ảnh.", why=why)


def _repeats(error: GenericAnswer) -> str:
    said = error.details
    return _(
        "Gần như chép lại câu đã trả lời %(code)s lúc %(moment)s (giống %(percent)s%%): “%(note)s”. Xin nói rõ việc"
        " đã làm ở đây: ai, ở đâu, khi nào, bao nhiêu; hoặc ghi lý do vẫn gửi.",
        code=said["report"],
        moment=filters.moment(said["at"]),  # type: ignore[arg-type]
        percent=round(100 * said["share"]),  # type: ignore[operator]
        note=said["note"],
    )


def _documents() -> tuple[list[Document], list[str]]:
    """The documents of the form, those of its earlier sendings first, and a sentence for each that was not kept."""
    kept = evidence.kept_documents(request.form.getlist("kept_document")[:MOST_DOCUMENTS])
    refused = []
    for file in (file for file in request.files.getlist("documents") if file.filename):
        if len(kept) == MOST_DOCUMENTS:
            refused.append(_("Mỗi lần gửi có tối đa %(most)s tài liệu.", most=MOST_DOCUMENTS))
            break
        try:
            kept.append(_kept(file))
        except BadDocument as error:
            why = REFUSED[str(error.details["reason"])]
            refused.append(_("“%(file)s”: %(why)s.", file=pictures.name(file), why=why))
    return kept, refused


def _kept(file: FileStorage) -> Document:
    raw, name = file.stream.read(MOST_BYTES + 1), pictures.name(file)
    name = name if name.lower().endswith(".pdf") else f"{name}.pdf"  # it is saved as what it is
    return evidence.keep_document(raw, name, storage=context.storage(), now=context.now())


def _device(form: AnswerForm) -> Point | None:
    """Where the phone says that it is; None for what is no place."""
    said = [field.data or "" for field in (form.latitude, form.longitude)]
    if not all(map(DEGREES.fullmatch, said)):
        return None
    point = Point(*map(float, said))
    return point if valid_coordinates(*point) else None
