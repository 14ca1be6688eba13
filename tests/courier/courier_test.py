# SPDX-License-Identifier: ISC
"""The courier, its outbox and a relay."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import unittest

from relay import Relay, certificate

COURIER = os.environ["DUKA_TEST_COURIER"]
TOP = os.environ["DUKA_TEST_TOP"]
WORK = os.environ["DUKA_TEST_WORK"]
LOG = WORK + "/courier.log"
LINK = "https://shop.example/verify?token=SECRET-TOKEN"


def sql(statement, user="postgres"):
    done = subprocess.run(
        ["psql", "-XqtA", "-U", user, "-v", "ON_ERROR_STOP=1", "-c",
         "set search_path = duka", "-c", statement],
        capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(done.stderr)
    return done.stdout.strip()


def literal(value):
    return "'" + value.replace("'", "''") + "'"


def put(template="welcome", to="ada@example.org", data=None, more=None):
    columns = {"template": template, "recipient": to,
               "data": json.dumps(data or {"name": "Ada"}), **(more or {})}
    return sql("insert into outbox (%s) values (%s) returning id" % (
        ", ".join(columns), ", ".join(map(literal, columns.values()))))


def row(identifier):
    return json.loads(sql("select to_jsonb(o) from outbox o where id = '%s'"
                          % identifier))


def stack(*words):
    subprocess.run([TOP + "/tools/stack", WORK + "/shop", *words],
                   check=True, capture_output=True)


class Case(unittest.TestCase):
    tls = None
    login = False
    variables = {}

    def setUp(self):
        sql("truncate outbox")
        self.relay = Relay(self.tls, self.login)
        self.addCleanup(self.relay.stop)
        self.environment = dict(
            os.environ, DUKA_SMTP="127.0.0.1:%d" % self.relay.port,
            DUKA_LOG=LOG, DUKA_ORIGIN="https://shop.example",
            DUKA_MAIL_FROM="", DUKA_SMTP_TLS="", DUKA_SMTP_USER="",
            DUKA_SMTP_PASSWORD_FILE="")
        self.environment.setdefault("ASAN_OPTIONS", "detect_leaks=0")
        self.environment.update(self.variables)

    def courier(self, *words, status=0):
        done = subprocess.run([COURIER, *words], env=self.environment,
                              capture_output=True, text=True, timeout=120)
        self.assertEqual(done.returncode, status, done.stdout + done.stderr)
        return done.stdout if not status else done.stderr

    def daemon(self):
        process = subprocess.Popen([COURIER], env=self.environment,
                                   stdin=subprocess.DEVNULL)

        def end():
            if process.poll() is None:
                process.kill()
            process.wait()
        self.addCleanup(end)
        return process

    def wait_for(self, condition, seconds=15):
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if condition():
                return
            time.sleep(0.05)
        self.fail("waited in vain")


ORDER = {
    "number": "D-1001", "name": "Ada", "order_id": "x",
    "review_query": "?order=x#key=k",
    "lines": [{"quantity": 2, "name": "Yam <fresh>", "product_id": "p",
               "total": {"amount": 1250, "currency": "EUR"}},
              {"quantity": 1, "name": "Egusi",
               "total": {"amount": 399, "currency": "EUR"}}],
    "subtotal": {"amount": 1649, "currency": "EUR"},
    "discount": {"amount": 100, "currency": "EUR"},
    "shipping": {"name": "Parcel",
                 "total": {"amount": 450, "currency": "EUR"}},
    "tax": {"amount": 120, "currency": "EUR"},
    "total": {"amount": 1999, "currency": "EUR"},
    "shipping_address": {"name": "Ada L.", "line1": "1 Quay", "city": "Cork",
                         "postcode": "T12", "country": "IE"},
    "payment": {"method": "bank_transfer", "label": "Bank transfer",
                "holder": "Duka", "iban": "IE29AIBK93115212345678",
                "amount": {"amount": 1999, "currency": "EUR"}},
    "shipment": {"lines": [{"quantity": 2, "name": "Yam <fresh>"}]},
    "carrier": "An Post", "tracking_number": "RR123", "partial": True,
    "reason": "Out of yam", "path": "/order/x#key=k",
    "return_day": "2026-12-24",
}

REFUND = {"reason": "One was torn",
          "amount": {"amount": 1250, "currency": "EUR"},
          "shipping": {"amount": 0, "currency": "EUR"},
          "lines": [{"quantity": 1, "name": "Yam <fresh>",
                     "amount": {"amount": 1250, "currency": "EUR"}}]}

RETURN = {"lines": [{"quantity": 3, "name": "Yam <fresh>"}],
          "number": 7, "decision_note": "By post, please"}

ORDER_LINK = "https://shop.example/order/x#key=k"

WISHES = {"name": "Ada", "first": "Yam <fresh>", "others": 24, "rest": 5,
          "items": [{"product": {"name": "Yam <fresh>", "slug": "yam"},
                     "price": {"amount": 999, "currency": "EUR"},
                     "was": {"amount": 1250, "currency": "EUR"}},
                    {"product": {"name": "Egusi", "slug": "egusi"},
                     "price": {"amount": 399, "currency": "EUR"},
                     "was": {"amount": 400, "currency": "EUR"}}]}

# What a mail's text must say, by template.
SAYS = {
    "order-changed": (dict(ORDER, before={"amount": 2999, "currency": "EUR"},
                           back={"amount": 1000, "currency": "EUR"}),
                      "D-1001", ["Out of yam", "before: 29.99 EUR",
                                 "You get back 10.00 EUR", ORDER_LINK]),
    "shipment-changed": (ORDER, "D-1001", ["An Post", "RR123", ORDER_LINK]),
    "staff-invite": ({"name": "Efua", "inviter": "Kofi",
                      "path": "/admin-panel/password#token=t"},
                     "Kofi invites you",
                     ["https://shop.example/admin-panel/password#token=t"]),
    "staff-reset-password": ({"name": "Efua", "by": "Kofi",
                              "path": "/admin-panel/password#token=t"},
                             "password",
                             ["https://shop.example/admin-panel/password"
                              "#token=t"]),
    "staff-new-device": ({"name": "Efua", "at": "2026-03-02 09:30",
                          "address": "203.0.113.7", "agent": "Firefox"},
                         "device", ["2026-03-02", "203.0.113.7"]),
    "staff-secured": ({"name": "Efua", "at": "2026-03-02 09:30",
                       "totp_on": True}, "changed",
                      ["a second factor was switched on"]),
    "task-reminder": ({"name": "Efua", "title": "Call the harbour",
                       "due": "2026-03-02", "task_id": "t"},
                      "Call the harbour",
                      ["2026-03-02",
                       "https://shop.example/admin-panel/tasks?task=t"]),
    "verify-email": ({"name": "Ada", "link": LINK}, "confirm",
                     ["Hello Ada,", LINK, "24 hours"]),
    "welcome": ({"name": ""}, "Welcome to Duka",
                ["Hello,", "https://shop.example/"]),
    "reset-password": ({"name": "Ada", "link": LINK}, "password",
                       [LINK, "hour"]),
    "password-changed": ({"name": "Ada"}, "changed", ["If it wasn't you"]),
    "change-email": ({"name": "Ada", "link": LINK}, "new address",
                     [LINK, "24 hours"]),
    "email-changed": ({"name": "Ada"}, "changed", ["If it wasn't you"]),
    "account-exists": ({"name": "Ada", "link": LINK}, "account", [LINK]),
    "order-placed": (ORDER, "D-1001",
                     ["2 x Yam <fresh>: 12.50 EUR", "Discount: -1.00 EUR",
                      "Parcel: 4.50 EUR", "Total: 19.99 EUR",
                      "Ada L.\n  1 Quay\n  T12 Cork\n  IE",
                      "transfer 19.99 EUR to Duka",
                      "IE29AIBK93115212345678", "Reference: D-1001",
                      ORDER_LINK]),
    "order-shipped": (ORDER, "D-1001",
                      ["a part of your order D-1001", "2 x Yam <fresh>",
                       "An Post", "RR123", "The rest follows", ORDER_LINK]),
    "order-cancelled": (ORDER, "D-1001", ["19.99 EUR", "Out of yam",
                                          ORDER_LINK]),
    "order-delivered": (ORDER, "D-1001",
                        ["2 x Yam <fresh>", "until 2026-12-24", ORDER_LINK,
                         "https://shop.example/review/p?order=x#key=k"]),
    "refunded": ({**ORDER, "refund": REFUND}, "D-1001",
                 ["refunded 12.50 EUR", "1 x Yam <fresh>: 12.50 EUR",
                  "Why: One was torn", ORDER_LINK]),
    "return-moved": ({**ORDER, "return": RETURN, "approved": True}, "D-1001",
                     ["send us back from order D-1001", "3 x Yam <fresh>",
                      "By post, please", ORDER_LINK]),
    "report": ({"title": "Sales, October"}, "Sales, October", ["attached"]),
    "points-expiring": ({"name": "Ada", "points": 640, "day": "2026-12-24",
                         "worth": {"amount": 640, "currency": "EUR"}},
                        "640 points expire", ["worth 6.40 EUR",
                                              "2026-12-24"]),
    "points-moved": ({"name": "Ada", "came": True, "count": 58,
                      "balance": 640, "reason": "For <you>"}, "640",
                     ["58 points came", "640 now", "For <you>",
                      "https://shop.example/account/loyalty"]),
    "back-in-stock": (WISHES, "Yam <fresh> is back, and 24 more",
                      ["Hello Ada,", "Yam <fresh>: 9.99 EUR",
                       "https://shop.example/product/egusi", "and 5 more",
                       "https://shop.example/account/wishlist"]),
    "price-drop": (WISHES, "Yam <fresh> costs less now, and 24 more",
                   ["Yam <fresh>: 9.99 EUR instead of 12.50 EUR",
                    "https://shop.example/product/yam", "and 5 more",
                    "https://shop.example/account/wishlist"]),
    "review-decided": ({"name": "Ada", "approved": True,
                        "path": "/product/yam#reviews",
                        "product": {"name": "Yam <fresh>", "slug": "yam"}},
                       "Yam <fresh>", ["Your review of Yam <fresh>",
                                       "https://shop.example/product/yam#reviews"]),
    "message-received": ({"name": "Ada", "number": "M-1", "path": "/account/x",
                          "subject": "Torn <bag>", "text": "One\nand <two>"},
                         "M-1", ["Torn <bag>", "One\nand <two>",
                                 "https://shop.example/account/x"]),
    "message-arrived": ({"number": "M-1", "subject": "Torn <bag>",
                         "writer": "Ada", "email": "ada@example.org",
                         "order_number": "D-1", "first": True,
                         "text": "One\nand <two>"}, "Torn <bag>",
                        ["Ada wrote to the shop", "One\nand <two>", "D-1",
                         "ada@example.org"]),
    "message-reply": ({"name": "Ada", "number": "M-1", "subject": "Torn <bag>",
                       "text": "One\nand <two>", "path": "/account/x"},
                      "Torn <bag>", ["Hello Ada,", "One\nand <two>",
                                     "https://shop.example/account/x"]),
}

# What they say otherwise: to guests, of less, of what went.
SAYS_TOO = [
    ("back-in-stock", ({"first": "Egusi", "items": WISHES["items"][1:]},
                       "Egusi is back", ["Hello,", "Egusi: 3.99 EUR"])),
    ("price-drop", ({"first": "Egusi", "items": WISHES["items"][1:]},
                    "Egusi costs less now",
                    ["Egusi: 3.99 EUR instead of 4.00 EUR"])),
    ("points-moved", ({"count": 58, "balance": -3}, "-3",
                      ["Hello,", "58 points left", "-3 now"])),
    ("review-decided", ({"note": "It names <somebody>",
                         "path": "/review/yam",
                         "product": {"name": "Yam", "slug": "yam"}},
                        "Yam", ["not shown", "It names <somebody>",
                                "https://shop.example/review/yam"])),
    ("message-received", ({"number": "M-1"}, "M-1",
                          ["Hello,", "by mistake"])),
    ("message-arrived", ({"number": "M-1", "subject": "Torn", "writer": "Ada",
                          "text": "More"}, "Torn",
                         ["Ada wrote on in M-1", "More"])),
    ("message-reply", ({"name": "Gus", "number": "M-1", "subject": "Torn",
                        "text": "Sorry"}, "Torn",
                       ["Sorry", "name M-1", "https://shop.example/contact"])),
]


class Templates(Case):
    def test_each_says_what_it_must(self):
        files = {name[:-4] for name in os.listdir(TOP + "/etc/mail")
                 if name.endswith(".txt") and name.count(".") == 1}
        self.assertEqual(files, set(SAYS))
        for template, (data, subject, pieces) in (
                *SAYS.items(), *SAYS_TOO):
            with self.subTest(template):
                self.relay.letters.clear()
                put(template, data=data)
                self.assertEqual(self.courier("once"),
                                 "1 sent, 0 put off, 0 parked\n")
                letter = self.relay.letters[0]
                self.assertIn(subject, letter.message["Subject"])
                text = letter.text()
                for piece in pieces:
                    self.assertIn(piece, text)
                self.assertNotRegex(text, r"\{\{|\}\}|\n\n\n|[ \t]\n")
                self.html(letter.html(), pieces)

    def html(self, html, pieces):
        self.assertIn("prefers-color-scheme: dark", html)
        self.assertNotRegex(html, r"\{\{|<img|<script|url\(|@import")
        self.assertNotIn("<fresh>", html)
        for link in re.findall(r'(?:href|src)="([^"]*)"', html):
            self.assertTrue(link.startswith("https://shop.example"), link)
        for piece in pieces:
            if piece.startswith("https"):
                self.assertIn(piece, html)

    def customer(self, language):
        return sql("insert into customer (email, language) values ("
                   "gen_random_uuid() || '@example.org', '%s') returning id"
                   % language)

    def own(self, template, language, subject, text):
        sql("insert into mail_text (template, language, subject, text) "
            "values ('%s', '%s', '%s', E'%s')"
            % (template, language, subject, text))
        self.addCleanup(sql, "delete from mail_text")

    def sent(self, template="welcome", **rest):
        self.relay.letters.clear()
        put(template, **rest)
        self.courier("once")
        return self.relay.letters[0]

    def test_the_customers_language_chooses(self):
        for language, word in (("fr", "Bienvenue"), ("pt-BR", "Boas-vindas"),
                               ("en", "Welcome"), ("de", "Welcome")):
            letter = self.sent(more={
                "customer_id": self.customer(language)})
            self.assertIn(word, letter.message["Subject"])
            self.assertIn('<html lang="%s">' % (
                language[:2] if language[:2] in ("fr", "pt") else "en"),
                letter.html())
        sql("update setting set value = 'fr' where key = 'shop.language'")
        self.addCleanup(sql, "update setting set value = 'en' "
                        "where key = 'shop.language'")
        self.assertIn("Bienvenue", self.sent().message["Subject"])
        # A language that this mail is not shipped in.
        letter = self.sent("points-moved", data={
            "name": "Ada", "came": True, "count": 5, "balance": 9})
        self.assertIn("Your points", letter.message["Subject"])

    def test_own_words_come_first(self):
        self.own("welcome", "en", "Karibu {{name}}",
                 "<b>Habari</b> {{name}}\n\n{{origin}}/x?a=1&b=2.\nEnd")
        letter = self.sent(data={"name": "A<i>"})
        self.assertEqual(letter.message["Subject"], "Karibu A<i>")
        self.assertIn("<b>Habari</b> A<i>", letter.text())
        self.assertIn("&lt;b&gt;Habari&lt;/b&gt; A&lt;i&gt;</p>",
                      letter.html())
        self.assertIn('<a href="https://shop.example/x?a=1&amp;b=2"',
                      letter.html())
        # Of another language they are not this one's.
        letter = self.sent(more={"customer_id": self.customer("fr")})
        self.assertIn("Bienvenue", letter.message["Subject"])
        self.own("welcome", "fr", "A toi", "Bonjour")
        letter = self.sent(more={"customer_id": self.customer("fr")})
        self.assertEqual(letter.message["Subject"], "A toi")

    def test_what_is_tried_is_sent_as_it_was_written(self):
        self.own("welcome", "en", "Kept", "Kept")
        letter = self.sent(more={
            "words": '{"language": "fr", "subject": "Essai", "text": "A"}'})
        self.assertEqual(letter.message["Subject"], "Essai")

    def test_envelope_and_headers(self):
        identifier = put(to="ada.l@example.org")
        self.courier("once")
        letter = self.relay.letters[0]
        self.assertEqual(letter.sender, "shop@localhost")
        self.assertEqual(letter.recipients, ["ada.l@example.org"])
        self.assertEqual(letter.message["From"], "Duka <shop@localhost>")
        self.assertEqual(letter.message["To"], "ada.l@example.org")
        self.assertEqual(letter.message["Message-ID"],
                         "<%s@localhost>" % identifier)
        self.assertEqual(letter.message["Auto-Submitted"], "auto-generated")
        self.assertIsNotNone(letter.message["Date"].datetime)
        self.assertEqual(len(letter.message.get_all("Date")), 1)
        self.environment["DUKA_MAIL_FROM"] = "Café <hello@shop.example>"
        put()
        self.courier("once")
        self.assertEqual(self.relay.letters[1].message["From"],
                         "Café <hello@shop.example>")
        self.assertEqual(self.relay.letters[1].sender, "hello@shop.example")

    def test_values_stay_values(self):
        evil = "A\r\nBcc: eve@example.org\r\n\r\n.\r\nQUIT\r\n{{link}}<b>"
        put("order-placed", data=dict(ORDER, number=evil, name=evil))
        self.courier("once")
        letter = self.relay.letters[0]
        self.assertEqual(letter.recipients, ["ada@example.org"])
        self.assertIsNone(letter.message["Bcc"])
        self.assertIn("\n.\nQUIT\n{{link}}<b>", letter.text())
        self.assertIn("{{link}}&lt;b&gt;", letter.html())

    def test_dots_and_long_lines_arrive(self):
        reason = ".\n..\n.x\nFrom me\n" + "long " * 300 + "\nÄrger = ☂"
        put("order-cancelled", data=dict(ORDER, reason=reason))
        self.courier("once")
        self.assertIn(reason, self.relay.letters[0].text())
        for line in self.relay.letters[0].raw.split(b"\r\n"):
            self.assertLessEqual(len(line), 78)

    def test_attachment(self):
        content = "day,total\n2026-10-01,12.50\n" * 500 + "é"
        identifier = put("report", data={"title": "Sales"}, more={
            "attachment_name": "sales octobre é.csv",
            "attachment_type": "text/csv; charset=utf-8",
            "attachment": content})
        self.courier("once")
        part = next(self.relay.letters[0].message.iter_attachments())
        self.assertEqual(part.get_filename(), "sales octobre é.csv")
        self.assertEqual(part.get_content_type(), "text/csv")
        self.assertEqual(part.get_content(), content)
        self.assertIsNone(row(identifier)["attachment"])

    def test_broken_template_waits(self):
        put("no-such-thing")
        self.assertEqual(self.courier("once"),
                         "0 sent, 1 put off, 0 parked\n")
        self.assertIn("no-such-thing", self.courier("queue"))


def customer(name, agrees):
    """A customer, who agrees to offers by mail, or doesn't."""
    identifier = sql(
        "insert into customer (email, given_name, email_verified_at) values"
        " ('%s@example.org', '%s', now()) returning id" % (name, name))
    if agrees:
        agree(identifier, True)
    return identifier


