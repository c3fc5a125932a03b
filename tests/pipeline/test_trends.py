from pathlib import Path

from tests.centres import SMALL, open_site, write

ROW = "id,time,customer_id,article_id\n1,2026-11-20T08:00:00Z,ann,refunds\n"


def test_an_article_without_a_pin_has_a_reason(tmp_path: Path) -> None:
    root = write(tmp_path, {**SMALL, "content/mentions/export.csv": ROW})
    assert open_site(root).trends.why_not_pinned("refunds").startswith("1 day of mentions so far")


def test_staff_read_that_nothing_was_counted_and_not_that_all_is_normal(tmp_path: Path) -> None:
    site = open_site(write(tmp_path, SMALL), staff=True)
    page = next(page for page in site.pages if page.file == "staff/trends/index.html")
    shown = site.renderer.render(page, "").decode()
    assert "no mentions of complete days were read" in shown
    assert "above normal" not in shown
