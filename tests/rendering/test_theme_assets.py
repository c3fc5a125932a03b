import io
import posixpath
import re
from pathlib import Path
from zlib import crc32

import pytest
from PIL import Image

from kb_builder.rendering.brand import DEFAULT, Brand, brand_of, tokens_in
from kb_builder.rendering.theme_assets import TOKENS, ScriptLanguage, collect, shortcut_icon

ROOT = Path(__file__).parents[2]
THEME = {p.relative_to(ROOT / "theme").as_posix(): p.read_bytes() for p in (ROOT / "theme").rglob("*") if p.is_file()}
READER = {"index.mjs": b'import { search } from "./search.mjs";\n', "search.mjs": b"export const search = 1;\n"}


def brand(primary: str = DEFAULT) -> Brand:
    return brand_of(primary, tokens_in(THEME[TOKENS].decode()))


def test_everything_is_in_one_folder_named_by_its_content() -> None:
    made = collect(THEME, READER, brand())
    assert re.fullmatch(r"assets/[0-9a-f]{12}/", made.folder)
    assert all(path.startswith(made.folder) for path in made.files)
    assert {"kb.css", "page.mjs", "favicon.svg", "search/index.mjs"} <= {
        p.removeprefix(made.folder) for p in made.files
    }


def test_templates_and_settings_are_not_published() -> None:
    assert {path.rpartition(".")[2] for path in collect(THEME, READER, brand()).files} == {"css", "mjs", "svg", "png"}


def test_the_folder_changes_with_every_byte_and_with_nothing_else() -> None:
    first = collect(THEME, READER, brand())
    assert collect(dict(reversed(THEME.items())), dict(reversed(READER.items())), brand()) == first
    other = {**READER, "search.mjs": b"export const search = 2;\n"}
    folders = {first.folder, collect(THEME, other, brand()).folder, collect(THEME, READER, brand("#1d4f8c")).folder}
    assert len(folders) == 3


def test_every_relative_import_leads_to_a_published_file() -> None:
    made = collect(THEME, {p.name: p.read_bytes() for p in (ROOT / "search_index/browser").glob("*.mjs")}, brand())
    for path, content in made.files.items():
        if not path.endswith(".mjs"):
            continue
        for target in re.findall(r'(?:from|import\(|new URL\()\s*"(\.[^"]+)"', content.decode()):
            assert (Path("/") / Path(path).parent / target).resolve().relative_to("/").as_posix() in made.files


def test_layers_come_first_and_print_comes_last() -> None:
    css = style_sheet()
    assert css.startswith("@layer tokens, base, prose, components, print;\n")
    places = [css.index(part) for part in (".kb-frame", ".md-typeset .headerlink", ".kb-answer", "@media print")]
    assert places == sorted(places)
    assert css.index("--kb-fill: #0b5d3b") < css.rindex("--kb-fill: #0b5d3b") < css.index(".kb-frame")


def test_comments_go_and_strings_stay() -> None:
    odd = {**THEME, "components/odd/odd.css": b'/* out */ .odd::after { content: "/* in */  \\" /* in */"; } /* out */'}
    css = collect(odd, READER, brand())
    text = css.files[css.path("kb.css")].decode()
    assert '"/* in */  \\" /* in */"' in text
    assert "out" not in re.findall(r"/\*.*?\*/", text.replace('"/* in */  \\" /* in */"', ""))


def test_script_comments_go_and_casts_stay() -> None:
    module = b"""// A line.
/** A block
 * of lines. */
const url = "https://example.com/"; // beside code
/** @type {number} */ const cast = 1;
"""
    made = collect({**THEME, "odd.mjs": module}, READER, brand())
    text = made.files[made.path("odd.mjs")].decode()
    assert text.startswith('const url = "https://example.com/"; // beside code\n/** @type {number} */ const cast = 1;')
    assert "A line" not in text
    assert "of lines" not in text


def test_the_favicon_wears_the_brand() -> None:
    made = collect(THEME, READER, brand("#ffec3d"))
    icon = made.files[made.path("favicon.svg")].decode()
    assert 'fill="#ffec3d"' in icon
    assert DEFAULT not in icon


def test_the_touch_icon_wears_the_brand() -> None:
    made = collect(THEME, READER, brand("#ffec3d"))
    icon = made.files[made.path("touch-icon.png")]
    start = icon.index(b"PLTE")
    assert icon[start + 4 : start + 7] == bytes.fromhex("ffec3d")
    assert int.from_bytes(icon[start + 52 : start + 56], "big") == crc32(icon[start : start + 52])
    assert len(icon) == len(THEME["touch-icon.png"])


def test_a_shortcut_icon_is_made_of_a_png_and_of_nothing_else() -> None:
    icon = shortcut_icon(THEME["touch-icon.png"])
    assert icon == shortcut_icon(THEME["touch-icon.png"])
    assert Image.open(io.BytesIO(icon)).info["sizes"] == {(16, 16), (32, 32), (48, 48)}
    assert shortcut_icon(icon) == icon
    for unusable in (b"<svg/>", b"", THEME["touch-icon.png"][:60]):
        assert shortcut_icon(unusable) == b""


def test_an_unknown_name_is_an_error() -> None:
    with pytest.raises(KeyError, match=r"gone\.mjs"):
        collect(THEME, READER, brand()).path("gone.mjs")


def test_no_style_reaches_another_origin_or_a_font() -> None:
    assert not re.search(r"url\(|@import|@font-face|https?:", style_sheet())


