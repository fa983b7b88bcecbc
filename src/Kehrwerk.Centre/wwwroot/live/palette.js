// The palette (Ctrl+K): every command and page that the person may use, vehicles and cases, found by typing. A combobox with a list (WAI-ARIA).

import { commands, listenToKeys } from "./keys.js";
import { byId, setText, t } from "./texts.js";

const most = 12;

/**
 * Keys, palette and overview of keys of a page.
 * @param actions what each command's id does here
 * @param more further entries as they are now: [{ text, run }]
 */
export function openDesk(actions, { clear = null, other = null, more = () => [] } = {}) {
  const dialog = byId("palette");
  const input = byId("palette-input");
  const list = byId("palette-list");
  const own = {
    "screen.palette": open,
    "screen.keys": () => byId("keys").showModal(),
    "screen.theme": () => byId("theme").click(),
    "all.stop": () => byId("stop-all").click(),
    ...actions,
  };
  let shown = [];
  let chosen = 0;
  let opener = null;

  listenToKeys(own, { clear, other });
  byId("open-palette").addEventListener("click", open);
  input.addEventListener("input", search);
  list.addEventListener("click", event => {
    const item = event.target.closest("[role=option]");
    if (item) {
      run(Number(item.dataset.at));
    }
  });
  input.addEventListener("keydown", event => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && shown.length > 0) {
      event.preventDefault();
      choose((chosen + step + shown.length) % shown.length);
    } else if (event.key === "Enter") {
      event.preventDefault();
      run(chosen);
    }
  });

  function open() {
    opener = document.activeElement;
    input.value = "";
    dialog.showModal();
    search();
  }

  function entries() {
    const here = commands.filter(command => command.path || own[command.id]);
    return [
      ...here.filter(command => !command.path).map(command => ({ text: command.text, note: command.keys, run: own[command.id] })),
      ...more(),
      ...here.filter(command => command.path).map(command => ({ text: command.text, note: t("Group.Pages"), run: () => (location.href = command.path) })),
    ];
  }

  function search() {
    const words = plain(input.value).split(/\s+/).filter(Boolean);
    const found = entries()
      .map(entry => ({ entry, rank: rank(plain(entry.text), words) }))
      .filter(one => one.rank >= 0)
      .sort((a, b) => a.rank - b.rank);
    shown = found.slice(0, words.length === 0 ? found.length : most).map(one => one.entry);
    list.replaceChildren(...shown.map(option));
    setText(byId("palette-none"), shown.length === 0 ? t("Palette.None") : words.length > 0 ? t("Palette.Count", shown.length) : "");
    choose(0);
  }

  function choose(at) {
    chosen = at;
    [...list.children].forEach((item, i) => item.setAttribute("aria-selected", String(i === at)));
    const item = list.children[at];
    if (item) {
      input.setAttribute("aria-activedescendant", item.id);
      item.scrollIntoView({ block: "nearest" });
    } else {
      input.removeAttribute("aria-activedescendant");
    }
  }

  function run(at) {
    const entry = shown[at];
    if (!entry) {
      return;
    }

    dialog.close();
    opener?.focus?.();
    entry.run();
  }
}

function option(entry, at) {
  const item = document.createElement("li");
  item.id = `palette-${at}`;
  item.role = "option";
  item.dataset.at = at;
  item.append(Object.assign(document.createElement("span"), { textContent: entry.text }));
  if (entry.note) {
    item.append(Object.assign(document.createElement("kbd"), { textContent: entry.note }));
  }

  return item;
}

const plain = text => text.toLowerCase().normalize("NFD").replace(/\p{Diacritic}/gu, "");

/** Less is nearer to what was typed; below 0: it is not meant. */
function rank(text, words) {
  let sum = 0;
  for (const word of words) {
    const at = text.indexOf(word);
    if (at < 0) {
      return -1;
    }

    sum += at === 0 ? 0 : /\w/.test(text[at - 1]) ? 2 : 1;
  }

  return sum;
}
