#!/usr/bin/env python3
"""Makes sure that the tests have a real nginx: found, or installed with apt as root."""

import os
import shutil
import subprocess
import sys

PLACES = f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin"


def main() -> int:
    if shutil.which("nginx", path=PLACES):
        return 0
    if shutil.which("apt-get") and os.geteuid() == 0:
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        subprocess.run(["apt-get", "update"], check=False, **quiet)
        done = subprocess.run(["apt-get", "install", "-y", "--no-install-recommends", "nginx"], check=False, **quiet)
        if done.returncode == 0:
            return 0
    print("The tests of redirects need nginx, and it could not be installed. Install it and run make test again.")
    return 1


if __name__ == "__main__":
    sys.exit(main())
