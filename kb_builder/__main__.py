"""``python -m kb_builder`` is ``kb``."""

from kb_builder.commands.cli import main

main()
