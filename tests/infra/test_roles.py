"""Least privilege: what each role may do, and that nothing is written with a wildcard."""

import json
import re
from typing import Any

import pytest

from infra.expanded import as_list, granted
from tests.infra.conftest import Packaged
from tests.infra.test_names import FUNCTIONS

ROLES = sorted(FUNCTIONS.values())
ASKING_STRIPE = {"ApiHandlerRole", "SettlePaymentsRole", "SweepPaymentsRole"}
POSTING = {*ASKING_STRIPE, "DispatchCouriersRole"}
READING_STRIPES_KEY = {*ASKING_STRIPE, "ReconcilePaymentsRole", "ForgetPeopleRole"}
READING_BOOKS = {"ApiHandlerRole", "ReconcilePaymentsRole", "DispatchCouriersRole"}
READING_OUR_KEY = {"ApiHandlerRole", "TrackRole"}
FORGETTING = {"ForgetPeopleRole"}
REACHING_PHONES = {"ApiHandlerRole", "PushNotificationsRole"}
# A key that AWS makes for the account has an id that no template knows; two conditions bind it.
OWN_PHONES = re.compile(
    r"arn:\$\{AWS::Partition\}:sns:\$\{AWS::Region\}:\$\{AWS::AccountId\}:"
    r"(app/(GCM|APNS|APNS_SANDBOX)/\$\{AWS::StackName\}"
    r"|endpoint/(GCM|APNS|APNS_SANDBOX)/\$\{AWS::StackName\}/\*)"
)
ANY_PHONE = "/${AWS::StackName}/*"
"""How the name of every endpoint ends that belongs to the stack's own applications."""
ANY_FILE = re.compile(r"/(?:documents|images|received)/\*")
"""Files of one kind, of which each has an id of its own."""
KEYS_OF_THE_ACCOUNT = "arn:${AWS::Partition}:kms:${AWS::Region}:${AWS::AccountId}:key/*"


def statements(packaged: Packaged, role: str) -> list[dict[str, Any]]:
    return granted(packaged.expanded, role)


def actions_on(packaged: Packaged, role: str, table: str) -> set[str]:
    """What a role may do on a table itself."""
    arn = {"Fn::GetAtt": [table, "Arn"]}
    return {
        action
        for statement in statements(packaged, role)
        if arn in as_list(statement["Resource"])
        for action in as_list(statement["Action"])
    }


def actions(packaged: Packaged, role: str) -> set[str]:
    found = statements(packaged, role)
    return {action for statement in found for action in as_list(statement["Action"])}


def parameters(packaged: Packaged, role: str) -> set[str]:
    """The last words of the parameters that a role may read."""
    return {
        resource["Fn::Sub"].rpartition("/")[2]
        for statement in statements(packaged, role)
        if statement["Action"] == "ssm:GetParameter"
        for resource in as_list(statement["Resource"])
    }


@pytest.mark.parametrize("role", ROLES)
def test_a_role_is_taken_on_by_lambda_alone(packaged: Packaged, role: str) -> None:
    [trust] = packaged.resource(role)["AssumeRolePolicyDocument"]["Statement"]

    assert trust["Principal"] == {"Service": "lambda.amazonaws.com"}
    assert trust["Action"] == "sts:AssumeRole"


@pytest.mark.parametrize("role", ROLES)
def test_a_role_has_nothing_but_the_policies_written_here(packaged: Packaged, role: str) -> None:
    properties = packaged.resource(role)

    assert "ManagedPolicyArns" not in properties
    assert [policy["PolicyName"] for policy in properties["Policies"]] == ["work"]


