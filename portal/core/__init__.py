"""Ground floor: the rules of the portal. Plain Python: no Flask, no database, no clock."""
