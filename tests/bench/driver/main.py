"""Runs the rows that were asked for. Called by scripts/bench."""
import argparse
import os
import sys
import time

import report
import rows
from programs import MeasureError, Programs


def parse():
    parser = argparse.ArgumentParser(prog="scripts/bench", description="Measures libdmss beside a floor and beside peers, in one run.")
    parser.add_argument("--quick", action="store_true", help="one short round: shows that everything works, not how fast it is")
    parser.add_argument("--json", metavar="FILE", help="also write the rows as JSON")
    parser.add_argument("--rows", metavar="N,N", help="only these (default: all); " + "; ".join(f"{n} {f.__doc__}" for n, f in rows.ROWS.items()))
    parser.add_argument("--bin", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--clips", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--library", required=True, help=argparse.SUPPRESS)
    options = parser.parse_args()
    try:
        options.numbers = [int(n) for n in options.rows.split(",")] if options.rows else list(rows.ROWS)
    except ValueError:
        parser.error("--rows takes numbers")
    unknown = [n for n in options.numbers if n not in rows.ROWS]
    if unknown:
        parser.error(f"no row {unknown[0]}; there are {', '.join(map(str, rows.ROWS))}")
    return options


def main():
    options = parse()
    bench = rows.Bench(Programs(options.bin, options.clips, options.library), options.quick, options.numbers)
    began, load = time.monotonic(), os.getloadavg()[0]
    results, failed = [], []
    for number in options.numbers:
        row_began = time.monotonic()
        print(f"row {number}: {rows.ROWS[number].__doc__} …", file=sys.stderr, flush=True)
        try:
            results += rows.ROWS[number](bench)
        except MeasureError as e:
            failed.append(number)
            print(f"row {number} failed: {e}", file=sys.stderr)
        print(f"row {number}: {time.monotonic() - row_began:.0f} s", file=sys.stderr, flush=True)
    print(report.table(results))
    missed = [r.id for r in results if r.met is False]
    print(f"\n{len(results)} rows, {sum(r.met is True for r in results)} limits met, missed: {', '.join(missed) or 'none'}")
    print(f"{bench.rounds} rounds, {os.cpu_count()} cores, load {load:.1f} before, {time.monotonic() - began:.0f} s")
    if options.json:
        report.save(results, options.json)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