TEXTS = {"Sid": "TextCodes", "Effect": "Allow", "Action": "sns:Publish", "Resource": "*"}
"""A phone number has no ARN. What has one is denied with the next:"""
TEXTS_NOTHING_ELSE = {
    "Sid": "TextNothingElse",
    "Effect": "Deny",
    "Action": "sns:Publish",
    "Resource": {"Fn::Sub": "arn:${AWS::Partition}:sns:*:*:*"},
}
MAILS = {
    "Sid": "MailCodes",
    "Effect": "Allow",
    "Action": "ses:SendEmail",
    "Resource": "*",
    "Condition": {"StringEqualsIfExists": {"ses:FromAddress": {"Ref": "MailFrom"}}},
}


NOTICES_TEXT, NOTICES_MAIL = {**TEXTS, "Sid": "Text"}, {**MAILS, "Sid": "Mail"}
TEXT_NO_TOPIC = {
    "Sid": "TextNoTopic",
    "Effect": "Deny",
    "Action": "sns:Publish",
    "Resource": {"Ref": "Alarms"},
}
"""Who pushes reaches phones by their ARNs, and so cannot be denied all that have one."""
SENDING = {
    "ApiHandlerRole": [TEXTS, TEXTS_NOTHING_ELSE, MAILS],
    "PushNotificationsRole": [NOTICES_TEXT, TEXT_NO_TOPIC, NOTICES_MAIL],
}
OF_SENDING = [one for found in SENDING.values() for one in found]


@pytest.mark.parametrize("role", ROLES)
def test_only_the_api_sends_codes_and_only_who_pushes_sends_notices(
    packaged: Packaged, role: str
) -> None:
    sends = [one for one in OF_SENDING if one in statements(packaged, role)]

    assert sends == SENDING.get(role, [])


@pytest.mark.parametrize("role", ROLES)
def test_every_permission_is_named_in_full(packaged: Packaged, role: str) -> None:
    for statement in statements(packaged, role):
        denied = (TEXTS_NOTHING_ELSE, TEXT_NO_TOPIC)
        assert statement["Effect"] == "Allow" or statement in denied
        assert "NotAction" not in statement
        assert "NotResource" not in statement
        assert not [action for action in as_list(statement["Action"]) if "*" in action]


@pytest.mark.parametrize("role", ROLES)
def test_every_resource_is_named_in_full_but_the_accounts_own_key(
    packaged: Packaged, role: str
) -> None:
    wide = [
        statement
        for statement in statements(packaged, role)
        if "*" in ANY_FILE.sub("/one", json.dumps(statement["Resource"]).replace(ANY_PHONE, "/one"))
        and statement not in OF_SENDING
    ]

    for statement in wide:
        assert statement["Resource"] == {"Fn::Sub": KEYS_OF_THE_ACCOUNT}
        assert statement["Action"] == "kms:Decrypt"
        [bound] = statement["Condition"].values()
        assert {*bound} == {"kms:ViaService", "kms:EncryptionContext:PARAMETER_ARN"}
        named = {arn["Fn::Sub"] for arn in as_list(bound["kms:EncryptionContext:PARAMETER_ARN"])}
        assert {arn.rpartition("/")[2] for arn in named} == parameters(packaged, role)


@pytest.mark.parametrize("role", ROLES)
def test_a_role_says_nothing_twice(packaged: Packaged, role: str) -> None:
    said = [
        (action, json.dumps(resource))
        for statement in statements(packaged, role)
        for action in as_list(statement["Action"])
        for resource in as_list(statement["Resource"])
    ]

    assert len(said) == len({*said})


@pytest.mark.parametrize(("function", "role"), FUNCTIONS.items())
def test_a_function_writes_to_its_own_log_alone(
    packaged: Packaged, function: str, role: str
) -> None:
    log = packaged.functions[function]["LoggingConfig"]["LogGroup"]["Ref"]

    written = [s for s in statements(packaged, role) if "logs:PutLogEvents" in s["Action"]]
    assert [s["Resource"] for s in written] == [{"Fn::GetAtt": [log, "Arn"]}]
    assert "logs:CreateLogGroup" not in actions(packaged, role)


