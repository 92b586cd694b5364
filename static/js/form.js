// Nothing lost, nothing doubled: a key of this device's own, one sending at a time, typed words kept until sent,
// and a sending without a network made good when it is back.
const form = document.querySelector("form[data-report]");
const DRAFT = "report-draft";
const KEPT = ["category", "description", "area", "place", "name", "phone", "email"];

const key = form.elements.client_key;
const failed = document.getElementById("error-summary");
if (!failed && window.crypto?.randomUUID) key.value = crypto.randomUUID();

const button = form.querySelector("button[type=submit]");
const rest = () => button.removeAttribute("aria-busy");
let waitsForNetwork = false;
form.addEventListener("submit", (event) => {
  waitsForNetwork = !navigator.onLine;
  if (waitsForNetwork || button.getAttribute("aria-busy")) event.preventDefault();
  if (waitsForNetwork) hint.scrollIntoView({ block: "center" });
  else button.setAttribute("aria-busy", "true");
});
addEventListener("pageshow", rest);

const fields = () => KEPT.flatMap((name) => [...form.querySelectorAll(`[name="${name}"]`)]);
const isPick = (field) => field.type === "radio";

function save() {
  const draft = {};
  for (const field of fields()) if (field.value && (!isPick(field) || field.checked)) draft[field.name] = field.value;
  try { sessionStorage.setItem(DRAFT, JSON.stringify(draft)); } catch { /* a full or forbidden store: nothing to do */ }
}

function restore() {
  let draft = null;
  try { draft = JSON.parse(sessionStorage.getItem(DRAFT)); } catch { return; }
  const typed = fields().some((field) => (isPick(field) ? false : field.value));
  if (!draft || failed || typed) return;
  const chosen = form.querySelector('[name="category"]:checked');
  for (const field of fields()) {
    if (!(field.name in draft)) continue;
    if (!isPick(field)) field.value = draft[field.name];
    else if (!(chosen && field.name === "category")) field.checked = field.value === draft[field.name];
  }
}

restore();
const hints = () => import("./hints.js");
if (form.elements.description.value) hints();
else form.addEventListener("focusin", hints, { once: true });
const contact = [form.elements.name, form.elements.phone, form.elements.email];
const showFilled = () => {
  for (const field of fields()) if (field.value && !isPick(field)) field.closest("details")?.setAttribute("open", "");
  form.elements.consent.required = contact.some((field) => field.value);
};
showFilled();
form.addEventListener("input", () => { save(); showFilled(); });

const hint = form.querySelector("[data-offline-hint]");
const tell = () => {
  hint.hidden = navigator.onLine;
  if (navigator.onLine && waitsForNetwork) form.requestSubmit();
};
addEventListener("online", tell);
addEventListener("offline", tell);
tell();
