"""The query API of SNS mobile push, as boto3 speaks it: a form in, XML out.

https://docs.aws.amazon.com/sns/latest/api/API_Operations.html
"""

import uuid
from collections.abc import Callable, Mapping
from urllib.parse import parse_qs
from xml.sax.saxutils import escape

from sandbox.cloud.phones import Phones, Refused

NAMESPACE = "http://sns.amazonaws.com/doc/2010-03-31/"

type Form = Mapping[str, str]
type Answer = tuple[int, str]


def answer(phones: Phones, body: str) -> Answer:
    """HTTP status and XML for the body of a request."""
    pairs = parse_qs(body, keep_blank_values=True)
    form = {name: values[-1] for name, values in pairs.items()}
    action = form.get("Action", "")
    try:
        result = ACTIONS.get(action, _unknown)(phones, form)
    except KeyError as missing:
        return _error(Refused("InvalidParameter", f"Invalid parameter: {missing.args[0]}"))
    except Refused as refused:
        return _error(refused)
    inner = f"<{action}Result>{result}</{action}Result>" if result is not None else ""
    about = f"<ResponseMetadata><RequestId>{uuid.uuid4()}</RequestId></ResponseMetadata>"
    return 200, f'<{action}Response xmlns="{NAMESPACE}">{inner}{about}</{action}Response>'


def _error(refused: Refused) -> Answer:
    said = f"<Type>Sender</Type>{_tag('Code', refused.code)}{_tag('Message', str(refused))}"
    about = _tag("RequestId", str(uuid.uuid4()))
    text = f'<ErrorResponse xmlns="{NAMESPACE}"><Error>{said}</Error>{about}</ErrorResponse>'
    return refused.status, text


def _create_application(phones: Phones, form: Form) -> str:
    arn = phones.create_application(form["Name"], form["Platform"])
    return _tag("PlatformApplicationArn", arn)


def _create_endpoint(phones: Phones, form: Form) -> str:
    arn = phones.create_endpoint(
        form["PlatformApplicationArn"],
        form["Token"],
        form.get("CustomUserData", ""),
        _entries(form, "Attributes", "key", "value").get("Enabled", ""),
    )
    return _tag("EndpointArn", arn)


def _get_attributes(phones: Phones, form: Form) -> str:
    held = phones.attributes(form["EndpointArn"])
    entries = (
        f"<entry>{_tag('key', key)}{_tag('value', value)}</entry>" for key, value in held.items()
    )
    return f"<Attributes>{''.join(entries)}</Attributes>"


def _set_attributes(phones: Phones, form: Form) -> None:
    phones.set_attributes(form["EndpointArn"], _entries(form, "Attributes", "key", "value"))


def _delete_endpoint(phones: Phones, form: Form) -> None:
    phones.delete_endpoint(form["EndpointArn"])


def _publish(phones: Phones, form: Form) -> str:
    if "PhoneNumber" in form:
        return _tag("MessageId", phones.text(form["PhoneNumber"], form["Message"]))
    headers = _entries(form, "MessageAttributes", "Name", "Value.StringValue")
    return _tag("MessageId", phones.publish(form["TargetArn"], form["Message"], headers))


def _unknown(_: Phones, form: Form) -> str:
    raise Refused("InvalidAction", f"The sandbox does not know {form.get('Action', '')}")


ACTIONS: Mapping[str, Callable[[Phones, Form], str | None]] = {
    "CreatePlatformApplication": _create_application,
    "CreatePlatformEndpoint": _create_endpoint,
    "GetEndpointAttributes": _get_attributes,
    "SetEndpointAttributes": _set_attributes,
    "DeleteEndpoint": _delete_endpoint,
    "Publish": _publish,
}


def _entries(form: Form, name: str, key: str, value: str) -> dict[str, str]:
    """A map of the query protocol: name.entry.1.key, name.entry.1.value, name.entry.2.key ..."""
    found, number = {}, 1
    while f"{name}.entry.{number}.{key}" in form:
        entry = f"{name}.entry.{number}"
        found[form[f"{entry}.{key}"]] = form.get(f"{entry}.{value}", "")
        number += 1
    return found


def _tag(name: str, text: str) -> str:
    return f"<{name}>{escape(text)}</{name}>"
