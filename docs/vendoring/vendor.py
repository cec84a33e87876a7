"""Copies third-party front-end files, unmodified, from npm packages into api/static/vendor and writes manifest.json.

    python docs/vendoring/vendor.py            fetch anew and write
    python docs/vendoring/vendor.py --check    fetch anew and compare with what is committed; exit 1 on a difference

Needs npm. Exact versions stand in PACKAGES; the manifest holds licence, version and SHA-256 of every file, and a test
compares the committed files with it without any network.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TARGET = ROOT / "api" / "static" / "vendor"

# package, version, licence (SPDX), {file in the package: name under vendor/}
PACKAGES = (
    ("htmx.org", "2.0.10", "0BSD", {"dist/htmx.min.js": "htmx/htmx.min.js", "LICENSE": "htmx/LICENSE"}),
    (
        "vis-network",
        "9.1.9",
        "Apache-2.0 OR MIT",
        {
            "standalone/umd/vis-network.min.js": "vis-network/vis-network.min.js",
            "LICENSE-APACHE-2.0": "vis-network/LICENSE-APACHE-2.0",
            "LICENSE-MIT": "vis-network/LICENSE-MIT",
        },
    ),
    (
        "@zazuko/yasgui",
        "4.6.2",
        "MIT",
        {"build/yasgui.min.js": "yasgui/yasgui.min.js", "build/yasgui.min.css": "yasgui/yasgui.min.css"},
    ),
)


def fetch(package: str, version: str, into: Path) -> Path:
    """The unpacked package; npm checks the integrity of what it fetches."""
    packed = subprocess.run(
        ["npm", "pack", "--silent", "--pack-destination", str(into), f"{package}@{version}"],
        check=True, capture_output=True, text=True,
    ).stdout.strip().splitlines()[-1]  # fmt: skip
    unpacked = into / packed.removesuffix(".tgz")
    with tarfile.open(into / packed) as archive:
        archive.extractall(unpacked, filter="data")
    return unpacked / "package"


def collect(target: Path) -> None:
    """Writes all files and the manifest under ``target``."""
    entries = []
    with tempfile.TemporaryDirectory() as scratch:
        for package, version, licence, files in PACKAGES:
            source = fetch(package, version, Path(scratch))
            for inside, name in files.items():
                place = target / name
                place.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(source / inside, place)
                digest = hashlib.sha256(place.read_bytes()).hexdigest()
                entries.append(
                    {"file": name, "package": package, "version": version, "licence": licence, "sha256": digest}
                )
    text = json.dumps(sorted(entries, key=lambda entry: entry["file"]), indent=1)
    (target / "manifest.json").write_text(text + "\n", encoding="utf-8")


def main() -> int:
    if "--check" not in sys.argv:
        collect(TARGET)
        return 0
    with tempfile.TemporaryDirectory() as fresh:
        collect(Path(fresh))
        new = (Path(fresh) / "manifest.json").read_text(encoding="utf-8")
    old = (TARGET / "manifest.json").read_text(encoding="utf-8")
    print("same" if new == old else "the committed files differ from what npm gives")
    return int(new != old)


if __name__ == "__main__":
    sys.exit(main())
