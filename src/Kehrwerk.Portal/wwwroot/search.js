// Suggestions under the address box. Without this script the form works as it is.

const waitMs = 120;
const most = 8;

for (const form of document.querySelectorAll("[data-search]")) {
  new Suggestions(form);
}

function Suggestions(form) {
  const input = form.querySelector("input[name=q]");
  const list = form.querySelector("[role=listbox]");
  const status = form.querySelector("[data-search-status]");
  let active = -1;
  let asked = 0;
  let timer;

  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-controls", list.id);
  input.setAttribute("aria-expanded", "false");

  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, waitMs);
  });
  input.addEventListener("keydown", onKey);
  input.addEventListener("blur", () => close());
  // The box must not lose its focus to the list before the click arrives.
  list.addEventListener("pointerdown", event => event.preventDefault());
  list.addEventListener("click", event => {
    const option = event.target.closest("[role=option]");
    if (option) {
      choose(option);
    }
  });

  async function ask() {
    const text = input.value.trim();
    const mine = ++asked;
    if (text.length < 2) {
      close();
      return;
    }

    const answer = await fetch(`/api?limit=${most}&lang=${document.documentElement.lang}&q=${encodeURIComponent(text)}`).catch(() => null);
    if (mine !== asked || !answer?.ok || document.activeElement !== input) {
      return;
    }

    show((await answer.json()).features.map(lineOf));
  }

  function lineOf({ properties: p }) {
    const street = p.street ?? p.name;
    const house = p.housenumber ? `${street} ${p.housenumber}` : street;
    const town = [p.postcode, p.city].filter(Boolean).join(" ");
    return town ? `${house}, ${town}` : house;
  }

  function show(lines) {
    active = -1;
    list.replaceChildren(...lines.map((line, i) => {
      const option = document.createElement("li");
      option.id = `${list.id}-${i}`;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      option.textContent = line;
      return option;
    }));
    list.hidden = lines.length === 0;
    input.setAttribute("aria-expanded", String(lines.length > 0));
    input.removeAttribute("aria-activedescendant");
    status.textContent = form.dataset.count.replace("{0}", lines.length);
  }

  function close() {
    asked++;
    list.hidden = true;
    active = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  function onKey(event) {
    if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      close();
    } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && list.children.length > 0) {
      event.preventDefault();
      list.hidden = false;
      input.setAttribute("aria-expanded", "true");
      const count = list.children.length;
      move(event.key === "ArrowDown" ? (active + 1) % count : (active <= 0 ? count : active) - 1);
    } else if (event.key === "Enter" && !list.hidden && active >= 0) {
      event.preventDefault();
      choose(list.children[active]);
    }
  }

  function move(to) {
    list.children[active]?.setAttribute("aria-selected", "false");
    active = to;
    const option = list.children[active];
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", option.id);
  }

  function choose(option) {
    input.value = option.textContent;
    close();
    form.requestSubmit();
  }
}
