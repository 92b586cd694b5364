"""Files that nothing names any more: written down with the change, deleted after it, however often it takes."""

import logging
from collections.abc import Iterable

from sqlalchemy import delete, select

from portal.adapters.storage import Storage, StorageError
from portal.models import DoomedFile, db, end_reading, transaction

log = logging.getLogger(__name__)
BATCH = 100


def doom(keys: Iterable[str]) -> None:
    """Let these files be deleted once the transaction that this stands in is saved."""
    db.session.add_all(DoomedFile(key=key) for key in keys)


def delete_some(*, storage: Storage, after: int = 0) -> int:
    """Delete the next files behind that number; give the number of the last one, 0 where none is left.

    One that the store will not delete now stays written down, and holds no other up.
    """
    query = select(DoomedFile.id, DoomedFile.key).where(DoomedFile.id > after).order_by(DoomedFile.id)
    files = db.session.execute(query.limit(BATCH)).all()
    end_reading()
    gone = []
    for number, key in files:
        try:
            storage.delete([key])
            gone.append(number)
        except StorageError as error:
            log.warning("file %s was not deleted: %s", number, error)
    with transaction():
        db.session.execute(delete(DoomedFile).where(DoomedFile.id.in_(gone)))
    return files[-1].id if files else 0
