# SPDX-License-Identifier: ISC
# A mail server for the tests in the browser: relay.py FOLDER prints its port
# and keeps each mail there as a file, whole.
import asyncio
import itertools
import os
import sys

from aiosmtpd.smtp import SMTP

folder = sys.argv[1]
os.makedirs(folder)
number = itertools.count(1)


class Keep:
    async def handle_DATA(self, server, session, envelope):
        name = os.path.join(folder, "%06d" % next(number))
        with open(name + ".new", "wb") as file:
            file.write(envelope.original_content)
        os.rename(name + ".new", name)
        return "250 kept"


async def serve():
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(Keep(), enable_SMTPUTF8=True, hostname="relay.test"),
        "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


asyncio.run(serve())
