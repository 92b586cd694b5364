// The officer's photos of a step: made small before they travel, with their moment and place, and the phone's position beside them.
import { shrink } from "./shrink.js";

document.querySelectorAll("[data-photos-of]").forEach((box) => {
  const input = document.getElementById(box.dataset.photosOf);
  const picker = input.closest(".photo-picker");
  const row = box.querySelector("[data-device]");
  const button = row.querySelector("button");
  const note = row.querySelector("[role=status]");
  const { latitude, longitude } = input.form.elements;

  input.addEventListener("change", async () => {
    picker.setAttribute("aria-busy", "true");
    const files = new DataTransfer();
    for (const file of input.files) files.items.add(await shrink(file, { traced: true }));
    input.files = files.files;
    picker.removeAttribute("aria-busy");
  });

  row.hidden = !navigator.geolocation;
  button.addEventListener("click", () => {
    note.textContent = row.dataset.looking;
    button.setAttribute("aria-busy", "true");
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        latitude.value = coords.latitude.toFixed(6);
        longitude.value = coords.longitude.toFixed(6);
        button.removeAttribute("aria-busy");
        note.textContent = row.dataset.found;
      },
      () => {
        button.removeAttribute("aria-busy");
        note.textContent = row.dataset.unknown;
      },
      { enableHighAccuracy: true, timeout: 15000, maximumAge: 60000 },
    );
  });
});
