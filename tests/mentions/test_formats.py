import pytest

from kb_builder.mentions.channels import CHANNELS, SOCIAL
from kb_builder.mentions.format_detection import recognise
from kb_builder.mentions.formats import plain_name
from kb_builder.mentions.presets import PLAIN
from kb_builder.mentions.settings import Columns


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("id time channel segment customer_id article_id tag text", "plain"),
        ("topic segment day customers", "aggregate"),
        ("tweet_id author_id inbound created_at text response_tweet_id in_response_to_tweet_id", "twcs"),
        ("id created_at requester_id via.channel subject description tags status", "zendesk"),
        ("id created_at requester_id source spam subject description_text tags", "freshdesk"),
        ("id created_at source.author.type source.author.id source.body", "intercom"),
        ("id created_at author.type author.id body", "intercom-parts"),
        ("id created_datetime channel customer.id subject excerpt", "gorgias"),
        ("id properties.createdate properties.subject properties.content", "hubspot"),
        ("id text created_at author_id in_reply_to_user_id", "x"),
    ],
)
def test_formats_are_recognised_by_header(header: str, name: str) -> None:
    assert recognise(header.split(), {}).name == name


@pytest.mark.parametrize(
    ("header", "name"),
    [
        (["Ticket ID", "Created time", "Source", "Subject", "Contact ID", "Tags"], "freshdesk-csv"),
        (["Number", "Created At", "Customer Email", "Subject"], "helpscout-csv"),
        (["Message ID", "Conversation ID", "Message date", "Direction", "Contact handle", "Extract"], "front-csv"),
        (["Conversation ID", "Conversation started at (UTC)", "User ID"], "intercom-csv"),
        (["Ticket ID", "Ticket created - Timestamp", "Ticket subject"], "zendesk-explore-csv"),
        (["issueKey", "createdDate.iso8601", "summary", "reporter.accountId"], "jira-service-management"),
        (["id", "code", "date_created", "owner_contactid", "subject"], "liveagent"),
        (["Ticket ID", "Subject", "Date created", "Requester email"], "liveagent-csv"),
        (["Case ID", "Subject", "Requester", "Created At"], "kayako-csv"),
        (["Ticket ID", "Create date", "Ticket name", "Source"], "hubspot-csv"),
        (["ID", "Created at", "Requester ID", "Via channel", "Subject"], "zendesk"),
    ],
)
def test_headings_for_people_are_recognised_too(header: list[str], name: str) -> None:
    assert recognise(header, {}).name == name


@pytest.mark.parametrize(
    "header",
    [
        ["ID", "Betreff", "Anforderer", "Anforderer-E-Mail", "Angefordert", "Kanal", "Tags"],
        ["Nummer", "Erstellt am", "Kunde", "Nachricht", "Kanal"],
        ["ID du ticket", "Sujet", "Source", "Nom complet", "Heure de création", "Mots-clés"],
        ["ID du ticket", "Objet", "Demandeur", "Créé le", "Canal"],
        ["ID", "Asunto", "Descripción", "Correo electrónico", "Hora de creación", "Canal"],
        ["Resumo", "Chave da item", "Relator", "Criado", "Descrição"],
        ["ID", "Message", "Requester", "Created at"],
    ],
)
def test_exports_in_another_language_name_what_is_needed(header: list[str]) -> None:
    found = recognise(header, {})
    there = {plain_name(name) for name in header}
    for field in ("id", "time", "customer_id", "text"):
        assert there & {plain_name(place) for place in found.columns[field]}, field


def test_configured_columns_take_precedence() -> None:
    columns = Columns(time="When was it", segment="Region")
    found = recognise(["id", "when_was_it", "text"], columns.by_field())
    assert found.columns["time"] == ("When was it",)
    assert found.columns["segment"] == PLAIN.columns["segment"]


def test_columns_for_all_files_leave_a_recognised_export_alone_except_for_what_it_lacks() -> None:
    columns = Columns(time="Solved at", segment="Plan").by_field()
    found = recognise(["id", "created_at", "requester_id", "subject", "Solved at", "Plan"], columns)
    assert found.name == "zendesk"
    assert found.columns["time"] == ("created_at",)
    assert found.columns["segment"] == ("Plan",)


def test_columns_for_one_file_go_before_everything() -> None:
    columns, own = Columns(time="a").by_field(), Columns(time="Solved at").by_field()
    header = ["id", "created_at", "requester_id", "subject", "Solved at", "a"]
    assert recognise(header, columns, own).columns["time"] == ("Solved at",)
    assert recognise(["when", "text", "a", "Solved at"], columns, own).columns["time"] == ("Solved at",)


def test_column_names_are_normalised() -> None:
    assert plain_name(" Via channel ") == plain_name("via.channel") == plain_name("VIA_CHANNEL") == "via_channel"


def test_social_channels_are_channels() -> None:
    assert set(CHANNELS.values()) >= SOCIAL
    assert CHANNELS["x"] == "twitter"
