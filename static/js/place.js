// Shows one place on a map. The map's files are fetched only when somebody asks to see it.
import { drawBoundaries } from "./boundaries.js";

const load = (tag, attributes) =>
  new Promise((resolve, reject) => {
    const element = Object.assign(document.createElement(tag), attributes);
    element.addEventListener("load", resolve);
    element.addEventListener("error", reject);
    document.head.append(element);
  });

export async function showPlace(element) {
  const { latitude, longitude, tiles, attribution, script, style, icon, shadow } = element.dataset;
  await Promise.all([load("link", { rel: "stylesheet", href: style }), load("script", { src: script })]);
  const { L } = window;
  const point = [Number(latitude), Number(longitude)];
  const map = L.map(element, { zoomSnap: 0.5 }).setView(point, 17);
  map.attributionControl.setPrefix(false);
  L.tileLayer(tiles, { attribution, maxZoom: 19 }).addTo(map);
  L.marker(point, {
    keyboard: false,
    icon: L.icon({ iconUrl: icon, shadowUrl: shadow, iconSize: [25, 41], iconAnchor: [12, 41], shadowSize: [41, 41] }),
  }).addTo(map);
  await drawBoundaries(map, element.dataset);
}
