// Passkeys: fetches the question when the button is pressed, lets the device answer, and sends the form with the answer.
const WAYS = {
  create: (options) => navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) }),
  get: (options) => navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) }),
};

document.querySelectorAll("form[data-passkey]").forEach((form) => {
  if (!window.PublicKeyCredential?.parseCreationOptionsFromJSON) return;
  const button = form.querySelector("button");
  const note = form.querySelector("[role=status]");
  button.hidden = false;
  note.textContent = "";

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    button.setAttribute("aria-busy", "true");
    note.textContent = "";
    try {
      const answer = await fetch(form.dataset.ask);
      if (answer.status === 401 || answer.status === 403) return location.reload(); // leads to where one shows who one is
      const asked = await answer.json();
      const made = await WAYS[form.dataset.passkey](asked.question);
      form.elements.answer.value = JSON.stringify(made);
      form.elements.challenge.value = asked.challenge;
      form.submit();
    } catch {
      note.textContent = form.dataset.refused;
      button.removeAttribute("aria-busy");
    }
  });
});
