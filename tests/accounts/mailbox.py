"""What is sent to phones and e-mail addresses in this process, and the codes in it."""

import re
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from chalicelib.core import aws

CODE = re.compile(r"(?<!\d)(\d{6})(?!\d)")


class Mailbox:
    """SNS and SES, as far as codes need them."""

    def __init__(self) -> None:
        self.held: defaultdict[str, list[str]] = defaultdict(list)

    def publish(self, **said: Any) -> None:  # noqa: ANN401 - boto3's
        self.held[said["PhoneNumber"]].append(said["Message"])

    def send_email(self, **said: Any) -> None:  # noqa: ANN401 - boto3's
        assert said["FromEmailAddress"] == "codes@ieum.test"
        [address] = said["Destination"]["ToAddresses"]
        self.held[address].append(said["Content"]["Simple"]["Body"]["Text"]["Data"])

    def code(self, address: str) -> str:
        """The code that came last."""
        found = CODE.search(self.held[address][-1])
        assert found
        return found[1]


@contextmanager
def open_mailbox() -> Iterator[Mailbox]:
    client = aws.client
    with notices_box() as mailbox:
        instead = {"sns": mailbox, "sesv2": mailbox}
        with patch.object(aws, "client", lambda name: instead.get(name) or client(name)):
            yield mailbox


@contextmanager
def notices_box() -> Iterator[Mailbox]:
    """The same of notices alone: pushes go where they go."""
    mailbox = Mailbox()
    with patch.object(aws, "once", lambda _: mailbox):
        yield mailbox
