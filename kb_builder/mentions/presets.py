"""The exports of known support tools, our own columns and aggregate tables.

Columns are spelt as in the tool's CSV or JSON: ``via.channel``, ``via_channel`` and ``Via channel`` are the same.
"""

from typing import Final

from kb_builder.mentions.formats import AGGREGATE, REPLIES, Format, counted_of, format_of

# The first match wins: specific formats come before general ones.
FORMATS: Final[tuple[Format, ...]] = (
    counted_of(AGGREGATE, "topic day customers", "segment hour"),
    counted_of(AGGREGATE, "topic hour customers", "segment day"),
    # Writers of JSON leave out what is NULL: the wait of who was not answered.
    counted_of(REPLIES, "channel asked replies", "segment waited"),
    format_of(
        "twcs",
        "tweet_id author_id inbound in_response_to_tweet_id",
        {"id": "tweet_id", "time": "created_at", "customer_id": "author_id", "text": "text"},
        only={"inbound": "true 1", "in_response_to_tweet_id": ""},
        channel="twitter",
    ),
    format_of(
        "freshdesk",
        "created_at requester_id source",
        {
            "id": "id ticket_id",
            "time": "created_at",
            "channel": "source",
            "customer_id": "requester_id",
            "text": "subject description_text",
        },
        drop={"spam": "true 1", "source": "10", "deleted": "true 1"},
    ),
    format_of(
        "zendesk",
        "created_at requester_id",
        {
            "id": "id ticket_id",
            "time": "created_at",
            "channel": "via.channel channel via",
            "customer_id": "requester_id",
            "text": "subject description",
        },
        drop={"status": "deleted"},
    ),
    format_of(
        "freshdesk-csv",
        "ticket_id created_time source",
        {
            "id": "ticket_id",
            "time": "created_time",
            "channel": "source",
            "customer_id": "contact_id requester_id email",
            "text": "subject description",
        },
        drop={"spam": "true 1", "source": "10 outbound_email"},
    ),
    format_of(
        "intercom",
        "created_at source.author.type",
        {
            "id": "id",
            "time": "created_at",
            "channel": "source.type",
            "customer_id": "source.author.id",
            "text": "source.subject source.body",
            "tag": "tags.tags[*].name tags",
        },
        only={"source.author.type": "user lead contact"},
        channel="chat",
    ),
    format_of(
        "intercom-parts",
        "created_at author.type body",
        {"id": "id", "time": "created_at", "customer_id": "author.id", "text": "body"},
        only={"author.type": "user lead contact"},
        channel="chat",
    ),
    format_of(
        "gorgias",
        "created_datetime channel",
        {
            "id": "id ticket_id",
            "time": "created_datetime",
            "customer_id": "customer.id customer_id sender.id requester.id",
            "text": "subject excerpt stripped_text body_text",
            "tag": "tags[*].name tags",
        },
        drop={"from_agent": "true 1", "spam": "true 1"},
    ),
    format_of(
        "hubspot",
        "properties.createdate",
        {
            "id": "id properties.hs_object_id",
            "time": "properties.createdate",
            "channel": "properties.source_type",
            "customer_id": "properties.hs_all_associated_contact_emails properties.hs_primary_contact_id "
            "associations.contacts.results[0].id",
            "text": "properties.subject properties.content",
            "tag": "properties.hs_ticket_category",
            "segment": "properties.segment",
            "article_id": "properties.article_id",
        },
    ),
    format_of(
        "hubspot-csv",
        "ticket_id create_date",
        {
            "id": "ticket_id",
            "time": "create_date",
            "channel": "source",
            "customer_id": "associated_contact_ids associated_contact contact_id",
            "text": "ticket_name ticket_description",
            "tag": "category",
        },
    ),
    format_of(
        "helpscout",
        "createdAt primaryCustomer.id",
        {
            "id": "id",
            "time": "createdAt",
            "channel": "type source.type",
            "customer_id": "primaryCustomer.id createdBy.id",
            "text": "subject preview",
            "tag": "tags[*].tag tags",
        },
        only={"createdBy.type": "customer"},
        drop={"status": "spam", "state": "deleted draft"},
        channel="email",
    ),
    format_of(
        "front",
        "created_at recipient.handle",
        {
            "id": "id",
            "time": "created_at",
            "channel": "type",
            "customer_id": "recipient.handle",
            "text": "subject last_message.text last_message.blurb",
            "tag": "tags[*].name tags",
        },
        drop={"status": "deleted spam", "recipient.role": "to"},
    ),
    format_of(
        "zoho-csv",
        "created_time contact_name_id",
        {
            "id": "id request_id ticket_id",
            "time": "created_time",
            "customer_id": "contact_name_id email",
            "text": "subject description",
        },
        drop={"is_spam": "true 1"},
    ),
    format_of(
        "zoho",
        "createdTime contactId ticketNumber",
        {
            "id": "id ticketNumber",
            "time": "createdTime",
            "customer_id": "contactId email",
            "text": "subject description",
            "tag": "tags[*].name tags",
        },
        drop={"isSpam": "true 1"},
    ),
    format_of(
        "salesforce",
        "CaseNumber CreatedDate",
        {
            "id": "CaseNumber Id",
            "time": "CreatedDate",
            "channel": "Origin",
            "customer_id": "ContactId SuppliedEmail ContactEmail",
            "text": "Subject Description",
            "tag": "Reason Type",
        },
        drop={"IsDeleted": "true 1"},
    ),
    format_of(
        "salesforce-csv",
        "case_number date_time_opened",
        {
            "id": "case_number",
            "time": "date_time_opened",
            "channel": "case_origin",
            "customer_id": "contact_id contact_email web_email contact_name account_name",
            "text": "subject description",
            "tag": "case_reason type",
        },
    ),
    format_of(
        "jira",
        "fields.created fields.summary",
        {
            "id": "key id",
            "time": "fields.created",
            "customer_id": "fields.reporter.accountId fields.reporter.name",
            "text": "fields.summary fields.description",
            "tag": "fields.labels",
        },
        channel="form",
    ),
    format_of(
        "jira-csv",
        "issue_key created reporter",
        {
            "id": "issue_key",
            "time": "created",
            "customer_id": "reporter_id reporter",
            "text": "summary description",
            "tag": "labels",
        },
        channel="form",
    ),
    format_of(
        "helpscout-csv",
        "number created_at customer_email",
        {
            "id": "number id",
            "time": "created_at",
            "channel": "type source_type",
            "customer_id": "customer_id customer_email",
            "text": "subject preview",
        },
        drop={"status": "spam"},
        channel="email",
    ),
    format_of(
        "front-csv",
        "message_id message_date direction",
        {
            "id": "conversation_id message_id",
            "time": "message_date",
            "channel": "channel type",
            "customer_id": "contact_handle author",
            "text": "subject extract",
        },
        only={"direction": "inbound"},
        channel="email",
    ),
    format_of(
        "intercom-csv",
        "conversation_id conversation_started_at_utc",
        {
            "id": "conversation_id",
            "time": "conversation_started_at_utc",
            "customer_id": "user_id user_email",
            "text": "first_user_message conversation_title",
            "tag": "conversation_tags tags",
        },
        channel="chat",
    ),
    format_of(
        "zendesk-explore-csv",
        "ticket_id ticket_created_timestamp",
        {
            "id": "ticket_id",
            "time": "ticket_created_timestamp",
            "channel": "ticket_channel",
            "customer_id": "requester_id requester_email requester_name",
            "text": "ticket_subject ticket_description",
            "tag": "ticket_tags",
        },
        drop={"ticket_status": "deleted"},
    ),
    format_of(
        "jira-service-management",
        "issueKey createdDate.iso8601",
        {
            "id": "issueKey issueId",
            "time": "createdDate.iso8601 createdDate.epochMillis",
            "customer_id": "reporter.accountId reporter.name",
            "text": "summary requestFieldValues[0].value",
            "tag": "labels",
        },
        channel="form",
    ),
    format_of(
        "liveagent",
        "code date_created",
        {
            "id": "id code",
            "time": "date_created",
            "channel": "channel_type",
            "customer_id": "owner_contactid owner_email",
            "text": "subject preview",
            "tag": "tags",
        },
        drop={"status": "b x"},  # spam and deleted, in exports as in the API
    ),
    format_of(
        "liveagent-csv",
        "ticket_id date_created",
        {
            "id": "ticket_id",
            "time": "date_created",
            "customer_id": "requester_email requester",
            "text": "subject preview",
        },
        drop={"status": "b x"},
    ),
    format_of(
        "kayako-csv",
        "case_id created_at requester",
        {
            "id": "case_id",
            "time": "created_at",
            "customer_id": "requester_id requester_email requester",
            "text": "subject",
        },
    ),
    format_of(
        "x",
        "author_id created_at text",
        {"id": "id tweet_id", "time": "created_at", "customer_id": "author_id", "text": "text", "tag": "tag tags"},
        drop={"referenced_tweets[0].type": "retweeted"},
        channel="twitter",
    ),
)

PLAIN: Final = format_of(
    "plain",
    "",
    {
        "id": "id mention_id ticket_id message_id "
        "ticketnummer nummer id_du_ticket id_de_ticket id_do_ticket chave_da_item clave_de_incidencia",
        "time": "time created_at createdAt created timestamp date datetime "
        "datum erstellt_am erstellt angefordert fecha créé_le créé heure_de_création date_de_création "
        "creado hora_de_creación fecha_de_creación criado criado_em data_de_criação hora_de_criação",
        "exported_at": "exported_at",
        "channel": "channel source kanal quelle canal origen origem",
        "segment": "segment",
        "customer_id": "customer_id customer author author_id user_id requester_id requester_email requester "
        "customer_email kundennummer anforderer_e_mail anforderer kunde demandeur nom_complet solicitante "
        "correo_electrónico nombre_del_contacto relator cliente",
        "article_id": "article_id article",
        "tag": "tag tags schlagwörter étiquettes mots_clés etiquetas",
        "text": "text message body description "
        "betreff beschreibung nachricht objet sujet asunto descripción mensaje assunto resumo descrição mensagem",
    },
)
"""Our own columns and common synonyms, those of German, French, Spanish and Portuguese exports included."""
