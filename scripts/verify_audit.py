"""Verify the proof files of `flask audit export`, without the portal and its database: python verify_audit.py FILE…

Give the files of several days in order, and it also says whether each goes on from the one before.
"""

import hashlib
import json
import sys
from pathlib import Path


def canonical(said):
    return json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def verify(path, before=None):
    with Path(path).open(encoding="utf-8") as file:
        first = json.loads(next(file))
        last, number = first["previous"], 0
        faults = ["does not go on from the file before"] if before not in (None, last) else []
        for number, line in enumerate(map(json.loads, file), 1):
            names = ("number", "kind", "row", "digest")
            link = {"day": first["day"], **{name: line[name] for name in names}}
            last = hashlib.sha256(last.encode() + canonical(link)).hexdigest()
            said = line["kind"] == "event" or hashlib.sha256(canonical(line["said"])).hexdigest()
            if said not in (True, line["digest"]) or (number, last) != (line["number"], line["hash"]):
                faults.append(f"link {number}: {line['kind']} {line['row']} is not what was sealed")
                last = line["hash"]
    if (number, last) != (first["count"], first["head"]):
        faults.append("the end is not what was sealed")
    print(f"{first['day']}: {number} links, head {last}", *faults, sep="\n  ")
    return last, faults


if __name__ == "__main__":
    head, wrong = None, []
    for name in sys.argv[1:]:
        head, faults = verify(name, head)
        wrong += faults
    sys.exit(1 if wrong or head is None else 0)
