// Draws the areas' boundaries on a map, where they are imported, and credits whose they are.

export async function drawBoundaries(map, { boundaries, boundariesCredit }) {
  if (!boundaries) return;
  const credit = document.createElement("span"); // Leaflet takes credits for HTML: this one is text
  credit.textContent = boundariesCredit;
  map.attributionControl.addAttribution(credit.innerHTML);
  const answer = await fetch(boundaries);
  if (answer.ok) L.geoJSON(await answer.json(), { interactive: false, style: { className: "boundary", fill: false } }).addTo(map);
}
