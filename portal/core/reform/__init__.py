"""An administrative reform: a file that says what becomes of units and responsibilities on one day.

Read with every fault at once, checked against what exists, and then asked for each report: who has it now?
"""

from portal.core.reform.changes import Change, Kind, read
from portal.core.reform.checks import Known, Period, check
from portal.core.reform.fates import Fate, Undecided, fate
from portal.core.reform.kinship import Kinship

__all__ = ["Change", "Fate", "Kind", "Kinship", "Known", "Period", "Undecided", "check", "fate", "read"]