def agree(identifier, yes):
    sql("insert into consent (customer_id, purpose, channel, given, source,"
        " text_digest) values ('%s', 'marketing', 'email', %s, 'account',"
        " repeat('a', 64))" % (identifier, yes))


def product(price, stock):
    """A product for sale; its id and its variant's."""
    identifier = sql("insert into product (slug, name, status) select"
                     " 'p-' || n, 'Pot ' || n, 'active' from (select"
                     " count(*) as n from product) n returning id")
    variant = sql("insert into variant (product_id, sku, price_amount,"
                  " price_currency) values ('%s', '%s', %d, 'EUR')"
                  " returning id" % (identifier, identifier[:8], price))
    count_stock(variant, stock)
    return identifier, variant


def count_stock(variant, count):
    sql("select set_stock('%s', 'main', %d, 'test')" % (variant, count))


def wish(customer_id, product_id):
    sql("begin; select set_config('duka.customer', '%s', true);"
        " select put_wish('%s', null); commit" % (customer_id, product_id))


class Offers(Case):
    """Mail that needs consent: what is wished for, and the way out."""

    def links(self, letter):
        header = letter.message["List-Unsubscribe"]
        found = re.fullmatch(
            r"<(https://shop\.example/unsubscribe\?token=[\w-]{43})>", header)
        self.assertIsNotNone(found, header)
        return found[1]

    def test_what_is_wished_for_is_told(self):
        ada, ben = customer("wisher", True), customer("silent", False)
        pot, variant = product(2000, 0)
        wish(ada, pot)
        wish(ben, pot)
        count_stock(variant, 3)
        sql("update variant set price_amount = 1500 where id = '%s'"
            % variant)
        self.assertEqual(self.courier("once"),
                         "2 sent, 0 put off, 0 parked\n")
        self.assertEqual({letter.recipients[0]
                          for letter in self.relay.letters},
                         {"wisher@example.org"})
        back, drop = sorted(self.relay.letters,
                            key=lambda letter: letter.message["Subject"]
                            .endswith("costs less now"))
        self.assertIn("is back", back.message["Subject"])
        self.assertIn("15.00 EUR instead of 20.00 EUR", drop.text())
        self.assertEqual(self.courier("once"),
                         "0 sent, 0 put off, 0 parked\n")

    def test_a_daemon_tells_by_itself(self):
        ada = customer("waiting", True)
        pot, variant = product(2000, 0)
        wish(ada, pot)
        self.daemon()
        self.wait_for(lambda: int(sql(
            "select count(*) from pg_stat_activity"
            " where usename = 'duka_courier'")) > 0)
        count_stock(variant, 3)
        sql("notify outbox")
        self.wait_for(lambda: self.relay.letters)

    def test_the_way_out_stands_in_offers_alone(self):
        ada = customer("offered", True)
        for _ in range(2):
            sql("select send_wanted_mail('%s', 'price_drop', 'price-drop',"
                " %s)" % (ada, literal(json.dumps(WISHES))))
        put("order-placed", data=ORDER, more={"customer_id": ada})
        put("welcome", more={"customer_id": ada})
        put("order-shipped", data=dict(ORDER, unsubscribe="https://x.y/z"),
            more={"customer_id": ada})
        self.courier("once")
        self.assertEqual(len(self.relay.letters), 5)
        offers = [letter for letter in self.relay.letters
                  if "costs less" in letter.message["Subject"]]
        self.assertEqual(len(offers), 2)
        for letter in self.relay.letters:
            self.assertEqual(letter.message["Auto-Submitted"],
                             "auto-generated")
            if letter not in offers:
                self.assertIsNone(letter.message["List-Unsubscribe"])
                self.assertIsNone(letter.message["List-Unsubscribe-Post"])
                self.assertNotIn("unsubscribe", letter.text())
                continue
            self.assertEqual(letter.message["List-Unsubscribe-Post"],
                             "List-Unsubscribe=One-Click")
            link = self.links(letter)
            self.assertIn(link, letter.text())
            self.assertIn('href="%s"' % link, letter.html())
        self.assertEqual(len({self.links(letter) for letter in offers}), 1)
        ben = customer("another", True)
        sql("select send_wanted_mail('%s', 'price_drop', 'price-drop', %s)"
            % (ben, literal(json.dumps(WISHES))))
        self.courier("once")
        self.assertNotEqual(self.links(self.relay.letters[-1]),
                            self.links(offers[0]))

    def test_the_link_ends_what_waits(self):
        ada = customer("leaving", True)
        offer = ("select send_wanted_mail('%s', 'price_drop', 'price-drop',"
                 " %s)" % (ada, literal(json.dumps(WISHES))))
        sql(offer)
        self.courier("once")
        token = self.links(self.relay.letters[0]).split("=")[1]
        sql(offer)
        sql("select unsubscribe('%s', '192.0.2.1')" % token,
            user="duka_customers")
        put("order-placed", data=ORDER, more={"customer_id": ada})
        self.assertEqual(self.courier("once"),
                         "1 sent, 0 put off, 0 parked\n")
        self.assertIn("D-1001", self.relay.letters[1].message["Subject"])
        self.assertEqual(int(sql("select count(*) from outbox"
                                 " where state = 'dead'")), 1)

    def test_a_shop_without_an_address_names_none(self):
        self.environment["DUKA_ORIGIN"] = ""
        ada = customer("nowhere", True)
        sql("select send_wanted_mail('%s', 'price_drop', 'price-drop', %s)"
            % (ada, literal(json.dumps(WISHES))))
        self.courier("once")
        self.assertIsNone(self.relay.letters[0].message["List-Unsubscribe"])


