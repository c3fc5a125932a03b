"""Everyday English that a help centre and its customers share, whatever it sells.

A title says “Declined payment” where a customer writes “my card was refused when I paid”, and “shoes” is a word, not a
mistyped “shops”. Words of one trade don't belong here: an editor's ``synonyms/en.txt`` is the place for them.
"""

_FAMILIES = """
add, adds, added, adding, addition
apply, applies, applied, application, applications
break, breaks, broke, broken, breakage
build, built
buy, bought
catch, caught
choose, chose, chosen, choice
color, colour
compare, comparison
complain, complaint
confuse, confusion
convert, conversion
decide, decision
deliver, delivery, deliveries
deny, denied, denial
divide, division
draw, drew, drawn
eat, ate, eaten
enter, entry, entries
exclude, exclusion
expand, expansion
expire, expiry, expiration
explain, explanation
extend, extension
fail, failure
find, found
forget, forgot, forgotten
freeze, froze, frozen
hide, hid, hidden
identify, identity, identification
include, inclusion
inquiry, enquiry
lend, lent
lose, lost, loss
maintain, maintenance
modify, modification
notify, notification
organize, organise, organization, organisation
pay, pays, paid, payment, payments
permit, permission
prove, proved, proven, proof
recognize, recognise, recognition, unrecognized, unrecognised
recover, recovery
register, registration
reply, replies, replied
respond, response
restore, restoration
revert, reverse, reversal
run, ran
sell, sold, sale, sales, seller
send, sent, sender
solve, solution
spend, spent
steal, stole, stolen
subscribe, subscription
suspend, suspension
understand, understood
unsubscribe, unsubscription
verify, verified, verification
vary, variation
withdraw, withdrew, withdrawn, withdrawal
write, wrote, written
catalog, catalogue
center, centre
cheque, cheques
fulfill, fulfil
gray, grey
jewelry, jewellery
license, licence
program, programme
tire, tyre
"""
"""Words of one family that a stemmer keeps apart, a family a line."""

_SAME = """
money, funds, cash
fee, charge, cost, price
decline, reject, refuse, deny
fail, decline, reject, unsuccessful
lose, missing
cancel, stop, abort, undo
cancel, revert
delete, remove, erase, wipe
terminate, close, delete, deactivate, cancel
change, edit, update, modify, amend, alter, correct
buy, purchase, order
shop, store
parcel, package, shipment, delivery
ship, send, deliver, dispatch, post, mail
receive, arrive, come, deliver
late, delay
wait, pending, process
refund, reimburse, money back
invoice, bill, receipt
agent, representative, advisor, adviser, human, person, staff, support
help, assist, assistance, support
problem, issue, trouble, error
fix, repair, solve, resolve, troubleshoot
broken, faulty, defective, damaged, not working
working, functioning
start, begin, launch
enable, activate
disable, deactivate
show, display, view, see
wrong, incorrect, mistaken, inaccurate
twice, double, duplicate, two
recognize, familiar, strange, weird, unknown, suspicious
limit, maximum, max, restriction, restrict
minimum, min, least
age, old, young, child, kid
country, abroad, overseas, international, foreign
exchange, convert, swap
currency, dollars, euros, pounds
identity, id, passport
verify, confirm, prove, validate, check
transfer, send, move
transaction, payment, purchase
link, connect, pair
physical, real, plastic
extra, additional, another, more, spare
lost, misplaced
phone, mobile, smartphone, cellphone, cell
password, passcode, passphrase
block, lock, freeze
unblock, unlock, unfreeze
compromised, hacked, fraud, stolen, unauthorized
guarantee, warranty
track, trace, follow
discount, voucher, coupon, promotion
address, home
details, information, data, info
register, join, enroll, sign up
login, log in, sign in
logout, log out, sign out
picture, photo, image
computer, pc, laptop
wifi, wireless
app, application
upgrade, update
install, setup
file, document
folder, directory
estimate, long, time
timing, time, long, take
time, long, hours, days
beneficiary, recipient
atm, cash machine, cashpoint
swallow, eat, stuck
deposit, credit
balance, amount
support, accept, allow, available
accept, allow
unable, cannot, cant
reason, why
"""
"""Words for the same thing, a group a line."""

