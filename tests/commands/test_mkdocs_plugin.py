"""MkDocs and ProperDocs give the same pages as ``kb build``; their configuration is read with clear errors."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from kb_builder.commands import mkdocs_config, mkdocs_plugin
from kb_builder.errors import InputError
from tests.centres import MKDOCS, SMALL, header, put, write

pytestmark = pytest.mark.slow


def run(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"NO_MKDOCS_2_WARNING": "1", "DISABLE_MKDOCS_2_WARNING": "true"}
    return subprocess.run(
        [sys.executable, "-m", *command], cwd=folder, capture_output=True, text=True, check=False, env=environment
    )


def pages_of(folder: Path) -> dict[str, bytes]:
    root = folder.resolve()
    own = {".kb-site", "_headers", "_redirects"}
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file() and path.name not in own
    }


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = write(tmp_path_factory.mktemp("centre"), SMALL, mkdocs=MKDOCS + "docs_dir: empty\n")
    (root / "empty").mkdir()
    strike = header(title="Strike", severity="warning", start="2026-11-20", end="2099-01-01")
    put(root, "content/announcements/strike.md", strike + "See [how](../articles/faq/orders/track-an-order.md).\n")
    done = run(root, "kb_builder", "build", "--json")
    assert done.returncode == 0, done.stderr
    return root


@pytest.mark.parametrize("framework", ["mkdocs", "properdocs"])
def test_a_framework_gives_the_same_pages(centre: Path, framework: str) -> None:
    done = run(centre, framework, "build", "-f", "mkdocs.yml", "-d", framework)
    assert done.returncode == 0, done.stderr
    ours, theirs = pages_of(centre / "site"), pages_of(centre / framework)
    assert theirs.keys() == ours.keys()
    assert [path for path in ours if ours[path] != theirs[path]] == []


@pytest.mark.parametrize("framework", ["mkdocs", "properdocs"])
def test_a_framework_does_not_empty_a_site_that_kb_published(centre: Path, framework: str) -> None:
    before = pages_of(centre / "site")
    done = run(centre, framework, "build", "-f", "mkdocs.yml")
    assert done.returncode != 0
    assert "was published by kb build" in done.stderr
    assert pages_of(centre / "site") == before


def test_hooks_of_other_plugins_run_under_mkdocs_build(centre: Path) -> None:
    put(centre, "hooks.py", "def on_page_content(html, **_):\n    return html + '<!-- seen -->'\n")
    put(centre, "hooked.yml", (centre / "mkdocs.yml").read_text() + "hooks: [hooks.py]\n")
    done = run(centre, "mkdocs", "build", "-f", "hooked.yml", "-d", "hooked")
    assert done.returncode == 0, done.stderr
    assert "<!-- seen -->" in (centre / "hooked/faq/orders/cancel-an-order/index.html").read_text()


def test_errors_in_the_content_stop_mkdocs_before_it_empties_anything(tmp_path: Path) -> None:
    write(tmp_path, {"faq/a": "---\ntitel: A\n---\n"}, mkdocs=MKDOCS + "docs_dir: empty\n")
    (tmp_path / "empty").mkdir()
    put(tmp_path, "site/index.html", "the live site")
    done = run(tmp_path, "mkdocs", "build")
    assert done.returncode != 0
    assert 'content/articles/faq/a.md:2: error: unknown key "titel"' in done.stderr
    assert "Traceback" not in done.stderr
    assert (tmp_path / "site/index.html").read_text() == "the live site"


ALIASES = "a0: &a0 [x, x]\n" + "".join(f"a{n}: &a{n} [{f'*a{n - 1}, ' * 9}x]\n" for n in range(1, 9))
OPTIONS = "site_name: X\nsite_url: https://x.example/\nplugins:\n"


@pytest.mark.parametrize(
    ("text", "problem", "place"),
    [
        ("site_name: X\nsite_url: https://x.example/\nplugins: [search]\n", "the kb plugin is not switched on", ""),
        ("site_name: X\nplugins: [kb]\n", "site_url is missing", ""),
        ("site_name: X\nsite_url: nonsense\nplugins: [kb]\n", "\n  write it like https://help.example.com/", ":2"),
        (OPTIONS + "  - kbb\n", 'The "kbb" plugin is not installed\n  did you mean "kb"?', ":3"),
        (OPTIONS + "  - kbb:\n      brand: red\n", 'The "kbb" plugin is not installed\n  did you mean "kb"?', ":4"),
        (OPTIONS + "  - kb\n  - minify\n", "install it with pip, or take it out", ":3"),
        ("site_url: https://x.example/\nplugins: [kb]\n", "site_name", ""),
        (OPTIONS + "  - kb: {brnad: red}\n", 'unknown option "brnad" of the kb plugin\n  did you mean "brand"?', ":4"),
        (OPTIONS + "  - kb:\n      ignore_keys: x\n", 'option "ignore_keys" of the kb plugin must be a list', ":5"),
        (OPTIONS + "  - kb:\n      search:\n        floor: {success_at_4: 1}\n", "success_at_4", ":6"),
        (OPTIONS + "  - kb:\n      publish: both\n", 'must be "symlink" or "folder"', ":5"),
        ("site_name: X\nsite_url: [\n", 'starts with "["', ":2"),
        ("site_name: X\nsite_url: 'x\n", "a quotation mark opens here", ":2"),
        ("site_name: X\n\tsite_url: x\n", "indented with a tab", ":2"),
        ("site_name: !!python/object/apply:os.system [id]\n", "the tag !!python/object/apply:os.system is not", ":1"),
        ("site_name: X\nextra: {a: !!python/name:os.system }\n", "the tag !!python/name:os.system is not", ":2"),
        ("site_name: !ENV HOME\n", "the tag !ENV is not allowed", ":1"),
        ("site_name: X\n? !!str {=: INHERIT}\n: text.yml\n", "the tag !!str is not allowed", ":2"),
        ("site_name: X\nextra: !!int [1]\n", "the tag !!int is not allowed", ":2"),
        ("site_name: X\nINHERIT: none.yml\n", "INHERIT: there is no file none.yml", ""),
        ("site_name: X\nINHERIT: text.yml\n", "INHERIT: text.yml does not consist of keys and values", ""),
        ("INHERIT: [text.yml]\n", "INHERIT names one file", ""),
        ("site_name: X\nINHERIT:\n", "INHERIT names one file", ""),
        ("site_name: X\nINHERIT: ''\n", "INHERIT names one file", ""),
        ("site_name: X\n<<: 5\n", "expected a mapping or list of mappings for merging", ""),
        (OPTIONS + "  - kb\nextra: {a: 2026-99-99}\n", "line 5 has a number or a date that does not exist", ""),
        (OPTIONS + "  - kb\nextra: !!timestamp x\n", "line 5 has a number or a date that does not exist", ""),
        (OPTIONS + "  - kb\nextra: !!bool x\n", "line 5 has a number or a date that does not exist", ""),
        (OPTIONS + '  - kb\nextra: "\\ud800"\n', "line 5 has a control character", ""),
        (OPTIONS + "  - kb\nextra: " + "9" * 5000 + "\n", "line 5 has a number or a date that does not exist", ""),
        (OPTIONS.replace("https://x.example/", "https://x.example/../a/") + "  - kb\n", "may not have", ":2"),
        (OPTIONS + "  - kb:\n      short_url: 'javascript:go()'\n", 'option "short_url" of the kb plugin', ":5"),
        (ALIASES, "its aliases expand to more", ""),
        ("a: " + "[" * 3000 + "]" * 3000 + "\n", "it is nested too deeply", ""),
        (
            OPTIONS.replace("https://x.example/", "javascript://x/%0aalert(1)//") + "  - kb\n",
            "site_url is not",
            ":2",
        ),
        (
            OPTIONS.replace("https://x.example/", '"https://help.example.com/my help {x}/"') + "  - kb\n",
            "site_url is not",
            ":2",
        ),
        (
            OPTIONS.replace("https://x.example/", "https://help.example.com/?a=b") + "  - kb\n",
            "may not have a query",
            ":2",
        ),
        (
            OPTIONS + "  - kb:\n      feedback: {endpoint: 'https://[x'}\n",
            'option "feedback.endpoint" of the kb plugin must be',
            ":5",
        ),
        (OPTIONS.replace("https://x.example/", "https://[x/") + "  - kb\n", "a value can't be read", ""),
        (OPTIONS.replace("https://x.example/", "https://x.example:65536/") + "  - kb\n", "site_url is not", ":2"),
        (OPTIONS + "  - kb\nrepo_url: https://[x\n", "a value can't be read", ""),
        (OPTIONS + '  - kb\nsite_dir: "a\\0b"\n', "line 5 has a control character", ""),
        ('site_name: "a\\ab"\n' + OPTIONS.partition("\n")[2] + "  - kb\n", "line 1 has a control character", ""),
        (OPTIONS + "  - kb:\n      attachments: [.step]\n", "must be an extension without its dot", ":5"),
        ("", "", ""),
    ],
)
def test_a_configuration_that_cannot_be_used_is_one_clear_line(
    tmp_path: Path, text: str, problem: str, place: str
) -> None:
    put(tmp_path, "text.yml", "text")
    file = put(tmp_path, "mkdocs.yml", text)
    with pytest.raises(InputError) as caught:
        mkdocs_config.load(str(file))
    said = str(caught.value)
    assert problem in said
    assert said.startswith(str(file) + place)


@pytest.mark.parametrize(
    "text",
    [
        "INHERIT: harmful.yml\n",
        "INHERIT: good.yml\nINHERIT: harmful.yml\n",
        "<<: {INHERIT: harmful.yml}\n",
        "a: &a {INHERIT: harmful.yml}\n<<: [*a]\n",
        "INHERIT: link/../harmful.yml\n",
        "INHERIT: below/more.yml\n",
    ],
)
def test_what_mkdocs_would_inherit_is_what_was_checked(tmp_path: Path, text: str) -> None:
    put(tmp_path, "good.yml", "extra: {}\n")
    put(tmp_path, "harmful.yml", "extra: !!python/object/apply:os.system [id]\n")
    put(tmp_path, "below/harmful.yml", "extra: {}\n")
    put(tmp_path, "below/more.yml", "INHERIT: ../harmful.yml\n")
    put(tmp_path, "below/folder/a.yml", "")
    (tmp_path / "link").symlink_to("below/folder")
    file = put(tmp_path, "mkdocs.yml", text + OPTIONS + "  - kb\n")
    with pytest.raises(InputError) as caught:
        mkdocs_config.load(str(file))
    assert str(caught.value).startswith(f"{tmp_path}/harmful.yml:1: error: the tag !!python/object/apply:os.system is")


def test_no_module_of_the_project_is_run(tmp_path: Path) -> None:
    put(tmp_path, "mkdocs.yml", OPTIONS + "  - kb\nmarkdown_extensions: [stranger]\n")
    put(tmp_path, "stranger.py", "from pathlib import Path\nPath('ran').touch()\n")
    done = run(tmp_path, "kb_builder", "check")
    assert "Failed to load extension 'stranger'" in done.stdout + done.stderr
    assert not (tmp_path / "ran").exists()


def test_wrong_options_stop_mkdocs_without_a_traceback(tmp_path: Path) -> None:
    put(tmp_path, "mkdocs.yml", OPTIONS + "  - kb: {brnad: red}\ndocs_dir: empty\n")
    (tmp_path / "empty").mkdir()
    done = run(tmp_path, "mkdocs", "build")
    assert done.returncode != 0
    assert 'mkdocs.yml:4: error: unknown option "brnad" of the kb plugin' in done.stderr
    assert "Traceback" not in done.stderr


def test_an_unknown_setting_is_named_with_its_line(tmp_path: Path) -> None:
    file = put(tmp_path, "mkdocs.yml", OPTIONS + "  - kb\nsite_dirr: out\n1: 2\n")
    assert [str(finding) for finding in mkdocs_config.load(str(file)).findings] == [
        f'{file}:5: warning: unknown setting "site_dirr"\n  did you mean "site_dir"?',
        f'{file}:6: warning: unknown setting "1"\n  MkDocs ignores it',
    ]


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ("nav: [a.md]", ":5: warning: nav has no effect on a help centre"),
        ("extra_css: [own.css]", ":5: warning: extra_css has no effect"),
        ("site_name: Y", ':5: warning: "site_name" is given twice, and the first one, on line 1, has no effect'),
        ("extra: {a: 1,\n b: {c: 1, c: 2}}", ':6: warning: "c" is given twice, and the first one, on line 6'),
        ("extra: {nav: 1}", ""),
    ],
)
def test_what_has_no_effect_in_a_configuration_is_reported(tmp_path: Path, setting: str, said: str) -> None:
    file = put(tmp_path, "mkdocs.yml", OPTIONS + f"  - kb\n{setting}\n")
    findings = [str(finding) for finding in mkdocs_config.load(str(file)).findings]
    assert len(findings) == bool(said)
    assert said in "".join(findings)


def test_the_traceback_of_an_extension_is_left_out(tmp_path: Path) -> None:
    text = OPTIONS + "  - kb\nmarkdown_extensions:\n  - pymdownx.snippets: {base_path: 5}\n"
    with pytest.raises(InputError, match="'int' object is not iterable") as refused:
        mkdocs_config.load(str(put(tmp_path, "mkdocs.yml", text)))
    assert "Traceback" not in str(refused.value)


def test_a_port_in_use_is_one_clear_line_and_nothing_else() -> None:
    said: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(InputError, match="can't serve the preview at"):
            mkdocs_plugin.serve(lambda: None, lambda *_: [], [], "127.0.0.1", port, lambda: said.append("ready"))
    assert said == []


def test_a_missing_configuration_says_how_to_start(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        mkdocs_config.load(str(tmp_path / "mkdocs.yml"))
    assert "kb new" in caught.value.hint


def test_language_and_direction_come_from_the_theme(tmp_path: Path) -> None:
    file = put(tmp_path, "mkdocs.yml", MKDOCS.replace("font: false", "font: false\n  language: ar"))
    settings = mkdocs_config.load(str(file))
    assert (settings.language, settings.direction) == ("ar", "rtl")


def test_settings_know_their_lines_among_equal_keys(tmp_path: Path) -> None:
    theme = """theme:
  name: material
  icon: {logo: material/kettle}
  logo: kettle.svg
  palette: {scheme: default, primary: teal}