class Outbox(Case):
    def test_what_was_sent_is_erased(self):
        identifier = put("verify-email", data={"link": LINK})
        self.courier("once")
        now = row(identifier)
        self.assertEqual((now["state"], now["data"], now["last_error"]),
                         ("sent", {}, None))
        self.assertIsNotNone(now["sent_at"])
        self.assertEqual(self.courier("once"),
                         "0 sent, 0 put off, 0 parked\n")
        self.assertEqual(len(self.relay.letters), 1)

    def test_an_idle_courier_rests(self):
        asked = ("select xact_commit from pg_stat_database "
                 "where datname = current_database()")
        put()
        process = self.daemon()
        self.wait_for(lambda: self.relay.letters)
        time.sleep(2)
        before = int(sql(asked))
        time.sleep(4)
        self.assertLess(int(sql(asked)) - before, 60)
        self.assertIsNone(process.poll())

    def test_nothing_secret_is_logged(self):
        open(LOG, "w").close()
        put("verify-email", data={"name": "Ada", "link": LINK})
        put("reset-password", "busy@example.org", {"link": LINK})
        self.courier("once")
        with open(LOG) as log:
            lines = [json.loads(line) for line in log]
        self.assertEqual(len(lines), 2)
        self.assertEqual({line["state"] for line in lines},
                         {"sent", "waiting"})
        self.assertNotIn("SECRET", json.dumps(lines))

    def test_put_off_with_growing_pauses(self):
        for recipient, words in (("busy@example.org", "451"),
                                 ("full@example.org", "452")):
            identifier = put(to=recipient)
            pauses = []
            for _ in range(5):
                self.assertEqual(self.courier("once"),
                                 "0 sent, 1 put off, 0 parked\n")
                now = row(identifier)
                self.assertEqual(now["state"], "waiting")
                self.assertIsNone(now["claimed_until"])
                self.assertIn(words, now["last_error"])
                pauses.append(float(sql(
                    "select extract(epoch from due_at - now()) from outbox"
                    " where id = '%s'" % identifier)))
                sql("update outbox set due_at = now() where id = '%s'"
                    % identifier)
            for number, pause in enumerate(pauses):
                self.assertLess(pause, 30 * 2 ** number * 1.26)
                self.assertGreater(pause, 30 * 2 ** number * 0.74 - 3)
            self.assertEqual(row(identifier)["tries"], 5)
            sql("delete from outbox")

    def test_parked_after_its_tries(self):
        sql("update setting set value = '2' where key = 'courier.tries'")
        self.addCleanup(sql, "update setting set value = '12'"
                        " where key = 'courier.tries'")
        identifier = put(to="busy@example.org")
        self.courier("once")
        sql("update outbox set due_at = now()")
        self.assertEqual(self.courier("once"),
                         "0 sent, 0 put off, 1 parked\n")
        self.assertEqual(row(identifier)["state"], "dead")

    def test_refused_for_good_is_parked_and_sent_again(self):
        gone = put(to="gone@example.org")
        spam = put(to="spam@example.org")
        odd = put(to="not an address")
        self.assertEqual(self.courier("once"),
                         "0 sent, 0 put off, 3 parked\n")
        self.assertIn("550", row(gone)["last_error"])
        self.assertIn("554", row(spam)["last_error"])
        queue = self.courier("queue")
        self.assertIn("0 waiting, 3 parked", queue)
        self.assertIn(gone, queue)
        self.assertIn("Nobody of that name", queue)
        self.relay.handler.forgiving = True
        self.assertEqual(self.courier("retry", gone), "1 to be sent again\n")
        self.assertEqual(self.courier("once"),
                         "1 sent, 0 put off, 0 parked\n")
        self.assertEqual(self.courier("retry", "all"),
                         "2 to be sent again\n")
        self.assertEqual(self.courier("once"),
                         "1 sent, 0 put off, 1 parked\n")
        self.assertEqual(row(odd)["state"], "dead")
        self.courier("retry", gone, status=1)
        self.courier("retry", "nonsense", status=1)
        self.courier("retry", status=2)

    def test_the_first_due_comes_first(self):
        put(to="late@example.org")
        sql("update outbox set due_at = now() - interval '1 minute'")
        put(to="first@example.org")
        sql("update outbox set due_at = now() - interval '1 hour'"
            " where recipient like 'first%'")
        put(to="tomorrow@example.org")
        sql("update outbox set due_at = now() + interval '1 day'"
            " where recipient like 'tomorrow%'")
        self.courier("once")
        self.assertEqual([letter.recipients[0].split("@")[0]
                          for letter in self.relay.letters],
                         ["first", "late"])

    def test_several_couriers_send_each_once(self):
        sql("insert into outbox (template, recipient) select 'welcome',"
            " 'c' || n || '@example.org' from generate_series(1, 80) n")
        couriers = [subprocess.Popen([COURIER, "once"], env=self.environment,
                                     stdout=subprocess.DEVNULL)
                    for _ in range(4)]
        for courier in couriers:
            self.assertEqual(courier.wait(60), 0)
        self.assertEqual(sorted(letter.recipients[0]
                                for letter in self.relay.letters),
                         sorted("c%d@example.org" % n
                                for n in range(1, 81)))

    def test_rights(self):
        for statement in ("select * from outbox",
                          "update outbox set state = 'sent'",
                          "select * from customer", "select * from setting"):
            with self.assertRaisesRegex(RuntimeError, "permission denied"):
                sql(statement, user="duka_courier")
        with self.assertRaisesRegex(RuntimeError, "permission denied"):
            sql("select * from claim_mail('', 60)", user="duka_orders")
        self.courier("check")


