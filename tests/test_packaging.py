"""What a wheel carries and asks for, and the public names."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import json
import subprocess
import sys
import tomllib
import zipfile
from email.message import Message
from email.parser import Parser
from pathlib import Path

import pytest
from packaging.requirements import Requirement

import tonecheck

PUBLIC = [
    "Checker",
    "Config",
    "Element",
    "Evidence",
    "Finding",
    "Profile",
    "Readability",
    "Report",
    "Suggestion",
    "Tone",
    "TonecheckError",
    "UserError",
    "check",
]
# Too heavy for somebody who only wants to check a draft; transformers and spaCy could bring torch along.
HEAVY = {"torch", "tensorflow", "jax", "transformers", "flask"}


@pytest.fixture(scope="module")
def wheel(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    if importlib.util.find_spec("hatchling") is None:
        pytest.skip("hatchling, the build backend, is not installed")
    folder = tmp_path_factory.mktemp("wheel")
    done = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=root,
        capture_output=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def names(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


@pytest.fixture(scope="module")
def metadata(wheel: Path) -> Message:
    with zipfile.ZipFile(wheel) as archive:
        (path,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        return Parser().parsestr(archive.read(path).decode("utf-8"))


def test_the_wheel_carries_every_rule_file(root: Path, names: set[str]) -> None:
    rules = [path.relative_to(root).as_posix() for path in (root / "rules").rglob("*.yaml")]
    assert len(rules) > 10
    assert {f"tonecheck/_packs/{rule}" for rule in rules} <= names


def test_the_wheel_carries_the_trained_pipeline(names: set[str]) -> None:
    pipeline = {name for name in names if name.startswith("tonecheck/data/pipeline/")}
    assert {"tonecheck/data/pipeline/config.cfg", "tonecheck/data/pipeline/meta.json"} <= pipeline
    assert any(name.endswith("/model") for name in pipeline)


def test_the_wheel_carries_licence_attribution_and_types(names: set[str]) -> None:
    ends = ("licenses/LICENSE", "licenses/NOTICE", "tonecheck/py.typed")
    assert [end for end in ends if not any(name.endswith(end) for name in names)] == []


def test_the_wheel_carries_nothing_but_the_package(names: set[str]) -> None:
    assert {name.split("/")[0].split("-")[0] for name in names} == {"tonecheck"}
    assert not [name for name in names if "__pycache__" in name]


def test_the_wheel_has_the_version_of_the_package(metadata: Message) -> None:
    assert metadata["Version"] == tonecheck.__version__


def test_an_installed_wheel_reads_its_own_rules_and_pipeline(wheel: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "site")
    code = """
import json, sys
sys.path.insert(0, sys.argv[1])
import tonecheck
from tonecheck.config import data_folder
report = tonecheck.check("Dear Sam, you failed to pay $40. Pay now or we will sue you.")
findings = [finding.category for finding in report.findings]
print(json.dumps({"home": tonecheck.__file__, "rules": str(data_folder("rules")), "findings": findings}))
"""
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "site")],
        cwd=tmp_path,
        capture_output=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout)
    assert Path(seen["home"]).is_relative_to(tmp_path)
    assert Path(seen["rules"]).is_relative_to(tmp_path)
    assert {"blame", "threat"} <= set(seen["findings"])


def test_the_default_dependencies_leave_the_heavy_packages_out(metadata: Message) -> None:
    requirements = [Requirement(line) for line in metadata.get_all("Requires-Dist", [])]
    default = {r.name.lower() for r in requirements if r.marker is None or r.marker.evaluate({"extra": ""})}
    assert {"spacy", "onnxruntime"} <= default
    assert default & HEAVY == set()
    extras = {r.name.lower(): str(r.marker) for r in requirements if r.marker is not None}
    assert extras["torch"] == 'extra == "torch"'


def test_no_default_dependency_brings_torch_along(root: Path) -> None:
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    waiting, seen = [Requirement(line).name for line in project["dependencies"]], set[str]()
    while waiting:
        name = waiting.pop().lower().replace("_", "-")
        if name in seen:
            continue
        seen.add(name)
        for line in importlib.metadata.requires(name) or []:
            requirement = Requirement(line)
            if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
                waiting.append(requirement.name)
    assert "thinc" in seen
    assert seen & HEAVY == set()


def test_the_public_names_are_the_ones_we_promise() -> None:
    assert tonecheck.__all__ == PUBLIC
    assert [name for name in PUBLIC if not hasattr(tonecheck, name)] == []


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'chekc'"):
        _ = tonecheck.chekc


def test_importing_tonecheck_loads_none_of_its_dependencies() -> None:
    code = "import sys, tonecheck; print(*sorted({name.split('.')[0] for name in sys.modules}))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True)
    modules = set(loaded.stdout.split())
    assert "tonecheck" in modules
    assert modules & {"spacy", "textstat", "numpy", "yaml", "re2", "click", "nltk"} == set()
