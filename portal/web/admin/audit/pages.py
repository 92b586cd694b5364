"""Reading the audit. Who did what is a page like others; from where and why is opened for a reason, itself noted."""

from collections.abc import Iterator, Sequence
from datetime import date

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.core.errors import NotFound
from portal.core.front import exports
from portal.models import AuditEntry
from portal.services import audit, records
from portal.services.audit import Found
from portal.web import context, filters, identity
from portal.web.admin import listing
from portal.web.admin.audit import words
from portal.web.admin.audit.forms import OpenForm, SearchForm


def search() -> ResponseReturnValue:
    """What was done, without addresses and reasons."""
    form = SearchForm(request.args, context.today())
    if not form.validate():
        return _page(form, None), 422
    return _page(form, audit.search(form.wanted(), behind=form.place))


def open_up() -> ResponseReturnValue:
    """The same with addresses and reasons, found by an address too."""
    form = OpenForm(request.form, context.today())
    if not form.validate():
        return _page(form, None), 422
    wanted = form.wanted(form.address.data or "")
    audit.open_up("read_audit", wanted, by=identity.seat(), reason=form.why.data, now=context.now())
    return _page(form, audit.search(wanted, behind=form.place))


def export() -> ResponseReturnValue:
    """All of it as a file that spreadsheets read and do not run."""
    form = OpenForm(request.form, context.today())
    if not form.validate():
        return _page(form, None), 422
    wanted = form.wanted(form.address.data or "")
    entries = audit.export(wanted)
    if len(entries) > audit.MOST_EXPORTED:
        many = filters.number(audit.MOST_EXPORTED)
        form.until.errors = [_("Có hơn %(many)s dòng. Xin chọn kỳ ngắn hơn.", many=many)]
        return _page(form, None), 422
    text = exports.table(_lines(entries))
    audit.open_up("export_audit", wanted, by=identity.seat(), reason=form.why.data, now=context.now())
    name = f"nhat-ky-{wanted.since}-{wanted.until}.csv"
    return _file(text, "text/csv", name)


def days() -> str:
    """Each day of the chain: how many links, its head, and whether it verified when that was last asked."""
    shown = records.page_of(audit.chain_days(), listing.page_number())
    return render_template("admin/audit/days.html", listing=shown)


def proof(day: str) -> ResponseReturnValue:
    """A day's chain as a file for whoever wants to verify it elsewhere."""
    try:
        of = date.fromisoformat(day)
    except ValueError as error:
        raise NotFound(day=day) from error
    lines = b"".join(audit.proof(of, by=identity.seat(), now=context.now()))
    return _file(lines, "application/jsonl", f"nhat-ky-{of}.jsonl")


def _page(form: SearchForm, found: Found | None) -> str:
    return render_template(
        "admin/audit/search.html",
        form=form,
        found=found,
        opened=isinstance(form, OpenForm) and found is not None,
        opening=form if isinstance(form, OpenForm) else OpenForm(request.args, context.today()),
        failing=audit.days_that_fail(),
        words=words,
        codes=audit.report_codes(found.entries) if found else {},
    )


def _lines(entries: Sequence[AuditEntry]) -> Iterator[list[object]]:
    codes = audit.report_codes(entries)
    yield [
        *(_("Số"), _("Lúc"), _("Người"), _("Vai trò, đơn vị"), _("Việc"), _("Đối tượng")),
        *(_("Nội dung"), _("Địa chỉ mạng"), _("Lý do")),
    ]
    for entry in entries:
        yield [
            entry.id,
            filters.moment(entry.at),
            entry.account.username if entry.account else "",
            words.seat(entry),
            words.deed(entry),
            words.subject(entry, codes),
            "; ".join(words.details(entry)),
            entry.address,
            entry.reason,
        ]


def _file(content: str | bytes, kind: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, mimetype=kind, headers=headers)
