// Says that reports have come, and loads the page again where it stood: same rows in sight, same boxes ticked.
const EVERY = 60_000;
const reload = document.querySelector("[data-reload]");
const notice = document.querySelector("[data-notice]");
const KEPT = "inbox-place";

export function keepPlace(form) {
  if (!reload) return;
  reload.addEventListener("click", (event) => {
    event.preventDefault();
    const chosen = form ? [...form.querySelectorAll(":checked")].map((box) => box.value) : [];
    try {
      sessionStorage.setItem(KEPT, JSON.stringify({ at: location.href, top: scrollY, chosen }));
    } catch { /* a full or forbidden store: the page is loaded all the same */ }
    location.reload();
  });
  let kept = null;
  try {
    kept = JSON.parse(sessionStorage.getItem(KEPT));
    sessionStorage.removeItem(KEPT);
  } catch { return; }
  if (kept?.at !== location.href) return;
  for (const box of form?.querySelectorAll("[name=report]") ?? []) box.checked = kept.chosen.includes(box.value);
  scrollTo(0, kept.top);
}

export function watch() {
  if (!reload) return;
  const { news, since } = reload.dataset;
  setInterval(async () => {
    if (document.hidden) return;
    try {
      const answer = await fetch(`${news}&since=${encodeURIComponent(since)}`);
      const { words } = answer.ok ? await answer.json() : {};
      if (words && notice.textContent !== words) {
        notice.textContent = words;
        notice.hidden = false;
      }
    } catch { /* no network: the next time */ }
  }, EVERY);
}
