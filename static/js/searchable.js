// A long list of choices gets a field above it: what is typed, with or without marks, leaves the choices that hold it.

const fold = (text) =>
  text.normalize("NFC").toLowerCase().replaceAll("đ", "d").normalize("NFD").replace(/\p{M}/gu, "");

export function searchable(select) {
  const [nothing, ...groups] = select.children;
  const all = groups.map((element) => ({
    element,
    options: [...element.children].map((option) => ({ option, folded: fold(option.text) })),
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
    const found = [];
    for (const { element, options } of all) {
      const matching = options.filter(({ folded }) => words.every((word) => folded.includes(word)));
      element.replaceChildren(...matching.map(({ option }) => option));
      if (matching.length) found.push(element);
    }
    select.replaceChildren(nothing, ...found);
    const left = select.options.length - 1;
    if (left === 1) select.selectedIndex = 1;
    else select.value = [...select.options].some(({ value }) => value === chosen) ? chosen : "";
    select.size = words.length && left > 1 ? Math.min(left + found.length + 1, 8) : 0;
  });
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault();
  });
}