class Faults(Case):
    def test_killed_while_sending(self):
        identifier = put(to="slow@example.org")
        process = self.daemon()
        self.wait_for(lambda: self.relay.handler.data_begun == 1)
        process.kill()
        process.wait()
        now = row(identifier)
        self.assertEqual((now["state"], now["tries"]), ("waiting", 1))
        # Claimed still: nobody else takes it before the lease ends.
        self.assertEqual(self.courier("once"),
                         "0 sent, 0 put off, 0 parked\n")
        left = float(sql("select extract(epoch from claimed_until - now())"
                         " from outbox"))
        self.assertTrue(120 < left <= 180, left)
        sql("update outbox set claimed_until = now() - interval '1 second'")
        self.relay.handler.forgiving = True
        self.assertEqual(self.courier("once"),
                         "1 sent, 0 put off, 0 parked\n")
        self.assertEqual(self.relay.letters[-1].message["Message-ID"],
                         "<%s@localhost>" % identifier)

    def test_what_kills_its_courier_is_parked(self):
        identifier = put()
        sql("update outbox set tries = 12, claimed_until = now()"
            " - interval '1 second'")
        self.assertEqual(self.courier("once"),
                         "0 sent, 0 put off, 0 parked\n")
        now = row(identifier)
        self.assertEqual(now["state"], "dead")
        self.assertIn("ended", now["last_error"])

    def test_silent_relay(self):
        with socket.create_server(("127.0.0.1", 0)) as silent:
            self.environment["DUKA_SMTP"] = "127.0.0.1:%d" % \
                silent.getsockname()[1]
            identifier = put()
            began = time.monotonic()
            self.assertEqual(self.courier("once"),
                             "0 sent, 1 put off, 0 parked\n")
            self.assertLess(time.monotonic() - began, 65)
        now = row(identifier)
        self.assertEqual(now["state"], "waiting")
        self.assertNotIn(now["last_error"], (None, "", "0"))

    def test_no_relay(self):
        with socket.create_server(("127.0.0.1", 0)) as closed:
            self.environment["DUKA_SMTP"] = "127.0.0.1:%d" % \
                closed.getsockname()[1]
        put()
        put()
        self.assertEqual(self.courier("once"),
                         "0 sent, 2 put off, 0 parked\n")

    def test_daemon_is_woken_and_ends(self):
        process = self.daemon()
        self.wait_for(lambda: int(sql(
            "select count(*) from pg_stat_activity"
            " where usename = 'duka_courier'")) > 0)
        time.sleep(0.5)
        for number in range(1, 4):
            began = time.monotonic()
            put()
            sql("notify outbox")
            self.wait_for(lambda: len(self.relay.letters) == number)
            self.assertLess(time.monotonic() - began, 3)
        process.send_signal(signal.SIGTERM)
        self.assertEqual(process.wait(5), 0)

    def test_ends_with_its_mail_sent(self):
        identifier = put(to="slow@example.org")
        process = self.daemon()
        self.wait_for(lambda: self.relay.handler.data_begun == 1)
        process.send_signal(signal.SIGTERM)
        self.assertEqual(process.wait(20), 0)
        self.assertEqual(row(identifier)["state"], "sent")
        self.assertEqual(len(self.relay.letters), 1)

    def test_database_restarts(self):
        process = self.daemon()
        put()
        sql("notify outbox")
        self.wait_for(lambda: len(self.relay.letters) == 1)
        stack("database", "crash")
        time.sleep(1)
        stack("database", "start")
        put()
        sql("notify outbox")
        self.wait_for(lambda: len(self.relay.letters) == 2, 45)
        self.assertIsNone(process.poll())


