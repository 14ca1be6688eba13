# SPDX-License-Identifier: ISC
"""A mail relay that does as it is told: by the recipient's local part."""

import asyncio
import email
import email.policy
import socket
import ssl
import subprocess

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult


def certificate(folder):
    """A self-signed certificate for localhost."""
    pem = folder + "/relay.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ed25519", "-nodes", "-days",
         "2", "-subj", "/CN=localhost", "-addext",
         "subjectAltName=DNS:localhost", "-keyout", pem, "-out",
         pem + ".crt"], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem + ".crt", pem)
    return context, pem + ".crt"


class Letter:
    def __init__(self, envelope, session):
        self.sender = envelope.mail_from
        self.recipients = list(envelope.rcpt_tos)
        self.raw = envelope.content
        self.message = email.message_from_bytes(
            envelope.content, policy=email.policy.default)
        self.tls = session.ssl is not None
        self.login = session.auth_data

    def text(self):
        body = self.message.get_body(("plain",)).get_content()
        return body.replace("\r\n", "\n")

    def html(self):
        return self.message.get_body(("html",)).get_content()


class Handler:
    def __init__(self):
        self.letters = []
        self.forgiving = False
        self.data_begun = 0

    async def handle_RCPT(self, server, session, envelope, address, options):
        local = address.split("@")[0]
        if not self.forgiving:
            if local.startswith("busy"):
                return "451 4.7.1 Come back later"
            if local.startswith("gone"):
                return "550 5.1.1 Nobody of that name"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        local = envelope.rcpt_tos[0].split("@")[0]
        self.data_begun += 1
        if not self.forgiving:
            if local.startswith("slow"):
                await asyncio.sleep(5)
            if local.startswith("spam"):
                return "554 5.7.1 Not this one"
            if local.startswith("full"):
                return "452 4.2.2 No room"
        self.letters.append(Letter(envelope, session))
        return "250 2.0.0 Taken"


def authenticate(server, session, envelope, mechanism, data):
    good = data.login == b"duka" and data.password == b"s3cret word"
    return AuthResult(success=good, handled=good, auth_data=data.login)


class Relay:
    """With `tls` STARTTLS is needed, with `login` a password too."""

    def __init__(self, tls=None, login=False):
        self.handler = Handler()
        options = {}
        if tls:
            options.update(tls_context=tls, require_starttls=True)
        if login:
            options.update(authenticator=authenticate, auth_required=True)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.controller = Controller(self.handler, hostname="127.0.0.1",
                                     port=self.port, **options)
        self.controller.start()

    @property
    def letters(self):
        return self.handler.letters

    def stop(self):
        self.controller.stop()
