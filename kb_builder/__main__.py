"""``python -m kb_builder`` is ``kb``."""

import sys

if not sys.flags.safe_path:
    # Python puts the working folder first. It may hold modules from elsewhere, which `kb` does not find either.
    del sys.path[0]

from kb_builder.commands.cli import main

main()
