// Photos are made small on the phone before they travel. Without this file the server does it.
import { shrink } from "./shrink.js";

const MOST = 5;
const LARGEST = 12 * 1024 * 1024;
const input = document.getElementById("photos-input");
const picker = input.closest(".photo-picker");
const box = document.querySelector("[data-photos]");
const words = box.dataset;
const list = box.querySelector("ul");
const note = box.querySelector("p");
const chosen = [];

const size = (bytes) => (bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} kB` : `${(bytes / 1e6).toFixed(1).replace(".", ",")} MB`);
const kept = () => document.querySelectorAll('[name="kept"]:checked').length;

function show() {
  const files = new DataTransfer();
  for (const { file } of chosen) files.items.add(file);
  input.files = files.files;
  list.replaceChildren(...chosen.map(item));
  const total = chosen.reduce((sum, { file }) => sum + file.size, 0);
  note.textContent = chosen.length ? words.total.replace("{n}", chosen.length).replace("{size}", size(total)) : "";
}

function item(photo, place) {
  const entry = document.createElement("li");
  const picture = document.createElement("img");
  picture.alt = photo.file.name; // shown where the browser cannot open this kind
  picture.src = photo.address;
  const remove = document.createElement("button");
  remove.type = "button";
  remove.className = "button quiet-button";
  remove.textContent = `${words.remove} (${size(photo.file.size)})`;
  remove.setAttribute("aria-label", `${words.remove} ${place + 1}`);
  remove.addEventListener("click", () => {
    URL.revokeObjectURL(photo.address);
    chosen.splice(chosen.indexOf(photo), 1);
    show();
    input.focus();
  });
  entry.append(picture, remove);
  return entry;
}

input.addEventListener("change", async () => {
  const fresh = [...input.files];
  const room = Math.max(0, MOST - kept() - chosen.length);
  note.textContent = words.working;
  picker.setAttribute("aria-busy", "true");
  let refused = "";
  for (const file of fresh.slice(0, room)) {
    const small = await shrink(file);
    if (small.size > LARGEST) {
      refused = file.name;
      continue;
    }
    chosen.push({ file: small, address: URL.createObjectURL(small) });
  }
  picker.removeAttribute("aria-busy");
  show();
  if (refused) note.textContent = words.large.replace("{name}", refused);
  else if (fresh.length > room) note.textContent = words.many;
});
