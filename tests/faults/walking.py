"""A help centre on a random walk: edited in every way that editors, integrators and clocks can, a step at a time.

The same seed walks the same way. What is written is mostly right, now and then wrong: a wrong centre must be refused in
the same words whatever was built before.
"""

import os
import random
import re
import shutil
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from tests.centres import CONTACT, article, put, write
from tests.made_mentions import Row, row, write_csv

SYLLABLES = "ba ce di fo gu ha ji ko lu ma ne pi qu ro su ta ve wo xi zu".split()
WORDS = [first + second + third for first in SYLLABLES for second in SYLLABLES[::3] for third in SYLLABLES[::5]]
FOLDERS = ("faq", "faq/orders", "faq/returns", "faq/returns/far", "policies")
START = datetime(2026, 11, 20, 12, tzinfo=UTC)
SEGMENTS = ("islands", "business")
PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" width="{}" height="20"><title>{}</title></svg>'


class Walk:
    """A project in ``root`` and the clock that it is built by."""

    def __init__(self, root: Path, seed: int, articles: int = 30) -> None:
        self.root = root
        self.now = START
        self._chance = random.Random(seed)
        self._made = 0
        self._paths: dict[str, str] = {}
        self._headings: dict[str, list[str]] = {}
        self._site = {
            "name": "Corner Shop", "brand": "", "language": "en", "publish": "symlink", "learn": "true",
            "custom": "", "logo": "", "email": "", "extra": "",
        }  # fmt: skip
        self._mentions: list[Row] = []
        write(root, {})
        for _ in range(articles):
            self.add_article()
        self._configure()
        self.mentions()

    # What may happen in a step

    EDITS = (
        ("rewrite_article", 8), ("edit_body", 6), ("edit_header", 6), ("add_article", 3), ("remove_article", 2),
        ("rename_article", 2), ("change_id", 1), ("move_folder", 1), ("category", 2), ("picture", 2), ("redirects", 2),
        ("announcement", 3), ("words", 2), ("template", 1), ("configuration", 4), ("contact", 1), ("language", 3),
        ("mentions", 4), ("trending", 3), ("synonyms", 2), ("later", 5), ("earlier", 1), ("break_something", 1),
    )  # fmt: skip

    def step(self) -> list[str]:
        """One to three changes; gives their names."""
        names, weights = zip(*self.EDITS, strict=True)
        chosen = self._chance.choices(names, weights, k=self._chance.choice((1, 1, 2, 3)))
        self.mend()
        for name in chosen:
            getattr(self, name)()
        return chosen

    def add_article(self) -> None:
        self._made += 1
        self._write(f"art-{self._made}", f"{self._chance.choice(FOLDERS)}/art-{self._made}.md")

    def rewrite_article(self) -> None:
        if self._paths:
            id = self._any()
            self._write(id, self._paths[id])

    def edit_body(self) -> None:
        """A word more, a link more, another heading: what an editor does all day."""
        file = self._file(self._any())
        text = file.read_text()
        change = self._chance.randrange(4)
        if change == 0:
            text += f"\n{self._words(3)}\n"
        elif change == 1:
            text += f"\n{self._link(file)}\n"
        elif change == 2:
            text = text.replace("\n## ", f"\n## {self._words(1)} ", 1)
        else:
            text = text.replace(self._chance.choice(text.split()[-5:]), self._words(1))
        file.write_text(text)

    def edit_header(self) -> None:
        id = self._any()
        file = self._file(id)
        head, _, body = file.read_text().removeprefix("---\n").partition("\n---\n")
        keys = dict(line.split(": ", 1) for line in head.split("\n") if ": " in line and not line.startswith(" "))
        name, value = self._chance.choice(
            [
                ("title", self._words(3)), ("answer", self._words(6)), ("order", str(self._chance.randint(1, 9))),
                ("draft", "true"), ("draft", ""), ("audience", "staff"), ("audience", ""), ("unlisted", "true"),
                ("unlisted", ""), ("tags", f"[{self._words(1)}]"), ("trending", "false"),
                ("publish_date", self._day(-2, 6)), ("expiry_date", self._day(0, 9)), ("expiry_date", ""),
                ("related", f"[{self._any()}]"), ("search", "{exclude: true}"), ("search", ""),
                ("promoted", "true"), ("promoted", f"{{until: {self._day(0, 5)}}}"), ("nav_title", self._words(1)),
                ("description", self._words(7)), ("owner", self._words(1)), ("last_reviewed_on", self._day(-9, -1)),
                ("segments", f"[{self._chance.choice(SEGMENTS)}]"), ("type", "policy"), ("type", ""),
            ]
        )  # fmt: skip
        keys.pop(name, None)
        if value:
            keys[name] = value
        head = "\n".join(f"{key}: {value}" for key, value in keys.items())
        file.write_text(f"---\n{head}\n---\n{body}")

    def remove_article(self) -> None:
        if len(self._paths) > 5:
            id = self._any()
            self._file(id).unlink()
            del self._paths[id]

    def rename_article(self) -> None:
        """Another file name and folder, maybe with the old address kept."""
        id = self._any()
        old, self._made = self._file(id), self._made + 1
        self._paths[id] = f"{self._chance.choice(FOLDERS)}/moved-{self._made}.md"
        text = old.read_text()
        if self._chance.random() < 0.6:
            address = old.relative_to(self.root / "content/articles").as_posix().removesuffix(".md")
            if "redirect_from" not in text:
                text = text.replace("---\n", f"---\nredirect_from: [{address}]\n", 1)
        old.unlink()
        put(self.root, f"content/articles/{self._paths[id]}", text)

    def change_id(self) -> None:
        old = self._any()
        self._made += 1
        new = f"art-{self._made}"
        file = self._file(old)
        file.write_text(file.read_text().replace(f"id: {old}\n", f"id: {new}\n", 1))
        self._paths[new] = self._paths.pop(old)
        self._headings[new] = self._headings.pop(old)

    def move_folder(self) -> None:
        one, other = self._chance.sample(FOLDERS[1:4], 2)
        for id, path in list(self._paths.items()):
            if path.rpartition("/")[0] == one:
                to = f"{other}/{path.rpartition('/')[2]}"
                put(self.root, f"content/articles/{to}", self._file(id).read_bytes())
                self._file(id).unlink()
                self._paths[id] = to

    def category(self) -> None:
        file = f"content/articles/{self._chance.choice(FOLDERS)}/_category.yml"
        if (self.root / file).exists() and self._chance.random() < 0.3:
            (self.root / file).unlink()
        else:
            put(self.root, file, f"title: {self._words(2)}\norder: {self._chance.randint(1, 9)}\n")

    def picture(self) -> None:
        file = self.root / f"content/articles/{self._chance.choice(FOLDERS)}/p{self._chance.randrange(3)}.svg"
        if file.exists() and self._chance.random() < 0.3:
            file.unlink()
        elif file.parent.is_dir():
            file.write_text(PICTURE.format(self._chance.randint(10, 40), self._words(1)))

    def redirects(self) -> None:
        lines = [f"old/{self._chance.randrange(9)}-{number}: {self._any()}" for number in range(3)]
        # Old ids, some of them of articles that changed their id twice.
        lines += [f"art-{number}: {self._any()}" for number in range(1, 4) if f"art-{number}" not in self._paths]
        put(self.root, "content/redirects.yml", "\n".join(lines) + "\n")

    def announcement(self) -> None:
        file = self.root / f"content/announcements/2026-11-1{self._chance.randrange(4)}-x.md"
        if file.exists() and self._chance.random() < 0.3:
            file.unlink()
            return
        severity = self._chance.choice(("info", "notice", "warning", "critical"))
        more = self._chance.choice(("", "audience: staff\n", "draft: true\n", f"segments: [{SEGMENTS[0]}]\n"))
        text = (
            f"---\ntitle: {self._words(3)}\nseverity: {severity}\nstart: {self._day(-3, 2)}T09:00:00\n"
            f"end: {self._day(3, 6)}T09:00:00\n{more}---\n{self._words(9)} {self._link(file)}\n"
        )
        put(self.root, file.relative_to(self.root).as_posix(), text)

    def words(self) -> None:
        language = self._chance.choice((self._site["language"], "nl"))
        said = {"Happening now": self._words(2), "Announcements": self._words(1)}
        lines = ",\n".join(f'  "{key}": "{value}"' for key, value in said.items())
        put(self.root, f"mine/words/{language}.json", f"{{\n{lines}\n}}\n")
        self._site["custom"] = "mine"
        self._configure()

    def template(self) -> None:
        """A component overridden, and given up again."""
        file = self.root / "mine/components/footer/footer.html"
        if file.exists() and self._chance.random() < 0.5:
            file.unlink()
        else:
            own = f"<footer><p>{self._words(3)} {{{{ site.name }}}}</p></footer>"
            put(self.root, "mine/components/footer/footer.html", f"{{%- macro footer() -%}}{own}{{%- endmacro -%}}\n")
        self._site["custom"] = self._chance.choice(("mine", "mine", ""))
        self._configure()

    def configuration(self) -> None:
        logo = self._chance.choice(("", "logo.svg"))
        put(self.root, "logo.svg", PICTURE.format(self._chance.randint(10, 40), "logo"))
        self._site |= self._chance.choice(
            (
                {"name": self._words(2)}, {"brand": f"#{self._chance.randrange(1 << 24):06x}"}, {"brand": ""},
                {"publish": "folder"}, {"publish": "symlink"}, {"learn": "false"}, {"learn": "true"},
                {"logo": logo}, {"email": f"{self._words(1)}@example.com"}, {"email": ""},
                {"extra": "markdown_extensions: [smarty]\n"}, {"extra": ""},
            )
        )  # fmt: skip
        self._configure()

    def contact(self) -> None:
        wait = f"{self._chance.randint(2, 50)} hours"
        put(self.root, "content/contact.yml", CONTACT.replace("4 hours", wait))

    def language(self) -> None:
        self._site["language"] = self._chance.choice(("de", "fr", "ar", "en", "en"))
        self._configure()

    def mentions(self) -> None:
        """Exports come, go and are corrected; some name an article, some are matched by their words."""
        change = self._chance.randrange(3)
        ids = self._chance.sample(sorted(self._paths), min(4, len(self._paths)))
        if change == 0 or not self._mentions:
            self._mentions = [self._mention(back, id) for back in range(1, 30) for id in ids for _ in range(2)]
        elif change == 1:
            self._mentions += [self._mention(back, ids[0]) for back in range(3) for _ in range(12)]
        else:
            kept = self._chance.sample(self._mentions, len(self._mentions) * 2 // 3)
            self._mentions = [row for row in self._mentions if row in kept]
        folder = self.root / "content/mentions"
        folder.mkdir(exist_ok=True)
        if self._chance.random() < 0.1:
            shutil.rmtree(folder)
        else:
            write_csv(folder / "tickets.csv", self._mentions)

    def trending(self) -> None:
        lines = ["segments: {islands: Islands, business: Business}"]
        if self._chance.random() < 0.6:
            lines += ["pin:", f"  - {{id: {self._any()}, until: {self._day(0, 5)}}}"]
        if self._chance.random() < 0.3:
            lines += ["suppress:", f"  - {{id: {self._any()}, until: {self._day(0, 5)}}}"]
        if self._chance.random() < 0.3:
            lines.append(f"never: [{self._any()}]")
        if self._chance.random() < 0.3:
            lines.append(f"slots: {self._chance.randint(0, 6)}")
        put(self.root, "content/trending.yml", "\n".join(lines) + "\n")

    def synonyms(self) -> None:
        put(self.root, f"content/synonyms/{self._site['language']}.txt", f"{self._words(1)}, {self._words(1)}\n")

    def later(self) -> None:
        self.now += timedelta(hours=self._chance.choice((1, 13, 30, 80)))

    def earlier(self) -> None:
        self.now = max(START - timedelta(days=5), self.now - timedelta(hours=50))

    def break_something(self) -> None:
        """A mistake, corrected before the next step."""
        name, text = self._chance.choice(
            [
                ("content/articles/faq/zz-broken.md", "---\ntile: x\n---\nText\n"),
                ("content/articles/faq/zz-twin.md", article(self._any())),
                ("content/articles/faq/zz-bytes.md", b"---\ntitle: \xff\n---\n"),
                ("content/articles/faq/zz-link.md", article("zz-link", body="[x](nowhere.md)\n")),
                ("content/announcements/zz-broken.md", "---\ntitle: x\nseverity: loud\n---\n"),
            ]
        )
        put(self.root, name, text)

    def mend(self) -> None:
        for file in (self.root / "content").rglob("zz-*"):
            file.unlink()

    def obey(self, said: str) -> None:
        """What an editor does about errors: the lines are deleted."""
        for path, line in set(re.findall(r"^(content/\S+):(\d+): error", said, re.MULTILINE)):
            file = self.root / path
            if file.is_file() and file.suffix == ".md" and "zz-" not in path:
                lines = file.read_bytes().decode().split("\n")
                lines[int(line) - 1] = ""
                file.write_text("\n".join(lines))
            elif file.is_file():
                file.unlink()

    # How it is written

    def _write(self, id: str, path: str) -> None:
        chance, keys = self._chance.random, {}
        if chance() < 0.3:
            keys["answer"] = self._words(8)
        if chance() < 0.2 and self._paths:
            keys["related"] = [self._any()]
        if chance() < 0.2:
            keys["asked_as"] = [self._words(4) for _ in range(4)]
        if chance() < 0.05:
            keys["audience"] = "staff"
        if chance() < 0.05:
            keys["draft"] = "true"
        if chance() < 0.1:
            keys["publish_date"] = self._day(-2, 6)
        if chance() < 0.1:
            keys["expiry_date"] = self._day(1, 9)
        if chance() < 0.1:
            keys["redirect_from"] = [f"old/{id}-{self._chance.randrange(3)}"]
        if chance() < 0.1:
            keys["segments"] = [self._chance.choice(SEGMENTS)]
        self._headings[id] = [self._words(1) for _ in range(2)]
        self._paths[id] = path
        file = self.root / "content/articles" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        parts = [self._words(25), *(f"## {heading}\n\n{self._words(12)}" for heading in self._headings[id])]
        parts.insert(1, self._link(file))
        file.write_text(article(id, title=self._words(3), body="\n\n".join(parts) + "\n", **keys))

    def _link(self, file: Path) -> str:
        """A link that leads to an article, one of its headings or a picture, or nowhere."""
        chance = self._chance.random()
        if chance < 0.2:
            picture = self.root / f"content/articles/{self._chance.choice(FOLDERS)}/p{self._chance.randrange(3)}.svg"
            return f"![a picture]({os.path.relpath(picture, file.parent)})"
        if chance < 0.25 or not self._paths:
            return "[nowhere](nowhere.md)"
        id = self._any()
        where = os.path.relpath(self._file(id), file.parent)
        anchor = f"#{self._chance.choice(self._headings[id])}" if chance < 0.6 else ""
        return f"[{self._words(1)}]({where}{anchor})"

    def _configure(self) -> None:
        site = self._site
        options = [f"publish: {site['publish']}", f"search: {{learn: {site['learn']}}}"]
        options += [f'brand: "{site["brand"]}"'] if site["brand"] else []
        options += [f"feedback: {{email: {site['email']}}}"] if site["email"] else []
        theme = ["name: material", "font: false", f"language: {site['language']}"]
        theme += [f"custom_dir: {site['custom']}"] if site["custom"] else []
        theme += [f"logo: {site['logo']}"] if site["logo"] else []
        (self.root / "mine").mkdir(exist_ok=True)
        text = (
            f"site_name: {site['name']}\nsite_url: https://help.example.com/\ntheme:\n"
            + "".join(f"  {line}\n" for line in theme)
            + "plugins:\n  - kb:\n"
            + "".join(f"      {line}\n" for line in options)
            + site["extra"]
        )
        put(self.root, "mkdocs.yml", text)

    def _mention(self, back: int, id: str) -> Row:
        self._made += 1
        day = START.date() - timedelta(days=back - 2)
        said = {"text": self._words(6)} if self._chance.random() < 0.5 else {}
        more = {"segment": self._chance.choice(SEGMENTS)} if self._chance.random() < 0.3 else {}
        if said and self._chance.random() < 0.5:
            title = self._file(id).read_text().partition("title: ")[2].partition("\n")[0]
            return row(day, f"c-{self._made}", "", text=title, **more)
        return row(day, f"c-{self._made}", id, **said, **more)

    def _any(self) -> str:
        return self._chance.choice(sorted(self._paths)) if self._paths else "art-1"

    def _file(self, id: str) -> Path:
        return self.root / "content/articles" / self._paths[id]

    def _words(self, count: int) -> str:
        return " ".join(self._chance.choices(WORDS, k=count))

    def _day(self, first: int, last: int) -> date:
        return self.now.date() + timedelta(days=self._chance.randint(first, last))
