"""The template that goes to CloudFormation, packaged once and kept by the hash of its sources."""

import fcntl
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]  # comes with Chalice, without types

from infra import packaging
from infra.expanded import Resource, Template, expand, of_type

ROOT = Path(__file__).parents[2]
BUILD = ROOT / "build" / "tests"


@dataclass(frozen=True)
class Packaged:
    """One packaged application: with the overlay, without it, and after the SAM transform."""

    package: packaging.Package
    merged: Template
    generated: Template
    expanded: Template

    def resource(self, name: str) -> Resource:
        found: Resource = self.expanded["Resources"][name]["Properties"]
        return found

    def of_type(self, kind: str) -> dict[str, Resource]:
        return {
            name: resource["Properties"] for name, resource in of_type(self.expanded, kind).items()
        }

    @property
    def functions(self) -> dict[str, Resource]:
        return self.of_type("AWS::Lambda::Function")


@pytest.fixture(scope="session")
def packaged() -> Packaged:
    BUILD.mkdir(parents=True, exist_ok=True)
    with (BUILD / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        package = packaging.package(BUILD, "local", root=ROOT)
        generated = _without_overlay(package)
    merged = package.template()
    return Packaged(package, merged, generated, expand(merged))


@pytest.fixture(scope="session")
def overlay() -> Template:
    """The overlay as Chalice reads it, tags and anchors resolved."""
    from chalice.package import YAMLTemplateSerializer

    text = (ROOT / "infra" / "template.yaml").read_text()
    found: Template = YAMLTemplateSerializer().load_template(text)
    return found


def _without_overlay(package: packaging.Package) -> Template:
    """What Chalice generates by itself. It finds the zip that it has made, and makes no second."""
    kept = package.folder / f"generated-{package.digest}.yaml"
    if not kept.exists():
        out = package.folder / "generated"
        start = "import sys; from chalice.cli import main; sys.exit(main())"
        source = str(package.folder / "source")
        words = ["package", "--stage", "ieum", "--template-format", "yaml"]
        subprocess.run(  # noqa: S603 - Chalice, with our own arguments
            [sys.executable, "-c", start, "--project-dir", source, *words, str(out)],
            env={**os.environ, "AWS_DEFAULT_REGION": "us-east-1", "STAGE": "sandbox"},
            capture_output=True,
            check=True,
        )
        (out / "deployment.zip").unlink()
        (out / "sam.yaml").rename(kept)
    found: dict[str, Any] = yaml.safe_load(kept.read_text())
    return found
