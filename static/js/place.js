// A map, and one place on it. The map's files are fetched only when somebody asks to see it. Where `moved` is given the
// pin can be put elsewhere, and `moved` hears where: latitude and longitude in degrees.
import { drawBoundaries } from "./boundaries.js";

const load = (tag, attributes) =>
  new Promise((resolve, reject) => {
    const element = Object.assign(document.createElement(tag), attributes);
    element.addEventListener("load", resolve);
    element.addEventListener("error", reject);
    document.head.append(element);
  });

export async function openMap(element) {
  const { tiles, attribution, script, style } = element.dataset;
  await Promise.all([load("link", { rel: "stylesheet", href: style }), load("script", { src: script })]);
  const map = L.map(element, { zoomSnap: 0.5 });
  map.attributionControl.setPrefix(false);
  L.tileLayer(tiles, { attribution, maxZoom: 19 }).addTo(map);
  return map;
}

export async function showPlace(element, moved) {
  const { latitude, longitude, icon, shadow } = element.dataset;
  const point = [Number(latitude), Number(longitude)];
  const map = (await openMap(element)).setView(point, 17);
  const pin = L.marker(point, {
    keyboard: Boolean(moved),
    draggable: Boolean(moved),
    icon: L.icon({ iconUrl: icon, shadowUrl: shadow, iconSize: [25, 41], iconAnchor: [12, 41], shadowSize: [41, 41] }),
  }).addTo(map);
  if (moved) {
    const tell = () => moved(pin.getLatLng().lat, pin.getLatLng().lng);
    pin.on("dragend", tell);
    map.on("click", ({ latlng }) => { pin.setLatLng(latlng); tell(); });
  }
  await drawBoundaries(map, element.dataset);
}
