// A long list of choices gets a field above it: what is typed, with or without marks, leaves the choices that hold it.

const fold = (text) =>
  text.normalize("NFC").toLowerCase().replaceAll("đ", "d").normalize("NFD").replace(/\p{M}/gu, "");

export function searchable(select) {
  const groups = [...select.children].map((group) => ({
    element: group,
    options: [...group.children].map((option) => ({ option, folded: fold(option.text) })),
  }));
  const field = document.createElement("input");
  field.type = "search";
  field.autocomplete = "off";
  field.placeholder = select.dataset.search;
  field.setAttribute("aria-label", select.dataset.search);
  field.setAttribute("aria-controls", select.id);
  select.before(field);

  field.addEventListener("input", () => {
    const words = fold(field.value).split(/\s+/).filter(Boolean);
    const chosen = select.value;
    const found = groups
      .map(({ element, options }) => {
        if (element.localName === "option") return element; // the empty choice stays in sight
        const matching = options.filter(({ folded }) => words.every((word) => folded.includes(word)));
        element.replaceChildren(...matching.map(({ option }) => option));
        return matching.length && element;
      })
      .filter(Boolean);
    select.replaceChildren(...found);
    if ([...select.options].some((option) => option.value === chosen)) select.value = chosen;
    const lines = select.options.length + found.length;
    select.size = words.length && lines > 1 ? Math.min(lines, 8) : 0;
  });
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault();
  });
}
