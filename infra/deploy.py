"""To AWS: package for arm64, upload, and let CloudFormation do the rest.

    python -m infra.deploy --stack ieum --stage dev [--email you@example.com] [--cors https://...]

Credentials and region come from boto3's own places. What CloudFormation would change is made into
a change set first and printed; nothing is changed with --dry-run.
"""

import argparse
import json
import os
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import boto3
from botocore.exceptions import ClientError

from infra import packaging
from infra.expanded import Template, at

CAPABILITIES = ["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"]
PAUSE = 3.0


class DeployingFailedError(Exception):
    """CloudFormation refused. The message holds its reason."""


class Deployer:
    """One stack of one account and region. The clients are arguments, for tests to fake."""

    def __init__(
        self,
        stack: str,
        *,
        s3: Any,  # noqa: ANN401 - boto3 builds its clients at run time
        cloudformation: Any,  # noqa: ANN401 - the same
        bucket: str,
        region: str,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self.stack = stack
        self._s3 = s3
        self._cloudformation = cloudformation
        self._bucket = bucket
        self._region = region
        self._pause = pause

    def make_bucket(self) -> None:
        """The bucket for packages: private, encrypted, and ours, or made now."""
        where = {} if self._region == "us-east-1" else {"LocationConstraint": self._region}
        more = {"CreateBucketConfiguration": where} if where else {}
        try:
            self._s3.create_bucket(Bucket=self._bucket, **more)
        except ClientError as error:
            if error.response["Error"]["Code"] != "BucketAlreadyOwnedByYou":
                raise
        closed = (
            "BlockPublicAcls",
            "IgnorePublicAcls",
            "BlockPublicPolicy",
            "RestrictPublicBuckets",
        )
        self._s3.put_public_access_block(
            Bucket=self._bucket, PublicAccessBlockConfiguration=dict.fromkeys(closed, True)
        )

    def upload(self, package: packaging.Package) -> str:
        """Put code and template where CloudFormation reads them. Returns the template's address."""
        code = f"{self.stack}/{package.digest}.zip"
        self._s3.upload_file(str(package.zip), self._bucket, code)
        template: Template = at(package.template(), f"s3://{self._bucket}/{code}")
        key = f"{self.stack}/{package.digest}.json"
        self._s3.put_object(Bucket=self._bucket, Key=key, Body=json.dumps(template).encode())
        return f"https://{self._bucket}.s3.{self._region}.amazonaws.com/{key}"

    def plan(self, address: str, parameters: Mapping[str, str], name: str) -> list[str]:
        """Make a change set and say what it would change; nothing to change says nothing.

        Raises DeployingFailedError where CloudFormation cannot make it.
        """
        self._cloudformation.create_change_set(
            StackName=self.stack,
            ChangeSetName=name,
            ChangeSetType="UPDATE" if self._exists() else "CREATE",
            TemplateURL=address,
            Capabilities=CAPABILITIES,
            Parameters=[
                {"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()
            ],
        )
        answer = self._settled(
            lambda: self._cloudformation.describe_change_set(
                StackName=self.stack, ChangeSetName=name
            ),
            "Status",
        )
        if answer["Status"] == "FAILED":
            reason = str(answer.get("StatusReason"))
            if "didn't contain changes" in reason or "No updates" in reason:
                return []
            raise DeployingFailedError(reason)
        changes = [change["ResourceChange"] for change in answer["Changes"]]
        return [f"{c['Action']:<8}{c['ResourceType']:<40}{c['LogicalResourceId']}" for c in changes]

    def carry_out(self, name: str) -> dict[str, str]:
        """Execute a change set and wait. Returns the stack's outputs.

        Raises DeployingFailedError where CloudFormation rolled back.
        """
        self._cloudformation.execute_change_set(StackName=self.stack, ChangeSetName=name)
        stack = self._settled(self._described, "StackStatus")
        if stack["StackStatus"] not in {"CREATE_COMPLETE", "UPDATE_COMPLETE"}:
            raise DeployingFailedError(f"{stack['StackStatus']}: {stack.get('StackStatusReason')}")
        return {o["OutputKey"]: o["OutputValue"] for o in stack.get("Outputs", [])}

    def _described(self) -> dict[str, Any]:
        answer = self._cloudformation.describe_stacks(StackName=self.stack)
        found: dict[str, Any] = answer["Stacks"][0]
        return found

    def _exists(self) -> bool:
        try:
            return bool(self._described()["StackStatus"] != "REVIEW_IN_PROGRESS")
        except ClientError as error:
            if error.response["Error"]["Code"] != "ValidationError":
                raise
            return False

    def _settled(self, look: Callable[[], dict[str, Any]], field: str) -> dict[str, Any]:
        while True:
            found = look()
            if not found[field].endswith(("_PENDING", "_IN_PROGRESS")):
                return found
            self._pause(PAUSE)


PROVIDERS = {
    "AuthDomain": "AUTH_DOMAIN",
    "AuthCallbacks": "AUTH_CALLBACKS",
    "GoogleClientId": "GOOGLE_CLIENT_ID",
    "GoogleClientSecret": "GOOGLE_CLIENT_SECRET",
    "AppleServicesId": "APPLE_SERVICES_ID",
    "AppleTeamId": "APPLE_TEAM_ID",
    "AppleKeyId": "APPLE_KEY_ID",
    "ApplePrivateKey": "APPLE_PRIVATE_KEY",
    "KakaoClientId": "KAKAO_CLIENT_ID",
    "KakaoClientSecret": "KAKAO_CLIENT_SECRET",
}
"""Parameters that come from the environment: no command line should show secrets."""


def parameters(said: argparse.Namespace) -> dict[str, str]:
    """The template's parameters from the command's words. The sandbox's own are not among them."""
    return {
        "Stage": said.stage,
        "AlarmEmail": said.email,
        "CorsOrigins": said.cors,
        "MailFrom": said.mail_from,
        "SmsPrefixes": said.sms,
        **{name: os.environ.get(variable, "") for name, variable in PROVIDERS.items()},
    }


def _words() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m infra.deploy")
    parser.add_argument("--stack", default="ieum")
    parser.add_argument("--stage", choices=["dev", "prod"], default="dev")
    parser.add_argument("--email", default="", help="who is told of alarms")
    parser.add_argument("--cors", default="", help="origins of browser apps, comma separated")
    parser.add_argument("--mail-from", default="", help="who sends sign-in codes by e-mail")
    parser.add_argument("--sms", default="", help="prefixes of phones that get codes, such as +82")
    parser.add_argument("--dry-run", action="store_true", help="only say what would change")
    return parser


def main(words: list[str]) -> int:
    said = _words().parse_args(words)
    session = boto3.Session()
    account = session.client("sts").get_caller_identity()["Account"]
    region = str(session.region_name)
    deployer = Deployer(
        said.stack,
        s3=session.client("s3"),
        cloudformation=session.client("cloudformation"),
        bucket=f"ieum-code-{account}-{region}",
        region=region,
    )
    deployer.make_bucket()
    address = deployer.upload(packaging.package(Path("build"), "arm64"))
    name = f"deploy-{int(time.time())}"
    changes = deployer.plan(address, parameters(said), name)
    print("\n".join(changes) or "Nothing would change.")
    if changes and not said.dry_run:
        for output, value in deployer.carry_out(name).items():
            print(f"{output:<20}{value}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
