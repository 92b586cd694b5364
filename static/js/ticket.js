import { searchable } from "./searchable.js";
import { showPlace } from "./place.js";

document.querySelectorAll("select[data-search]").forEach(searchable);

document.querySelectorAll("[data-map-button]").forEach((button) => {
  const map = document.getElementById(button.dataset.mapButton);
  const field = document.getElementById(button.dataset.fills);
  const fill = field && ((...degrees) => { field.value = degrees.map((value) => value.toFixed(6)).join(", "); });
  button.hidden = false;
  button.addEventListener("click", async () => {
    button.hidden = true;
    map.hidden = false;
    await showPlace(map, fill);
  });
});

document.querySelectorAll("[data-offers]").forEach((box) => {
  const words = document.getElementById(box.dataset.offers);
  box.querySelector("button").addEventListener("click", (event) => {
    event.preventDefault();
    const { text } = box.querySelector("select").selectedOptions[0].dataset;
    words.value = [words.value.trim(), text].filter(Boolean).join("\n\n");
    words.focus();
  });
});

document.querySelector(".thumb-bar a")?.addEventListener("click", (event) => {
  const field = document.querySelector(event.target.hash).querySelector("textarea");
  setTimeout(() => field?.focus({ preventScroll: true }));
});
