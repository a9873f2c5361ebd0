#!/usr/bin/env python3
"""Writes the sample history of a shop into the folder this file lies in.

    python3 make.py

Needs Python 3.11 or newer and nothing but its standard library. Reads no clock, no network and
no other file; the seed is fixed, so every run writes the same bytes:

    rules.toml       how to replay a stream, without code (the text RULES below)
    events.jsonl     the history, one event a line, in the order of positions
    snapshots.jsonl  states the shop stored itself, one of them wrong on purpose
    README.md        what is in it and where

How it works, from top to bottom:

    1. Small tools      times as whole milliseconds, exact JSON, ids made from names
    2. Rules            the text of rules.toml and a small interpreter of it in exact decimals
    3. Book             where the parts below write down what happened
    4. Shop             customers, carts, orders, payments, shipments
    5. Inventory, accounts, sensors, videos
    6. Assembly         sorts by time, counts versions, makes ids, sets two clocks wrong
    7. Snapshots
    8. Checks           every story the README tells is asserted here
    9. README and main

Amounts are decimal.Decimal from the first to the last line and are written with two decimals.
Every part draws from its own random numbers, so a change in one leaves the others as they were.
"""

import heapq
import json
import tomllib
import uuid
from collections import Counter, defaultdict
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from decimal import ROUND_HALF_EVEN, Decimal
from pathlib import Path
from random import Random

HERE = Path(__file__).resolve().parent
SEED = "sample-history-1"

# ---------------------------------------------------------------------------------------------
# 1. Small tools
# ---------------------------------------------------------------------------------------------

SECOND, MINUTE, HOUR, DAY = 1_000, 60_000, 3_600_000, 86_400_000


def T(text: str) -> int:
    """'2023-02-01 09:14:22.118' (UTC) as milliseconds since 1970."""
    moment = datetime.fromisoformat(text).replace(tzinfo=timezone.utc)
    since = moment - datetime(1970, 1, 1, tzinfo=timezone.utc)
    return (since.days * 86_400 + since.seconds) * 1000 + since.microseconds // 1000


def when(ms: int) -> datetime:
    return datetime(1970, 1, 1, tzinfo=timezone.utc) + timedelta(milliseconds=ms)


def rfc3339(ms: int) -> str:
    return when(ms).strftime("%Y-%m-%dT%H:%M:%S.") + f"{ms % 1000:03d}Z"


def day_of(ms: int) -> str:
    return when(ms).strftime("%Y-%m-%d")


def midnight(ms: int) -> int:
    return ms - ms % DAY


START, END = T("2023-01-02 00:00:00"), T("2024-06-30 23:59:59.999")
OUTAGE = (T("2024-03-02 17:12:00"), T("2024-03-03 04:12:00"))  # 11 hours without any event
SILENT = (T("2023-08-07 00:00:00"), T("2023-08-21 00:00:00"))  # a fortnight without readings
NEW_CUSTOMER_SHAPE = T("2023-10-01 00:00:00")  # OrderPlaced: customer is an object from here on
COUPON_FIX = T("2023-05-02 00:00:00")  # from here on a retried coupon is not applied again
SKEW_PAYMENTS = (T("2023-11-24 18:30:00"), T("2023-11-24 22:00:00"))
SKEW_SHIPPING = (T("2024-04-16 16:55:00"), T("2024-04-16 17:45:00"))


def settle(ms: int) -> int:
    """What fell into the outage happens soon after it, in the same order."""
    start, end = OUTAGE
    return end + 90 * SECOND + (ms - start) // 20 if start <= ms < end else ms


def money(text) -> Decimal:
    return Decimal(text).quantize(Decimal("0.01"), rounding=ROUND_HALF_EVEN)


def cents(count: int) -> Decimal:
    return Decimal(count).scaleb(-2)


def dumps(value) -> str:
    """JSON without spaces; a Decimal is written digit by digit, never by way of a float."""
    if isinstance(value, dict):
        return "{" + ",".join(f"{dumps(k)}:{dumps(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(dumps, value)) + "]"
    if isinstance(value, Decimal):
        return format(value, "f")
    assert value is None or isinstance(value, (str, bool, int)), value
    return json.dumps(value, ensure_ascii=False)


def loads(text: str):
    return json.loads(text, parse_float=Decimal)


NAMESPACE = uuid.UUID("6f1d2b9a-0c5e-5a47-8e21-3b7f94c0d6a8")


def uid(name: str) -> str:
    return str(uuid.uuid5(NAMESPACE, name))


def correlation(name: str) -> str:
    if name == "order-1220":
        return "5be2a940-3d07-4c1e-9b52-8f60a3e171cc"
    return uid("correlation " + name)


# ---------------------------------------------------------------------------------------------
# 2. Rules: the text of rules.toml, and an interpreter of it
# ---------------------------------------------------------------------------------------------

RULES = """\
# Rules without code: how the state of a stream follows from its events.
#
# [category.NAME] holds for all streams whose name begins with NAME and a dash.
#   start   JSON text of the state before the first event, {} where it is left out
#   on      for each event type the sentences to follow, one after the other
#
# set PATH to EXPR           merge EXPR                 merge EXPR into PATH
# add EXPR to PATH           subtract EXPR from PATH    delete PATH
# append EXPR to PATH        remove EXPR from PATH
#
# PATH is a dotted path into the state.
# EXPR is data, data.x.y, metadata.x, state.x.y, one of stream, type, version, time, or JSON.
# Where a source is missing, the sentence does nothing.
# A sum starts from 0 where the field is missing and keeps the larger number of decimals.

# Orders. At every version: balance = total - paid + refunded.
[category.order]
start = '{"discounts": [], "paid": 0.00}'

[category.order.on]
# `customer` was a text at first and is an object with id and name since October 2023:
# the second sentence finds nothing in the old shape and puts the first one right in the new one.
OrderPlaced = [
  'set id to stream',
  'set status to "Placed"',
  'set customerId to data.customer',
  'set customerId to data.customer.id',
  'set customerName to data.customer.name',
  'set currency to data.currency',
  'set lines to data.lines',
  'set coupon to data.coupon',
  'set subtotal to data.total',
  'set total to data.total',
  'set balance to data.total',
]
# The coupon named at checkout becomes pending with the first discount.
# A second discount settles it: by then state.coupon is gone, so nothing is set again.
DiscountApplied = [
  'append data to discounts',
  'add data.amount to discountTotal',
  'subtract data.amount from total',
  'subtract data.amount from balance',
  'delete pendingCoupon',
  'set pendingCoupon to state.coupon',
  'delete coupon',
]
PaymentRequested = ['set due to data.due']
PaymentReceived = [
  'set status to "Paid"',
  'set paymentId to data.paymentId',
  'add data.amount to paid',
  'subtract data.amount from balance',
  'delete due',
]
OrderConfirmed = ['set status to "Confirmed"', 'set eta to data.eta']
ItemsPicked = ['set pickedBy to data.picker']
Shipped = ['set status to "Shipped"', 'merge data into shipment']
# With delivery a coupon is used up.
Delivered = [
  'set status to "Delivered"',
  'set shipment.signedBy to data.signedBy',
  'delete pendingCoupon',
]
# `credit` is what is taken off the order; money paid too much is refunded without it.
RefundIssued = [
  'add data.amount to refunded',
  'add data.amount to balance',
  'subtract data.credit from total',
  'subtract data.credit from balance',
]
OrderCancelled = [
  'set status to "Cancelled"',
  'set cancelled to data.reason',
  'subtract data.credit from total',
  'subtract data.credit from balance',
  'delete pendingCoupon',
  'delete coupon',
  'delete due',
]
OrderClosed = ['set status to "Closed"', 'set closedAt to time']

[category.cart]
start = '{"items": []}'

[category.cart.on]
CartItemAdded = ['append data to items', 'add data.sum to total']
CartCheckedOut = ['set order to data.order', 'set checkedOutAt to time']

[category.payment.on]
PaymentAuthorized = ['merge data', 'set status to data.result']
PaymentCaptured = ['set status to "captured"', 'add data.amount to captured', 'add data.fee to fees']
RefundRequested = ['set status to "refund requested"', 'add data.amount to refundRequested']

[category.shipment.on]
LabelPrinted = ['merge data', 'set status to "labelled"']
ParcelScanned = ['set status to data.status', 'set place to data.place', 'add 1 to scans']

# What a customer with a running account owes is the sum of all changes.
[category.customer]
start = '{"balance": 0.00}'

[category.customer.on]
CustomerRegistered = ['merge data']
BalanceChanged = ['add data.change to balance', 'set lastOrder to data.order']
CouponRetried = ['add 1 to couponRetries', 'set lastRetry to data']

# qty is reserved or no longer reserved; `out` of them left the shelf.
[category.inventory]
start = '{"onHand": 0, "reserved": 0, "reservedFor": []}'

[category.inventory.on]
StockReceived = ['add data.qty to onHand', 'set sku to data.sku', 'set lastReceived to time']
StockReserved = ['add data.qty to reserved', 'append data.order to reservedFor']
StockReleased = [
  'subtract data.qty from reserved',
  'subtract data.out from onHand',
  'remove data.order from reservedFor',
]
StockAdjusted = ['add data.change to onHand', 'set lastCount to time']

[category.account]
start = '{"balance": 0.00}'

[category.account.on]
Opened = ['merge data', 'set openedAt to time']
Deposited = ['add data.amount to balance', 'set ledgerSeq to data.ledgerSeq']
Withdrawn = ['subtract data.amount from balance', 'set ledgerSeq to data.ledgerSeq']
FeeCharged = [
  'subtract data.amount from balance',
  'add data.amount to fees',
  'set ledgerSeq to data.ledgerSeq',
]
InterestPaid = [
  'add data.amount to balance',
  'add data.amount to interest',
  'set ledgerSeq to data.ledgerSeq',
]

[category.sensor.on]
SensorInstalled = ['merge data', 'set readings to 0']
ReadingTaken = [
  'set temperature to data.temperature',
  'set humidity to data.humidity',
  'add 1 to readings',
  'set lastReading to time',
]
ThresholdExceeded = ['add 1 to alarms', 'set lastAlarm to time']
SensorCalibrated = ['set offset to data.offset', 'set calibratedAt to time']

# A video passes through four services, each with its own stream.
[category.upload.on]
VideoUploaded = ['merge data', 'set status to "uploaded"']

[category.processing.on]
ProcessingStarted = ['set video to data.video', 'set status to "running"']
ThumbnailCreated = ['append data.file to thumbnails']
ProcessingCompleted = ['set status to "completed"', 'set renditions to data.renditions']

[category.catalog.on]
VideoListed = ['merge data', 'set status to "listed"']

[category.delivery.on]
VideoMadeAvailable = ['merge data', 'set status to "available"']
"""

