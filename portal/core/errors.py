"""What can go wrong in the law. The web turns each class into a status code and a sentence."""


class PortalError(Exception):
    """Something a person can be told about; `details` fill the sentence that the web has for the class."""

    def __init__(self, **details: object):
        super().__init__(type(self).__name__, details)
        self.details = details


class NotAllowed(PortalError):
    """This actor may not take this step from this status."""


class NoteRequired(PortalError):
    """The step demands a text and got none."""


class ReasonRequired(PortalError):
    """The step demands a reason from the list and got none, or one that is not on it."""


class UnitRequired(PortalError):
    """A report is forwarded to a unit that exists, is open, and is another one."""


class NobodyElse(PortalError):
    """A report about the people of an office needs another unit to lead it, and there is none at all."""


class ChannelRequired(PortalError):
    """The step demands a channel from the list and got none."""


class OriginalRequired(PortalError):
    """A duplicate needs another report of which it is one: `code` is none, or the report's own."""


class ColleagueRequired(PortalError):
    """A report is assigned to an active officer of the unit that leads it."""


class Stale(PortalError):
    """Somebody else changed the same record since this person saw it."""


class NotFound(PortalError):
    """No such record, or none that this person may know of."""


class BadPhoto(PortalError):
    """The file is no picture that can be read: `reason` is 'format', 'large' or 'broken'."""


class BadDocument(PortalError):
    """The file is no PDF that may be kept: `reason` is 'format', 'large', 'active', 'locked' or 'broken'."""


class EvidenceRequired(PortalError):
    """The category demands evidence (`demand`, of core.evidence) of a result, and the step brought none."""


class EvidenceDoubtful(PortalError):
    """No photo shows by itself that it was taken here and after the report; `doubts` of core.evidence say why."""


class GenericAnswer(PortalError):
    """The answer nearly repeats an earlier one: `report` its code, `at` its moment, `note` its words, `share`."""


class PersonalData(PortalError):
    """A text for everybody holds personal data: its `kinds`, and `public`, what masking would make of it."""


class Held(PortalError):
    """Nothing of this report may be erased now: a case in law needs it."""


class BadPoint(PortalError):
    """The coordinates are no place on the globe: `reason` is 'number', 'swapped' or 'globe'."""


class OutsideTerritory(PortalError):
    """The place lies outside the province, near `neighbour` (a places.Neighbour, or None where none is known)."""


class WrongCredentials(PortalError):
    """Sign-in refused; never says whether the account exists."""


class WrongFactor(PortalError):
    """The code, or the answer of a key, is wrong, was used before or is too old."""


class WeakPassword(PortalError):
    """The password cannot be used: `reason` of core.accounts.passwords says why."""


class LinkSpent(PortalError):
    """The link was used, replaced by a later one, or is too old."""


class CodeRefused(PortalError):
    """A one-time code opens nothing: `reason` is 'wrong' (then `left` tries are left), 'expired', 'used' or 'spent'."""


class TooOften(PortalError):
    """More than `core.front.limits` allows of what `name` says; `seconds` until it is allowed again."""


class Conflict(PortalError):
    """The change contradicts another record: `field` and `reason` say where and why."""
