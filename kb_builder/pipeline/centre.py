"""Centre: the site of each language of a help centre, as one folder of files."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

from kb_builder.content.inventory import Entry, placed_in
from kb_builder.errors import Finding, in_order
from kb_builder.pages import api_files, markdown_copies, sitemaps
from kb_builder.pages.page import Page
from kb_builder.pipeline.editions import other_languages
from kb_builder.pipeline.previews import Output
from kb_builder.pipeline.site import Site


class Centre:
    """The language of the sources is at the root, every other one in a folder of its own."""

    def __init__(self, site: Site) -> None:
        """``site`` is the one in the language of the sources."""
        self.site = site
        self.project = site.project
        others = zip(site.project.languages[1:], site.search.languages[1:], strict=True)
        self.sites = (site, *(Site(project, search, site.trends) for project, search in others))

    @cached_property
    def pages(self) -> Mapping[str, tuple[Site, Page]]:
        """File of each page → its site and the page."""
        return {site.project.folder + page.file: (site, page) for site in self.sites for page in site.pages}

    @property
    def outputs(self) -> tuple[Output, Output, Output]:
        """Markdown copies, preview images and pages."""
        return (
            self._together([site.copies.output for site in self.sites]),
            self._together([site.previews.output for site in self.sites]),
            self._together([site.rendered for site in self.sites]),
        )

    def _together(self, outputs: Sequence[Output]) -> Output:
        """The same kind of output of every site as one."""
        if len(outputs) == 1:
            return outputs[0]
        placed = {
            site.project.folder + file: (output, file)
            for site, output in zip(self.sites, outputs, strict=True)
            for file in output.keys
        }

        def make(files: Sequence[str]) -> list[bytes]:
            return [data for output, file in map(placed.__getitem__, files) for data in output.make((file,))]

        keys = {path: output.keys[file] for path, (output, file) in placed.items()}
        return Output(outputs[0].kind, keys, make)

    @cached_property
    def files(self) -> Mapping[str, bytes]:
        """Every other file, by path."""
        made = {site.project.folder + path: data for site in self.sites for path, data in site.files.items()}
        if len(self.sites) > 1:
            made["api/articles.json"] = api_files.articles_api(*(site.listing for site in self.sites))
        if not (self.project.staff or self.project.preview):
            made |= sitemaps.sitemaps(self._sitemap_entries, self.project.settings.url)
        return dict(sorted(made.items()))

    @property
    def _sitemap_entries(self) -> list[sitemaps.SitemapEntry]:
        """The indexed pages of every language. Each names itself and those in the others, for search engines."""
        indexed = [{page.url for page in site.pages if page.indexed} for site in self.sites]
        # A help centre in one language has no editions.
        editions = list(zip(other_languages(self.project).editions, indexed, strict=False))
        root = self.project.settings.url
        entries: list[sitemaps.SitemapEntry] = []
        for site in self.sites:
            own, updated = site.project.settings.url, site.updated
            for page in site.pages:
                if page.indexed:
                    there = [one for one, urls in editions if page.url in urls and page.url in one.pages]
                    same = [(one.code, f"{root}{one.folder}{page.url}") for one in there]
                    if same and not there[0].folder:
                        same.append(("x-default", root + page.url))
                    entries.append((own + page.url, updated.get(page.url), same if len(there) > 1 else ()))
        return entries

    @property
    def full_texts(self) -> Iterator[tuple[str, Sequence[str]]]:
        """The path of each ``llms-full.txt``, and of the Markdown copies that it joins."""
        for site in self.sites:
            folder = site.project.folder
            yield folder + markdown_copies.LLMS_FULL, [folder + path for path in site.copies.listed]

    @cached_property
    def entries(self) -> Mapping[str, Entry]:
        """Every address that is, or was once, public."""
        found: dict[str, Entry] = dict(self.project.addresses.once_public) if len(self.sites) > 1 else {}
        for site in self.sites:
            found |= placed_in(site.retirement.entries, site.project.folder)
        return found

    @property
    def notices(self) -> tuple[str, ...]:
        """Addresses of notices."""
        return tuple(site.project.folder + url for site in self.sites for url in site.retirement.retired.notices)

    @property
    def host_redirects(self) -> Mapping[str, str]:
        """Retired URL → new URL, of redirects that a host may answer."""
        return {
            site.project.folder + old: new.removeprefix("../") if new.startswith("../") else site.project.folder + new
            for site in self.sites
            for old, new in site.retirement.host_redirects.items()
        }

    @property
    def host_gone(self) -> tuple[str, ...]:
        """URLs that a host may answer with 410 Gone."""
        return tuple(site.project.folder + url for site in self.sites for url in site.retirement.host_gone)

    @property
    def folders(self) -> tuple[str, ...]:
        """The folders of the languages that are not at the root."""
        return tuple(site.project.folder for site in self.sites[1:])

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """Everything that is wrong with the content or with a site; what can't be used at all is an error."""
        found = [finding for site in self.sites for finding in site.findings]
        if all(site.is_whole for site in self.sites):
            # Addresses in the record alone are public too, so they belong in the inventory.
            found += self.project.addresses.findings(self.entries.keys())
        return in_order(found)