MISSING = object()
WORDS = ("stream", "type", "version", "time")
ROOTS = ("data", "metadata", "state")


def look(value, path: list[str]):
    for name in path:
        if not isinstance(value, dict) or name not in value:
            return MISSING
        value = value[name]
    return value


def read_rules(text: str) -> dict:
    """Per category: (start state, {type: [(verb, expression, path)]}), all of it checked."""

    def parse(sentence: str):
        verb, _, rest = sentence.partition(" ")
        if verb == "delete":
            return verb, None, rest.split(".")
        if verb == "merge" and " into " not in rest:
            return verb, rest, []
        joint = {"set": "to", "merge": "into", "add": "to", "subtract": "from",
                 "append": "to", "remove": "from"}[verb]
        if verb == "set":
            path, expression = rest.split(f" {joint} ", 1)
        else:
            expression, path = rest.rsplit(f" {joint} ", 1)
        if expression not in WORDS and expression.split(".")[0] not in ROOTS:
            loads(expression)
        return verb, expression, path.split(".")

    rules = {}
    for name, part in tomllib.loads(text)["category"].items():
        on = {kind: [parse(s) for s in lines] for kind, lines in part["on"].items()}
        rules[name] = (loads(part.get("start", "{}")), on)
    return rules


def evaluate(expression: str, state: dict, event: dict):
    root, *path = expression.split(".")
    if expression in WORDS:
        return event[expression]
    if root not in ROOTS:
        return loads(expression)
    value = look(state if root == "state" else event[root], path)
    return value if value is MISSING else deepcopy(value)


def follow(sentences: list, state: dict, event: dict) -> None:
    for verb, expression, path in sentences:
        value = None if verb == "delete" else evaluate(expression, state, event)
        if value is MISSING:
            continue
        if not path:  # merge into the whole state
            state.update(value)
            continue
        *parents, last = path
        place = state
        for name in parents:
            if verb in ("delete", "remove") and name not in place:
                break
            place = place.setdefault(name, {})
        else:
            if verb == "set":
                place[last] = value
            elif verb == "merge":
                place.setdefault(last, {}).update(value)
            elif verb == "add":
                place[last] = place.get(last, 0) + value
            elif verb == "subtract":
                place[last] = place.get(last, 0) - value
            elif verb == "append":
                place.setdefault(last, []).append(value)
            elif verb == "remove":
                if last in place:
                    place[last] = [x for x in place[last] if x != value]
            else:
                place.pop(last, None)


def replay(rules: dict, events: list[dict]) -> list[dict]:
    """The states of one stream: after its first event, after its second, and so on."""
    start, on = rules[events[0]["stream"].split("-", 1)[0]]
    state, states = deepcopy(start), []
    for event in events:
        follow(on[event["type"]], state, event)
        states.append(deepcopy(state))
    return states


# ---------------------------------------------------------------------------------------------
# 3. Book: what happened, before versions and ids are known
# ---------------------------------------------------------------------------------------------


@dataclass
class Draft:
    stream: str
    type: str
    at: int  # when it was stored; its own clock may say something else
    data: dict
    corr: str
    cause: "Draft | str | None"
    user: str
    schema: int = 1
    version: int = -1
    id: str = ""


@dataclass
class Book:
    drafts: list[Draft] = field(default_factory=list)

    def say(self, stream, type, at, data, corr, cause, user, schema=1) -> Draft:
        draft = Draft(stream, type, settle(at), data, corr, cause, user, schema)
        self.drafts.append(draft)
        return draft


def cmd(*parts) -> str:
    return "cmd-" + "-".join(map(str, parts))


# ---------------------------------------------------------------------------------------------
# 4. Shop: customers, carts, orders, payments, shipments
# ---------------------------------------------------------------------------------------------

PRODUCTS = [  # sku, price, kept in the shop's own stock, how often it is bought
    ("SKU-2208", "80.00", True, 6), ("SKU-1031", "60.00", True, 5), ("SKU-1187", "24.90", True, 4),
    ("SKU-1340", "149.00", True, 2), ("SKU-1502", "12.50", True, 4), ("SKU-1764", "39.95", True, 3),
    ("SKU-2091", "18.20", True, 3),
    ("SKU-3005", "64.20", False, 5), ("SKU-3012", "27.40", False, 6), ("SKU-3020", "86.40", False, 4),
    ("SKU-3044", "9.80", False, 5), ("SKU-3051", "119.00", False, 3), ("SKU-3066", "34.50", False, 5),
    ("SKU-3079", "210.00", False, 2), ("SKU-3083", "15.75", False, 5), ("SKU-3090", "48.00", False, 4),
    ("SKU-3104", "74.50", False, 4), ("SKU-3118", "5.95", False, 3), ("SKU-3127", "310.00", False, 1),
]
PRICE = {sku: money(price) for sku, price, _, _ in PRODUCTS}
STOCKED = [sku for sku, _, stocked, _ in PRODUCTS if stocked]

FIRST = ("Julie Marek Anna Lukas Sofia Pieter Greta Tomás Ines Oskar Chloé Matteo Hanna Emil Léa "
         "Nora Søren Jana Hugo Katarína Ewan Maja Rosa Felix Aoife Bram Zoë Ida Luca Mina").split()
LAST = ("Moreau Novák Keller Lindqvist Rossi Janssen Weber García Fournier Ålund Murphy Bauer "
        "Petrov Łukasiewicz Costa Dubois Virtanen Horvat Schneider Muñoz Byrne Jansen Fischer "
        "Nagy Leclerc Brandt Olsen Marini Vogel Smit").split()
CITIES = [("Lyon", "FR"), ("Köln", "DE"), ("Gent", "BE"), ("Praha", "CZ"), ("Porto", "PT"),
          ("Malmö", "SE"), ("Graz", "AT"), ("Utrecht", "NL"), ("Torino", "IT"), ("Dublin", "IE"),
          ("Bern", "CH"), ("Kraków", "PL")]
CARRIERS = [("DHL", "JD0146"), ("DPD", "0984"), ("UPS", "1Z68A")]
PICKERS = ["w-03", "w-08", "w-11", "w-14", "w-17"]


@dataclass
class Customer:
    number: int
    name: str
    city: tuple
    at: int
    running: bool  # has a running account: invoiced, with BalanceChanged in the own stream
    since: str | None = None

    @property
    def stream(self) -> str:
        return f"customer-{self.number:04d}"


@dataclass
class Plan:
    """An order, or a cart left behind, as far as it is known beforehand."""
    at: int
    kind: str = "order"  # order | cart
    role: str = ""  # 1220 | friday | batch | outage | japan
    number: int = 0
    cart: int = 0
    shipment: int = 0
    customer: Customer | None = None
    method: str = ""  # card (own payment stream) | wallet | transfer
    lines: list = field(default_factory=list)
    total: Decimal = Decimal(0)
    coupon: tuple | None = None
    fate: str = ""  # "" | unpaid | cancelled | returned | twice-refunded | twice-left


HOURS = [1, 0, 0, 0, 0, 1, 3, 8, 14, 18, 20, 19, 20, 17, 16, 17, 18, 19, 21, 24, 25, 19, 10, 3]
WEEKDAYS = [115, 108, 100, 105, 122, 66, 52]
MONTHS = {1: 80, 2: 85, 3: 90, 4: 175, 5: 90, 6: 80, 7: 70, 8: 70, 9: 90, 10: 100, 11: 210, 12: 230}


