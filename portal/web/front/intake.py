"""What a form may bring: files under the names that forms have for files, and no more fields than the longest has."""

from typing import Any

from flask import Request
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.formparser import FormDataParser

FILES = {"photos", "documents", "file"}
MOST_FIELDS = 500


class Intake(FormDataParser):
    """A file in the place of a text is not there, so that no form has to expect one."""

    def parse(self, *args: Any, **kwargs: Any) -> Any:
        stream, form, files = super().parse(*args, **kwargs)
        if sum(map(len, form.listvalues())) > MOST_FIELDS:
            raise RequestEntityTooLarge
        for name in files.keys() - FILES:
            for file in files.getlist(name):
                file.close()
        wanted = [(name, file) for name, file in files.items(multi=True) if name in FILES]
        return stream, form, self.cls(wanted)


class BoundedRequest(Request):
    form_data_parser_class = Intake
