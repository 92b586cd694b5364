"""First floor: the tables. They remember; they do not decide."""

from portal.models.accounts import Account, Appointment, Seat
from portal.models.audit import AuditDay, AuditEntry, AuditSeal
from portal.models.base import Sealed, apart, db, end_reading, rehearsal, transaction
from portal.models.clocks import Alarm, ClockMove, Extension, Recount
from portal.models.cooperation import Escalation, EscalationRule, Task
from portal.models.directory import (
    Category,
    Choice,
    Holiday,
    Question,
    RoutingCase,
    RoutingRule,
    ServiceLevel,
    Unit,
)
from portal.models.factors import Authenticator, LinkedIdentity, Passkey, RecoveryCode
from portal.models.inbox import Mention, SavedFilter, SharedCause
from portal.models.limits import RateCount
from portal.models.notifications import Message
from portal.models.personal_data import (
    Certificate,
    Consent,
    ConsentText,
    DataRequest,
    DoomedFile,
    Duration,
    LegalHold,
    RetentionRun,
    Screening,
    SealedText,
)
from portal.models.places import Area, Boundary, BoundarySource, Neighbour, Succession, Territory
from portal.models.privacy import Contact
from portal.models.reforms import Reform
from portal.models.reports import Cooperation, Document, Event, Photo, Report
from portal.models.residents import ContactCode, Device
from portal.models.sessions import AccountLink, StaffSession
from portal.models.words import AnswerTemplate, Cue, LearnedWord, Lesson, Text

__all__ = [
    "Account",
    "AccountLink",
    "Alarm",
    "AnswerTemplate",
    "Appointment",
    "Area",
    "AuditDay",
    "AuditEntry",
    "AuditSeal",
    "Authenticator",
    "Boundary",
    "BoundarySource",
    "Category",
    "Certificate",
    "Choice",
    "ClockMove",
    "Consent",
    "ConsentText",
    "Contact",
    "ContactCode",
    "Cooperation",
    "Cue",
    "DataRequest",
    "Device",
    "Document",
    "DoomedFile",
    "Duration",
    "Escalation",
    "EscalationRule",
    "Event",
    "Extension",
    "Holiday",
    "LearnedWord",
    "LegalHold",
    "Lesson",
    "LinkedIdentity",
    "Mention",
    "Message",
    "Neighbour",
    "Passkey",
    "Photo",
    "Question",
    "RateCount",
    "Recount",
    "RecoveryCode",
    "Reform",
    "Report",
    "RetentionRun",
    "RoutingCase",
    "RoutingRule",
    "SavedFilter",
    "Screening",
    "Sealed",
    "SealedText",
    "Seat",
    "ServiceLevel",
    "SharedCause",
    "StaffSession",
    "Succession",
    "Task",
    "Territory",
    "Text",
    "Unit",
    "apart",
    "db",
    "end_reading",
    "rehearsal",
    "transaction",
]
