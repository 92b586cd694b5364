// The reports of the list on a map; a point leads to its ticket.
import { drawBoundaries } from "./boundaries.js";
import { openMap } from "./place.js";

let drawn = false;

export async function showPoints(element, note) {
  if (drawn) return;
  drawn = true;
  const answer = await fetch(element.dataset.points);
  const { points = [], more, detail = element.dataset.none } = await answer.json();
  drawn = answer.ok;
  note.textContent = points.length ? (more ? element.dataset.more : "") : detail;
  note.hidden = !note.textContent;
  element.hidden = !points.length;
  if (!points.length) return;
  const map = await openMap(element);
  const group = L.featureGroup(points.map(mark));
  map.fitBounds(group.getBounds().pad(0.1), { maxZoom: 16 });
  group.addTo(map);
  await drawBoundaries(map, element.dataset);
}

function mark({ latitude, longitude, title, address, late }) {
  const words = document.createElement("a"); // Leaflet takes strings for HTML: this one is an element with text
  words.textContent = title;
  words.href = address;
  const className = late ? "point point-late" : "point";
  return L.circleMarker([latitude, longitude], { radius: 9, weight: 3, className }).bindPopup(words);
}
