// After sending: the draft is done with, and the code and link can be copied.
try { sessionStorage.removeItem("report-draft"); } catch { /* a forbidden store holds no draft */ }

for (const button of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) break;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.copy);
    button.textContent = button.dataset.done;
  });
}
