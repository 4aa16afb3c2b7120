"""What goes to AWS is what was tried here: another processor, and nothing else."""

import re
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from infra import packaging
from infra.expanded import of_type
from tests.infra.conftest import BUILD, ROOT, Packaged

pytestmark = pytest.mark.package

CARRIED = re.compile(r"(?<=\w)-[0-9a-f]{8}(?=\.so)")
"""The digest in the name of a library that a wheel carries."""


@pytest.fixture(scope="module")
def elsewhere() -> packaging.Package:
    """The package for the architecture that this machine has not."""
    other = "x86_64" if packaging.local_architecture() == "arm64" else "arm64"
    return packaging.package(BUILD, other, root=ROOT)


def checksums(package: packaging.Package) -> Mapping[str, int]:
    with zipfile.ZipFile(package.zip) as archive:
        return {entry.filename: entry.CRC for entry in archive.infolist()}


def compiled(name: str) -> bool:
    """Whether a file differs by nature: machine code, or what a wheel says about itself."""
    about = (".dist-info/WHEEL", ".dist-info/RECORD")
    return ".so" in Path(name).suffixes or name.endswith(about) or ".dist-info/sboms/" in name


def without_machine(name: str) -> str:
    """A file's name as if every machine had the same; wheels put a digest into those they carry."""
    for machine in ("x86_64", "aarch64"):
        name = name.replace(f"-{machine}-linux-gnu", "")
    return CARRIED.sub("", name)


def test_the_template_differs_only_in_the_architecture(
    packaged: Packaged, elsewhere: packaging.Package
) -> None:
    here, there = packaged.package.template(), elsewhere.template()

    machines = set()
    for template in (here, there):
        for function in of_type(template, "AWS::Serverless::Function").values():
            machines.add(tuple(function["Properties"].pop("Architectures")))
    assert machines == {("x86_64",), ("arm64",)}
    assert here == there


def test_the_source_in_both_packages_is_the_same(
    packaged: Packaged, elsewhere: packaging.Package
) -> None:
    here, there = checksums(packaged.package), checksums(elsewhere)

    assert {n: c for n, c in here.items() if not compiled(n)} == {
        n: c for n, c in there.items() if not compiled(n)
    }


def test_both_packages_hold_the_same_compiled_modules(
    packaged: Packaged, elsewhere: packaging.Package
) -> None:
    here, there = checksums(packaged.package), checksums(elsewhere)

    names_here = {without_machine(name) for name in here if compiled(name)}
    assert names_here == {without_machine(name) for name in there if compiled(name)}


def test_machine_code_is_for_the_machine_that_the_template_names(
    elsewhere: packaging.Package,
) -> None:
    machine = {"arm64": 0xB7, "x86_64": 0x3E}[elsewhere.architecture]  # e_machine of ELF

    with zipfile.ZipFile(elsewhere.zip) as archive:
        headers = [archive.read(n)[:20] for n in archive.namelist() if ".so" in Path(n).suffixes]

    assert headers
    assert {header[18] for header in headers} == {machine}