@pytest.mark.parametrize("role", ROLES)
def test_the_ledger_is_posted_to_and_never_changed(packaged: Packaged, role: str) -> None:
    allowed = actions_on(packaged, role, "LedgerTable")

    posting = {"dynamodb:PutItem"} if role in POSTING else set()
    reading = {"dynamodb:Query"} if role in READING_BOOKS else set()
    assert allowed == posting | reading


@pytest.mark.parametrize("role", ROLES)
def test_what_operators_did_is_never_changed(packaged: Packaged, role: str) -> None:
    allowed = actions_on(packaged, role, "AuditTable")

    may = {"dynamodb:PutItem", "dynamodb:Query"} if role == "ApiHandlerRole" else set()
    assert allowed == may


@pytest.mark.parametrize("role", ROLES)
def test_nobody_scans_a_table_or_administers_anything(packaged: Packaged, role: str) -> None:
    harmless = {
        "cognito-idp:AdminAddUserToGroup", "cognito-idp:AdminDisableUser",
        "cognito-idp:AdminCreateUser", "cognito-idp:AdminGetUser",
        "cognito-idp:AdminInitiateAuth", "cognito-idp:AdminSetUserPassword",
        "cognito-idp:AdminUpdateUserAttributes", "ses:SendEmail",
        "cognito-idp:AdminEnableUser", "cognito-idp:AdminListGroupsForUser",
        "cognito-idp:AdminUserGlobalSignOut",
        "cognito-idp:ListUsers",
        "dynamodb:BatchGetItem", "dynamodb:ConditionCheckItem", "dynamodb:DeleteItem",
        "dynamodb:DescribeStream",
        "dynamodb:GetItem", "dynamodb:GetRecords", "dynamodb:GetShardIterator",
        "dynamodb:ListStreams", "dynamodb:PutItem", "dynamodb:Query", "dynamodb:UpdateItem",
        "kms:Decrypt", "logs:CreateLogStream", "logs:PutLogEvents", "sns:CreatePlatformEndpoint",
        "sns:DeleteEndpoint", "sns:GetEndpointAttributes", "sns:Publish",
        "s3:DeleteObject", "s3:GetObject", "s3:PutObject",
        "sns:SetEndpointAttributes", "sqs:DeleteMessage", "sqs:GetQueueAttributes",
        "sqs:ReceiveMessage", "sqs:SendMessage", "ssm:GetParameter",
    }  # fmt: skip
    removing = {"cognito-idp:AdminDeleteUser"} if role in FORGETTING else set()

    assert actions(packaged, role) <= harmless | removing


@pytest.mark.parametrize("role", ROLES)
def test_a_secret_is_read_by_those_who_use_it(packaged: Packaged, role: str) -> None:
    wanted = {
        *(["stripe"] if role in READING_STRIPES_KEY else []),
        *(["signing"] if role in READING_OUR_KEY else []),
        *(["push"] if role in REACHING_PHONES else []),
    }

    assert parameters(packaged, role) == wanted
    assert ("kms:Decrypt" in actions(packaged, role)) == bool(wanted)


@pytest.mark.parametrize("role", ROLES)
def test_phones_of_the_stacks_own_applications_alone_are_reached(
    packaged: Packaged, role: str
) -> None:
    named = {
        resource["Fn::Sub"]
        for statement in statements(packaged, role)
        if statement not in OF_SENDING
        and any(action.startswith("sns:") for action in as_list(statement["Action"]))
        for resource in as_list(statement["Resource"])
    }

    assert bool(named) == (role in {*REACHING_PHONES, *FORGETTING})
    assert all(re.fullmatch(OWN_PHONES, name) for name in named)


