"""Rows of figures against their limits, as a table and as JSON."""
import dataclasses
import json


@dataclasses.dataclass
class Row:
    """`limit` and `goal` bound `ours`, or `ratio` (ours / floor) where `by` says so; without `limit` the row only informs."""
    id: str
    what: str
    unit: str
    ours: float
    floor: float | None = None
    limit: float | None = None
    goal: float | None = None
    by: str = "ours"
    sense: str = "<="
    note: str = ""

    @property
    def ratio(self):
        return self.ours / self.floor if self.floor else None

    def _holds(self, bound):
        value = self.ratio if self.by == "ratio" else self.ours
        if bound is None or value is None:
            return None
        return value <= bound if self.sense == "<=" else value >= bound

    @property
    def met(self):
        return self._holds(self.limit)

    @property
    def reached(self):
        return self._holds(self.goal)

    def to_dict(self):
        fields = dataclasses.asdict(self)
        ordered = {k: fields[k] for k in ("id", "what", "unit", "ours", "floor")}
        ordered["ratio"] = self.ratio
        ordered |= {k: fields[k] for k in ("limit", "goal")}
        ordered["met"] = self.met
        ordered |= {"goal_met": self.reached, "by": self.by, "sense": self.sense, "note": self.note}
        return {k: round(v, 6) if isinstance(v, float) else v for k, v in ordered.items()}


def number(value):
    if value is None:
        return "-"
    if value == 0:
        return "0"
    if abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3g}" if abs(value) < 100 else f"{value:.1f}"


def verdict(row):
    if row.met is None:
        return ""
    if not row.met:
        return "MISSED"
    return "met, goal" if row.reached else "met"


def table(rows):
    head = ["row", "what", "unit", "ours", "floor", "ratio", "limit", "goal", ""]
    lines = [head]
    for r in rows:
        sign = "≤ " if r.sense == "<=" else "≥ "
        times = " x" if r.by == "ratio" else ""
        bound = [sign + number(b) + times if b is not None else "-" for b in (r.limit, r.goal)]
        note = " ".join(part for part in (verdict(r), f"({r.note})" if r.note else "") if part)
        lines.append([r.id, r.what, r.unit, number(r.ours), number(r.floor), number(r.ratio), *bound, note])
    widths = [max(len(line[i]) for line in lines) for i in range(len(head))]
    out = []
    for line in lines:
        cells = [c.ljust(w) if i < 3 or i == 8 else c.rjust(w) for i, (c, w) in enumerate(zip(line, widths))]
        out.append("  ".join(cells).rstrip())
    out.insert(1, "  ".join("-" * w for w in widths))
    return "\n".join(out)


def save(rows, path):
    with open(path, "w", encoding="utf-8") as file:
        json.dump([r.to_dict() for r in rows], file, indent=1, ensure_ascii=False)
        file.write("\n")
