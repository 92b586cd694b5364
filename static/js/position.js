// The place: the phone's position on a tap, a pin on a map on demand, and the wards near it to confirm.
import { searchable } from "./searchable.js";

const tools = document.querySelector("[data-place]");
const words = tools.dataset;
const form = tools.closest("form");
const near = document.getElementById("near");
const list = document.getElementById("area-choice");
const { latitude, longitude, located } = form.elements;
let map = null;
let pin = null;
tools.hidden = false;
searchable(list);
const byName = list.closest("details");
byName.open = Boolean(list.value) || list.getAttribute("aria-invalid") === "true";

function say(text) {
  const line = document.createElement("p");
  line.className = "field-hint";
  line.textContent = text;
  near.replaceChildren(line);
}

function askForName(text) {
  say(text);
  byName.open = true;
}

async function place(lat, lon, how) {
  latitude.value = lat.toFixed(6);
  longitude.value = lon.toFixed(6);
  located.value = how;
  try {
    const answer = await fetch(`${words.near}?latitude=${latitude.value}&longitude=${longitude.value}`);
    if (!answer.ok && answer.status !== 422) throw new Error(answer.statusText);
    near.innerHTML = await answer.text();
    if (answer.ok) list.value = "";
    else forget();
    byName.open = !answer.ok;
  } catch {
    askForName(words.offline); // the point still travels with the form, beside the ward that is chosen by name
  }
}

function forget() {
  latitude.value = longitude.value = located.value = "";
}

near.addEventListener("change", () => { list.value = ""; });
list.addEventListener("change", () => {
  if (list.value) for (const radio of near.querySelectorAll("input")) radio.checked = false;
});

const device = tools.querySelector("[data-device]");
device.hidden = !navigator.geolocation;
device.addEventListener("click", () => {
  say(words.looking);
  device.setAttribute("aria-busy", "true");
  navigator.geolocation.getCurrentPosition(
    async ({ coords }) => {
      await place(coords.latitude, coords.longitude, "device");
      device.removeAttribute("aria-busy");
      if (map) point(coords.latitude, coords.longitude, 17);
    },
    (error) => {
      device.removeAttribute("aria-busy");
      askForName(error.code === error.PERMISSION_DENIED ? words.refused : words.unknown);
    },
    { enableHighAccuracy: true, timeout: 15000, maximumAge: 60000 },
  );
});

function leaflet() {
  const style = document.createElement("link");
  style.rel = "stylesheet";
  style.href = `${words.leaflet}leaflet.css`;
  const script = document.createElement("script");
  script.src = `${words.leaflet}leaflet.js`;
  const ready = [style, script].map((part) => new Promise((done, fail) => { part.onload = done; part.onerror = fail; }));
  document.head.append(style, script);
  return Promise.all(ready);
}

function point(lat, lon, zoom) {
  if (!pin) {
    pin = L.marker([lat, lon], { draggable: true, keyboard: true, alt: words.pin, title: words.pin }).addTo(map);
    pin.on("dragend", () => { const at = pin.getLatLng(); place(at.lat, at.lng, "pin"); });
  }
  pin.setLatLng([lat, lon]);
  if (zoom) map.setView([lat, lon], zoom);
}

const opener = tools.querySelector("[data-open-map]");
opener?.addEventListener("click", async () => {
  const canvas = document.getElementById("map");
  canvas.hidden = !canvas.hidden;
  opener.setAttribute("aria-expanded", String(!canvas.hidden));
  if (map || canvas.hidden) return;
  opener.setAttribute("aria-busy", "true");
  let drawBoundaries;
  try {
    ({ drawBoundaries } = await import("./boundaries.js"));
    await leaflet();
  } catch {
    canvas.hidden = true;
    askForName(words.offline);
    return;
  } finally {
    opener.removeAttribute("aria-busy");
  }
  const [south, west, north, east] = words.bounds.split(",").map(Number);
  const bounds = L.latLngBounds([south, west], [north, east]);
  map = L.map(canvas, { minZoom: 8, maxBounds: bounds.pad(0.3) });
  L.tileLayer(words.tiles, { attribution: words.attribution, maxZoom: 19 }).addTo(map);
  map.fitBounds(bounds);
  if (latitude.value) point(Number(latitude.value), Number(longitude.value), 17);
  drawBoundaries(map, words);
  map.on("click", ({ latlng }) => { point(latlng.lat, latlng.lng); place(latlng.lat, latlng.lng, "pin"); });
});