def test_who_pushes_reads_events_and_changes_contacts_alone(packaged: Packaged) -> None:
    role = "PushNotificationsRole"
    reading = {"dynamodb:GetItem", "dynamodb:Query"}

    for table in ("OrdersTable", "CouriersTable", "CatalogTable"):
        assert actions_on(packaged, role, table) == reading
    assert actions_on(packaged, role, "PaymentsTable") == {"dynamodb:Query"}
    for table in ("LedgerTable", "IntegrationsTable"):
        assert actions_on(packaged, role, table) == set()
    counted = {"dynamodb:GetItem", "dynamodb:UpdateItem"}
    assert actions_on(packaged, role, "ControlTable") == counted
    assert "dynamodb:DeleteItem" not in actions(packaged, role)


def test_who_compares_the_books_with_stripe_changes_neither_books_nor_orders(
    packaged: Packaged,
) -> None:
    role = "ReconcilePaymentsRole"

    assert actions_on(packaged, role, "LedgerTable") == {"dynamodb:Query"}
    for table in ("OrdersTable", "CatalogTable", "CouriersTable", "QuotesTable"):
        assert actions_on(packaged, role, table) == set()
    assert "dynamodb:UpdateItem" not in actions_on(packaged, role, "PaymentsTable")


@pytest.mark.parametrize("role", sorted(READING_STRIPES_KEY))
def test_who_asks_stripe_can_count_what_it_asks(packaged: Packaged, role: str) -> None:
    assert "dynamodb:UpdateItem" in actions_on(packaged, role, "ControlTable")


def test_webhooks_read_orders_and_never_touch_money(packaged: Packaged) -> None:
    for table in ("PaymentsTable", "LedgerTable", "ControlTable"):
        assert actions_on(packaged, "SendWebhooksRole", table) == set()
    paused = {"dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"}
    assert actions_on(packaged, "SendWebhooksRole", "CatalogTable") == paused
    orders = actions_on(packaged, "SendWebhooksRole", "OrdersTable")
    assert orders == {"dynamodb:GetItem", "dynamodb:Query"}


@pytest.mark.parametrize("role", ["SweepBellsRole", "SweepCouriersRole", "SweepWebhooksRole"])
def test_a_sweep_that_only_rings_reads_only_its_index(packaged: Packaged, role: str) -> None:
    reading = [s for s in statements(packaged, role) if "dynamodb:Query" in as_list(s["Action"])]

    assert len(reading) == 1
    assert all("/index/" in found["Fn::Sub"] for found in as_list(reading[0]["Resource"]))


@pytest.mark.parametrize("role", ["RingBellsRole", "SweepBellsRole"])
def test_who_rings_bells_can_note_it_and_reads_no_item(packaged: Packaged, role: str) -> None:
    for table in ("CouriersTable", "NewsTable", "OrdersTable", "PaymentsTable"):
        assert actions_on(packaged, role, table) == {"dynamodb:UpdateItem"}


@pytest.mark.parametrize(
    ("role", "queue"),
    [
        ("SettlePaymentsRole", "PaymentBells"),
        ("DispatchCouriersRole", "CourierBells"),
        ("SendWebhooksRole", "WebhookBells"),
        ("PushNotificationsRole", "PushBells"),
    ],
)
def test_a_consumer_may_empty_its_own_queue(packaged: Packaged, role: str, queue: str) -> None:
    taking = {"sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"}

    [found] = [s for s in statements(packaged, role) if taking & {*as_list(s["Action"])}]
    assert {*found["Action"]} == taking
    assert found["Resource"] == {"Fn::GetAtt": [queue, "Arn"]}


def test_a_function_may_read_only_indexes_that_exist(packaged: Packaged) -> None:
    made = {
        f"${{{name}.Arn}}/index/{index['IndexName']}"
        for name, table in packaged.of_type("AWS::DynamoDB::Table").items()
        for index in table.get("GlobalSecondaryIndexes", [])
    }

    read = {
        resource["Fn::Sub"]
        for role in ROLES
        for statement in statements(packaged, role)
        for resource in as_list(statement["Resource"])
        if statement not in OF_SENDING and "/index/" in resource.get("Fn::Sub", "")
    }
    assert read == made
