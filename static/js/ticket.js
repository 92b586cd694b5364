import { searchable } from "./searchable.js";
import { showPlace } from "./place.js";

document.querySelectorAll("select[data-search]").forEach(searchable);

document.querySelectorAll("[data-map-button]").forEach((button) => {
  const map = document.getElementById(button.dataset.mapButton);
  button.hidden = false;
  button.addEventListener("click", async () => {
    button.hidden = true;
    map.hidden = false;
    await showPlace(map);
  });
});

const wanted = document.querySelector(".field-error") ? null : document.querySelector(location.hash || "#none");
if (wanted instanceof HTMLDetailsElement) wanted.open = true;
