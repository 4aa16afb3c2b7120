"""The packaged template as CloudFormation will see it, for those who check it or count its cost."""

import json
import os
from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any
from unittest.mock import patch

type Template = dict[str, Any]
type Resource = dict[str, Any]

SOMEWHERE = "s3://code-of-ieum/deployment.zip"


def expand(packaged: Mapping[str, Any]) -> Template:
    """What the SAM transform makes of a packaged template. The argument stays as it was.

    The translator asks boto3 for the region's name only, and calls nobody.
    """
    from samtranslator.translator.transform import transform

    class NoManagedPolicies:
        def load(self) -> dict[str, str]:
            return {}

    with patch.dict(os.environ, {"AWS_DEFAULT_REGION": "us-east-1"}):
        return json_copy(transform(at(packaged, SOMEWHERE), {}, NoManagedPolicies()))


def at(packaged: Mapping[str, Any], code: str) -> Template:
    """A copy of a packaged template whose functions find their code at an s3:// address."""
    template = deepcopy(dict(packaged))
    for function in of_type(template, "AWS::Serverless::Function").values():
        function["Properties"]["CodeUri"] = code
    return template


def json_copy(template: Mapping[str, Any]) -> Template:
    """Plain dictionaries and lists, without what a translator attaches to them."""
    copy: Template = json.loads(json.dumps(template))
    return copy


def of_type(template: Mapping[str, Any], kind: str) -> dict[str, Resource]:
    """The resources of a type, by logical name."""
    found = template["Resources"].items()
    return {name: resource for name, resource in found if resource["Type"] == kind}


def dictionaries(value: object) -> Iterator[dict[str, Any]]:
    """Every dictionary in a template, however deep."""
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from dictionaries(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from dictionaries(inner)


def granted(template: Mapping[str, Any], role: str) -> list[dict[str, Any]]:
    """The statements of a role's own policies."""
    policies = template["Resources"][role]["Properties"]["Policies"]
    return [statement for policy in policies for statement in policy["PolicyDocument"]["Statement"]]


def as_list(value: object) -> list[Any]:
    """IAM writes one thing without a list."""
    return value if isinstance(value, list) else [value]
