"""Codes on their way: by SMS or e-mail, to addresses to which this stack sends at all.

https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html
"""

from collections.abc import Mapping

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.core import aws, limits
from chalicelib.core.errors import UnavailableError
from chalicelib.core.limits import Limit
from chalicelib.core.settings import settings
from chalicelib.people.errors import ChannelClosedError

SMS_OF_A_DAY = Limit("sms-of-a-day", calls=5_000, seconds=86_400)
"""All of a stack's: whoever pumps SMS at its expense finds an end (docs/decisions/sign-in.md)."""
NO_PHONE = frozenset({"InvalidParameter", "InvalidParameterValue"})
SUBJECTS: Mapping[str, str] = {"ko": "로그인 인증번호", "en": "Your sign-in code"}
TEXTS: Mapping[str, str] = {
    "ko": "인증번호는 {code}입니다. 10분 동안 유효합니다. 누구에게도 알려 주지 마세요.",
    "en": "Your sign-in code is {code}. It is good for 10 minutes. Tell it to nobody.",
}


def demand_open(address: str) -> None:
    """Raises ChannelClosedError (422) for an address to which this stack sends nothing."""
    conf = settings()
    is_open = bool(conf.mail_from)
    if "@" not in address:
        is_open = any(address.startswith(prefix) for prefix in conf.sms_prefixes)
    if not is_open:
        raise ChannelClosedError


def send_code(address: str, code: str, language: str) -> None:
    """Send a code.

    Raises ChannelClosedError (422) for what SNS says is no phone number, UnavailableError (503)
    where it was not taken, TooManyError (429).
    """
    text = TEXTS[language].format(code=code)
    send = _mail if "@" in address else _text
    try:
        send(address, SUBJECTS[language], text)
    except (BotoCoreError, ClientError) as error:
        if isinstance(error, ClientError) and error.response["Error"]["Code"] in NO_PHONE:
            raise ChannelClosedError from error
        raise UnavailableError("The code could not be sent. Ask again.") from error


def _text(phone: str, _: str, text: str) -> None:
    limits.spend(SMS_OF_A_DAY, "all")
    kind = {"DataType": "String", "StringValue": "Transactional"}
    aws.client("sns").publish(
        PhoneNumber=phone, Message=text, MessageAttributes={"AWS.SNS.SMS.SMSType": kind}
    )


def _mail(address: str, subject: str, text: str) -> None:
    aws.client("sesv2").send_email(
        FromEmailAddress=settings().mail_from,
        Destination={"ToAddresses": [address]},
        Content={
            "Simple": {
                "Subject": {"Data": subject, "Charset": "UTF-8"},
                "Body": {"Text": {"Data": text, "Charset": "UTF-8"}},
            }
        },
    )
