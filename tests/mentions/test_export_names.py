import pytest

from kb_builder.mentions.export_names import is_export


@pytest.mark.parametrize(
    "name", ["a.csv", "a.JSON", "a.csv.gz", "a.jsonl.zst", "a.xlsx", "a.parquet", "content/mentions/tickets.xlsx"]
)
def test_suffixes_of_exports(name: str) -> None:
    assert is_export(name)


@pytest.mark.parametrize("name", ["a.docx", "a.gz", "README.md", "content/mentions/~$tickets.xlsx"])
def test_other_files_and_what_a_spreadsheet_program_leaves_beside_an_open_one(name: str) -> None:
    assert not is_export(name)
