"""The sentences that the demo's customers are made to say, and the tags that its agents set."""

TOPICS: dict[str, tuple[str, ...]] = {
    "track-order": (
        "where is my {item}",
        "the tracking for my {item} hasn't moved since {weekday}",
        "has my order gone out yet, it was placed on {weekday}",
    ),
    "late-parcel": (
        "my {item} was due on {weekday} and it still isn't here",
        "parcel is {n} days late, can somebody find it",
        "the courier is on strike and my {item} is stuck, what happens now",
        "still no delivery, I stayed in for it on {weekday}",
    ),
    "track-refund": (
        "I sent the {item} back {n} days ago and have no refund",
        "is there any news on the money for my returned {item}",
        "refund was approved on {weekday} but my bank shows nothing",
    ),
    "return-item": (
        "I'd like to send back the {item}",
        "how do I get a label to return a {item}",
        "is it still possible to return something I got {n} days ago",
    ),
    "delivered-not-received": (
        "it says delivered on {weekday} but there is no parcel at my door",
        "the photo shows somebody else's porch, not mine",
    ),
    "cancel-order": (
        "please cancel my order for the {item}, I bought it by mistake",
        "I want to cancel but the button is gone",
    ),
    "payment-problem": (
        "my card is refused at the checkout although there is money on it",
        "the payment for my {item} fails each time, error after my bank's app",
    ),
    "damaged-on-arrival": (
        "the {item} arrived smashed, the box was wet",
        "unpacked the {item} and there's a crack right across it",
    ),
    "reset-password": (
        "I can't sign in, the reset email never comes",
        "forgot my password and the link says it has expired",
    ),
    "discount-code": (
        "the Black Friday code is refused for my {item}",
        "discount code from the newsletter doesn't work at checkout",
        "it says my code isn't for these items, why",
    ),
    "change-delivery-address": (
        "I gave my old address for the {item}, can you change it",
        "wrong postcode on the order from {weekday}",
    ),
    "faulty-item": (
        "my {item} stopped working after {n} weeks",
        "the {item} has never worked properly, I'd like a new one",
    ),
    "get-invoice": ("I need an invoice for the {item}", "where can I download the invoice of my last order"),
    "missed-delivery": ("found a card at the door, how do I get my {item}", "nobody in on {weekday}, please redeliver"),
    "delivery-times": ("how long does it take to deliver a {item}", "if I order on {weekday} when is it here"),
    "delivery-options": ("what does delivery of a {item} cost", "can I choose the day for my {item}"),
    "get-refund": ("I want my money back for the {item}", "how do I claim a refund when the {item} never came"),
    "change-order": ("can I add a {item} to the order from {weekday}", "please take the {item} off my order"),
    "wrong-item": ("I ordered a {item} and got something else", "you've sent me the wrong colour of {item}"),
    "use-gift-card": ("how much is left on my gift card", "where do I type the gift card number"),
    "gift-card-problem": ("my gift card isn't accepted for the {item}", "the e-gift card I bought hasn't arrived"),
    "charged-twice": ("you've taken the money for the {item} twice", "there are two payments on my statement"),
    "part-of-order-missing": ("only half of my order came, the {item} is missing", "one of two parcels arrived"),
    "collect-parcel-shop": ("the shop says they have no parcel for me", "no collection code for my {item} yet"),
    "price-match": ("I saw the {item} cheaper elsewhere, do you match it", "it's {n} pounds less now than I paid"),
    "out-of-stock": ("when will the {item} be back in stock", "the {item} I paid for is out of stock, you say"),
    "large-items": ("which day does the sofa come", "can your drivers carry a wardrobe upstairs"),
    "missing-parts": ("the screws for my bookcase are missing", "no instructions with the {item}"),
    "newsletter": ("please take me off your newsletter", "I'd like to get the newsletter"),
    "registration-problems": ("signing up fails with an error", "the email to confirm my new account never came"),
    "guarantee": ("is a {item} of last year still under guarantee", "how do I use the guarantee for my {item}"),
    "plus-membership": ("you have renewed my Plus, I don't want it", "what do I get with Plus"),
    "edit-account": ("I have a new phone number, where do I change it", "my name is wrong in the account"),
    "complain": ("I want to make a complaint about the driver", "this is the third time, I'm complaining formally"),
    "account-hacked": ("there's an order in my account that I never made", "somebody changed my email address"),
    "swap-size-colour": ("can I swap the {item} for a bigger one", "I'd like the {item} in green instead"),
    "scam-texts": ("got a text asking for money to redeliver, is it you", "is this email about a customs fee real"),
    "large-orders": ("we need 60 of the {item} for our office", "can we have a quote for {n} dozen"),
    "delete-account": ("please delete my account", "how do I close the account for good"),
    "write-review": ("my review of the {item} isn't shown", "where can I rate the {item}"),
    "recycling-policy": ("do you take the old {item} away", "where do I bring an old {item} for recycling"),
}  # fmt: skip
"""Article → what customers say when they need it; the busiest article first."""
ONLY_IN: dict[str, dict[str, tuple[str, ...]]] = {
    "islands": {
        "island-delivery": (
            "my {item} is stuck at Inverness, when does it come to {island}",
            "held at port since {weekday}, are there no ferries to {island}",
            "why does delivery to {island} take {n} weeks",
        ),
    },
    "northern-ireland": {
        "northern-ireland-delivery": (
            "my {item} has been in the Belfast depot since {weekday}",
            "do I pay customs on a {item} to a BT postcode",
        ),
    },
    "business": {
        "invoice-missing": (
            "the invoices of this month aren't in our business account",
            "our accountant has no invoice for the order of {weekday}",
            "statements page is empty, where are our invoices",
        ),
        "pay-on-invoice": ("can we raise our credit limit", "which account do we pay the invoice to"),
        "business-account": ("how do we add a buyer to our account", "please open a trade account for our school"),
    },
}
"""Segment → topics that come up there and hardly anywhere else; each is a twentieth of what the segment says."""
GAP = (
    "the refills for the lavender diffuser don't fit",
    "lavender diffuser refills leak all over, is that normal",
    "which refills do I need for my lavender diffuser",
)
"""Nothing in the demo answers this."""
SPAM = (
    "make 900 pounds a week from your kitchen table, ask me how",
    "followers for your shop, first thousand at half the price, write to us",
    "crypto doubles until friday, don't miss it, link in my profile",
)
BRIGADE = "everybody share this: codes of this shop are a lie and they know it, nobody gets a discount"