def plan_orders(rng: Random) -> list[Plan]:
    # When. A fixed number a month, most by weekday and hour; a few on purpose.
    days = [date(2023, 1, 3) + timedelta(days=n) for n in range(542)]
    months = sorted({(d.year, d.month) for d in days})
    whole = sum(MONTHS[m] for _, m in months)
    plans = []
    for month in months:
        some = [d for d in days if (d.year, d.month) == month]
        weights = [WEEKDAYS[d.weekday()] for d in some]
        for d in rng.choices(some, weights, k=round(240 * MONTHS[month[1]] / whole)):
            hour = rng.choices(range(24), HOURS)[0]
            plans.append(Plan(T(d.isoformat()) + hour * HOUR + rng.randrange(HOUR)))
    plans.append(Plan(T("2023-02-01 09:14:22.118"), role="1220"))
    for minute in (4, 21, 47, 68, 95, 131):
        at = T("2023-11-24 19:00:00") + minute * MINUTE + rng.randrange(50 * SECOND)
        plans.append(Plan(at, role="friday"))
    for hour in (8, 9, 11, 14, 16, 18):
        plans.append(Plan(T("2024-04-15 00:00:00") + hour * HOUR + rng.randrange(HOUR), role="batch"))
    for text in ("2024-03-02 10:31:07", "2024-03-02 13:02:45", "2024-03-02 16:48:19",
                 "2024-03-03 10:20:33"):
        plans.append(Plan(T(text) + rng.randrange(SECOND), role="outage"))
    plans.append(Plan(T("2024-01-18 12:40:11.404"), role="japan"))
    for _ in range(16):
        d = rng.choice(days)
        plans.append(Plan(T(d.isoformat()) + rng.choices(range(24), HOURS)[0] * HOUR
                          + rng.randrange(HOUR), kind="cart"))
    plans.sort(key=lambda p: p.at)

    # Who. Some customers were carried over when the store was opened; the others register.
    names = [f"{a} {b}" for a in FIRST for b in LAST]
    rng.shuffle(names)
    names.remove("Julie Moreau")
    names.remove("Zoë Łukasiewicz")
    people = []
    for n in range(12):
        name = {4: "Julie Moreau", 7: "Zoë Łukasiewicz"}.get(n) or names.pop()
        city = ("Lyon", "FR") if n == 4 else rng.choice(CITIES)
        since = f"20{rng.randrange(17, 23)}-{rng.randrange(1, 13):02d}-{rng.randrange(1, 29):02d}"
        people.append(Customer(307 + n, name, city, T("2023-01-02 08:30:00") + n * 340 + 17,
                               n in (1, 4, 7, 10), since))
    moreau = people[4]
    assert moreau.stream == "customer-0311"
    for plan in plans:
        if plan.role == "1220":
            plan.customer = moreau
        elif plan.role == "japan" or (plan.kind == "order" and rng.random() < 0.36):
            name = "佐藤 美咲" if plan.role == "japan" else names.pop()
            city = ("Osaka", "JP") if plan.role == "japan" else rng.choice(CITIES)
            running = plan.role == "" and rng.random() < 0.12
            plan.customer = Customer(307 + len(people), name, city,
                                     settle(plan.at - rng.randrange(3 * MINUTE, 40 * MINUTE)), running)
            people.append(plan.customer)
        else:
            known = [c for c in people if not (plan.role in ("friday", "batch") and c.running)]
            plan.customer = rng.choice(known[-45:])

    # What, and how it is paid.
    for plan in plans:
        if plan.role == "1220":
            plan.lines = [("SKU-2208", 1), ("SKU-1031", 2)]
        else:
            count = rng.choices((1, 2, 3), (52, 34, 14))[0]
            skus = []
            while len(skus) < count:
                sku = rng.choices(PRODUCTS, [p[3] for p in PRODUCTS])[0][0]
                if sku not in skus:
                    skus.append(sku)
            plan.lines = [(sku, rng.choices((1, 2, 3, 4), (70, 20, 6, 4))[0]) for sku in skus]
        plan.total = sum((PRICE[sku] * qty for sku, qty in plan.lines), Decimal("0.00"))
        late = plan.at > T("2024-06-10 00:00:00")
        plan.method = rng.choices(("card", "wallet", "transfer"), (42, 26, 0 if late else 32))[0]
        if plan.role in ("1220", "friday", "batch", "outage"):
            plan.method = "card"
        elif plan.customer.running and not late:
            plan.method = "transfer"
        plan.coupon = choose_coupon(plan, rng)

    # Fates: cancelled, returned, and those whom a retried coupon met before it was put right.
    early = [p for p in plans if p.kind == "order" and p.coupon and p.role == ""
             and T("2023-01-09 00:00:00") < p.at < COUPON_FIX - 14 * DAY]
    for plan, fate in zip(early[1::len(early) // 4], ("twice-refunded", "twice-left", "twice-refunded", "twice-left")):
        plan.fate = fate
    for plan in plans:
        if plan.kind == "order" and plan.role == "" and not plan.fate and plan.at < T("2024-06-12"):
            draw = rng.random()
            if plan.method == "transfer" and draw < 0.14:
                plan.fate = "unpaid"
            elif draw < 0.06:
                plan.fate = "cancelled"
            elif draw < 0.17:
                plan.fate = "returned"

    # Numbers, so that order-1220, cart-2107 and shipment-0977 fall into place.
    orders = [p for p in plans if p.kind == "order"]
    with_cart = [p for p in plans if p.kind == "cart" or p.role == "1220" or rng.random() < 0.20]
    with_shipment = [p for p in orders if p.role in ("1220", "batch")
                     or (rng.random() < 0.27 and p.fate not in ("unpaid", "cancelled"))]
    story = next(p for p in plans if p.role == "1220")
    for n, plan in enumerate(orders, 1220 - orders.index(story)):
        plan.number = n
    for n, plan in enumerate(with_cart, 2107 - with_cart.index(story)):
        plan.cart = n
    for n, plan in enumerate(with_shipment, 977 - with_shipment.index(story)):
        plan.shipment = n
    return plans


def choose_coupon(plan: Plan, rng: Random) -> tuple | None:
    moment, total, draw = when(plan.at), plan.total, rng.random()
    if plan.role == "1220":
        return "SPRING50", money("50.00")
    if plan.role in ("friday", "batch"):
        return None
    if total >= 120 and (moment.year == 2023 and moment.month < 6 or moment.month in (2, 3)) and draw < 0.8:
        return "SPRING50", money("50.00")
    if total >= 60 and moment.month == 4 and draw < 0.5:
        return "APRIL20", money("20.00")
    if total >= 50 and moment.month in (11, 12) and draw < 0.3:
        return "WINTER15", money("15.00")
    if total >= 30 and draw < 0.16:
        return "WELCOME10", money("10.00")
    return None


def at_work(ms: int, rng: Random) -> int:
    """The moment itself in working hours, else in the morning of the next working day."""
    moment = when(ms)
    if moment.weekday() < 5 and 7 <= moment.hour < 17:
        return ms
    day = midnight(ms) + (DAY if moment.hour >= 7 else 0)
    while when(day).weekday() >= 5:
        day += DAY
    return day + 7 * HOUR + rng.randrange(3 * HOUR)


def tell_customers(book: Book, plans: list[Plan]) -> None:
    customers = {p.customer.number: p.customer for p in plans}
    for number, c in sorted(customers.items()):
        data = {"name": c.name, "city": c.city[0], "country": c.city[1]}
        if c.since:
            data["since"] = c.since
        book.say(c.stream, "CustomerRegistered", c.at, data, correlation(c.stream),
                 cmd("carry-over-customers") if c.since else cmd("register", f"{number:04d}"),
                 "migration" if c.since else "web-shop")


class OrderTeller:
    """Tells one order from the cart to its end, and all that it causes in other streams."""

    def __init__(self, book: Book, plan: Plan, rng: Random):
        self.book, self.plan, self.rng = book, plan, rng
        self.order = f"order-{plan.number}"
        self.corr = correlation(self.order)
        self.owed = plan.total  # what is left to pay
        self.channel = "app" if plan.cart else rng.choice(("web-shop", "web-shop", "phone"))

    def say(self, stream, type, at, data, cause, user, schema=1):
        return self.book.say(stream, type, at, data, self.corr, cause, user, schema)

    def on_order(self, type, at, data, cause, user="svc-orders", schema=1):
        return self.say(self.order, type, at, data, cause, user, schema)

    def change_balance(self, change: Decimal, cause: Draft, after=9) -> Draft | None:
        if not self.plan.customer.running:
            return None
        return self.say(self.plan.customer.stream, "BalanceChanged", cause.at + after,
                        {"order": self.order, "change": change}, cause, "svc-ledger")

    # -- single steps, used by the ordinary orders and by order-1220 alike

    def fill_cart(self, moments: list[int], checkout: int | None):
        stream = f"cart-{self.plan.cart}"
        for (sku, qty), at in zip(self.plan.lines, moments):
            self.say(stream, "CartItemAdded", at,
                     {"sku": sku, "qty": qty, "price": PRICE[sku], "sum": PRICE[sku] * qty},
                     cmd("add-to-cart", self.plan.cart), "app")
        if checkout is None:
            return None
        return self.say(stream, "CartCheckedOut", checkout,
                        {"order": self.order, "total": self.plan.total},
                        cmd("check-out", self.plan.cart), "app")

    def place(self, at: int, cause) -> Draft:
        plan, c = self.plan, self.plan.customer
        new = at >= NEW_CUSTOMER_SHAPE
        data = {
            "total": plan.total,
            "currency": "CHF" if c.city[1] == "CH" else "EUR",
            "lines": [{"sku": s, "qty": q, "price": PRICE[s]} for s, q in plan.lines],
            "customer": {"id": c.stream, "name": c.name} if new else c.stream,
        }
        if plan.coupon:
            data["coupon"] = plan.coupon[0]
        placed = self.on_order("OrderPlaced", at, data, cause, self.channel, 2 if new else 1)
        for n, (sku, qty) in enumerate(plan.lines):
            if sku in STOCKED:
                self.say("inventory-" + sku[4:], "StockReserved", placed.at + 86 + 31 * n,
                         {"order": self.order, "qty": qty}, placed, "svc-stock")
        return placed

    def release_stock(self, cause: Draft, reason: str):
        for n, (sku, qty) in enumerate(self.plan.lines):
            if sku in STOCKED:
                self.say("inventory-" + sku[4:], "StockReleased", cause.at + 64 + 28 * n,
                         {"order": self.order, "qty": qty, "out": qty if reason == "picked" else 0,
                          "reason": reason}, cause, "svc-stock")

    def discount(self, at: int) -> Draft:
        code, amount = self.plan.coupon
        self.owed -= amount
        return self.on_order("DiscountApplied", at, {"code": code, "amount": amount},
                             cmd("apply-discount", self.plan.number), self.channel)

    def discount_again(self, at: int, by: str) -> tuple[Draft, Draft | None]:
        """Support retries the coupon command; before the fix it is applied a second time."""
        code, amount = self.plan.coupon
        retried = self.retry_coupon(at, by)
        again = self.on_order("DiscountApplied", at + 43,
                              {"code": code, "amount": amount, "by": by}, retried, by)
        return again, self.change_balance(-amount, again)

    def retry_coupon(self, at: int, by: str, outcome: str | None = None) -> Draft:
        command = cmd("apply-discount", self.plan.number)
        data = {"order": self.order, "code": self.plan.coupon[0], "command": command, "attempt": 2}
        if outcome:
            data["outcome"] = outcome
        return self.say(self.plan.customer.stream, "CouponRetried", at, data, command, by)

    def pay_by_card(self, at: int, cause: Draft, challenge: int | None, captured: int) -> Draft:
        stream = f"payment-{self.plan.number}"
        data = {"amount": self.owed, "method": "card", "result": "authorized"}
        if challenge is not None:
            cause = self.say(stream, "PaymentAuthorized", challenge,
                             data | {"result": "challenge"}, cause, "svc-payments")
        authorized = self.say(stream, "PaymentAuthorized", at, data, cause, "svc-payments")
        fee = money(self.owed * Decimal("0.014") + Decimal("0.25"))
        return self.say(stream, "PaymentCaptured", captured, {"amount": self.owed, "fee": fee},
                        authorized, "svc-payments")

    def receive(self, at: int, cause, user: str) -> Draft:
        number = self.plan.number
        received = self.on_order("PaymentReceived", at,
                                 {"amount": self.owed, "paymentId": f"payment-{number}"}, cause, user)
        return received

    # -- an ordinary order

    def tell(self) -> None:
        plan, rng = self.plan, self.rng
        r = rng.randrange
        number, by_card = plan.number, plan.method == "card"
        invoiced = plan.method == "transfer" or plan.customer.running

        cause = cmd("place-order", number)
        if plan.cart:
            start = plan.at - len(plan.lines) * 70 * SECOND - r(4 * MINUTE)
            moments = [start + n * 61 * SECOND + r(9 * SECOND) for n in range(len(plan.lines))]
            cause = self.fill_cart(moments, plan.at - 300 - r(4 * SECOND))
        last = placed = self.place(plan.at if isinstance(cause, str) else max(plan.at, cause.at + 200),
                                   cause)
        if plan.coupon:
            last = self.discount(placed.at + 2 * SECOND + r(6 * SECOND))
            if not plan.fate.startswith("twice") and last.at > COUPON_FIX and rng.random() < 0.28:
                self.retry_coupon(last.at + 30 * SECOND + r(5 * MINUTE), "svc-coupons",
                                  "already applied")
        if invoiced:
            due = day_of(last.at + 14 * DAY)
            last = self.on_order("PaymentRequested", last.at + 15 * SECOND + r(40 * SECOND),
                                 {"amount": self.owed, "due": due}, last)
            self.change_balance(self.owed, last)
        if plan.fate == "unpaid":
            at = at_work(last.at + 15 * DAY + r(2 * DAY), rng)
            gone = self.on_order("OrderCancelled", at, {"reason": "not paid", "credit": self.owed},
                                 cmd("cancel-unpaid", day_of(at)), "svc-billing")
            self.change_balance(-self.owed, gone)
            self.release_stock(gone, "cancelled")
            self.close(gone)
            return

        if by_card:
            at = last.at + 12 * SECOND + r(70 * SECOND)
            captured = self.pay_by_card(at, last, None, at + 1200 + r(3 * SECOND))
            received = self.receive(captured.at + 24 + r(40), captured, "svc-orders")
        elif plan.method == "wallet":
            received = self.receive(last.at + 15 * SECOND + r(90 * SECOND),
                                    cmd("wallet", number), "svc-wallet")
        else:
            at = midnight(last.at) + DAY * (1 + r(6))
            while when(at).weekday() >= 5:
                at += DAY
            received = self.receive(at + 7 * HOUR + 10 * MINUTE + r(4 * MINUTE),
                                    cmd("bank-import", day_of(at)), "bank-import")
        if invoiced:
            self.change_balance(-self.owed, received)
        eta = day_of(received.at + (3 + r(3)) * DAY)
        last = confirmed = self.on_order("OrderConfirmed", received.at + 1100 + r(1500),
                                         {"eta": eta}, received)

        if plan.fate == "cancelled":
            at = confirmed.at + 20 * MINUTE + r(3 * HOUR)
            gone = self.on_order("OrderCancelled", at, {"reason": "customer changed their mind"},
                                 cmd("cancel", number), "web-shop")
            self.release_stock(gone, "cancelled")
            last = self.refund(at_work(gone.at + r(DAY), rng), self.owed, "cancelled", self.owed, gone)
            if rng.random() < 0.7:
                self.close(last)
            return

        stocked = any(sku in STOCKED for sku, _ in plan.lines)
        batch = plan.role == "batch"
        picked = None
        if stocked or plan.shipment or rng.random() < 0.6:
            picker = rng.choice(PICKERS)
            at = at_work(confirmed.at + 2 * HOUR + r(14 * HOUR), rng)
            if batch:
                at = T("2024-04-16 08:00:00") + r(5 * HOUR)
            last = picked = self.on_order("ItemsPicked", at, {"picker": picker,
                                          "items": sum(q for _, q in plan.lines)}, confirmed, picker)
            self.release_stock(picked, "picked")

        carrier, prefix = rng.choice(CARRIERS)
        tracking = prefix + "".join(str(r(10)) for _ in range(8))
        data = {"carrier": carrier, "trackingNumber": tracking}
        stream = f"shipment-{plan.shipment:04d}"
        if plan.shipment:
            data["shipmentId"] = stream
            at = last.at + 20 * MINUTE + r(2 * HOUR)
            label = self.say(stream, "LabelPrinted", at,
                             {"carrier": carrier, "weightKg": Decimal(4 + r(90)).scaleb(-1)},
                             picked, "svc-shipping")
            at = at_work(label.at + HOUR + r(4 * HOUR), rng)
            if batch:
                at = SKEW_SHIPPING[0] + 8 * MINUTE + (plan.number % 6) * 5 * MINUTE + r(40 * SECOND)
            scan = self.say(stream, "ParcelScanned", at, {"place": "gate 2", "status": "collected"},
                            label, "svc-shipping")
            last = self.on_order("Shipped", scan.at + 30 + r(50), data, scan)
        else:
            at = at_work(last.at + 3 * HOUR + r(20 * HOUR), rng)
            last = self.on_order("Shipped", at, data, picked or confirmed)

        if plan.fate.startswith("twice"):
            at = last.at + 2 * HOUR + r(10 * HOUR)
            hour = when(at).hour
            if hour >= 20 or hour < 7:
                at = midnight(at + 5 * HOUR) + 8 * HOUR + r(2 * HOUR)
            last, changed = self.discount_again(at, rng.choice(("support.anna", "support.jonas")))

        at = midnight(last.at) + DAY * (1 + r(3)) + 9 * HOUR + r(9 * HOUR)
        if when(at).weekday() == 6:
            at += DAY
        first, family = plan.customer.name.split(" ", 1)
        by = {"signedBy": f"{first[0]}. {family}" if first[0] < "\u0500" else first}
        if plan.shipment:
            scan = self.say(stream, "ParcelScanned", at, {"place": plan.customer.city[0],
                            "status": "delivered"}, scan, "svc-shipping")
            last = self.on_order("Delivered", scan.at + 900 + r(4 * SECOND), by, scan)
        else:
            last = self.on_order("Delivered", at, by, cmd("carrier-feed", day_of(at)))

        if plan.fate == "twice-left":
            return
        if plan.fate == "twice-refunded":
            at = at_work(last.at + DAY + r(4 * DAY), rng)
            amount = plan.coupon[1]
            last = self.refund(at, amount, "overpaid", None, changed or last)
            self.change_balance(amount, last)
        elif plan.fate == "returned":
            sku, qty = rng.choice(plan.lines)
            paid_back = min(PRICE[sku] * qty, self.owed)
            at = at_work(last.at + 2 * DAY + r(9 * DAY), rng)
            last = self.refund(at, paid_back, rng.choice(("damaged", "returned", "returned")),
                               paid_back, last)
        if rng.random() < 0.42:
            self.close(last)

    def refund(self, at: int, amount: Decimal, reason: str, credit: Decimal | None, cause) -> Draft:
        data = {"amount": amount, "reason": reason}
        if credit is not None:
            data["credit"] = credit
        if self.plan.method == "card":
            cause = self.say(f"payment-{self.plan.number}", "RefundRequested", at,
                             {"amount": amount, "reason": reason}, cause, "support.jonas")
            at = cause.at + 1400
        return self.on_order("RefundIssued", at, data, cause, "svc-payments")

    def close(self, last: Draft) -> None:
        night = midnight(last.at) + (10 + self.rng.randrange(4)) * DAY
        self.on_order("OrderClosed", night + 4 * SECOND + self.rng.randrange(1800), {},
                      cmd("close-orders", day_of(night)), "nightly")

    # -- the order whose balance becomes negative

    def tell_1220(self) -> None:
        assert self.order == "order-1220" and self.plan.cart == 2107 and self.plan.shipment == 977
        assert self.owed == money("200.00") and self.plan.customer.stream == "customer-0311"
        checked_out = self.fill_cart([T("2023-02-01 09:08:51.307"), T("2023-02-01 09:12:06.940")],
                                     T("2023-02-01 09:14:21.655"))
        self.place(T("2023-02-01 09:14:22.118"), checked_out)
        discount = self.discount(T("2023-02-01 09:14:25.640"))
        requested = self.on_order("PaymentRequested", T("2023-02-01 09:15:02.007"),
                                  {"amount": self.owed, "due": "2023-02-03"}, discount)
        self.change_balance(self.owed, requested)
        captured = self.pay_by_card(T("2023-02-01 09:16:38.720"), requested,
                                    T("2023-02-01 09:15:44.215"), T("2023-02-01 09:16:40.506"))
        received = self.receive(T("2023-02-01 09:16:40.533"), captured, "svc-orders")
        self.change_balance(-self.owed, received)
        confirmed = self.on_order("OrderConfirmed", T("2023-02-01 09:16:41.012"),
                                  {"eta": "2023-02-04"}, received)
        picked = self.on_order("ItemsPicked", T("2023-02-02 07:40:18.200"),
                               {"picker": "w-14", "items": 3}, confirmed, "w-14")
        self.release_stock(picked, "picked")
        label = self.say("shipment-0977", "LabelPrinted", T("2023-02-02 08:12:37.480"),
                         {"carrier": "DHL", "weightKg": Decimal("4.6")}, picked, "svc-shipping")
        scan = self.say("shipment-0977", "ParcelScanned", T("2023-02-02 13:51:09.062"),
                        {"place": "gate 2", "status": "waiting"}, label, "svc-shipping")
        scan = self.say("shipment-0977", "ParcelScanned", T("2023-02-02 15:05:51.870"),
                        {"place": "gate 2", "status": "collected"}, scan, "svc-shipping")
        self.on_order("Shipped", T("2023-02-02 15:05:51.914"),
                      {"carrier": "DHL", "trackingNumber": "JD014620977185",
                       "shipmentId": "shipment-0977"}, scan)
        _, changed = self.discount_again(T("2023-02-03 10:22:09.333"), "support.anna")
        scan = self.say("shipment-0977", "ParcelScanned", T("2023-02-04 12:48:31.504"),
                        {"place": "Lyon", "status": "delivered"}, scan, "svc-shipping")
        self.on_order("Delivered", T("2023-02-04 12:48:33.050"), {"signedBy": "J. Moreau"}, scan)
        wanted = self.say("payment-1220", "RefundRequested", T("2023-02-07 09:30:11.318"),
                          {"amount": money("50.00"), "reason": "overpaid"}, changed, "support.anna")
        refund = self.on_order("RefundIssued", T("2023-02-07 09:30:12.744"),
                               {"amount": money("50.00"), "reason": "overpaid"}, wanted, "svc-payments")
        self.change_balance(money("50.00"), refund)
        self.on_order("OrderClosed", T("2023-02-17 00:00:04.002"), {},
                      cmd("close-orders", "2023-02-17"), "nightly")


def tell_shop(book: Book) -> None:
    plans = plan_orders(Random(SEED + "/plans"))
    tell_customers(book, plans)
    for plan in plans:
        teller = OrderTeller(book, plan, Random(f"{SEED}/order/{plan.at}"))
        if plan.role == "1220":
            teller.tell_1220()
        elif plan.kind == "cart":
            teller.order, teller.corr = "", correlation(f"cart-{plan.cart}")
            teller.fill_cart([plan.at + n * 90 * SECOND for n in range(len(plan.lines))], None)
        else:
            teller.tell()


# ---------------------------------------------------------------------------------------------
# 5. Inventory, accounts, sensors, videos
# ---------------------------------------------------------------------------------------------


def tell_inventory(book: Book) -> None:
    """Deliveries and stocktakes around what the orders reserve and release."""
    rng = Random(SEED + "/inventory")
    demand = defaultdict(list)
    for d in book.drafts:
        if d.stream.startswith("inventory-") and d.at <= END:
            demand[d.stream].append(d)
    counts = [T(day) for day in ("2023-03-30", "2023-06-29", "2023-09-28", "2023-12-28",
                                 "2024-03-28", "2024-06-27")]
    for n, sku in enumerate(STOCKED):
        stream = "inventory-" + sku[4:]
        lot = 36 if n < 2 else 24
        queue = [(d.at, i, "order", d) for i, d in enumerate(demand[stream])]
        queue.append((T("2023-01-02 07:20:00") + n * 97 * SECOND, -1, "lot", None))
        queue += [(t + 15 * HOUR + n * 611 * SECOND, -1, "count", None) for t in counts]
        heapq.heapify(queue)
        free, coming, serial = 0, False, 0
        while queue:
            at, _, kind, draft = heapq.heappop(queue)
            if kind == "order":
                qty = draft.data["qty"]
                free += -qty if draft.type == "StockReserved" else qty - draft.data["out"]
            elif kind == "lot":
                serial += 1
                book.say(stream, "StockReceived", at, {"sku": sku, "qty": lot,
                         "delivery": f"D-{sku[4:]}-{serial:02d}"}, correlation(f"{stream} lot {serial}"),
                         cmd("receive", sku[4:], serial), rng.choice(PICKERS))
                free, coming = free + lot, False
            else:
                change = rng.choice((-2, -1, -1, 0, 0, 1, 2))
                reason = "stocktake" if change else None
                if not change and rng.random() < 0.5:
                    change, reason = -1, "damaged"
                if reason:
                    book.say(stream, "StockAdjusted", at, {"change": change, "reason": reason},
                             correlation(f"stocktake {day_of(at)}"), cmd("stocktake", day_of(at)), "w-03")
                    free += change
            if free < 14 and not coming:
                coming = True
                day = midnight(at) + (2 + rng.randrange(3)) * DAY
                while when(day).weekday() >= 5:
                    day += DAY
                moment = settle(day + 7 * HOUR + rng.randrange(2 * HOUR))
                if moment < END:
                    heapq.heappush(queue, (moment, -1, "lot", None))


class Account:
    """Knows its balance while it is being told."""

    def __init__(self, book: Book, number: int, at: int, owner: str, kind: str):
        self.book, self.stream, self.balance, self.n = book, f"account-{number:04d}", money(0), 0
        self.kind = kind
        self.say("Opened", at, {"owner": owner, "kind": kind, "currency": "EUR"},
                 cmd("open-account", f"{number:04d}"), "bank")

    def say(self, type, at, data, cause, user, corr=None) -> Draft:
        self.n += 1
        return self.book.say(self.stream, type, at, data,
                             corr or correlation(f"{self.stream} entry {self.n}"), cause, user)

    def move(self, type, at, amount, ref, cause=None, user="bank", corr=None) -> Draft:
        assert amount > 0 and amount == money(amount)
        self.balance += -amount if type in ("Withdrawn", "FeeCharged") else amount
        return self.say(type, at, {"amount": amount, "ref": ref}, cause, user, corr)

    def interest(self, at: int, rate: str) -> None:
        amount = money(self.balance * Decimal(rate) / 400)
        self.balance += amount
        quarter = day_of(at)
        self.say("InterestPaid", at, {"amount": amount, "ref": "interest " + quarter[:7],
                 "rate": money(rate), "on": self.balance - amount},
                 cmd("interest", quarter), "bank", correlation("interest " + quarter))


def workday_before(d: date) -> date:
    while d.weekday() >= 5:
        d -= timedelta(days=1)
    return d


def tell_accounts(book: Book) -> None:
    rng = Random(SEED + "/accounts")
    last = date(2024, 6, 30)

    def moment(d: date, first=8, past=20) -> int:
        return settle(T(d.isoformat()) + first * HOUR + rng.randrange((past - first) * HOUR))

    # account-0007: wages, rent and daily life; four times something big just before pay day.
    seven = Account(book, 7, T("2023-01-02 09:41:12.350"), "household Lindqvist", "current")
    shocks = {date(2023, 3, 21): "car repair", date(2023, 7, 19): "holiday flat",
              date(2023, 12, 20): "winter tyres and presents", date(2024, 5, 21): "washing machine"}
    away = (date(2023, 8, 7), date(2023, 8, 20))
    to_savings = []
    seven.move("Deposited", T("2023-01-02 09:44:30.118"), money("1640.00"), "first deposit",
               cmd("transfer-in", "0007"))
    day = date(2023, 1, 3)
    while day <= last:
        if day == workday_before(date(day.year, day.month, 25)):
            seven.move("Deposited", moment(day, 5, 7), money("1980.00" if day.year == 2023 else "2055.00"),
                       f"wages {day:%Y-%m}", cmd("payroll", f"{day:%Y-%m}"))
        if not away[0] <= day <= away[1]:
            entries = []
            if day.day == 3:
                entries.append((money("820.00"), f"rent {day:%Y-%m}"))
            if day.day == 15:
                entries.append((cents(rng.randrange(9600, 14900)), "power and water"))
            if day in shocks:
                entries.append((seven.balance + cents(rng.randrange(9000, 21000)), shocks[day]))
            elif day.weekday() == 5 and rng.random() < 0.93:
                entries.append((cents(rng.randrange(4200, 13800)), "groceries"))
            elif day.weekday() in (1, 2, 4) and rng.random() < 0.24:
                entries.append((cents(rng.randrange(900, 8900)), rng.choice(("card", "cash", "fuel"))))
            for n, (amount, ref) in enumerate(entries):
                before = seven.balance
                draft = seven.move("Withdrawn", moment(day, 8 + 4 * n, 12 + 4 * n), amount, ref,
                                   cmd("pay", day.isoformat(), n))
                if seven.balance < 0 <= before:
                    seven.move("FeeCharged", draft.at + 2140, money("4.50"), "overdrawn", draft,
                               "bank", draft.corr)
        if day.day == 27 and day.month % 2 and seven.balance > 1700:
            amount = money((int(seven.balance) - 1600) // 50 * 50)
            if amount > 0:
                draft = seven.move("Withdrawn", moment(day, 16, 20), amount, "to account-0003",
                                   cmd("transfer", day.isoformat()))
                to_savings.append((draft, amount))
        day += timedelta(days=1)

    # The others. Savings get interest every quarter, current accounts pay a fee for it.
    people = [(1, date(2023, 1, 2), "shop till", "current", 48), (2, date(2023, 1, 2), "suppliers", "current", 40),
              (3, date(2023, 1, 16), "household Lindqvist", "savings", 7),
              (4, date(2023, 2, 8), "household Brandt", "current", 34),
              (5, date(2023, 4, 12), "household Nagy", "current", 30),
              (6, date(2023, 1, 2), "holiday fund", "savings", 16),
              (8, date(2023, 9, 5), "household Åberg", "savings", 11)]
    quarters = [date(2023, 3, 31), date(2023, 6, 30), date(2023, 9, 30), date(2023, 12, 31),
                date(2024, 3, 31), date(2024, 6, 30)]
    for number, opened, owner, kind, count in people:
        account = Account(book, number, moment(opened, 9, 11), owner, kind)
        steps = [(moment(opened + timedelta(days=1 + rng.randrange((last - opened).days - 2))), "move", None)
                 for _ in range(count)]
        steps.append((moment(opened, 12, 15), "first", None))
        steps += [(T(q.isoformat()) + 23 * HOUR + 5 * MINUTE + number * 230, "quarter", None)
                  for q in quarters if q > opened]
        if number == 3:
            steps += [(draft.at + 310, "saved", (draft, amount)) for draft, amount in to_savings]
        for at, kind_of_step, extra in sorted(steps, key=lambda s: s[0]):
            if kind_of_step == "first":
                account.move("Deposited", at, cents(rng.randrange(30_000, 240_000)), "first deposit",
                             cmd("transfer-in", f"{number:04d}"))
            elif kind_of_step == "saved":
                draft, amount = extra
                account.move("Deposited", at, amount, "from account-0007", draft, "bank", draft.corr)
            elif kind_of_step == "quarter":
                if kind == "savings":
                    account.interest(at, "1.20" if at < T("2023-10-01") else "1.75")
                else:
                    account.move("FeeCharged", at, money("7.50"), "quarter " + day_of(at)[:7],
                                 cmd("fees", day_of(at)), "bank", correlation("fees " + day_of(at)))
            elif rng.random() < 0.5 or account.balance < 200:
                account.move("Deposited", at, cents(rng.randrange(8_000, 68_000)), "transfer",
                             cmd("transfer-in", f"{number:04d}"))
            else:
                account.move("Withdrawn", at, money(account.balance * rng.randrange(8, 55) / 100),
                             rng.choice(("transfer", "card", "cash")), cmd("withdraw", f"{number:04d}"))


SENSORS = [  # number, place, installed, limit, tenths of a degree by month from January on
    (1, "roof", date(2023, 1, 2), 285, (18, 31, 72, 110, 158, 196, 224, 219, 171, 121, 66, 30)),
    (2, "loading dock", date(2023, 1, 2), 270, (62, 70, 98, 131, 170, 201, 226, 222, 183, 140, 96, 70)),
    (3, "cold store", date(2023, 1, 2), 64, (32, 33, 36, 39, 44, 50, 54, 53, 46, 40, 35, 32)),
    (4, "packing hall", date(2023, 3, 13), 255, (182, 183, 188, 195, 208, 222, 234, 232, 214, 200, 189, 184)),
    (5, "server room", date(2023, 6, 5), 248, (205, 206, 209, 213, 219, 227, 235, 234, 224, 214, 208, 205)),
    (6, "cellar", date(2023, 9, 18), 168, (108, 106, 108, 114, 124, 137, 148, 153, 148, 137, 124, 114)),
]


def season(curve: tuple, d: date) -> int:
    """Between the middles of two months the curve is a straight line, in whole tenths."""
    left = d if d.day >= 15 else (d.replace(day=1) - timedelta(days=1))
    a, b = curve[left.month - 1], curve[left.month % 12]
    passed = (d - left.replace(day=15)).days
    return a + (b - a) * passed // 31


def tell_sensors(book: Book) -> None:
    for number, place, installed, limit, curve in SENSORS:
        rng = Random(f"{SEED}/sensor/{number}")
        stream = f"sensor-{number:04d}"
        start = T(installed.isoformat()) + 10 * HOUR + number * 13 * MINUTE + rng.randrange(MINUTE)
        book.say(stream, "SensorInstalled", start,
                 {"place": place, "limit": Decimal(limit).scaleb(-1), "unit": "°C"},
                 correlation(stream), cmd("install", f"{number:04d}"), "w-03")

        moments = []
        day = installed + timedelta(days=1)
        while day <= date(2024, 6, 30):
            base = T(day.isoformat())
            if number == 3:  # the cold store daily, with a day missing now and then
                if rng.random() < 0.87:
                    moments.append(base + 6 * HOUR + rng.randrange(20 * MINUTE))
                day += timedelta(days=1)
            else:
                moments.append(base + 5 * HOUR + rng.randrange(16 * HOUR))
                day += timedelta(days=rng.randrange(6, 11))
        if number == 3:  # hourly in the days around the outage, while the doors were changed
            first, past = T("2024-03-01 12:00:00"), T("2024-03-04 12:00:00")
            moments = [m for m in moments if not first <= m < past]
            moments += [m + 11 * MINUTE + 38 * SECOND + rng.randrange(9 * SECOND)
                        for m in range(first, past, HOUR)]
            moments = [m for m in moments if not OUTAGE[0] <= m < OUTAGE[1]]
            moments.append(OUTAGE[1] + 41_207)  # the first sign of life

        last = None
        for at in sorted(moments):
            if SILENT[0] <= at < SILENT[1] or OUTAGE[0] <= at < OUTAGE[1]:
                continue
            noise = rng.randrange(-9, 10) + rng.randrange(-9, 10)
            tenths = season(curve, when(at).date()) + (noise // 3 if number in (3, 5, 6) else noise)
            if rng.random() < 0.015:
                tenths = limit + 2 + rng.randrange(14)
            humidity = max(28, min(94, 64 - (tenths - curve[0]) // 12 + rng.randrange(-7, 8)))
            reading = {"temperature": Decimal(tenths).scaleb(-1), "humidity": humidity}
            last = book.say(stream, "ReadingTaken", at, reading, correlation(f"{stream} {at}"), None,
                            "gateway-1")
            if tenths > limit:
                book.say(stream, "ThresholdExceeded", at + 240 + rng.randrange(500),
                         {"limit": Decimal(limit).scaleb(-1), "temperature": reading["temperature"]},
                         last.corr, last, "svc-alarms")
        for text in ("2023-05-09", "2023-08-22", "2023-11-14", "2024-05-14"):
            at = T(text) + 13 * HOUR + number * 7 * MINUTE
            if at > start + 60 * DAY:
                book.say(stream, "SensorCalibrated", at,
                         {"offset": Decimal(rng.randrange(-4, 5)).scaleb(-1)},
                         correlation("calibration " + text), cmd("calibrate", text), "w-03")


VIDEOS = [  # number, uploaded, title
    (36, "2023-01-19 10:12:40.220", "Seasoning a cast-iron pan"),
    (37, "2023-03-08 14:50:03.417", "Sharpening on a whetstone"),
    (38, "2023-04-27 09:33:51.009", "Which board for which knife"),
    (39, "2023-06-14 16:04:18.733", "Cleaning copper"),
    (40, "2023-07-25 11:21:36.590", "Cold brew in ten minutes"),
    (41, "2023-09-06 08:45:12.164", "Bread in a pot"),
    (42, "2023-10-17 13:06:27.881", "Crème brûlée without a torch"),
    (43, "2023-12-05 15:38:44.302", "Gift wrapping, three ways"),
    (44, "2024-01-30 10:02:09.675", "Storing spices"),
    (45, "2024-03-19 12:17:55.048", "Care of wooden spoons"),
    (46, "2024-05-28 09:29:31.426", "Outdoor kitchen basics"),
]


def tell_videos(book: Book) -> None:
    for number, text, title in VIDEOS:
        rng = Random(f"{SEED}/video/{number}")
        r, n = rng.randrange, f"{number:04d}"
        video, corr = f"video-{n}", correlation(f"video-{n}")
        seconds = 140 + r(520)
        last = book.say(f"upload-{n}", "VideoUploaded", T(text),
                        {"video": video, "title": title, "bytes": seconds * 2_400_000 + r(2_000_000),
                         "file": f"{video}.mov"}, corr, cmd("upload", n), "studio")
        last = book.say(f"processing-{n}", "ProcessingStarted", last.at + 800 + r(3000),
                        {"video": video, "worker": f"t-{1 + r(4)}"}, corr, last, "svc-processing")
        for shot in range(1 + number % 3 if number != 42 else 1):
            last = book.say(f"processing-{n}", "ThumbnailCreated", last.at + 9000 + r(20_000),
                            {"file": f"{video}-{shot + 1}.jpg", "width": 1280, "height": 720},
                            corr, last, "svc-processing")
        last = book.say(f"processing-{n}", "ProcessingCompleted", last.at + seconds * 700 + r(60_000),
                        {"video": video, "seconds": seconds, "renditions": ["1080p", "720p", "360p"]},
                        corr, last, "svc-processing")
        last = book.say(f"catalog-{n}", "VideoListed", last.at + 350 + r(900),
                        {"video": video, "title": title, "section": rng.choice(("care", "recipes", "basics"))},
                        corr, last, "svc-catalog")
        book.say(f"delivery-{n}", "VideoMadeAvailable", last.at + 20_000 + r(90_000),
                 {"video": video, "url": f"/films/{n}", "regions": ["EU", "CH"]},
                 corr, last, "svc-delivery")


# ---------------------------------------------------------------------------------------------
# 6. Assembly
# ---------------------------------------------------------------------------------------------


def assemble(book: Book) -> list[dict]:
    """The events in the order they were stored, with versions, ids and the times they carry."""
    order = sorted(range(len(book.drafts)), key=lambda n: (book.drafts[n].at, n))
    drafts = [book.drafts[n] for n in order if book.drafts[n].at <= END]
    rng, versions, ledger = Random(SEED + "/ledger"), Counter(), 9_007_199_254_740_997  # 2^53 + 5
    for d in drafts:
        d.version = versions[d.stream]
        versions[d.stream] += 1
        d.id = uid(f"event {d.stream} {d.version}")
        if d.stream.startswith("account-") and d.type != "Opened":
            d.data["ledgerSeq"] = ledger
            ledger += 1 + rng.randrange(7)

    def shown(d: Draft) -> int:
        """Twice a service's clock ran ahead by more than half a second."""
        if d.user == "svc-payments" and SKEW_PAYMENTS[0] <= d.at < SKEW_PAYMENTS[1]:
            return d.at + 588 + (d.at - SKEW_PAYMENTS[0]) // 90_000
        if d.user == "svc-shipping" and SKEW_SHIPPING[0] <= d.at < SKEW_SHIPPING[1]:
            return d.at + 842 - (d.at - SKEW_SHIPPING[0]) // 45_000
        return d.at

    return [{
        "stream": d.stream, "version": d.version, "type": d.type, "id": d.id,
        "time": rfc3339(shown(d)), "data": d.data,
        "metadata": {"correlationId": d.corr,
                     "causationId": d.cause.id if isinstance(d.cause, Draft) else d.cause,
                     "user": d.user},
        "schema_version": d.schema,
    } for d in drafts]


# ---------------------------------------------------------------------------------------------
# 7. Snapshots
# ---------------------------------------------------------------------------------------------

WRONG = ("inventory-2208", 29, 12)  # stream, version, and how much too many it says are on hand


def take_snapshots(events: list[dict], rules: dict) -> list[dict]:
    streams = by_stream(events)
    orders = sorted((s for s in streams if s.startswith("order-")), key=lambda s: int(s[6:]))
    wanted = [("order-1220", 6), ("order-1220", 9)]
    wanted += [(s, len(streams[s]) - 2) for s in orders[9::29] if s != "order-1220"]
    wanted += [("account-0007", v) for v in range(24, len(streams["account-0007"]), 25)]
    wanted += [(f"account-{n:04d}", 19) for n in (1, 2, 3, 4, 5)]
    wanted += [("inventory-2208", v) for v in (9, 19, 29, 39)] + [("inventory-1031", 19)]
    wanted += [(f"inventory-{sku[4:]}", 14) for sku in STOCKED[2:5]]
    rng, snapshots = Random(SEED + "/snapshots"), []
    for stream, version in wanted:
        state = replay(rules, streams[stream][: version + 1])[-1]
        if (stream, version) == WRONG[:2]:
            state["onHand"] += WRONG[2]
        taken = T(streams[stream][version]["time"][:-1]) + 40 + rng.randrange(900)
        snapshots.append({"stream": stream, "version": version, "time": rfc3339(taken), "state": state})
    return sorted(snapshots, key=lambda s: s["time"])


def by_stream(events: list[dict]) -> dict[str, list[dict]]:
    streams = defaultdict(list)
    for event in events:
        streams[event["stream"]].append(event)
    return streams


# ---------------------------------------------------------------------------------------------
# 8. Checks: all of them on what was written, read back
# ---------------------------------------------------------------------------------------------


def check(events: list[dict], snapshots: list[dict], rules: dict, size: int) -> dict:
    """Asserts every story and returns what the README says about them."""
    streams = by_stream(events)
    position = {e["id"]: n for n, e in enumerate(events, 1)}
    states = {s: replay(rules, part) for s, part in streams.items()}
    category = {s: s.split("-", 1)[0] for s in streams}
    ms = [T(e["time"][:-1]) for e in events]
    found = {}

    # The file as a whole.
    assert 3_500 <= len(events) <= 4_500 and size <= 1_600_000, (len(events), size)
    assert len(position) == len(events)
    assert events[0]["time"].startswith("2023-01-02") and events[-1]["time"].startswith("2024-06-30")
    for part in streams.values():
        assert [e["version"] for e in part] == list(range(len(part)))
        assert all(a["time"] <= b["time"] for a, b in zip(part, part[1:]))
    types = Counter((category[e["stream"]], e["type"]) for e in events)
    assert len(set(category.values())) == 12 and len({t for _, t in types}) == 40
    for e in events:
        cause = e["metadata"]["causationId"]
        if cause in position:
            assert position[cause] < position[e["id"]]
            assert events[position[cause] - 1]["metadata"]["correlationId"] == e["metadata"]["correlationId"]
        else:
            assert cause is None or cause.startswith("cmd-")

    # Two clocks that ran ahead: the event after carries the earlier time.
    back = [n for n in range(1, len(events)) if ms[n] < ms[n - 1]]
    assert 11 <= len(back) <= 14, len(back)
    for n in back:
        assert events[n]["stream"] != events[n - 1]["stream"] and ms[n - 1] - ms[n] < SECOND
        assert SKEW_PAYMENTS[0] <= ms[n] < SKEW_PAYMENTS[1] or SKEW_SHIPPING[0] <= ms[n] < SKEW_SHIPPING[1]
    first = [n for n in back if ms[n] < SKEW_PAYMENTS[1]]
    found["skew"] = [[n + 1 for n in first], [n + 1 for n in back if n not in first]]
    found["skew_ms"] = max(ms[n - 1] - ms[n] for n in back)
    assert min(len(first), len(back) - len(first)) >= 5

    # The outage.
    n = next(n for n in range(1, len(events)) if ms[n] >= OUTAGE[0])
    assert ms[n - 1] < OUTAGE[0] and 11 * HOUR <= ms[n] - ms[n - 1] < 11 * HOUR + 2 * MINUTE
    assert max(b - a for a, b in zip(ms[n - 30:n], ms[n - 29:n])) < 2 * HOUR
    found["outage"] = (n, n + 1, events[n - 1]["time"], events[n]["time"])

    # Orders.
    orders = {s: part for s, part in streams.items() if category[s] == "order"}
    assert 250 <= len(orders) <= 350 and all(4 <= len(p) <= 11 for p in orders.values())
    negative, ends_negative = [], []
    for s, part in orders.items():
        for e, state in zip(part, states[s]):
            assert state["balance"] == state["total"] - state["paid"] + state.get("refunded", 0), s
            assert dumps(state["balance"])[-3] == "."
        head = part[0]["data"]
        assert head["total"] == sum(x["price"] * x["qty"] for x in head["lines"])
        new = T(part[0]["time"][:-1]) >= NEW_CUSTOMER_SHAPE
        assert isinstance(head["customer"], dict) == new and part[0]["schema_version"] == 1 + new
        assert isinstance(states[s][-1]["customerId"], str)
        assert all(e["schema_version"] == 1 for e in part[1:])
        codes = Counter(d["code"] for d in states[s][-1]["discounts"])
        if any(state["balance"] < 0 for state in states[s]):
            negative.append(s)
            assert max(codes.values()) == 2
            if states[s][-1]["balance"] < 0:
                ends_negative.append(s)
        else:
            assert max(codes.values(), default=0) <= 1
    assert len(negative) == 5 and len(ends_negative) == 2, (negative, ends_negative)
    found["negative"], found["ends_negative"] = negative, ends_negative
    shape = [p[0] for p in orders.values()]
    found["shape"] = (position[[e for e in shape if e["schema_version"] == 1][-1]["id"]],
                      position[[e for e in shape if e["schema_version"] == 2][0]["id"]],
                      sum(e["schema_version"] == 1 for e in shape),
                      sum(e["schema_version"] == 2 for e in shape))
    found["cancelled"] = sum(any(e["type"] == "OrderCancelled" for e in p) for p in orders.values())
    found["refunded"] = sum(any(e["type"] == "RefundIssued" for e in p) for p in orders.values())
    assert found["cancelled"] >= 10 and found["refunded"] >= 20
    placed = Counter(p[0]["time"][:7] for p in orders.values())
    busy = ("2023-04", "2023-11", "2023-12", "2024-04")
    assert min(placed[m] for m in busy) > max(c for m, c in placed.items() if m not in busy), placed
    found["orders"], found["placed"] = len(orders), placed
    weekday = Counter(when(T(p[0]["time"][:-1])).weekday() for p in orders.values())
    assert (weekday[5] + weekday[6]) / 2 < 0.75 * sum(weekday[d] for d in range(5)) / 5, weekday
    night = sum(when(t).hour < 5 for t in ms)
    assert night < 0.1 * len(ms)

    # order-1220.
    story = streams["order-1220"]
    assert [e["type"] for e in story] == [
        "OrderPlaced", "DiscountApplied", "PaymentRequested", "PaymentReceived", "OrderConfirmed",
        "ItemsPicked", "Shipped", "DiscountApplied", "Delivered", "RefundIssued", "OrderClosed"]
    assert [e["time"] for e in story] == [
        "2023-02-01T09:14:22.118Z", "2023-02-01T09:14:25.640Z", "2023-02-01T09:15:02.007Z",
        "2023-02-01T09:16:40.533Z", "2023-02-01T09:16:41.012Z", "2023-02-02T07:40:18.200Z",
        "2023-02-02T15:05:51.914Z", "2023-02-03T10:22:09.376Z", "2023-02-04T12:48:33.050Z",
        "2023-02-07T09:30:12.744Z", "2023-02-17T00:00:04.002Z"]
    assert [dumps(s["balance"]) for s in states["order-1220"]] == (
        ["200.00", "150.00", "150.00"] + ["0.00"] * 4 + ["-50.00", "-50.00", "0.00", "0.00"])
    assert [s["status"] for s in states["order-1220"]] == (
        ["Placed"] * 3 + ["Paid", "Confirmed", "Confirmed", "Shipped", "Shipped",
                          "Delivered", "Delivered", "Closed"])
    assert ["pendingCoupon" in s for s in states["order-1220"]] == [1 <= v <= 6 for v in range(11)]
    before, after = states["order-1220"][6:8]
    assert {k for k in before.keys() | after.keys() if before.get(k) != after.get(k)} == {
        "discounts", "discountTotal", "total", "balance", "pendingCoupon"}
    head = story[0]["data"]
    assert (dumps(head["total"]), head["currency"], head["customer"], len(head["lines"])) == (
        "200.00", "EUR", "customer-0311", 2)
    assert dumps(story[1]["data"]) == '{"code":"SPRING50","amount":50.00}'
    assert dumps(story[2]["data"]) == '{"amount":150.00,"due":"2023-02-03"}'
    assert dumps(story[3]["data"]) == '{"amount":150.00,"paymentId":"payment-1220"}'
    assert dumps(story[5]["data"]) == '{"picker":"w-14","items":3}'
    assert list(story[6]["data"])[:2] == ["carrier", "trackingNumber"]
    assert dumps(story[7]["data"]) == '{"code":"SPRING50","amount":50.00,"by":"support.anna"}'
    assert dumps(story[8]["data"]) == '{"signedBy":"J. Moreau"}'
    assert dumps(story[9]["data"]) == '{"amount":50.00,"reason":"overpaid"}'
    assert story[10]["data"] == {}
    by_id = {e["id"]: e for e in events}
    chain = [story[9]]
    while chain[-1]["metadata"]["causationId"] in by_id:
        chain.append(by_id[chain[-1]["metadata"]["causationId"]])
    chain.reverse()
    assert [(e["stream"], e["type"]) for e in chain] == [
        ("customer-0311", "CouponRetried"), ("order-1220", "DiscountApplied"),
        ("customer-0311", "BalanceChanged"), ("payment-1220", "RefundRequested"),
        ("order-1220", "RefundIssued")]
    command = story[1]["metadata"]["causationId"]
    assert chain[0]["metadata"]["causationId"] == chain[0]["data"]["command"] == command
    together = [e for e in events if e["metadata"]["correlationId"] == story[0]["metadata"]["correlationId"]]
    assert {e["stream"] for e in together} == {
        "cart-2107", "order-1220", "payment-1220", "shipment-0977", "customer-0311",
        "inventory-2208", "inventory-1031"}
    found["story"] = [(position[e["id"]], e, dumps(s["balance"])) for e, s in zip(story, states["order-1220"])]
    found["chain"] = [(position[e["id"]], e) for e in chain]
    found["together"] = Counter(e["stream"] for e in together)
    for s, part in streams.items():  # a running account owes what its orders owe
        if category[s] == "customer" and any(e["type"] == "BalanceChanged" for e in part):
            assert states[s][-1]["balance"] == sum(
                o[-1]["balance"] for k, o in states.items()
                if category[k] == "order" and o[-1]["customerId"] == s
                and {"PaymentRequested"} & {e["type"] for e in streams[k]}), s

    # Accounts.
    accounts = sorted(s for s in streams if category[s] == "account")
    assert len(accounts) == 8
    entries = [e["data"]["ledgerSeq"] for e in events if "ledgerSeq" in e["data"]]
    assert entries[0] == 9007199254740997 and entries == sorted(set(entries))
    for s in accounts:
        for e, state in zip(streams[s], states[s]):
            assert dumps(state["balance"])[-3] == "."
            assert state["balance"] >= 0 or s == "account-0007", (s, e["version"])
            if e["type"] == "InterestPaid":
                assert e["data"]["amount"] == money(e["data"]["on"] * e["data"]["rate"] / 400)
                assert e["data"]["on"] == state["balance"] - e["data"]["amount"]
    seven = streams["account-0007"]
    moved = {when(T(e["time"][:-1])).date() for e in seven}
    weeks = [date(2023, 1, 2) + timedelta(weeks=n) for n in range(78)]
    idle = [w for w in weeks if not any(w + timedelta(days=n) in moved for n in range(7))]
    assert len(idle) <= 4, idle
    low, at_end = [], {}
    for e, state in zip(seven, states["account-0007"]):
        at_end[e["time"][:10]] = state["balance"]
    day, balance = date(2023, 1, 2), Decimal(0)
    while day <= date(2024, 6, 30):
        balance = at_end.get(day.isoformat(), balance)
        if balance < 0:
            low.append(day)
        if day == date(2024, 6, 28):
            found["friday"] = dumps(balance)
        day += timedelta(days=1)
    assert 8 <= len(low) <= 60, len(low)
    runs = []
    for d in low:
        if runs and d - runs[-1][1] == timedelta(days=1):
            runs[-1][1] = d
        else:
            runs.append([d, d])
    found["account"] = (len(seven), idle, len(low), runs,
                        dumps(min(s["balance"] for s in states["account-0007"])))

    # Videos.
    for number, *_ in VIDEOS:
        n = f"{number:04d}"
        part = [e for e in events if e["metadata"]["correlationId"] == correlation("video-" + n)]
        assert [s for s in dict.fromkeys(e["stream"] for e in part)] == [
            f"{c}-{n}" for c in ("upload", "processing", "catalog", "delivery")]
        assert all(b["metadata"]["causationId"] == a["id"] for a, b in zip(part, part[1:]))
        if n == "0042":
            found["video"] = [(position[e["id"]], e) for e in part]
            assert [e["type"] for e in part] == [
                "VideoUploaded", "ProcessingStarted", "ThumbnailCreated", "ProcessingCompleted",
                "VideoListed", "VideoMadeAvailable"]

    # Sensors.
    sensors = [s for s in streams if category[s] == "sensor"]
    assert len(sensors) == 6
    assert not any(SILENT[0] <= t < SILENT[1] for t, e in zip(ms, events) if category[e["stream"]] == "sensor")
    readings = [(t, e) for t, e in zip(ms, events) if e["type"] == "ReadingTaken"]
    assert all(dumps(e["data"]["temperature"])[-2] == "." for _, e in readings)
    before = [position[e["id"]] for t, e in readings if t < SILENT[0]][-1]
    after = [position[e["id"]] for t, e in readings if t >= SILENT[1]][0]
    found["silent"] = (before, after)
    roof = [(e["time"][5:7], e["data"]["temperature"]) for _, e in readings if e["stream"] == "sensor-0001"]
    mean = {m: sum(v for k, v in roof if k == m) / sum(k == m for k, _ in roof) for m in ("01", "07")}
    assert mean["07"] - mean["01"] > 15

    # Inventory.
    for s in streams:
        if category[s] == "inventory":
            for state in states[s]:
                assert 0 <= state["reserved"] <= state["onHand"], (s, state)
    found["inventory"] = {s: len(p) for s, p in sorted(streams.items()) if category[s] == "inventory"}

    # Snapshots: all but one agree with a replay.
    assert 26 <= len(snapshots) <= 34, len(snapshots)
    wrong = [s for s in snapshots if s["state"] != states[s["stream"]][s["version"]]]
    assert [(s["stream"], s["version"]) for s in wrong] == [WRONG[:2]]
    right = states[WRONG[0]][WRONG[1]]
    assert wrong[0]["state"] == right | {"onHand": right["onHand"] + WRONG[2]}
    event = streams[WRONG[0]][WRONG[1]]
    found["wrong"] = (position[event["id"]], wrong[0]["time"], wrong[0]["state"]["onHand"], right["onHand"])
    found["snapshots"] = len(snapshots)

    # Names beyond ASCII.
    names = [e["data"]["name"] for e in events if e["type"] == "CustomerRegistered"]
    assert "佐藤 美咲" in names and "Zoë Łukasiewicz" in names
    found["japan"] = next(e["stream"] for e in events if e["data"].get("name") == "佐藤 美咲")
    found["marks"] = next(e["stream"] for e in events if e["data"].get("name") == "Zoë Łukasiewicz")
    found["japan_order"] = next(s for s in orders if states[s][-1]["customerId"] == found["japan"])

    found["types"], found["count"], found["streams"] = types, len(events), len(streams)
    found["retries"] = [position[e["id"]] for e in events
                        if e["type"] == "CouponRetried" and "outcome" in e["data"]]
    return found


# ---------------------------------------------------------------------------------------------
# 9. README and main
# ---------------------------------------------------------------------------------------------


def listed(words) -> str:
    words = [str(w) for w in words]
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + " and " + words[-1]


def readme(f: dict, size: int, snapshot_size: int) -> str:
    lines = []
    add = lines.append

    def human(time: str) -> str:
        return time.replace("T", " ").rstrip("Z")

    add("# Sample history: a shop, 2023-01-02 to 2024-06-30\n")
    add("This folder holds the invented history of a small shop for kitchen goods, as an event store keeps it.")
    add(f"It has {f['count']:,} events in {f['streams']:,} streams of 12 categories, with 40 event types.")
    add("Nothing in it is real.\n")
    add("## Files\n")
    add(f"- `events.jsonl` is the history, one JSON object a line, {size:,} bytes.")
    add("- The position of an event is the number of its line, the first one is 1.")
    add("- The category of a stream is what stands before its first dash.")
    add(f"- `snapshots.jsonl` holds {f['snapshots']} states that the shop stored itself, {snapshot_size:,} bytes.")
    add("- `rules.toml` says how a state follows from the events of a stream.")
    add("- `make.py` writes all of them, and this text.\n")
    add("## How it was made\n")
    add("`make.py` writes the same bytes on every run: its seed is fixed and it reads no clock.")
    add("It follows `rules.toml` with a small interpreter in exact decimals.")
    add("It reads back what it has written and asserts every story below.")
    add("All amounts are JSON numbers with two decimals and add up.\n")
    add("## An order whose balance becomes negative\n")
    add("`order-1220` got its discount twice, because a coupon command was retried after the goods were paid and shipped.\n")
    for n, e, balance in f["story"]:
        add(f"- v{e['version']} {e['type']} is at position {n}, {human(e['time'])}, balance {balance}.")
    add("")
    chain = f["chain"]
    add(f"The chain of causes starts with {chain[0][1]['type']} in `{chain[0][1]['stream']}` "
        f"(v{chain[0][1]['version']}, position {chain[0][0]}, {human(chain[0][1]['time'])}).")
    add(f"That event retried the command `{chain[0][1]['data']['command']}`, which had already caused v1.")
    add("It goes on with " + listed(f"{e['type']} in `{e['stream']}` (v{e['version']}, position {n})"
                                    for n, e in chain[1:]) + ".")
    add(f"The undertaking has {sum(f['together'].values())} events with one correlation: "
        + listed(f"{c} in `{s}`" for s, c in sorted(f["together"].items())) + ".")
    add("The field `pendingCoupon` appears at v1 and disappears at v7.")
    others = [s for s in f["negative"] if s != "order-1220"]
    add("The same happened to " + listed(f"`{s}`" for s in others) + " before the fault was put right on 2023-05-02.")
    add(listed(f"`{s}`" for s in f["ends_negative"]) + " were never refunded and end below zero.")
    add(f"Later retries were answered with `already applied`, {len(f['retries'])} times, "
        f"first at position {f['retries'][0]}.\n")
    add("## Orders\n")
    add(f"There are {f['orders']} orders with 4 to 11 events, the most in November, December and April.")
    add(f"{f['cancelled']} were cancelled and {f['refunded']} have a refund.")
    add("At every version the balance is the total less what was paid plus what was refunded.")
    a, b, old, new = f["shape"]
    add(f"Until 2023-10-01 the `customer` of OrderPlaced is a text (schema version 1, {old} events, last at position {a}).")
    add(f"From then on it is an object with `id` and `name` (schema version 2, {new} events, first at position {b}).")
    add("Not every order has streams of its own for cart, payment and shipment: the till, the wallet and some carriers kept none.\n")
    add("## An account below zero\n")
    count, idle, low, runs, lowest = f["account"]
    add(f"`account-0007` has {count} events and moves in {78 - len(idle)} of 78 weeks.")
    if idle:
        add("It rests in the weeks from " + listed(idle) + ".")
    add(f"At the end of {low} days it is below zero: "
        + listed(f"{a} to {b}" if a != b else f"{a}" for a, b in runs) + ".")
    add(f"Its lowest balance is {lowest}.")
    add(f"On the last Friday, 2024-06-28, it ends with {f['friday']}.")
    add("Its transfers to `account-0003` carry one correlation in both streams.")
    add("All account entries have a `ledgerSeq` above 2^53, from 9007199254740997 on.\n")
    add("## A video through four services\n")
    add("`video-0042` passes through four streams with one correlation, each event caused by the one before it.\n")
    for n, e in f["video"]:
        add(f"- {e['type']} in `{e['stream']}` is at position {n}, {human(e['time'])}.")
    add("")
    add(f"{len(VIDEOS) - 1} other videos, 0036 to 0046, go the same way.\n")
    add("## Sensors\n")
    add("Six sensors read temperature and humidity; `sensor-0003` in the cold store daily, the others about weekly.")
    add("Temperatures follow the season.")
    before, after = f["silent"]
    add(f"From 2023-08-07 to 2023-08-20 no sensor reports anything (last reading before at position {before}, next at {after}).")
    add("From 2024-03-01 to 2024-03-04 `sensor-0003` reads every hour.\n")
    add("## An outage\n")
    a, b, ta, tb = f["outage"]
    add("Nothing at all was stored for 11 hours in the night of 2024-03-02.")
    add("Quiet nights elsewhere can be as long; this one shows because a sensor reads every hour in these days.")
    add(f"The last event before is at position {a}, {human(ta)}.")
    add(f"The first event after is at position {b}, {human(tb)}.\n")
    add("## Two clocks that ran ahead\n")
    one, two = f["skew"]
    add(f"{len(one) + len(two)} events carry a time earlier than the event stored before them in another stream, by up to {f['skew_ms']} ms.")
    add(f"On 2023-11-24 the clock of the payments service was ahead (positions {listed(one)}).")
    add(f"On 2024-04-16 the clock of the shipping service was ahead (positions {listed(two)}).")
    add("Within a stream time never goes back.\n")
    add("## A snapshot that disagrees\n")
    n, time, said, right = f["wrong"]
    add(f"The snapshot of `{WRONG[0]}` at v{WRONG[1]} (event at position {n}, stored {human(time)}) says `onHand` {said}.")
    add(f"A replay says {right}: a box of twelve was counted twice.")
    add("All other snapshots equal a replay.\n")
    add("## Text beyond ASCII\n")
    add(f"`{f['japan']}` has a Japanese name, which is also in `{f['japan_order']}`.")
    add(f"`{f['marks']}` has a name with diacritics.\n")
    add("## Counts\n")
    per = defaultdict(list)
    for (category, kind), count in sorted(f["types"].items(), key=lambda x: (x[0][0], -x[1], x[0][1])):
        per[category].append((kind, count))
    for category, kinds in sorted(per.items(), key=lambda x: -sum(c for _, c in x[1])):
        add(f"- `{category}` has {sum(c for _, c in kinds):,} events: "
            + listed(f"{kind} {count:,}" for kind, count in kinds) + ".")
    return "\n".join(lines) + "\n"


def write_lines(name: str, rows: list[dict]) -> int:
    data = "".join(dumps(row) + "\n" for row in rows).encode()
    (HERE / name).write_bytes(data)
    return len(data)


def read_lines(name: str) -> list[dict]:
    return [loads(line) for line in (HERE / name).read_text("utf-8").splitlines()]


def main() -> None:
    book = Book()
    tell_shop(book)
    tell_inventory(book)
    tell_accounts(book)
    tell_sensors(book)
    tell_videos(book)
    events = assemble(book)

    (HERE / "rules.toml").write_bytes(RULES.encode())
    rules = read_rules((HERE / "rules.toml").read_text("utf-8"))
    size = write_lines("events.jsonl", events)
    snapshot_size = write_lines("snapshots.jsonl", take_snapshots(events, rules))

    found = check(read_lines("events.jsonl"), read_lines("snapshots.jsonl"), rules, size)
    (HERE / "README.md").write_bytes(readme(found, size, snapshot_size).encode())
    print(f"{found['count']:,} events, {size:,} bytes; {found['snapshots']} snapshots, {snapshot_size:,} bytes")


if __name__ == "__main__":
    main()
