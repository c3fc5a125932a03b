"""The documentation is true: its commands run, every command and option is in it, and the files it names exist."""

import ast
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from kb_builder.commands.cli import commands
from kb_builder.errors import GUIDES as GUIDES_URL
from search_index.format import FORMAT
from tests.centres import CLOCK

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[1]
REFERENCE = ROOT / "docs" / "commands.md"
FOLDERS = (ROOT, ROOT / "docs", ROOT / "benchmarks", ROOT / "search_index")
GUIDES = [path for folder in FOLDERS for path in sorted(folder.glob("*.md")) if path.name != "CHANGELOG.md"]
TOOLS = {"kb", "make", "pip", "python", "mkdocs", "git", "cd"}
NOT_RUN = {"serve"}
"""Commands that don't end by themselves. Other tests start them."""


def lines_of_blocks(path: Path) -> Iterator[tuple[int, str]]:
    """Number and text of each line of a code block, fenced or indented."""
    fence = False
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if re.match(r"\s*(```|~~~)", line):
            fence = not fence
        elif fence or line.startswith("    "):
            yield number, line.strip().removeprefix("$ ")


def command_lines() -> list[tuple[str, str]]:
    """``path:line`` and command, of every ``kb`` and ``make`` line in a code block."""
    found = []
    for path in GUIDES:
        for number, line in lines_of_blocks(path):
            if re.match(r"(kb|make) [a-z]", line):
                command = re.split(r"\s+#|\s{2,}", line)[0].strip()
                found.append((f"{path.relative_to(ROOT).as_posix()}:{number}", command))
    return found


KB_LINES = {line: where for where, line in reversed(command_lines()) if line.startswith("kb ")}
"""Each command → where it is first; the same one does the same in another guide."""
MAKE_LINES = [(where, line) for where, line in command_lines() if line.startswith("make ")]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the demo, with the files that the guides' commands are given."""
    folder = tmp_path_factory.mktemp("docs")
    shutil.copytree(ROOT / "content", folder / "content", ignore=shutil.ignore_patterns("*.csv.tmp"))
    (folder / "theme" / "pages").mkdir(parents=True)
    shutil.copy(ROOT / "mkdocs.yml", folder)
    mentions = [sys.executable, str(ROOT / "scripts" / "demo_mentions.py"), "--end", CLOCK[:10]]
    subprocess.run([*mentions, "--out", str(folder / "content" / "mentions" / "demo.csv")], check=True)
    for name in ("answers.jsonl", "searches.jsonl"):
        (folder / name).write_text("")
    (folder / "export.json").write_text('{"articles": []}')
    (folder / "queries.csv").write_text("text,article_id\nwhere is my parcel,track-order\n")
    for title in ("One", "Two"):
        (folder / "content" / "announcements" / "2026-11-20-test.md").write_text(
            f"---\ntitle: {title}\nstart: 2026-11-20\nend: 2026-11-30\n---\n\nText.\n"
        )
        subprocess.run([sys.executable, "-m", "kb_builder", "build", "--clock", CLOCK], cwd=folder, check=True)
    return folder


@pytest.mark.parametrize(("line", "where"), KB_LINES.items(), ids=KB_LINES.values())
def test_commands_of_the_guides_run(line: str, where: str, demo: Path) -> None:
    written = line.partition(">")[0]
    words = shlex.split(written)[1:]
    if words[0] in NOT_RUN:
        assert words[0] in commands.list_commands(click.Context(commands))
        return
    if words[0] == "new":
        shutil.rmtree(demo / words[1], ignore_errors=True)
    for words in (shlex.split(one)[1:] for one in written.split(" || ")):
        done = subprocess.run(
            [sys.executable, "-m", "kb_builder", *words], cwd=demo, capture_output=True, text=True, check=False
        )
        if done.returncode == 0:
            break
    # 1 is a finding, which the demo may have; 2 is a command that can't be used as the guide says.
    assert done.returncode in (0, 1), f"{where}: {line}\n{done.stdout}{done.stderr}"


@pytest.mark.parametrize(("where", "line"), MAKE_LINES, ids=[where for where, _ in MAKE_LINES])
def test_targets_of_the_guides_exist(where: str, line: str) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    target = next(word for word in line.split()[1:] if "=" not in word)
    assert re.search(rf"^{re.escape(target)}:", makefile, re.M), f"{where}: make has no target {target}"


def every_command() -> Iterator[tuple[str, click.Command]]:
    context = click.Context(commands)
    pending = [(name, commands.get_command(context, name)) for name in commands.list_commands(context)]
    for name, command in pending:
        assert command is not None
        yield name, command
        if isinstance(command, click.Group):
            pending += [(f"{name} {sub}", command.get_command(context, sub)) for sub in command.list_commands(context)]


def test_every_command_and_option_is_documented() -> None:
    """The reference is what ``scripts/command_reference.py`` makes of the commands; README names each of them."""
    made = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "command_reference.py")], capture_output=True, text=True, check=True
    ).stdout
    assert REFERENCE.read_text(encoding="utf-8") == made, "run: python scripts/command_reference.py > docs/commands.md"
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for name, command in every_command():
        if not isinstance(command, click.Group):
            assert f"kb {name}" in readme, f"README.md doesn't name kb {name}"
            for option in command.params:
                if isinstance(option, click.Option):
                    assert option.help, f"kb {name} {option.opts[-1]} has no help text"