class Encrypted(Case):
    @classmethod
    def setUpClass(cls):
        cls.tls, cls.file = certificate(WORK)
        with open(WORK + "/password", "w") as file:
            file.write("s3cret word\n")

    variables = {"DUKA_SMTP_TLS": "unverified"}

    def test_encrypted(self):
        # Many: with TLS 1.3 every fourth one hung (see lib/mail.c).
        for _ in range(25):
            put()
        self.assertEqual(self.courier("once"),
                         "25 sent, 0 put off, 0 parked\n")
        self.assertTrue(all(letter.tls for letter in self.relay.letters))

    def test_certificate_is_checked(self):
        self.environment["DUKA_SMTP_TLS"] = "starttls"
        self.environment["DUKA_SMTP"] = "localhost:%d" % self.relay.port
        put()
        self.assertEqual(self.courier("once"),
                         "0 sent, 1 put off, 0 parked\n")
        self.assertEqual(self.relay.letters, [])
        self.environment["SSL_CERT_FILE"] = self.file
        sql("update outbox set due_at = now()")
        self.assertEqual(self.courier("once"),
                         "1 sent, 0 put off, 0 parked\n")

    def test_plain_is_not_enough(self):
        plain = Relay()
        self.addCleanup(plain.stop)
        self.environment["DUKA_SMTP"] = "127.0.0.1:%d" % plain.port
        put()
        self.assertEqual(self.courier("once"),
                         "0 sent, 1 put off, 0 parked\n")
        self.assertEqual(plain.letters, [])


class LoggedIn(Encrypted):
    login = True
    variables = {"DUKA_SMTP_TLS": "unverified", "DUKA_SMTP_USER": "duka",
                 "DUKA_SMTP_PASSWORD_FILE": WORK + "/password"}

    def test_who_sends(self):
        put()
        self.courier("once")
        self.assertEqual(self.relay.letters[0].login, b"duka")

    def test_wrong_password(self):
        with open(WORK + "/wrong", "w") as file:
            file.write("guess")
        self.environment["DUKA_SMTP_PASSWORD_FILE"] = WORK + "/wrong"
        put()
        self.assertEqual(self.courier("once"),
                         "0 sent, 1 put off, 0 parked\n")
        self.assertEqual(self.relay.letters, [])


if __name__ == "__main__":
    program = unittest.main(exit=False, verbosity=2)
    result = program.result
    bad = len(result.failures) + len(result.errors)
    sys.stderr.flush()
    print("suite courier: %d passed, %d failed"
          % (result.testsRun - bad, bad), flush=True)
    sys.exit(1 if bad or not result.testsRun else 0)
