// While the description is typed: what it may be about, another door that it may belong to, numbers to call.
const form = document.querySelector("form[data-report]");
const box = document.getElementById("hints");
const { csrf_token: token, description } = form.elements;
const PAUSE = 600;
const LEAST = 10;
let timer = 0;
let told = box.childElementCount ? description.value.trim() : "";
let asking = new AbortController();

async function ask() {
  const typed = description.value.trim();
  if (typed === told) return;
  told = typed;
  asking.abort();
  asking = new AbortController();
  if (typed.length < LEAST) return show("");
  const body = new URLSearchParams({ csrf_token: token.value, description: typed });
  try {
    const answer = await fetch(box.dataset.hints, { method: "POST", body, signal: asking.signal });
    if (answer.ok) show(await answer.text());
  } catch { /* without a network, or overtaken by more words: the form works without hints */ }
}

function show(html) {
  const ticked = [...form.querySelectorAll("input:checked")].map(({ name, value }) => [name, value]);
  box.innerHTML = html;
  for (const [name, value] of ticked) {
    const same = [...form.querySelectorAll(`input[name="${name}"]`)].filter((input) => input.value === value);
    if (same.length && !same.some((input) => input.checked)) same[0].checked = true;
  }
}

// The questions of the category that was just chosen begin with "do not know".
form.addEventListener("change", ({ target }) => {
  if (target.name !== "category") return;
  const asked = target.closest(".choice, .option").nextElementSibling;
  if (!asked?.classList.contains("questions")) return;
  for (const group of asked.children) {
    if (!group.querySelector(":checked")) group.querySelector("input").checked = true;
  }
});
description.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(ask, PAUSE); });
description.addEventListener("change", ask);
ask();