extra:
  language: fr
  favicon: none
"""
    put(tmp_path, "mkdocs.yml", OPTIONS + "  - kb\n" + theme)
    assert mkdocs_config.load(str(tmp_path / "mkdocs.yml")).lines == {
        "brand": 9, "logo": 8, "favicon": 0, "language": 0, "languages": 0,
    }  # fmt: skip
    put(
        tmp_path,
        "mkdocs.yml",
        OPTIONS + "  - kb\n" + theme.replace("{logo: material/kettle}", "\n    logo: material/x"),
    )
    assert mkdocs_config.load(str(tmp_path / "mkdocs.yml")).lines["logo"] == 9


def test_the_fingerprint_changes_with_what_changes_pages_and_with_nothing_else(tmp_path: Path) -> None:
    file = put(tmp_path, "mkdocs.yml", MKDOCS)
    first = mkdocs_config.load(str(file)).fingerprint
    assert mkdocs_config.load(str(file)).fingerprint == first
    put(tmp_path, "mkdocs.yml", MKDOCS + "site_dir: elsewhere\n")
    assert mkdocs_config.load(str(file)).fingerprint == first
    put(tmp_path, "mkdocs.yml", MKDOCS + "markdown_extensions:\n  - toc: {separator: _}\n")
    assert mkdocs_config.load(str(file)).fingerprint != first