@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_files_that_the_docs_name_exist(guide: Path) -> None:
    blocks = dict(lines_of_blocks(guide))
    lines = enumerate(guide.read_text(encoding="utf-8").splitlines(), start=1)
    text = "\n".join(line for number, line in lines if number not in blocks)
    targets = re.findall(r"\]\((?!https?:|mailto:|#)([^)#\s]+)", re.sub(r"`[^`]*`", "", text))
    missing = [target for target in targets if not (guide.parent / target).exists()]
    named = re.findall(r"`((?:kb_builder|search_index|theme|tests|scripts|docs|benchmarks)/[\w./-]*\w)`", text)
    in_wheels = {"kb_builder/_theme"}
    missing += [
        name for name in set(named) - in_wheels if not (ROOT / name).exists() and not (ROOT / f"{name}.py").exists()
    ]
    if guide.name == "design.md" or guide.parent.name == "decisions":
        # Modules are named by package and name.
        packages = {path.name for path in (ROOT / "kb_builder").iterdir() if path.is_dir()}
        modules = {name for name in re.findall(r"`(\w+(?:/\w+)+)`", text) if name.partition("/")[0] in packages}
        missing += [name for name in sorted(modules) if not list((ROOT / "kb_builder").glob(f"{name}*"))]
    assert not missing, f"{guide.relative_to(ROOT)} names what doesn't exist: {missing}"


def texts_for_users() -> Iterator[str]:
    """The help of every command, and every string of ``kb_builder`` that is no docstring."""
    yield from (command.help or "" for _, command in every_command())
    for path in sorted((ROOT / "kb_builder").rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        docstrings = {node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        for node in ast.walk(tree):
            if isinstance(node, ast.JoinedStr):
                yield ast.unparse(node).replace("{GUIDES}", GUIDES_URL)
            elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in docstrings:
                yield node.value


def test_messages_name_guides_by_an_address_since_wheels_carry_none() -> None:
    urls = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["urls"]
    assert urls["Documentation"].removesuffix("README.md") == GUIDES_URL.removesuffix("docs")
    texts = list(texts_for_users())
    named = {name for text in texts for name in re.findall(rf"{re.escape(GUIDES_URL)}/([\w-]+\.md)", text)}
    assert {"findings.md", "look.md", "staff-guide.md", "trending.md", "warehouse.md"} <= named
    assert [name for name in named if not (ROOT / "docs" / name).is_file()] == []
    assert [text for text in texts if re.search(r"\bdocs/[\w-]+\.md", text.replace(GUIDES_URL, ""))] == []


def test_every_file_of_the_docs_is_linked_from_another() -> None:
    pages = {path: path.read_text(encoding="utf-8") for path in (*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"))}
    linked = {
        (page.parent / target).resolve()
        for page, text in pages.items()
        for target in re.findall(r"\]\((?!https?:|mailto:|#)([^)#\s]+)", text)
    }
    files = [path for path in (ROOT / "docs").rglob("*") if path.is_file() and path.parent.name != "decisions"]
    assert [path.name for path in files if path.resolve() not in linked] == []


def test_decisions_are_few_and_short() -> None:
    lengths = {
        path.name: len(path.read_text(encoding="utf-8").split()) for path in (ROOT / "docs/decisions").glob("*.md")
    }
    assert len(lengths) <= 20, "merge two that belong together"
    assert {name: words for name, words in lengths.items() if words > 360} == {}, "half a page: leave out the diary"


def test_each_dependency_has_its_purpose() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    extras = project["project"]["optional-dependencies"]
    optional = [*project["dependency-groups"]["dev"], *(one for group in extras.values() for one in group)]
    asked = [*project["project"]["dependencies"], *optional]
    names = {re.split(r"[<>=\[]", one)[0] for one in asked} - {"kb-builder"}
    rows = re.findall(
        r"^\| ([a-z0-9, -]+) \| (?!for|extra)", (ROOT / "docs/libraries.md").read_text("utf-8"), re.MULTILINE
    )
    assert {name for row in rows for name in row.split(", ")} == names


def test_each_question_of_the_design_is_answered_by_one_path_and_a_name_in_it() -> None:
    design = (ROOT / "docs/design.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| ([A-Z][^|]*\?) \| `([^`]+)`, `(\w[\w-]*)`[^|`]* \|$", design, re.MULTILINE)
    assert len(rows) == design.partition("| question | answer |")[2].partition("\n\n")[0].count("? |") >= 10
    for question, path, name in rows:
        assert (ROOT / path).is_file(), f"{question} {path} does not exist"
        assert re.search(rf"\b{name}\b", (ROOT / path).read_text(encoding="utf-8")), f"{question} no {name} in {path}"


def test_the_format_of_the_index_is_described_in_its_version() -> None:
    title, _, text = (ROOT / "search_index/FORMAT.md").read_text(encoding="utf-8").partition("\n")
    assert title == f"# The format of the search index, version {FORMAT}"
    assert f"varint: format ({FORMAT})" in text
    assert f'"format": {FORMAT},' in text
