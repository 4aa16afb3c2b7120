import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from infra import packaging
from infra.packaging import Package, PackagingFailed, package


class Tools:
    """Stands for pip and Chalice: writes what they would write and keeps how it was called."""

    def __init__(self) -> None:
        self.packaged: list[dict[str, object]] = []
        self.downloads = 0

    def __call__(self, command: list[str], _: Mapping[str, str]) -> None:
        if "pip" in command:
            self.downloads += 1
            Path(command[command.index("--dest") + 1]).mkdir(parents=True, exist_ok=True)
            return
        source, out = Path(command[command.index("--project-dir") + 1]), Path(command[-1])
        self.packaged.append(json.loads((source / ".chalice/config.json").read_text()))
        (out / "deployment.zip").write_bytes((source / "app.py").read_bytes())
        (out / "sam.yaml").write_text("Resources: {API: {Type: 'AWS::Serverless::Function'}}")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "checkout"
    for name, content in {
        "app.py": "app = 1",
        "requirements.txt": "six==1.17.0",
        "chalicelib/core/clock.py": "now = 1",
        "infra/template.yaml": "Resources: {}",
        ".chalice/config.json": '{"stages": {"prod": {"lambda_architecture": "x86_64"}}}',
    }.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(content)
    return root


@pytest.fixture
def tools(monkeypatch: pytest.MonkeyPatch) -> Tools:
    tools = Tools()
    monkeypatch.setattr(packaging, "_run", tools)
    return tools


def build(root: Path, arch: str = "arm64") -> Package:
    return package(root.parent / "build", arch, root=root)


@pytest.mark.usefixtures("tools")
def test_a_package_holds_the_zip_and_the_template(root: Path) -> None:
    built = build(root)

    assert built.zip.read_text() == "app = 1"
    assert built.template() == {"Resources": {"API": {"Type": "AWS::Serverless::Function"}}}
    assert built.folder.name == "arm64"


def test_an_unchanged_tree_is_not_packaged_again(root: Path, tools: Tools) -> None:
    first = build(root)

    (root / "chalicelib/__pycache__").mkdir()
    (root / "chalicelib/__pycache__/clock.cpython-313.pyc").write_bytes(b"compiled meanwhile")
    (root / ".chalice/deployments").mkdir()
    (root / ".chalice/deployments/old.zip").write_bytes(b"of another tool")

    assert build(root) == first
    assert len(tools.packaged) == 1


@pytest.mark.parametrize(
    "changed",
    [
        "app.py",
        "requirements.txt",
        "chalicelib/core/clock.py",
        "chalicelib/core/new.py",
        "infra/template.yaml",
        ".chalice/policy-sandbox.json",
        "vendor/mine/__init__.py",
    ],
)
def test_a_change_anywhere_in_the_source_packages_again(
    root: Path, tools: Tools, changed: str
) -> None:
    first = build(root)
    (root / changed).parent.mkdir(parents=True, exist_ok=True)

    (root / changed).write_text("# changed")

    assert build(root).digest != first.digest
    assert len(tools.packaged) == 2


def test_the_architecture_is_set_for_all_stages_and_only_in_the_snapshot(
    root: Path, tools: Tools
) -> None:
    before = (root / ".chalice/config.json").read_text()

    build(root, "arm64")
    build(root, "x86_64")

    assert tools.packaged == [
        {"stages": {"prod": {}}, "lambda_architecture": "arm64"},
        {"stages": {"prod": {}}, "lambda_architecture": "x86_64"},
    ]
    assert (root / ".chalice/config.json").read_text() == before


def test_wheels_are_fetched_once_per_requirements(root: Path, tools: Tools) -> None:
    build(root)
    fetched = tools.downloads

    (root / "app.py").write_text("app = 2")
    build(root)

    assert tools.downloads == fetched


def test_a_packaging_that_failed_is_not_taken_for_done(
    root: Path, tools: Tools, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(command: list[str], environment: Mapping[str, str]) -> None:
        tools(command, environment)
        raise PackagingFailed("no wheel")

    monkeypatch.setattr(packaging, "_run", fails)
    with pytest.raises(PackagingFailed):
        build(root)
    monkeypatch.setattr(packaging, "_run", tools)
    build(root)

    assert tools.downloads > 0
    assert len(tools.packaged) == 1


def test_an_architecture_that_lambda_has_not_is_refused(root: Path) -> None:
    with pytest.raises(PackagingFailed, match="riscv64"):
        build(root, "riscv64")


@pytest.mark.parametrize("script", ["exit 1", "echo Could not install dependencies:"])
def test_a_tool_that_fails_is_noticed_even_when_it_ends_with_zero(script: str) -> None:
    with pytest.raises(PackagingFailed):
        packaging._run(["/bin/sh", "-c", script], {})
