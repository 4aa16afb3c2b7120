"""Codes and notices on their way: by SMS or e-mail, to addresses to which this stack sends at all.

https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html
"""

from collections.abc import Callable, Mapping
from typing import Any

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectTimeoutError,
    EndpointConnectionError,
    NoCredentialsError,
)

from chalicelib.core import aws, limits
from chalicelib.core.errors import UnavailableError
from chalicelib.core.limits import Limit
from chalicelib.core.settings import settings
from chalicelib.people.errors import ChannelClosedError, PerhapsSentError

type Clients = Callable[[str], Any]

SMS_OF_A_DAY = Limit("sms-of-a-day", calls=5_000, seconds=86_400)
"""All of a stack's: whoever pumps SMS at its expense finds an end (docs/decisions/sign-in.md)."""
NOT_SENT = (ClientError, ConnectTimeoutError, EndpointConnectionError, NoCredentialsError)
"""After any other failure it may have been sent: nobody knows."""
NO_PHONE = frozenset({"InvalidParameter", "InvalidParameterValue"})
SUBJECTS: Mapping[str, str] = {"ko": "로그인 인증번호", "en": "Your sign-in code"}
TEXTS: Mapping[str, str] = {
    "ko": "인증번호는 {code}입니다. 10분 동안 유효합니다. 누구에게도 알려 주지 마세요.",
    "en": "Your sign-in code is {code}. It is good for 10 minutes. Tell it to nobody.",
}


def is_open(address: str) -> bool:
    """Whether this stack sends anything to such an address."""
    conf = settings()
    if "@" in address:
        return bool(conf.mail_from)
    return any(address.startswith(prefix) for prefix in conf.sms_prefixes)


def demand_open(address: str) -> None:
    """Raises ChannelClosedError (422) for an address to which this stack sends nothing."""
    if not is_open(address):
        raise ChannelClosedError


def send_code(address: str, code: str, language: str) -> None:
    """Send a code.

    Raises ChannelClosedError (422) for what SNS says is no phone number, UnavailableError (503)
    where it was not taken, TooManyError (429).
    """
    text = TEXTS[language].format(code=code)
    try:
        _send(aws.client, address, SUBJECTS[language], text)
    except (BotoCoreError, ClientError) as error:
        raise UnavailableError("The code could not be sent. Ask again.") from error


def send_once(address: str, subject: str, text: str) -> None:
    """Send a text, asking the service one time. An SMS begins with the subject.

    Raises ChannelClosedError (422) for an address to which nothing is sent, UnavailableError (503)
    where it was surely not sent, TooManyError (429), PerhapsSentError where nobody knows.
    """
    demand_open(address)
    said = text if "@" in address else f"{subject}\n{text}"
    try:
        _send(aws.once, address, subject, said)
    except NOT_SENT as error:
        raise UnavailableError from error
    except BotoCoreError as error:
        raise PerhapsSentError from error


def _send(clients: Clients, address: str, subject: str, text: str) -> None:
    try:
        if "@" in address:
            _mail(clients("sesv2"), address, subject, text)
            return
        limits.spend(SMS_OF_A_DAY, "all")
        kind = {"DataType": "String", "StringValue": "Transactional"}
        clients("sns").publish(
            PhoneNumber=address, Message=text, MessageAttributes={"AWS.SNS.SMS.SMSType": kind}
        )
    except ClientError as error:
        if error.response["Error"]["Code"] in NO_PHONE:
            raise ChannelClosedError from error
        raise


def _mail(client: Any, address: str, subject: str, text: str) -> None:  # noqa: ANN401 - boto3's
    client.send_email(
        FromEmailAddress=settings().mail_from,
        Destination={"ToAddresses": [address]},
        Content={
            "Simple": {
                "Subject": {"Data": subject, "Charset": "UTF-8"},
                "Body": {"Text": {"Data": text, "Charset": "UTF-8"}},
            }
        },
    )
