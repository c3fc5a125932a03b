"""The package table of docs/design.md is what the code's imports are held to; each framework has one importer."""

import ast
import builtins
import re
from collections.abc import Iterator
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
DESIGN = ROOT / "docs" / "design.md"
LONGEST_CHAIN = 12
"""Modules that import one another in a row; more take too long to follow."""
MOST_LINES, MOST_LINES_OF_FUNCTION = 400, 60
MOST_PARAMETERS = 6
"""Values that always come together are one value, with a name of the field."""
GIVEN_SIGNATURES = {"icon_or_character", "__call__"}
"""Functions that PyMdown and Whoosh call."""
MOST_MEMBERS = 21
"""Public methods and properties of each of the four values; what is more belongs to a value that they hold."""

SCRIPT_IMPORT = re.compile(r'^(?:import|export) [^"]*"(\.{1,2}/[^"]+)"', re.MULTILINE)

IMPORTERS = {
    "mkdocs": {"kb_builder/commands/mkdocs_config.py", "kb_builder/commands/mkdocs_plugin.py"},
    "material": {"kb_builder/commands/mkdocs_config.py"},
    "click": {
        f"kb_builder/commands/{part}.py"
        for part in (
            "cli",
            "cli_edit",
            "cli_findings",
            "cli_eval",
            "cli_links",
            "cli_promises",
            "cli_publish",
            "cli_shared",
            "cli_suggest",
            "cli_support",
            "cli_translate",
            "terminal",
        )
    },
    "babel": {
        "kb_builder/content/interface_language.py",
        "kb_builder/content/interface_words.py",
        "kb_builder/content/languages.py",
        "kb_builder/mentions/time_forms.py",
    },
    "lxml": {"kb_builder/translating/xliff.py"},
    "rich": {"kb_builder/commands/cli_shared.py"},
    "Stemmer": {"search_index/stemming.py"},
    "whoosh": {"search_index/stemming.py", "search_index/whoosh_adapter.py"},
    "markdown": {
        f"kb_builder/markdown/{part}.py"
        for part in ("fast/convert", "fast/blocks", "fast/inline", "emphasis", "heading_ids", "included", "limits")
    },
    "nh3": {"kb_builder/markdown/sanitiser.py"},
    "jinja2": {
        "kb_builder/rendering/render.py",
        "kb_builder/commands/mkdocs_plugin.py",
        "kb_builder/rendering/template_errors.py",
    },
    "sqlite3": {"kb_builder/system/cache.py"},
    "yaml": {
        "kb_builder/parsing/strict_yaml.py",
        "kb_builder/parsing/yaml_errors.py",
        "kb_builder/parsing/yaml_places.py",
        "kb_builder/parsing/yaml_tags.py",
    },
}


OPENERS = {
    "editing.scaffold",
    "mentions.files",
    "mentions.progress",
    "mentions.json_rows",
    "mentions.file_kinds",
    "mentions.reader",
    "mentions.spreadsheets",
    "mentions.conversion",
    "parsing.dates",
    "commands.mkdocs_config",
    "commands.mkdocs_plugin",
    "pipeline.theme",
    "rendering.icons",
    "support.channel_query",
    "support.recognition",
    "system.cache_keys",
    "system.web",
}


def modules(package: str) -> dict[str, Path]:
    """Dotted name below the package → file."""
    folder = ROOT / package
    return {
        ".".join(path.relative_to(folder).with_suffix("").parts): path
        for path in sorted(folder.rglob("*.py"))
        if path.stem not in ("__init__", "__main__")
    }