_COMMON = """
above adult afternoon album almost alone along already also angry animal annual april arms arrow asleep august aunt
autumn baby back bacon bake baker bakery ball band bank bare barn base basic basin basket bath beach bean bear beard
beat beds been beer bell belt bench berry best better bike bikes bill bird birth birthday bite black blanket blind
blood blouse blue board boat body boil bold bolt bomb bone book boot boots bored born borrow boss both bottle bottom
bowl boxes brain bread breakfast brick bride bridge bright bring broad brother brown brush bucket bulb bunch burn bush
busy butter button cable cafe cage cake calm camel camera camp candle candy cans cape care careful carpet carrot case
castle cats cave ceiling cellar chain chair chalk chance cheap cheese chef cherry chess chest chew chicken chin chips
chocolate church cider cinema city class clay clean clear clever cliff climb clock cloth clothes cloud clown club
coach coast coat coats coffee coin coins cold collar comb comic concert cook cookie cool copper corn corner cotton
couch cough count couple cousin cover crab crane crash crazy cream crew crime crisp crop cross crowd crown cruel
cruise cupboard curl curly curry curtain curve cushion daily dairy dance danger dark date daughter dead deaf dear
death december deep deer dentist desert desk diamond diary diet dinner dirt dirty dish diver doctor dogs doll door
doors doubt down dozen drag drain drama dream dress dresses drill drink drinks drop drum duck dull dust early earn
earth east easter easy edge eggs eight elbow elder empty engine enjoy enough equal even evening ever exact exam except
face fact fair faith fake family famous fancy farm farmer fashion fast fate father favour fear feast feet fence ferry
fever field fifth fifty fight film final fine finger fire firm first fish five flag flame flat flesh floor flour
flower flowers flute foam fold folk food fool foot football fork form forty four fourth free fresh friday fridge
friend friends frog front frost fruit fuel full funny garage garden garlic gate gear ghost giant gift gifts girl girls
glad glass glasses glory glove gloves glue goal goat gold golf good goose grade grain grand grape grass grave great
green grill grip ground grow guess guest guide guilt guitar gulf hair hall hammer hand handle hands happy harbour hard
harm harvest hate hats hear heart heat heavy heel height hell hello herb here hero high hill hire hobby hole holiday
holy honest honey hood hook hope horn horse hospital host hotel hour house houses huge human humid hunger hungry hunt
hurry hurt husband idea injury inside iron island jacket jail january jeans jelly jewel joke judge juice july jump
june jungle junior jury just kettle kick kids kill kind king kiss kitchen kite knee knife knives knock ladder lady
lake lamb lamp lamps land large last laugh laundry lawn lawyer lazy lead leaf learn leather left legs lemon lesson
letter level lick life lift light lights lime line lion lips list listen litre little live loaf loan lobby local
lonely look loose lorry loud love lovely luck lucky lunch lung machine magic maid main make male mango march mark
market married mask match mate meal meat medal medicine melon melt member metal midnight mile milk mill mind mine mint
minute mirror mist mobile modern monday monkey month moon moral morning mother motor mouse mouth much muscle museum
mushroom music nail naked narrow nasty nation nature near neat neck needle nephew nerve nest never next nice niece
night nine noble noise none noon north nose note novel november nurse nuts oaks ocean october olive once onion only
open opera orange oven owner oxygen pack page pain paint pair palace pale palm panic pants paper parade pardon parent
parents park part party past pasta paste path pearl peas pencil pension people pepper perfect perfume piano picnic
piece pile pill pillow pilot pink pipe pizza plain plan plane planet plant plants plate play please plenty plug plum
plus pocket poem poet point pole police polite pond pony pool poor pork port potato pound pour power pray present
pretty priest prince print prison prize proud public pull pulse pump punch pupil puppy pure push quarter queen quick
quiet quilt quite rabbit race radio rain rainy rare ready recipe rent rest rice rich ring rise risk river road roast
robe robot rock roll roof room rooms root rope rose roses rough round route royal rubber rude ruin rule rush sack
sacred saddle sail sailor salad salary salmon salt same sand sandal sandals sandwich sauce sausage school science
scissors screw seat second seed self senior sense september serious seven shade shadow shallow shame shape share shark
sharp sheep sheet sheets shelf shell shelves shine ship shirt shirts shock shoe shoes shoot short shorts shoulder
shout shovel shower shut sick silk silly silver simple since sing singer sink sister skill skin skirt skirts sleep
sleeve slice slide slim slow small smart smell smile smoke smooth snack snake snow soap sober sock socks sofa sofas
soft soil soldier solid some song songs soon sore sorry soul soup sour south space spare spell spice spicy spider
spoil spoon sport spring square stage stain stair stairs stamp stand star stay steak steam steel steep step stick
still stir stone stool storm story stove straw stream street strong student style sugar suit suits summer sunday sunny
supper sure surface swear sweat sweater sweet swim swing sword table tail tailor tale tall tank tape task taste tasty
taxi teacher team tear teeth temple tennis tent tenth thank thanks theatre them then thick thief thin thing third
thirsty thirty thread three throat thumb thunder thursday tidy tiger tight tile till tiny toast today toes toilet
tomato tomorrow tongue tonight tool tools tooth torch touch tough tour towel towels tower town toys trade traffic
trail train trains tree trees trick trip trousers truck true trunk trust truth tube tuesday tulip tune turkey turtle
twenty twin type ugly umbrella uncle under uniform upper urgent vase very vest view village violin visit voice vote
wage waist walk wall wallet warm wash watch watches water wave weak wealth wear weather wedding week weekend weekly
weeks weight welcome well west whale wheat wheel whip whisper white whole wide wife wild wind window windows wine wing
winter wire wise wish witch wolf woman women wood wooden wool word work world worm worry worse worst worth wound wrap
wrist yard year years yellow young youth zebra zone
"""
"""Short everyday words, of which none is a typo of a word like it; what ends them is left to ``endings``."""


def everyday(language: str) -> tuple[tuple[str, str], ...]:
    """(word or phrase, what it also means) pairs of everyday language; none where we know none."""
    if language.split("-")[0].lower() != "en":
        return ()
    families = {word: family for family in _groups(_FAMILIES) for word in family}
    same = [[word for term in group for word in families.get(term, [term])] for group in _groups(_SAME)]
    groups = [*_groups(_FAMILIES), *same]
    return tuple((left, right) for group in groups for left in group for right in group if left != right)


def _groups(lines: str) -> list[list[str]]:
    return [[term.strip() for term in line.split(",")] for line in lines.strip().split("\n")]


def common_words(language: str) -> frozenset[str]:
    """Short words that anybody uses, so that they are not taken for typos; none where we know none."""
    return frozenset(_COMMON.split()) if language.split("-")[0].lower() == "en" else frozenset()
