#!/usr/bin/env python3
"""Checks that no include points upward (docs/architecture.md) and that public headers use the standard library only."""
import pathlib
import re
import sys

root = pathlib.Path(sys.argv[1])
floors = ["base", "proto", "media", "net", "session"]
below = {"base": [], "proto": ["base"], "media": ["base", "proto"], "net": ["base", "proto"], "session": ["base", "proto", "media", "net"]}
sockets = re.compile(r'#include <(boost/|sys/socket|netinet/)')
bad = []


def includes(path):
    for number, line in enumerate(path.read_text().splitlines(), 1):
        m = re.match(r'#include ([<"])([^>"]+)[>"]', line)
        if m:
            yield number, line, m.group(2)


for floor in floors:
    for path in sorted((root / "src" / floor).rglob("*.[ch]pp")):
        for number, line, name in includes(path):
            top = name.split("/")[0]
            if top in floors and top != floor and top not in below[floor]:
                bad.append(f"{path.relative_to(root)}:{number}: {floor} must not include {name}")
            if floor in ("base", "proto", "media") and sockets.match(line):
                bad.append(f"{path.relative_to(root)}:{number}: {floor} has no sockets and no Asio")
for path in sorted((root / "include" / "dmss").glob("*.hpp")):
    for number, line, name in includes(path):
        if "/" in name and not name.startswith("dmss/") and not name.startswith("sys/"):
            bad.append(f"{path.relative_to(root)}:{number}: public headers use the standard library only, not {name}")
for path in sorted((root / "tests" / "recorder").rglob("*.[ch]pp")):
    for number, line, name in includes(path):
        if name.startswith("session/"):
            bad.append(f"{path.relative_to(root)}:{number}: the recorder must not include {name}")

checked = sum(1 for f in floors for _ in (root / "src" / f).rglob("*.[ch]pp"))
print(f"{checked} files checked")
print("\n".join(bad))
sys.exit(1 if bad or checked < 30 else 0)
