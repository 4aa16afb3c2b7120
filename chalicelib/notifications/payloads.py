"""What is handed to SNS for a device: the news in the form of its push service.

https://docs.aws.amazon.com/sns/latest/dg/sns-fcm-v1-payloads.html
https://developer.apple.com/documentation/usernotifications/generating-a-remote-notification
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass

FCM = "GCM"
"""Firebase under its first name, which SNS has kept."""

type Attributes = dict[str, dict[str, str]]


@dataclass(frozen=True, slots=True)
class News:
    """What a device is told: of one `collapse` key only the last shows, for `seconds` at most."""

    title: str
    body: str
    data: Mapping[str, str]
    collapse: str
    urgent: bool
    seconds: int


@dataclass(frozen=True, slots=True)
class Letter:
    """The arguments of Publish."""

    message: str
    attributes: Attributes


def letter(endpoint_arn: str, news: News) -> Letter:
    """The news for one endpoint, whose ARN says which push service it is of."""
    service = endpoint_arn.split(":")[5].split("/")[1]
    inner = _firebase(news) if service == FCM else _apple(news)
    message = {"default": news.body, service: json.dumps(inner, ensure_ascii=False)}
    attributes = {} if service == FCM else _headers(service, news)
    return Letter(json.dumps(message, ensure_ascii=False), attributes)


def _firebase(news: News) -> dict[str, object]:
    message = {
        "notification": {"title": news.title, "body": news.body},
        "data": dict(news.data),
        "android": {
            "collapse_key": news.collapse,
            "priority": "HIGH" if news.urgent else "NORMAL",
            "ttl": f"{news.seconds}s",
            "notification": {"tag": news.collapse},
        },
    }
    return {"fcmV1Message": {"message": message}}


def _apple(news: News) -> dict[str, object]:
    aps: dict[str, object] = {
        "alert": {"title": news.title, "body": news.body},
        "thread-id": news.collapse,
    }
    if news.urgent:
        aps |= {"sound": "default", "interruption-level": "time-sensitive"}
    return {"aps": aps, **news.data}


def _headers(service: str, news: News) -> Attributes:
    """APNs' own headers, as SNS takes them: of any Apple service under the name of APNS."""
    said = {
        "AWS.SNS.MOBILE.APNS.COLLAPSE_ID": news.collapse,
        "AWS.SNS.MOBILE.APNS.PRIORITY": "10" if news.urgent else "5",
        "AWS.SNS.MOBILE.APNS.PUSH_TYPE": "alert",
        f"AWS.SNS.MOBILE.{service}.TTL": str(news.seconds),
    }
    return {name: {"DataType": "String", "StringValue": value} for name, value in said.items()}
