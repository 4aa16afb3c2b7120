"""Rules of the house that no linter knows."""

import ast
from collections.abc import Iterator
from pathlib import Path

import grimp
import pytest

from chalicelib.core import telemetry

ROOT = Path(__file__).parent.parent
GRAPH = grimp.build_graph("chalicelib", include_external_packages=True)
MODELS = sorted(
    module
    for module in GRAPH.modules
    if module.endswith("models") and module.startswith("chalicelib.")
)


@pytest.mark.parametrize("models", MODELS)
def test_models_are_private_to_their_domain(models: str) -> None:
    domain = models.rpartition(".")[0]

    importers = GRAPH.find_modules_that_directly_import(models)

    assert all(importer.startswith(f"{domain}.") for importer in importers)


def test_only_the_gateway_knows_stripe() -> None:
    importers = GRAPH.find_modules_that_directly_import("stripe")

    assert importers == {"chalicelib.payments.gateway"}


def test_no_package_exports_what_is_not_its_own() -> None:
    packages = ROOT.glob("chalicelib/**/__init__.py")

    assert [path for path in packages if path.read_text().strip()] == []


def _said() -> Iterator[tuple[str, str]]:
    """Where the product says something, and the key of each fact that it says."""
    for path in ROOT.glob("chalicelib/**/*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in {"alarm", "failure", "log"}:
                for word in node.keywords:
                    yield f"{path.name}:{node.lineno}", word.arg or ""


def test_every_line_that_is_said_names_only_what_a_log_may_hold() -> None:
    said = list(_said())

    assert len(said) > 50
    assert [one for one in said if one[1] not in telemetry.ALLOWED | {""}] == []
