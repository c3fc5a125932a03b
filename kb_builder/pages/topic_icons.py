"""The icon of a topic that names none, chosen by its name."""

import re
from typing import Final

DEFAULT: Final = "material/help-circle-outline"
_BY_TOPIC: Final = (
    ("track|trace|sendungsverf|suivi|rastre|spår", "material/map-marker-path"),
    ("deliver|shipp|parcel|liefer|versand|livraison|expedi|entrega|envi|frakt", "material/truck-delivery-outline"),
    ("return|exchang|rücksend|rückgabe|ruecksend|retour|umtausch|devol|troca|cambio|retur", "material/undo-variant"),
    ("refund|erstatt|rembours|reembols|återbetal", "material/cash-refund"),
    ("cancel|widerruf|storn|annul|kündig|avbok", "material/close-circle-outline"),
    ("invoice|receipt|billing|vat|rechnung|factur|fatur|faktura|kvitto", "material/receipt-text-outline"),
    ("pay|checkout|card-|zahl|bezahl|paiement|pago|pagamento|betal", "material/credit-card-outline"),
    ("gift|voucher|coupon|discount|gutschein|cadeau|regalo|presente|presentkort|rabatt", "material/gift-outline"),
    ("order|purchas|bestell|command|pedido|encomend|beställ", "material/package-variant-closed"),
    ("secur|password|privacy|data|sicherheit|datenschutz|passwor|segur|säkerhet", "material/shield-lock-outline"),
    ("contact|complain|kontakt|beschwer|réclam|reclam|klagom", "material/message-text-outline"),
    ("account|login|sign-in|profil|konto|compte|cuenta|conta", "material/account-circle-outline"),
    ("guarantee|warrant|insur|garant|versicher", "material/shield-check-outline"),
    ("fault|damag|repair|broken|technic|trouble|defekt|reparat|panne|avería|fel", "material/wrench-outline"),
    ("business|trade|wholesale|b2b|geschäft|gewerb|firmen|entrepris|empresa|företag", "material/briefcase-outline"),
    ("newsletter|notific|email|e-mail|mailing", "material/email-outline"),
    ("review|rating|feedback|bewert|avis|opinion|omdöm", "material/star-outline"),
    ("support|help|hilfe|aide|ayuda|ajuda|hjälp", "material/lifebuoy"),
    ("subscri|member|renew|abonn|suscri|assin|medlem", "material/autorenew"),
    ("setup|settings|config|app|device|einricht|einstell|réglage|ajust", "material/cog-outline"),
    ("product|size|stock|produkt|größe|produit|taille|talla|storlek", "material/tag-outline"),
    ("store|shop|branch|filiale|laden|magasin|tienda|loja|butik", "material/store-outline"),
    ("polic|terms|legal|agb|recht|condition|condicion|villkor", "material/file-document-outline"),
)  # fmt: skip


def default_name(words: str) -> str:
    """The icon of a topic without one of its own, by its URL and title."""
    text = words.casefold()
    return next((icon for stems, icon in _BY_TOPIC if re.search(rf"\b(?:{stems})", text)), DEFAULT)
