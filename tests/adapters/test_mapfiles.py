"""Map files as others give them, whole and broken."""

import json
import os
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import numpy
import pytest
import shapely

from portal.adapters import mapfiles
from portal.adapters.mapfiles import MapFileError

SQUARE = {"type": "Polygon", "coordinates": [[[107, 17], [107.1, 17], [107.1, 17.1], [107, 17]]]}
ONE = {"type": "Feature", "properties": {"ma": "19333"}, "geometry": SQUARE}
TWO = {"type": "Feature", "properties": None, "geometry": None}


def write(path: Path, content: object) -> Path:
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return path


def zipped(path: Path, **members: str | bytes) -> Path:
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def test_a_collection_a_folder_and_a_zip_give_the_same_features(tmp_path: Path) -> None:
    file = write(tmp_path / "a.geojson", {"type": "FeatureCollection", "features": [ONE, TWO]})
    found = mapfiles.read(file)
    assert (found.name, [one.properties for one in found.features]) == ("a.geojson", [{"ma": "19333"}, {}])
    folder = tmp_path / "folder"
    folder.mkdir()
    write(folder / "1.geojson", "\ufeff" + json.dumps(ONE))
    write(folder / "2.json", TWO)
    write(folder / "notes.txt", "not a map")
    assert mapfiles.read(folder).features == found.features
    archive = zipped(
        tmp_path / "a.zip",
        **{"x/1.geojson": json.dumps(ONE), "x/2.JSON": json.dumps(TWO), "__MACOSX/3.json": "?"},
    )
    assert mapfiles.read(archive).features == found.features
    digests = {mapfiles.read(path).sha256 for path in (file, folder, archive)}
    assert len(digests) == 3 and all(len(digest) == 64 for digest in digests)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("", "no JSON"),
        ("[" * 100_000, "no JSON"),
        ("[]", "neither a FeatureCollection nor a Feature"),
        ("{}", "neither a FeatureCollection nor a Feature"),
        (json.dumps(SQUARE), "neither a FeatureCollection nor a Feature"),
        ('{"type": "FeatureCollection", "features": 7}', "neither a FeatureCollection nor a Feature"),
        ('{"type": "FeatureCollection", "features": [7]}', "item 1 is no Feature"),
        ('{"type": "Feature", "properties": [1]}', "item 1 is no Feature"),
        ('{"type": "FeatureCollection", "features": []}', "no GeoJSON in it"),
        (
            json.dumps(ONE | {"crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::3405"}}}),
            "in urn:ogc:def:crs:EPSG::3405; WGS84 is needed: ogr2ogr",
        ),
    ],
)
def test_what_is_no_map_is_refused_with_its_name(tmp_path: Path, content: str, reason: str) -> None:
    file = write(tmp_path / "a.geojson", content)
    with pytest.raises(MapFileError, match=rf"^a\.geojson: .*{reason}"):
        mapfiles.read(file)
    with pytest.raises(MapFileError, match=reason):
        mapfiles.read(zipped(tmp_path / "a.zip", **{"a.geojson": content}))


def test_an_old_file_may_say_that_it_is_in_wgs84(tmp_path: Path) -> None:
    for name in ("urn:ogc:def:crs:OGC:1.3:CRS84", "EPSG:4326", "urn:ogc:def:crs:EPSG::4326"):
        crs = {"type": "name", "properties": {"name": name}}
        assert len(mapfiles.read(write(tmp_path / "a.json", ONE | {"crs": crs})).features) == 1


def test_a_file_that_is_something_else_is_refused(tmp_path: Path) -> None:
    for path in (write(tmp_path / "a.csv", "ma"), tmp_path):
        with pytest.raises(MapFileError, match="no map"):
            mapfiles.read(path)
    (tmp_path / "b.json").write_bytes(b"\xff\xfe")
    with pytest.raises(MapFileError, match="no JSON"):
        mapfiles.read(tmp_path / "b.json")


def test_a_zip_bomb_a_broken_and_an_empty_zip_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mapfiles, "MOST_BYTES", 100_000)
    bomb = zipped(tmp_path / "bomb.zip", **{f"{n}.json": b" " * 60_000 for n in range(3)})
    assert bomb.stat().st_size < 1000
    with pytest.raises(MapFileError, match="unpacked"):
        mapfiles.read(bomb)
    with pytest.raises(MapFileError, match="unpacked"):
        mapfiles.read(write(tmp_path / "a.json", " " * 100_001))
    monkeypatch.setattr(mapfiles, "MOST_FILES", 2)
    with pytest.raises(MapFileError, match="more than 2 files"):
        mapfiles.read(zipped(tmp_path / "many.zip", **{f"{n}.json": "{}" for n in range(3)}))
    (tmp_path / "broken.zip").write_bytes(os.urandom(500))
    with pytest.raises(MapFileError, match="the zip cannot be read"):
        mapfiles.read(tmp_path / "broken.zip")
    with pytest.raises(MapFileError, match="no GeoJSON in it"):
        mapfiles.read(zipped(tmp_path / "empty.zip", **{"readme.txt": "x"}))


def test_a_damaged_member_of_a_zip_is_refused(tmp_path: Path) -> None:
    archive = zipped(tmp_path / "a.zip", **{"a.geojson": json.dumps(ONE) + " " * 500})
    raw = bytearray(archive.read_bytes())
    raw[45:60] = bytes(15)
    archive.write_bytes(raw)
    with pytest.raises(MapFileError, match="the zip cannot be read"):
        mapfiles.read(archive)


def test_other_kinds_say_which_package_they_need(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mapfiles, "pyogrio", None)
    for name in ("a.gpkg", "a.SHP"):
        with pytest.raises(MapFileError, match=r"pyogrio is needed: pip install --require-hashes"):
            mapfiles.read(write(tmp_path / name, "x"))


def test_a_geopackage_and_a_shapefile_are_read_where_pyogrio_is(tmp_path: Path) -> None:
    pyogrio = pytest.importorskip("pyogrio.raw", reason="pip install -r requirements-maps.txt")
    shape = shapely.from_geojson(json.dumps(SQUARE))
    for name, crs in (("a.gpkg", "EPSG:4326"), ("a.shp", "EPSG:4326"), ("b.gpkg", "EPSG:3405")):
        pyogrio.write(
            tmp_path / name,
            geometry=shapely.to_wkb([shape]),
            field_data=[numpy.array(["19333"], dtype=object)],
            fields=["ma"],
            geometry_type="Polygon",
            crs=crs,
        )
    for name in ("a.gpkg", "a.shp"):
        (found,) = mapfiles.read(tmp_path / name).features
        assert found.properties == {"ma": "19333"} and shapely.from_wkb(found.geometry).equals(shape)
    with pytest.raises(MapFileError, match="in EPSG:3405; WGS84 is needed"):
        mapfiles.read(tmp_path / "b.gpkg")
