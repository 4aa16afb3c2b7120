"""Deploying: what is uploaded, what is planned, and what is said when it fails."""

import json
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from infra.deploy import PROVIDERS, Deployer, DeployingFailedError, _words, parameters
from infra.packaging import Package


def refusal(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": ""}}, "operation")


class FakeS3:
    def __init__(self, *, taken_by: str = "") -> None:
        self.taken_by = taken_by
        self.objects: dict[str, bytes] = {}
        self.created: dict[str, Any] = {}
        self.closed = False

    def create_bucket(self, **said: Any) -> None:  # noqa: ANN401 - boto3's keywords
        if self.taken_by:
            raise refusal(self.taken_by)
        self.created = said

    def put_public_access_block(
        self,
        *,
        Bucket: str,  # noqa: N803 - boto3's keyword
        PublicAccessBlockConfiguration: dict[str, bool],  # noqa: N803 - boto3's keyword
    ) -> None:
        self.closed = bool(Bucket) and all(PublicAccessBlockConfiguration.values())

    def upload_file(self, path: str, bucket: str, key: str) -> None:
        self.objects[f"s3://{bucket}/{key}"] = Path(path).read_bytes()

    def put_object(self, *, Bucket: str, Key: str, Body: bytes) -> None:  # noqa: N803 - boto3's keywords
        self.objects[f"s3://{Bucket}/{Key}"] = Body


class FakeCloudFormation:
    """It goes through the given states, one per look."""

    def __init__(self, *, sets: list[dict[str, Any]], stacks: list[dict[str, Any]]) -> None:
        self.sets, self.stacks = iter(sets), iter(stacks)
        self.asked: dict[str, Any] = {}
        self.executed = ""

    def create_change_set(self, **said: Any) -> None:  # noqa: ANN401 - boto3's keywords
        self.asked = said

    def describe_change_set(self, **_: str) -> dict[str, Any]:
        return next(self.sets)

    def execute_change_set(self, *, ChangeSetName: str, **_: str) -> None:  # noqa: N803 - boto3's keywords
        self.executed = ChangeSetName

    def describe_stacks(self, **_: str) -> dict[str, Any]:
        stack = next(self.stacks)
        if not stack:
            raise refusal("ValidationError")
        return {"Stacks": [stack]}


CHANGES = [
    {
        "ResourceChange": {
            "Action": "Add",
            "ResourceType": "AWS::SQS::Queue",
            "LogicalResourceId": "Q",
        }
    }
]
READY = {"Status": "CREATE_COMPLETE", "Changes": CHANGES}


def deployer(
    *,
    s3: FakeS3 | None = None,
    sets: list[dict[str, Any]] | None = None,
    stacks: list[dict[str, Any]] | None = None,
) -> tuple[Deployer, FakeCloudFormation]:
    cloudformation = FakeCloudFormation(sets=sets or [READY], stacks=stacks or [{}])
    made = Deployer(
        "shop",
        s3=s3 or FakeS3(),
        cloudformation=cloudformation,
        bucket="code",
        region="eu-west-1",
        pause=lambda _: None,
    )
    return made, cloudformation


@pytest.fixture
def package(tmp_path: Path) -> Package:
    (tmp_path / "deployment.zip").write_bytes(b"zip")
    function = {"Type": "AWS::Serverless::Function", "Properties": {"CodeUri": "./deployment.zip"}}
    (tmp_path / "sam.json").write_text(json.dumps({"Resources": {"One": function}}))
    return Package(tmp_path, "arm64", "digest")


def test_every_function_finds_its_code_where_it_was_uploaded(package: Package) -> None:
    s3 = FakeS3()

    address = deployer(s3=s3)[0].upload(package)

    assert address == "https://code.s3.eu-west-1.amazonaws.com/shop/digest.json"
    template = json.loads(s3.objects["s3://code/shop/digest.json"])
    assert s3.objects[template["Resources"]["One"]["Properties"]["CodeUri"]] == b"zip"


def test_the_bucket_is_closed_to_the_public() -> None:
    s3 = FakeS3()

    deployer(s3=s3)[0].make_bucket()

    assert s3.closed
    assert s3.created["CreateBucketConfiguration"] == {"LocationConstraint": "eu-west-1"}


def test_a_bucket_that_is_ours_is_used_again() -> None:
    s3 = FakeS3(taken_by="BucketAlreadyOwnedByYou")

    deployer(s3=s3)[0].make_bucket()

    assert s3.closed


def test_a_bucket_that_is_anothers_is_never_used() -> None:
    with pytest.raises(ClientError):
        deployer(s3=FakeS3(taken_by="BucketAlreadyExists"))[0].make_bucket()


@pytest.mark.parametrize(
    ("stack", "kind"),
    [
        ({}, "CREATE"),
        ({"StackStatus": "REVIEW_IN_PROGRESS"}, "CREATE"),
        ({"StackStatus": "UPDATE_COMPLETE"}, "UPDATE"),
    ],
)
def test_a_plan_creates_or_updates_as_the_stack_stands(stack: dict[str, Any], kind: str) -> None:
    made, cloudformation = deployer(stacks=[stack])

    changes = made.plan("https://template", {"Stage": "dev"}, "first")

    assert cloudformation.asked["ChangeSetType"] == kind
    assert [change.split() for change in changes] == [["Add", "AWS::SQS::Queue", "Q"]]
    assert cloudformation.executed == ""


def test_a_plan_waits_until_the_change_set_is_made() -> None:
    made, _ = deployer(sets=[{"Status": "CREATE_PENDING"}, {"Status": "CREATE_IN_PROGRESS"}, READY])

    assert made.plan("https://template", {}, "first")


def test_nothing_to_change_is_no_failure() -> None:
    reason = "The submitted information didn't contain changes."
    made, _ = deployer(sets=[{"Status": "FAILED", "StatusReason": reason}])

    assert made.plan("https://template", {}, "first") == []


def test_a_change_set_that_cannot_be_made_says_why() -> None:
    made, _ = deployer(sets=[{"Status": "FAILED", "StatusReason": "No such resource"}])

    with pytest.raises(DeployingFailedError, match="No such resource"):
        made.plan("https://template", {}, "first")


def test_carrying_out_waits_and_returns_the_outputs() -> None:
    outputs = [{"OutputKey": "EndpointURL", "OutputValue": "https://api"}]
    done = {"StackStatus": "CREATE_COMPLETE", "Outputs": outputs}
    made, cloudformation = deployer(stacks=[{"StackStatus": "CREATE_IN_PROGRESS"}, done])

    found = made.carry_out("first")

    assert cloudformation.executed == "first"
    assert found == {"EndpointURL": "https://api"}


def test_a_stack_that_rolled_back_is_a_failure() -> None:
    made, _ = deployer(stacks=[{"StackStatus": "UPDATE_ROLLBACK_COMPLETE"}])

    with pytest.raises(DeployingFailedError, match="UPDATE_ROLLBACK_COMPLETE"):
        made.carry_out("first")


def test_nothing_that_bends_the_world_can_be_deployed_to_aws() -> None:
    said = _words().parse_args(
        [
            "--stage",
            "prod",
            "--email",
            "a@example.com",
            "--mail-from",
            "codes@example.com",
            "--sms",
            "+82",
        ]
    )

    assert parameters(said) == {
        "Stage": "prod",
        "AlarmEmail": "a@example.com",
        "CorsOrigins": "",
        "MailFrom": "codes@example.com",
        "SmsPrefixes": "+82",
        **dict.fromkeys(PROVIDERS, ""),
    }
    with pytest.raises(SystemExit):
        _words().parse_args(["--stage", "sandbox"])
