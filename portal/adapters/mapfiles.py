"""Map files as others give them: GeoJSON in one file, a folder or a zip; GeoPackage and Shapefile through pyogrio."""

import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

from portal.core.maps.boundaries import Feature

try:
    import pyogrio.raw
except ImportError:  # an extra, see docs/operations.md
    pyogrio = None

MOST_BYTES = 256 * 1024 * 1024
MOST_FILES = 2000
GEOJSON = (".geojson", ".json")
TABLES = (".gpkg", ".shp")
BESIDE = (".dbf", ".shx", ".prj", ".cpg")  # of a Shapefile
WGS84 = ("EPSG:4326", "EPSG::4326", "OGC:CRS84", "CRS84")


class MapFileError(ValueError):
    """The file cannot be read as a map; the message says why."""


@dataclass(frozen=True)
class MapFile:
    """The features of a map file, and the SHA-256 of its bytes (of a folder: of its files' names and bytes)."""

    name: str
    sha256: str
    features: list[Feature]


def read(path: Path) -> MapFile:
    """Read a GeoJSON file, a folder or zip of such files, a GeoPackage or a Shapefile. Raises MapFileError.

    At most 2,000 files and 256 MB, unpacked; what a zip says of itself is not believed.
    """
    if path.suffix.lower() in TABLES:
        files, features = _parts(path), _table(path)
    else:
        files = dict(_files(path))
        features = [feature for name, raw in files.items() for feature in _features(name, raw)]
    if not features:
        raise MapFileError(f"{path.name}: no GeoJSON in it")
    return MapFile(path.name, _digest(files), features)


def _files(path: Path) -> Iterator[tuple[str, bytes]]:
    if path.suffix.lower() == ".zip":
        yield from _unpacked(path)
        return
    found = sorted(path.iterdir()) if path.is_dir() else [path]
    chosen = [file for file in found if file.suffix.lower() in GEOJSON]
    if not chosen or len(chosen) > MOST_FILES:
        kinds = ", ".join((*GEOJSON, *TABLES, ".zip"))
        raise MapFileError(f"{path.name}: no map, or more than {MOST_FILES} (known are {kinds})")
    if sum(file.stat().st_size for file in chosen) > MOST_BYTES:
        raise _too_large(path)
    for file in chosen:
        yield file.name, file.read_bytes()


def _unpacked(path: Path) -> Iterator[tuple[str, bytes]]:
    left = MOST_BYTES
    try:
        with ZipFile(path) as archive:
            names = sorted(name for name in archive.namelist() if _is_map(name))
            if len(names) > MOST_FILES:
                raise MapFileError(f"{path.name}: more than {MOST_FILES} files")
            for name in names:
                with archive.open(name) as member:
                    raw = member.read(left + 1)
                left -= len(raw)
                if left < 0:
                    raise _too_large(path)
                yield name, raw
    except (BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError) as error:
        raise MapFileError(f"{path.name}: the zip cannot be read: {error}") from error


def _is_map(name: str) -> bool:
    return name.lower().endswith(GEOJSON) and not name.startswith("__MACOSX/")


def _too_large(path: Path) -> MapFileError:
    return MapFileError(f"{path.name}: more than {MOST_BYTES // 1024**2} MB, unpacked")


def _features(name: str, raw: bytes) -> list[Feature]:
    """The features of one GeoJSON document: a FeatureCollection or a single Feature."""
    try:
        document = json.loads(raw.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise MapFileError(f"{name}: no JSON: {error}") from error
    kind = document.get("type") if isinstance(document, dict) else None
    found = document.get("features") if kind == "FeatureCollection" else [document]
    if kind not in ("FeatureCollection", "Feature") or not isinstance(found, list):
        raise MapFileError(f"{name}: neither a FeatureCollection nor a Feature")
    _in_wgs84(name, _declared(document.get("crs")))
    return [_feature(name, number, item) for number, item in enumerate(found, start=1)]


def _feature(name: str, number: int, item: Any) -> Feature:
    properties = item.get("properties") if isinstance(item, dict) else None
    if not isinstance(item, dict) or not isinstance(properties, dict | None):
        raise MapFileError(f"{name}: item {number} is no Feature")
    return Feature(properties or {}, item.get("geometry"))


def _declared(crs: Any) -> str:
    """The projection that an old GeoJSON names, '' for none: degrees of WGS84."""
    named = crs.get("properties") if isinstance(crs, dict) else None
    return str(named.get("name", "")) if isinstance(named, dict) else ""


def _in_wgs84(name: str, crs: str) -> None:
    if crs and not crs.upper().endswith(WGS84):
        raise MapFileError(f"{name}: in {crs}; WGS84 is needed: ogr2ogr -t_srs EPSG:4326 new.geojson {name}")


def _parts(path: Path) -> dict[str, bytes]:
    """A table's file and, of a Shapefile, those that belong to it."""
    beside = BESIDE if path.suffix.lower() == ".shp" else ()
    parts = [path, *(part for suffix in beside if (part := path.with_suffix(suffix)).exists())]
    if sum(part.stat().st_size for part in parts) > MOST_BYTES:
        raise _too_large(path)
    return {part.name: part.read_bytes() for part in parts}


def _table(path: Path) -> list[Feature]:
    if pyogrio is None:
        raise MapFileError(
            f"{path.name}: for {path.suffix} the package pyogrio is needed: "
            "pip install --require-hashes -r requirements-maps.txt"
        )
    try:
        about, _ids, shapes, columns = pyogrio.raw.read(path)
    except (ValueError, pyogrio.errors.DataSourceError) as error:
        raise MapFileError(f"{path.name}: {error}") from error
    _in_wgs84(path.name, about["crs"] or "")
    rows = zip(*(column.tolist() for column in columns), strict=True)
    return [
        Feature(dict(zip(about["fields"].tolist(), row, strict=True)), shape)
        for row, shape in zip(rows, shapes, strict=True)
    ]


def _digest(files: dict[str, bytes]) -> str:
    if len(files) == 1:
        return sha256(next(iter(files.values()))).hexdigest()
    total = sha256()
    for name, raw in sorted(files.items()):
        total.update(name.encode() + b"\0" + sha256(raw).digest())
    return total.hexdigest()
