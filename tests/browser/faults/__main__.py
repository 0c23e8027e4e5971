"""`python -m tests.browser.faults`: the long form; its report is printed, and kept by hand in docs/faults.md."""

import argparse
import asyncio
import sys
import tempfile
from pathlib import Path

from tests.browser.conftest import program
from tests.browser.faults.hall import Hall, told


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.browser.faults", description="在真实的浏览器里演一天评审，一路制造故障，结束时逐项核对")
    parser.add_argument("--judges", type=int, default=5, help="评委（平板）数，默认 5")
    parser.add_argument("--entries", type=int, help="每个赛项的参赛对象数，默认与演示竞赛相同")
    parser.add_argument("--kills", type=int, default=200, help="强行结束服务器几次，默认 200")
    parser.add_argument("--copies", type=int, default=40, help="断电副本几份，默认 40")
    parser.add_argument("--seed", default="1", help="随机数种子")
    options = parser.parse_args()

    def say(text: str) -> None:
        print(text, file=sys.stderr, flush=True)

    async def play(work: str):
        hall = Hall(Path(work), program(), judges=options.judges, entries=options.entries, kills=options.kills, copies=options.copies,
                    seed=options.seed, say=say)  # fmt: skip
        return await hall.play()

    with tempfile.TemporaryDirectory(prefix="compete-faults-") as work:
        report = asyncio.run(play(work))
    print("\n".join(told(report)))
    return 0 if report.ok else 1


if __name__ == "__main__":
    sys.exit(main())
