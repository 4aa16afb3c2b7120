"""Packaging, by whoever wants a package at the same time."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier, BrokenBarrierError

import pytest

from infra import packaging
from infra.packaging import Package


def test_of_two_who_package_at_once_one_waits_for_the_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    both = Barrier(2)
    met: list[bool] = []

    def packaged(_root: Path, _out: Path, folder: Path, architecture: str, _stage: str) -> Package:
        try:
            both.wait(timeout=0.2)
        except BrokenBarrierError:
            met.append(False)
        else:
            met.append(True)
        return Package(folder, architecture, "digest")

    monkeypatch.setattr(packaging, "_packaged", packaged)

    with ThreadPoolExecutor(2) as pool:
        made = [pool.submit(packaging.package, tmp_path, "arm64") for _ in range(2)]
    assert [one.result().folder for one in made] == [tmp_path / "arm64"] * 2

    assert met == [False, False]
