"""The names of what ``kb import`` reads; apart, so that ``kb --help`` loads none of the readers."""

from typing import Final

HELP_DESKS: Final = ("zendesk", "intercom", "freshdesk", "helpscout")
MARKDOWN_FOLDERS: Final = ("markdown", "docusaurus", "hugo", "jekyll", "mkdocs", "notion")
HTML_FOLDERS: Final = ("html", "confluence")
TOOLS: Final = (*HELP_DESKS, *MARKDOWN_FOLDERS, *HTML_FOLDERS)
