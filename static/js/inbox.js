// The inbox by keyboard, what is chosen, news without losing the place, and a map on demand. Without this file every
// link, box and button works by itself.
import { keepPlace, watch } from "./news.js";
import { showPoints } from "./points.js";

const chosen = document.getElementById("chosen");
const rows = [...document.querySelectorAll(".inbox-rows article")];
const link = (row) => row.querySelector("a");
const box = (row) => row.querySelector("input[type=checkbox]");
const dialog = document.querySelector("dialog.keys");

function move(by) {
  const here = rows.findIndex((row) => row.contains(document.activeElement));
  const row = rows[here < 0 ? (by > 0 ? 0 : rows.length - 1) : Math.max(0, Math.min(rows.length - 1, here + by))];
  if (!row) return;
  link(row).focus();
  row.scrollIntoView({ block: "nearest" });
}

function choose() {
  const row = rows.find((one) => one.contains(document.activeElement));
  if (row && box(row)) box(row).click();
}

const keys = {
  j: () => move(1),
  k: () => move(-1),
  x: choose,
  "/": () => document.querySelector(".inbox-search [name=q]").focus(),
  "?": () => dialog?.showModal(),
};
const types = (element) => element.closest("input:not([type=checkbox]), select, textarea, dialog") !== null;
document.addEventListener("keydown", (event) => {
  const act = keys[event.key];
  if (!act || event.ctrlKey || event.metaKey || event.altKey || types(event.target)) return;
  event.preventDefault();
  act();
});

const opener = document.querySelector("[data-keys]");
if (opener) {
  opener.hidden = false;
  opener.addEventListener("click", () => dialog.showModal());
}

const bar = document.querySelector(".chosen-bar");
function count() {
  if (!bar) return;
  const number = chosen.querySelectorAll(":checked").length;
  bar.hidden = !number;
  document.documentElement.classList.toggle("has-chosen", number > 0);
  bar.firstElementChild.textContent = chosen.dataset.chosen.replace("{n}", number);
}
chosen?.addEventListener("change", count);
addEventListener("pageshow", count);

keepPlace(rows);
count();
watch();

const mapOpener = document.querySelector("[data-open-points]");
if (mapOpener) {
  const map = document.getElementById(mapOpener.dataset.openPoints);
  mapOpener.hidden = false;
  mapOpener.addEventListener("click", () => {
    const shown = mapOpener.getAttribute("aria-expanded") !== "true";
    mapOpener.setAttribute("aria-expanded", shown);
    map.hidden = !shown;
    if (shown) showPoints(map, document.querySelector("[data-points-note]"));
  });
}