def test_every_class_of_ours_has_the_prefix() -> None:
    own = re.compile(r"\.([a-z][\w-]*)")
    allowed = re.compile(r"kb-|md-|tabbed-|admonition|task-list|highlight|headerlink|footnote|twemoji|grid|card")
    for path, content in THEME.items():
        if path.startswith("components/") and path.endswith(".css"):
            selectors = re.findall(r"^\s*([^@{}/*;]+)\{", content.decode(), re.MULTILINE)
            names = {name for selector in selectors for name in own.findall(selector)}
            assert all(allowed.match(name) for name in names), (path, names)


def style_sheet() -> str:
    made = collect(THEME, READER, brand())
    return made.files[made.path("kb.css")].decode()


@pytest.mark.parametrize("words", [{}, {"Search": "Suche", "More answers": "Mehr"}])
def test_a_language_has_modules_with_words_of_its_own_and_the_others_from_above(words: dict[str, str]) -> None:
    above = collect(THEME, READER, brand())
    below = collect(THEME, READER, brand(), ScriptLanguage(words)).below(above)
    site = {**above.files, **{f"de/{path}": content for path, content in below.files.items()}}
    loaded = 0
    for path, content in site.items():
        for reference in re.findall(r'"(\.\.?/[\w./-]+\.mjs)"', content.decode() if path.endswith(".mjs") else ""):
            assert posixpath.normpath(posixpath.join(posixpath.dirname(path), reference)) in site, (path, reference)
            loaded += 1
    assert loaded > 20
    assert {"kb.css", "search/index.mjs", "redirect.mjs"} <= below.shared.keys()
    assert not {below.folder + name for name in below.shared} & below.files.keys()
    assert ("page.mjs" in below.shared) == (not words), "scripts that say nothing in the language are the same"
    own = {posixpath.basename(path) for path in below.files}
    assert own >= {"page.mjs", "search-box.mjs"} if words else not own
    other = collect(THEME, READER, brand("#1d4f8c"))
    assert (
        not words or collect(THEME, READER, brand("#1d4f8c"), ScriptLanguage(words)).below(other).folder != below.folder
    )


def test_a_module_that_only_its_neighbour_imports_is_a_part_of_it() -> None:
    theme = THEME | {
        "components/x/x.mjs": b'import { sum } from "./sum.mjs";\nexport const two = sum(1, 1);\n',
        "components/x/sum.mjs": b"const MANY = 2;\nexport function sum(a, b) { return a + b + 0 * MANY; }\n",
        "components/y/y.mjs": b'import { shared } from "./shared.mjs";\n',
        "components/z/z.mjs": b'import { shared } from "../y/shared.mjs";\n',
        "components/y/shared.mjs": b"export const shared = 1;\n",
    }
    files = collect(theme, {}, brand()).files
    names = {path.partition("/components/")[2] for path in files}
    assert "x/sum.mjs" not in names
    assert "y/shared.mjs" in names
    joined = next(content for path, content in files.items() if path.endswith("x/x.mjs")).decode()
    assert "const { sum } = (() => {" in joined
    assert "export function" not in joined


def test_what_search_needs_at_once_is_one_module_and_each_export_is_there() -> None:
    files = {
        path.partition("/components/")[2]: content.decode()
        for path, content in collect(THEME, {}, brand()).files.items()
        if path.endswith(".mjs")
    }
    folder = "search-box/"
    assert {name for name in files if name.startswith(folder)} == {
        f"{folder}results-page.mjs",
        f"{folder}search-box.mjs",
    }
    box = files[f"{folder}search-box.mjs"]
    assert re.findall(r'from "([^"]+)"', box) == ["../../page.mjs"]
    declared = re.findall(r"^(?:export )?(?:const|let|class|(?:async )?function) (\w+)", box, re.MULTILINE)
    assert len(declared) == len(set(declared))
    wanted = [
        name
        for text in files.values()
        for listed in re.findall(r'^import \{ ([^}]*) \} from "[./\w-]*/search-box\.mjs";$', text, re.MULTILINE)
        for name in listed.split(", ")
    ]
    exported = re.findall(r"^export (?:const|(?:async )?function) (\w+)", box, re.MULTILINE)
    assert {"search", "fill"} <= set(wanted) <= set(exported)


def test_what_the_page_s_own_module_imports_is_a_part_of_it() -> None:
    made = collect(THEME, {}, brand())
    page = made.files[made.path("page.mjs")].decode()
    assert not re.search(r"^import ", page, re.MULTILINE)
    assert "const { chosenSegment, keepUpToDate } = (() => {" in page
    assert not any(path.endswith("conditional.mjs") for path in made.files)


def test_the_ways_to_ask_for_a_channel_go_to_the_module_that_shows_it() -> None:
    files = collect(
        THEME, READER, brand(), ScriptLanguage(channel_words={"phone": ["call", "ring"], "person": ["human"]})
    ).files
    listed = b'const listed = { phone: "call ring".split(" "), person: "human".split(" ") };'
    holders = [path.rpartition("/")[2] for path, content in files.items() if listed in content]
    assert holders == ["results-page.mjs"]


def test_function_words_go_to_the_module_that_marks() -> None:
    files = collect(THEME, {}, brand(), ScriptLanguage(function_words={"my", "is"})).files
    holders = [path.rpartition("/")[2] for path, content in files.items() if b'new Set(["is","my"])' in content]
    assert holders == ["search-box.mjs"]


def test_every_module_that_pages_request_is_published() -> None:
    made = collect(THEME, {}, brand())
    names = {path.partition("/")[2].partition("/")[2] for path in made.files}
    page = made.files[made.path("page.mjs")].decode()
    requested = set(re.findall(r'"\./(components/[\w/-]+\.mjs)"', page))
    listed = re.findall(r"\[([^\]]+)\]\.map\(\(name\) => `\./(components/[\w/-]+)/", page)
    requested |= {f"{folder}/{name}.mjs" for group, folder in listed for name in re.findall(r"\w+", group)}
    assert requested
    assert requested <= names
