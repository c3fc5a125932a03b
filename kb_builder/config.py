"""What a team settles once: the options of ``plugins: [kb: …]`` and what MkDocs knows of the site."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from kb_builder.body import Extensions
from kb_builder.errors import InputError

# In a checkout the theme lies beside the package, in a wheel inside it.
_HERE: Final = Path(__file__).parent
THEME: Final = next(folder for folder in (_HERE / "_theme", _HERE.parent / "theme") if folder.is_dir())
NO_PAGES: Final = THEME / "pages"
"""An empty folder: what MkDocs is told to read."""

_STRICT = ConfigDict(extra="forbid", frozen=True)
Share = Annotated[float, Field(ge=0, le=1)]


class FeedbackOptions(BaseModel):
    """Where “did this help?” goes; nothing is shown when both are empty."""

    model_config = _STRICT
    endpoint: str = Field(
        default="", description="Address of your own endpoint that takes the JSON of the staff guide."
    )
    email: str = Field(default="", description="Address for a prefilled e-mail when there is no endpoint.")
    searches: bool = Field(default=False, description="Post searches without a result to the endpoint too.")


class FloorOptions(BaseModel):
    """`kb check` fails when content/search-queries.csv scores less than this."""

    model_config = _STRICT
    success_at_1: Share = 0.0
    success_at_3: Share = 0.0


class SearchOptions(BaseModel):
    model_config = _STRICT
    learn: bool = Field(default=True, description="Learn from asked_as and resolved mentions when publishing.")
    floor: FloorOptions = FloorOptions()


class Options(BaseModel):
    """Everything that may stand below ``kb:`` in ``plugins``."""

    model_config = _STRICT
    brand: str = Field(default="", description="Brand colour, as #rrggbb; otherwise theme.palette.primary.")
    ignore_keys: tuple[str, ...] = Field(default=(), description="Front-matter keys of your own that kb leaves alone.")
    trust_html: bool = Field(default=False, description="Let authors use any HTML, scripts included.")
    publish: Literal["symlink", "folder"] = "symlink"
    feedback: FeedbackOptions = FeedbackOptions()
    search: SearchOptions = SearchOptions()


def parse_options(data: Mapping[str, Any], where: str) -> Options:
    """The options as MkDocs read them.

    Raises :class:`InputError` naming every wrong key; ``where`` is the configuration file.
    """
    try:
        return Options.model_validate(dict(data))
    except ValidationError as error:
        problems = []
        for problem in error.errors():
            name = ".".join(map(str, problem["loc"]))
            known = ", ".join(Options.model_fields)
            if problem["type"] == "extra_forbidden":
                problems.append((f'unknown option "{name}" of the kb plugin', f"known options: {known}"))
            else:
                problems.append((f'option "{name}" of the kb plugin: {problem["msg"].lower()}', ""))
        raise InputError(
            "; ".join(text for text, _ in problems), where=where, hint=next((hint for _, hint in problems if hint), "")
        ) from None


@dataclass(frozen=True)
class Settings:
    """A site's settings, whatever framework read them. Picklable."""

    root: Path
    """Folder of the configuration file; every content path counts from here."""
    config_file: str
    name: str
    url: str
    """Absolute, with a trailing slash."""
    language: str
    direction: Literal["ltr", "rtl"]
    logo: str
    """Path of the logo relative to ``root``, or empty."""
    favicon: str
    primary: str
    """Material's ``palette.primary``, or empty."""
    template_folders: tuple[str, ...]
    """Searched in this order."""
    extensions: Extensions
    options: Options
    site_folder: Path
    """MkDocs' ``site_dir``, where ``kb build`` publishes unless told otherwise."""
    fingerprint: str
    """Changes with anything in the configuration that can change a page."""
