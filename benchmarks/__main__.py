"""python -m benchmarks [names…]"""

import argparse
import signal
import sys
import time
from importlib import import_module

from benchmarks.measure import summary

NAMES = ("pages", "standings", "saving", "load", "hall", "tablet", "workbooks", "tally", "engine", "live", "sheet", "following", "viewers", "big")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="The figures of the product beside their bare bounds.")
    parser.add_argument("names", nargs="*", choices=[*NAMES, []], metavar="name", help=f"what to measure: {', '.join(NAMES)}; all by default")
    parser.add_argument("--seconds", type=int, default=60, help="how long the load test runs (default 60)")
    parser.add_argument("--full", action="store_true", help="`hall` for five minutes instead of half a one")
    parser.add_argument("--judges", type=int, default=50, help="how many judges mark at once in the load test (default 50)")
    parser.add_argument("--entries", type=int, default=1_870_000, help="the field of the benchmark `big` (default 1,870,000: minutes and 2 GB to build)")
    parser.add_argument("--marks", action="store_true", help="`big` stores every mark and trims per criterion (30 GB at full size: take fewer --entries)")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # servers that were started are stopped, folders removed
    figures, start = [], time.perf_counter()
    for name in options.names or NAMES:
        figures += import_module(f"benchmarks.{name}").run(options)
    print(f"\n{summary(figures)}\n\n{time.perf_counter() - start:.0f} s. Ratios compare with the bare bound of the same run.")
    return 0 if all(figure.reached for figure in figures) else 1


if __name__ == "__main__":
    sys.exit(main())
