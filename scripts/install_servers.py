#!/usr/bin/env python3
"""Makes sure that the tests have real web servers: found, or installed with apt as root."""

import os
import shutil
import subprocess
import sys

PLACES = f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin"
PACKAGES = {"nginx": "nginx", "apache2": "apache2", "caddy": "caddy"}
"""Command → Debian's package."""


def missing() -> list[str]:
    return [package for command, package in PACKAGES.items() if not shutil.which(command, path=PLACES)]


def main() -> int:
    if missing() and shutil.which("apt-get") and os.geteuid() == 0:
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        subprocess.run(["apt-get", "update"], check=False, **quiet)
        subprocess.run(["apt-get", "install", "-y", "--no-install-recommends", *missing()], check=False, **quiet)
    if not missing():
        return 0
    names = ", ".join(missing())
    print(f"The tests of hosts need {names}, which could not be installed. Install them and run make test again.")
    return 1


if __name__ == "__main__":
    sys.exit(main())