ITEMS = ("kettle", "lamp", "toaster", "duvet cover", "frying pan", "rug", "mirror", "bread bin", "cushion", "clock")
ISLANDS = ("Orkney", "Lewis", "Skye", "Mull", "Shetland", "Islay")
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
PEOPLE = ("my mum", "my dad", "my daughter", "my brother", "a friend", "my aunt", "our new flat", "the kitchen")
DETAILS = (
    "it's for {person}",
    "it was meant for {person}",
    "I've written twice already",
    "I asked on {weekday} and heard nothing",
    "{person} has had the same",
    "I'm away from {weekday}",
    "we have guests on {weekday}",
    "please let me know before {weekday}",
    "first time I've bought from you",
    "it's been like this since {weekday}",
)
"""Sentences that people add. Without them two people would say the same sentence too often, which only brigades do."""
OPENINGS = {
    "email": ("Hello, ", "Dear team, ", "Good morning, ", "Hi there, ", ""),
    "chat": ("hi ", "hello ", "", ""),
    "phone": ("Caller says: ", "Customer asks: "),
    "whatsapp": ("hi ", "hiya ", ""),
    "sms": ("", "hi "),
    "twitter": ("@kettlemoor_demo ", ""),
    "facebook": ("", "Hello, "),
}
CLOSINGS = {
    "email": (". Many thanks.", ". Kind regards", ". I look forward to hearing from you.", "."),
    "chat": ("", "?", " please"),
    "phone": (".",),
    "whatsapp": ("", " thx", "??"),
    "sms": ("", " thanks"),
    "twitter": (" not good enough", " any chance of an answer", ""),
    "facebook": (".", " Anybody else?"),
}
TAGS = {
    "late-parcel": "late-parcel",
    "delivered-not-received": "delivered-not-received",
    "island-delivery": "islands-delay",
    "track-order": "where-is-my-order",
    "track-refund": "refund-status",
    "payment-problem": "card-declined",
    "invoice-missing": "invoice-missing",
    "gift-card-problem": "gift-card",
    "discount-code": "discount-code",
    "damaged-on-arrival": "broken-in-transit",
}
"""Article → the tag agents set for it."""
