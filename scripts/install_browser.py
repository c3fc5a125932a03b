#!/usr/bin/env python3
"""Makes sure that the browser tests have a real Chromium: found, installed with apt as root, or by Playwright."""

import os
import shutil
import subprocess
import sys

from playwright.sync_api import sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")


def main() -> int:
    if any(map(shutil.which, NAMES)):
        return 0
    with sync_playwright() as playwright:
        if os.path.exists(playwright.chromium.executable_path):  # noqa: PTH110
            return 0
    if shutil.which("apt-get") and os.geteuid() == 0:
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        subprocess.run(["apt-get", "update"], check=False, **quiet)
        done = subprocess.run(["apt-get", "install", "-y", "--no-install-recommends", "chromium"], check=False, **quiet)
        if done.returncode == 0:
            return 0
    if subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False).returncode == 0:
        return 0
    print("The browser tests need Chromium, and it could not be installed. Install it and run make test again.")
    return 1


if __name__ == "__main__":
    sys.exit(main())