@cache
def imported(path: Path) -> frozenset[str]:
    """Dotted names that a module imports, inside functions too."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return frozenset(found)


def graph(package: str) -> dict[str, set[str]]:
    """Module → modules of the same package that it imports."""
    known = modules(package)
    return {
        name: {found.removeprefix(f"{package}.") for found in imported(path)} & known.keys()
        for name, path in known.items()
    }


def package_of(module: str) -> str:
    return module.split(".")[0] if "." in module else "top"


def table() -> dict[str, tuple[int, set[str]]]:
    """Package → line of its row in the design, and the packages that it may import."""
    rows: dict[str, tuple[int, set[str]]] = {}
    lines = DESIGN.read_text(encoding="utf-8").splitlines()
    start = lines.index("| package | what it is for | may import |") + 2
    for number, line in enumerate(lines[start:], start=start + 1):
        if not line.startswith("|"):
            break
        name, _, allowed = (cell.strip() for cell in line.strip("|").split("|"))
        rows[name.strip("`")] = (
            number,
            {"*"} if allowed == "everything below" else set(re.findall(r"`(\w+)`", allowed)),
        )
    order = list(rows)
    return {
        name: (number, set(order[order.index(name) + 1 :]) if allowed == {"*"} else allowed)
        for name, (number, allowed) in rows.items()
    }


def test_the_table_names_the_packages_there_are() -> None:
    named, real = set(table()), {package_of(module) for module in modules("kb_builder")}
    for name in sorted(named - real):
        pytest.fail(f"docs/design.md:{table()[name][0]}: there is no package kb_builder/{name}: take the row out")
    for name in sorted(real - named):
        pytest.fail(f"kb_builder/{name} has no row in the table of docs/design.md: add one")


def test_contributing_has_a_line_for_each_package() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    assert [name for name in table() if name != "top" and f"](kb_builder/{name}): " not in text] == []


def test_the_table_lets_packages_import_downwards_only() -> None:
    order = list(table())
    for name, (line, allowed) in table().items():
        wrong = sorted(allowed - set(order[order.index(name) + 1 :]))
        assert not wrong, f"docs/design.md:{line}: {name} may not import {wrong}: they don't stand below it"


def test_imports_are_those_the_table_allows() -> None:
    rows = table()
    for module, others in graph("kb_builder").items():
        package = package_of(module)
        for other in sorted(others):
            target = package_of(other)
            if target != package and target not in rows[package][1]:
                pytest.fail(
                    f"kb_builder/{module.replace('.', '/')}.py imports kb_builder.{other}: move the code, "
                    f"or allow `{target}` in docs/design.md:{rows[package][0]}"
                )


@pytest.mark.parametrize("package", ["kb_builder", "search_index"])
def test_imports_form_no_circle_and_no_long_chain(package: str) -> None:
    edges = graph(package)
    depth: dict[str, int] = {}
    for module in TopologicalSorter(edges).static_order():
        depth[module] = 1 + max((depth[other] for other in edges[module]), default=0)
    assert max(depth.values()) <= LONGEST_CHAIN, max(depth.items(), key=lambda item: item[1])


@pytest.mark.parametrize("folder", ["theme", "search_index/browser"])
def test_scripts_import_in_no_circle(folder: str) -> None:
    scripts = sorted((ROOT / folder).rglob("*.mjs"))
    imports = {
        path: {(path.parent / name).resolve() for name in SCRIPT_IMPORT.findall(path.read_text(encoding="utf-8"))}
        for path in scripts
    }
    assert any(imports.values())
    TopologicalSorter(imports).prepare()  # Raises CycleError, which names the scripts of a circle.


@pytest.mark.parametrize("folder", ["kb_builder", "search_index", "theme", "scripts", "benchmarks", "tests"])
def test_no_module_is_too_long_to_read(folder: str) -> None:
    files = [path for ending in ("py", "mjs") for path in (ROOT / folder).rglob(f"*.{ending}")]
    lengths = {str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines()) for path in files}
    assert lengths
    assert {name: length for name, length in lengths.items() if length > MOST_LINES} == {}


@pytest.mark.parametrize("package", ["kb_builder", "search_index"])
def test_no_function_is_too_long_or_takes_too_much(package: str) -> None:
    """The parameters of click commands are what people type: those are left out."""
    found = []
    for module, path in modules(package).items():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef):
                args = node.args
                names = [arg.arg for arg in (*args.posonlyargs, *args.args, *args.kwonlyargs)]
                is_command = module.startswith("commands.cli") and node.decorator_list
                if len({*names} - {"self", "cls"}) > MOST_PARAMETERS and node.name not in GIVEN_SIGNATURES:
                    found += [] if is_command else [f"{module}.{node.name}: {len(names)} parameters"]
                if (lines := node.end_lineno - node.lineno + 1) > MOST_LINES_OF_FUNCTION:
                    found.append(f"{module}.{node.name}: {lines} lines")
    assert found == []


def test_tests_mirror_the_packages() -> None:
    """A test module below ``tests/<package>/`` is named after the module it tests, or says in its name what it adds."""
    known = set(modules("kb_builder"))
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        package = ".".join(path.relative_to(ROOT / "tests").parent.parts)
        if package in {name.rpartition(".")[0] for name in known if "." in name}:
            subject = path.stem.removeprefix("test_")
            assert any(
                f"{package}.{subject}" == name or f"{package}.{subject}".startswith(f"{name}_") for name in known
            ), f"{path.relative_to(ROOT)}: there is no module kb_builder/{package}/{subject}.py"


def test_tests_of_the_search_engine_are_named_after_its_parts() -> None:
    parts = {path.stem for path in (ROOT / "search_index").iterdir()}
    named = {path.stem.removeprefix("test_") for path in (ROOT / "tests/search_index").glob("test_*.py")}
    assert len(named) > 10
    assert (
        sorted(name for name in named if not any(name == part or name.startswith(f"{part}_") for part in parts)) == []
    )


def test_the_search_engine_imports_nothing_of_kb_builder() -> None:
    for path in modules("search_index").values():
        assert not [name for name in imported(path) if name.split(".")[0] == "kb_builder"], path.name


@pytest.mark.parametrize("library", IMPORTERS)
def test_each_framework_has_its_importers(library: str) -> None:
    users = {
        f"{package}/{path.relative_to(ROOT / package).as_posix()}"
        for package in ("kb_builder", "search_index")
        for path in modules(package).values()
        if any(name.split(".")[0] == library for name in imported(path))
    }
    assert users == IMPORTERS[library]


def opens(node: ast.AST) -> bool:
    """Whether code reads a file by itself, not by way of ``source_files`` or ``filesystem``."""
    if isinstance(node, ast.Attribute) and node.attr in ("read_text", "read_bytes", "open"):
        return not (isinstance(node.value, ast.Name) and node.value.id in ("source_files", "filesystem", "os"))
    return isinstance(node, ast.Name) and node.id == "open"


def test_one_module_prints() -> None:
    printing = re.compile(r"\bclick\.s?echo\(|(?<![.\w])print\(|\bstd(?:out|err)\.write\(|click\.secho\(")
    found = {name for name, path in modules("kb_builder").items() if printing.search(path.read_text(encoding="utf-8"))}
    assert found == {"commands.terminal"}


def test_content_has_one_opener() -> None:
    """Only ``source_files`` opens authors' files. The modules named here open our own packages' files, the
    configuration whose error they explain, or an export that is larger than memory."""
    readers = {
        name
        for name, path in modules("kb_builder").items()
        if any(map(opens, ast.walk(ast.parse(path.read_text(encoding="utf-8")))))
    }
    assert readers == OPENERS


@pytest.mark.parametrize(
    ("module", "value"), [("project", "Project"), ("search", "SearchIndex"), ("trends", "Trends"), ("site", "Site")]
)
def test_the_four_values_have_few_members(module: str, value: str) -> None:
    tree = ast.parse((ROOT / f"kb_builder/pipeline/{module}.py").read_text(encoding="utf-8"))
    (found,) = (node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == value)
    public = [node.name for node in found.body if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")]
    assert 0 < len(public) <= MOST_MEMBERS, f"leave some of these to a value that {value} holds: {public}"


def known_errors() -> set[str]:
    tree = ast.parse((ROOT / "kb_builder/errors.py").read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.ClassDef) and node.name.endswith("Error")}


def raised_by(function: ast.FunctionDef, known: set[str]) -> Iterator[str]:
    for node in ast.walk(function):
        if isinstance(node, ast.Raise) and node.exc is not None:
            yield from {name.id for name in ast.walk(node.exc) if isinstance(name, ast.Name)} & known


def test_public_functions_say_which_known_errors_they_raise() -> None:
    """Those of click commands aside, whose docstrings are the help that people read."""
    known, silent = known_errors(), []
    for module, path in modules("kb_builder").items():
        tree = ast.parse(path.read_text(encoding="utf-8"))
        classes = [node for node in tree.body if isinstance(node, ast.ClassDef) and not node.name.startswith("_")]
        for scope in (tree, *classes):
            for node in scope.body:
                if not isinstance(node, ast.FunctionDef) or node.name.startswith("_"):
                    continue
                said = ast.get_docstring(node) or ""
                if set(raised_by(node, known)) and "Error" not in said and not module.startswith("commands.cli"):
                    silent.append(f"{module}.{node.name}")
    assert known
    assert silent == []


def defined_in(path: Path) -> Iterator[str]:
    """The module itself, and every function, class, argument, variable and attribute in it."""
    yield path.stem
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        for field in ("name", "id", "arg", "attr"):
            if isinstance(name := getattr(node, field, None), str):
                yield name


def test_comments_name_files_and_names_that_exist() -> None:
    sources = [path for folder in ("kb_builder", "search_index", "scripts") for path in (ROOT / folder).rglob("*.py")]
    known = {*dir(builtins), *(name for path in sources for name in defined_in(path))}
    sources += [path for path in (ROOT / "theme").rglob("*") if path.suffix in (".mjs", ".css", ".html")]
    text = "\n".join(path.read_text(encoding="utf-8") for path in sources)
    file = r"(?<![\w./<-])(?:kb_builder|search_index|docs|tests|theme|components)/[\w./-]+\.\w+(?![\w/])"
    files = {*re.findall(file, text)} - {"components/own/own.css"}  # a team's own
    names = {*re.findall(r":(?:class|func|meth|attr|data|mod):`[~\w.]*?(\w+)`", text)}
    assert min(len(files), len(names)) > 20
    assert sorted(each for each in files if not ((ROOT / each).exists() or (ROOT / "theme" / each).exists())) == []
    assert sorted(names - known) == []
