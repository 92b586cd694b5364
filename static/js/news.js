// Says that reports have come, or that the session has ended, and loads the page again where it stood: same rows in sight, same boxes ticked.
const EVERY = 60_000;
const reload = document.querySelector("[data-reload]");
const notice = document.querySelector("[data-notice]");
const KEPT = "inbox-place";

const topOf = (row) => row.getBoundingClientRect().top;

export function keepPlace(rows) {
  if (!reload) return;
  const links = rows.map((row) => row.querySelector("a"));
  const boxes = rows.map((row) => row.querySelector("[name=report]")).filter(Boolean);
  reload.addEventListener("click", (event) => {
    event.preventDefault();
    const inSight = scrollY ? rows.findIndex((row) => topOf(row) >= 0) : -1;
    const kept = {
      at: location.href,
      row: links[inSight]?.href,
      top: inSight < 0 ? 0 : topOf(rows[inSight]),
      chosen: boxes.filter((box) => box.checked).map((box) => box.value),
    };
    try {
      sessionStorage.setItem(KEPT, JSON.stringify(kept));
    } catch { /* a full or forbidden store: the page is loaded all the same */ }
    history.scrollRestoration = "manual"; // rows may have come above: the place is a row, not a height
    location.reload();
  });
  addEventListener("load", () => setTimeout(() => { history.scrollRestoration = "auto"; }));
  let kept = null;
  try {
    kept = JSON.parse(sessionStorage.getItem(KEPT));
    sessionStorage.removeItem(KEPT);
  } catch { return; }
  if (kept?.at !== location.href) return;
  for (const box of boxes) box.checked = kept.chosen.includes(box.value);
  const row = links.findIndex((link) => link.href === kept.row);
  if (row >= 0) scrollBy(0, topOf(rows[row]) - kept.top);
}

export function watch() {
  if (!reload) return;
  const { news, since } = reload.dataset;
  setInterval(async () => {
    if (document.hidden) return;
    try {
      const answer = await fetch(`${news}&since=${encodeURIComponent(since)}`);
      const { words, detail } = await answer.json();
      const said = answer.status === 401 ? detail : words;
      if (said && notice.textContent !== said) {
        notice.textContent = said;
        notice.hidden = false;
      }
    } catch { /* no network: the next time */ }
  }, EVERY);
}
