"""What is deployed: Chalice packages the source, here as for AWS. Never ``chalice deploy``.

One source and one template; the architecture decides only which compiled wheels are in the zip.
"""

import fcntl
import hashlib
import json
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

import yaml  # type: ignore[import-untyped]  # comes with Chalice, without types

type Template = dict[str, Any]

_SOURCE_FILES = ("app.py", "requirements.txt", "infra/template.yaml")
_SOURCE_TREES = ("chalicelib", "vendor", ".chalice")
_NO_SOURCE = ("__pycache__", "*.pyc", "deployments", "deployed", "venv")
_MACHINES = {"amd64": "x86_64", "aarch64": "arm64"}
_WHEEL_MACHINES = {"x86_64": "x86_64", "arm64": "aarch64"}
_GLIBC = range(17, 35)  # Amazon Linux 2023, where Python 3.13 runs, has glibc 2.34
_TEMPLATE = "infra/template.yaml"


class PackagingFailed(Exception):  # noqa: N818 - it names what happened
    """Chalice or pip refused. The message holds what they said."""


@dataclass(frozen=True)
class Package:
    """A finished package: the zip of all functions and the template that names it."""

    folder: Path
    architecture: str
    digest: str

    @property
    def zip(self) -> Path:
        return self.folder / "deployment.zip"

    @property
    def template_file(self) -> Path:
        return self.folder / "sam.json"

    def template(self) -> Template:
        """A fresh copy, to be changed at will."""
        content: Template = json.loads(self.template_file.read_text())
        return content


def local_architecture() -> str:
    """Lambda's name for this machine: ``x86_64`` or ``arm64``."""
    machine = platform.machine().lower()
    return _MACHINES.get(machine, machine)


def package(out: Path, arch: str = "arm64", stage: str = "ieum", *, root: Path = Path()) -> Package:
    """Package the source under ``root`` into ``out/<arch>/``: ``deployment.zip`` and ``sam.json``.

    ``arch`` is ``arm64``, ``x86_64`` or ``local``. A tree that has not changed since is not
    packaged again, and of two at once one waits for the other. Raises PackagingFailed.
    """
    architecture = local_architecture() if arch == "local" else arch
    if architecture not in _WHEEL_MACHINES:
        raise PackagingFailed(f"Lambda has no {architecture} machines: say arm64, x86_64 or local.")
    root, folder = root.absolute(), out.absolute() / architecture
    with _alone(folder):
        return _packaged(root, out, folder, architecture, stage)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Keep others out of a folder meanwhile; who dies lets them in."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _packaged(root: Path, out: Path, folder: Path, architecture: str, stage: str) -> Package:
    done = Package(folder, architecture, _digest(root, architecture, stage))
    stamp = folder / "package.sha256"
    if stamp.exists() and stamp.read_text() == done.digest:
        return done
    stamp.unlink(missing_ok=True)
    wheels = _collect_wheels(root, out.absolute() / "wheels", architecture)
    source = _copy_source(root, folder / "source", architecture)
    _run_chalice(source, folder, stage, wheels)
    content = yaml.safe_load((folder / "sam.yaml").read_text())
    done.template_file.write_text(json.dumps(content, indent=1, sort_keys=True))
    stamp.write_text(done.digest)
    return done


def _digest(root: Path, architecture: str, stage: str) -> str:
    """Names the package by all that goes into it, the tools included."""
    seen = hashlib.sha256()
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    seen.update(f"{architecture} {stage} {version} {metadata.version('chalice')}".encode())
    for path in sorted(_sources(root)):
        seen.update(f"\0{path.relative_to(root)}\0".encode())
        seen.update(hashlib.sha256(path.read_bytes()).digest())
    return seen.hexdigest()


def _sources(root: Path) -> Iterator[Path]:
    yield from (root / name for name in _SOURCE_FILES if (root / name).exists())
    for tree in _SOURCE_TREES:
        for path in (root / tree).rglob("*"):
            inside = path.relative_to(root / tree).parts
            if path.is_file() and path.suffix != ".pyc" and not set(inside) & set(_NO_SOURCE):
                yield path


def _copy_source(root: Path, source: Path, architecture: str) -> Path:
    """A snapshot to package from, with the architecture in its configuration.

    Editing goes on meanwhile, and the configuration of the checkout stays as it is. Chalice's own
    cache (``.chalice/deployments``) is dropped: it grows by one package with every change.
    """
    shutil.rmtree(source, ignore_errors=True)
    for path in _sources(root):
        copy = source / path.relative_to(root)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, copy)
    config_file = source / ".chalice" / "config.json"
    config = json.loads(config_file.read_text())
    for place in (config, *config.get("stages", {}).values()):
        place.pop("lambda_architecture", None)
    config["lambda_architecture"] = architecture
    config_file.write_text(json.dumps(config, indent=1))
    return source


def _run_chalice(source: Path, folder: Path, stage: str, wheels: Path) -> None:
    arguments = ["package", "--stage", stage, "--template-format", "yaml"]
    arguments += ["--merge-template", str(source / _TEMPLATE), str(folder)]
    start = "import sys; from chalice.cli import main; sys.exit(main())"
    environment = _pip_offline(wheels) | {
        "AWS_DEFAULT_REGION": "us-east-1",  # Chalice wants one, and calls nobody
        "PYTHONDONTWRITEBYTECODE": "1",
        "STAGE": "sandbox",  # Chalice imports the application, which refuses to start without one
    }
    _run([sys.executable, "-c", start, "--project-dir", str(source), *arguments], environment)


def _collect_wheels(root: Path, folder: Path, architecture: str) -> Path:
    """Fetch the pinned wheels once per requirements.txt, so that packaging needs no network.

    Chalice asks pip first for this machine's wheels and then, where those do not fit Lambda, for
    the other's: both are kept.
    """
    requirements = root / "requirements.txt"
    name = hashlib.sha256(requirements.read_bytes()).hexdigest()[:16]
    wheels = folder / f"{name}-{architecture}"
    if wheels.exists():
        return wheels
    fresh = folder / f"{name}-{architecture}.new"
    shutil.rmtree(fresh, ignore_errors=True)
    download = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
    download += ["--disable-pip-version-check", "--dest", str(fresh), "-r", str(requirements)]
    _run(download, dict(os.environ))
    _run([*download, *_for_lambda(architecture)], dict(os.environ))
    fresh.rename(wheels)
    return wheels


def _for_lambda(architecture: str) -> list[str]:
    machine = _WHEEL_MACHINES[architecture]
    tags = [f"manylinux_2_{minor}_{machine}" for minor in reversed(_GLIBC)]
    platforms = [
        word for tag in (*tags, f"manylinux2014_{machine}") for word in ("--platform", tag)
    ]
    return ["--only-binary=:all:", "--implementation", "cp", *platforms]


def _pip_offline(wheels: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PIP_")}
    return kept | {
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "PIP_FIND_LINKS": str(wheels),
        "PIP_NO_INDEX": "1",
    }


def _run(command: list[str], environment: Mapping[str, str]) -> None:
    done = subprocess.run(  # noqa: S603 - pip and Chalice, with our own arguments
        command, env=dict(environment), capture_output=True, text=True, check=False
    )
    said = f"{done.stdout}\n{done.stderr}".strip()
    # Chalice ends with 0 even when a wheel is missing, and would package without it.
    if done.returncode or "Could not install dependencies" in said:
        raise PackagingFailed(said)
