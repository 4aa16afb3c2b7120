"""cfn-lint knows CloudFormation's own schemas: types, properties, enumerations, references."""

import json
from collections.abc import Mapping

from cfnlint.api import lint
from cfnlint.config import ManualArgs

from tests.infra.conftest import Packaged

# Rules that do not hold here, each with its reason. None is needed.
IGNORED: Mapping[str, str] = {}


def test_cloudformation_finds_nothing_wrong_with_the_template(packaged: Packaged) -> None:
    settings = ManualArgs(regions=["us-east-1", "eu-west-1"], ignore_checks=[*IGNORED])

    found = lint(json.dumps(packaged.expanded), config=settings)

    assert [f"{match.rule.id} {match.message}" for match in found] == []
