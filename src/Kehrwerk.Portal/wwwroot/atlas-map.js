// The fibre map: what the form chooses is shown at once in map, list and address. Without this script the form loads the page anew.

import { baseMap, sayFailed } from "../Kehrwerk.Web/map/base.js";
import { style } from "../Kehrwerk.Web/map/style.js";
import { keepPlace, placeOf } from "./place.js";

const font = ["Fira Sans"];
const page = document.querySelector("[data-atlas-map]");
const form = document.querySelector("[data-choice]");
const here = document.querySelector("[data-here]");
const hereList = document.querySelector("[data-here-list]");
const stageNames = names("stand");
const fundingNames = names("mittel");
// What is clicked may lie this many pixels beside the pointer, a point being small.
const reach = 6;

form.addEventListener("submit", event => event.preventDefault());
form.querySelector("[data-apply]").hidden = true;
form.addEventListener("change", () => {
  choose();
  remember();
});

let open = null;
try {
  open = baseMap(document.getElementById("map"), atlasStyle, { ...placeOf(location.href), canvasContextAttributes: { preserveDrawingBuffer: true } });
  const { map, recolour } = open;
  keepPlace(map, share);
  map.on("click", event => show(map, event.point));
  document.addEventListener("themechange", recolour);
  for (const button of document.querySelectorAll("[data-show]")) {
    const [west, south, east, north] = button.dataset.show.split(",").map(Number);
    button.hidden = false;
    button.addEventListener("click", () => {
      map.fitBounds([[west, south], [east, north]], { padding: 40, animate: !matchMedia("(prefers-reduced-motion: reduce)").matches });
      page.scrollIntoView({ block: "start" });
      map.getCanvas().focus({ preventScroll: true });
    });
  }

  const print = document.querySelector("[data-print]");
  if (print) {
    print.hidden = false;
    print.addEventListener("click", () => window.print());
  }
} catch (error) {
  sayFailed(document.getElementById("map"), error);
}

here.querySelector("[data-here-close]").addEventListener("click", () => {
  here.hidden = true;
  open?.map.getCanvas().focus();
});

function names(group) {
  return new Map([...form.querySelectorAll(`input[name=${group}]`)].map(box => [box.dataset.value, box.closest("label").querySelector("[data-name]").textContent]));
}

// The values of a group that are ticked; null where all are, or none, which both stand for all.
function chosen(group) {
  const boxes = [...form.querySelectorAll(`input[name=${group}]`)];
  const ticked = boxes.filter(box => box.checked);
  return ticked.length === 0 || ticked.length === boxes.length ? null : ticked;
}

function filter() {
  const of = (group, field, read) => {
    const ticked = chosen(group);
    return ticked ? [["in", ["get", field], ["literal", ticked.map(box => read(box.dataset.value))]]] : [];
  };
  return ["all", ...of("stand", "stage", Number), ...of("mittel", "funding", Number), ...of("anbieter", "provider", String)];
}

function choose() {
  for (const layer of ["atlas-areas", "atlas-public", "atlas-own", "atlas-points", "atlas-numbers", "atlas-names"]) {
    const own = { "atlas-public": ["==", ["get", "funding"], 1], "atlas-own": ["!=", ["get", "funding"], 1] }[layer];
    if (open?.map.getLayer(layer)) {
      open.map.setFilter(layer, own ? ["all", own, filter()] : filter());
    }
  }

  const tests = [["stand", "stage"], ["mittel", "funding"], ["anbieter", "provider"]].map(([group, field]) => [chosen(group)?.map(box => box.dataset.value), field]);
  let count = 0;
  for (const item of document.querySelectorAll("[data-list] > li")) {
    item.hidden = !tests.every(([values, field]) => !values || values.includes(item.dataset[field]));
    count += item.hidden ? 0 : 1;
  }

  const none = document.querySelector("[data-none]");
  if (none) {
    none.hidden = count > 0;
  }
}

function remember() {
  const address = new URL(location.href);
  for (const group of ["stand", "mittel", "anbieter"]) {
    address.searchParams.delete(group);
    chosen(group)?.forEach(box => address.searchParams.append(group, box.value));
  }

  history.replaceState(null, "", address);
  share(address);
}

function share(address) {
  const link = document.querySelector("[data-permalink]");
  const code = document.querySelector("[data-embed]");
  if (link) {
    link.href = address.href;
    const framed = new URL(address);
    framed.searchParams.set("embed", "1");
    code.value = code.value.replace(/src="[^"]*"/, () => `src="${framed.href.replaceAll("&", "&amp;")}"`);
  }
}

function show(map, { x, y }) {
  const found = map.queryRenderedFeatures([[x - reach, y - reach], [x + reach, y + reach]], { layers: ["atlas-points", "atlas-areas"] });
  const seen = new Set();
  const items = [];
  for (const { properties: p } of found) {
    const key = p.path ? `${p.path} ${p.provider}` : p.project;
    if (!seen.has(key) && items.length < 12) {
      seen.add(key);
      const link = document.createElement("a");
      link.href = p.path ? `/adresse/${p.path}` : `/projekte#project-${p.project}`;
      link.textContent = p.path ? p.path.split("/").slice(1).join(" ") : p.name;
      if (document.body.querySelector(".embedded")) {
        link.target = "_blank";
        link.rel = "noopener";
      }

      const item = document.createElement("li");
      item.append(link, ` – ${[stageNames.get(String(p.stage)), p.provider, fundingNames.get(String(p.funding))].filter(Boolean).join(", ")}`);
      items.push(item);
    }
  }

  hereList.replaceChildren(...items);
  here.hidden = items.length === 0;
}

// The colours of the stages stand in the style sheet, where the legend has them too.
function stageColours() {
  return ["match", ["get", "stage"], ...[...stageNames.keys()].flatMap(stage => [Number(stage), getComputedStyle(form.querySelector(`.stage--${stage}`)).backgroundColor]), "#808080"];
}

function stageTexts() {
  return ["match", ["get", "stage"], ...[...stageNames.keys()].flatMap(stage => [Number(stage), getComputedStyle(form.querySelector(`.stage--${stage}`)).color]), "#000000"];
}

function atlasStyle(p, tiles) {
  const base = style(p, tiles);
  const source = { source: "atlas", "source-layer": "projects" };
  const outline = { "line-color": p.label, "line-width": ["interpolate", ["linear"], ["zoom"], 9, 1, 15, 2.5] };
  const areas = [
    { id: "atlas-areas", type: "fill", ...source, filter: filter(), paint: { "fill-color": stageColours(), "fill-opacity": ["interpolate", ["linear"], ["zoom"], 13, 0.5, 17, 0.15] } },
    { id: "atlas-public", type: "line", ...source, filter: ["all", ["==", ["get", "funding"], 1], filter()], paint: outline },
    { id: "atlas-own", type: "line", ...source, filter: ["all", ["!=", ["get", "funding"], 1], filter()], paint: { ...outline, "line-dasharray": [3, 2] } },
  ];
  const number = ["to-string", ["+", 1, ["get", "stage"]]];
  const above = [
    {
      id: "atlas-points", type: "circle", source: "atlas", "source-layer": "fibre", minzoom: 14, filter: filter(),
      layout: { "circle-sort-key": ["get", "stage"] },
      paint: { "circle-color": stageColours(), "circle-radius": ["interpolate", ["linear"], ["zoom"], 14, 2, 16, 5, 18, 9], "circle-stroke-color": p.label, "circle-stroke-width": ["interpolate", ["linear"], ["zoom"], 14, 0.4, 17, 1] },
    },
    {
      id: "atlas-numbers", type: "symbol", source: "atlas", "source-layer": "fibre", minzoom: 16.5, filter: filter(),
      layout: { "text-field": number, "text-font": font, "text-size": 10, "text-allow-overlap": true },
      paint: { "text-color": stageTexts() },
    },
    {
      id: "atlas-names", type: "symbol", source: "atlas", "source-layer": "project-names", maxzoom: 16, filter: filter(),
      layout: { "text-field": ["concat", number, " · ", ["get", "name"]], "text-font": font, "text-size": 15, "text-max-width": 9 },
      paint: { "text-color": p.label, "text-halo-color": p.halo, "text-halo-width": 2 },
    },
  ];
  const names = base.layers.findIndex(layer => layer.id === "street-names");
  return {
    ...base,
    sources: { ...base.sources, atlas: { type: "vector", tiles: [`${location.origin}/karte/kacheln/{z}/{x}/{y}`], minzoom: 9, maxzoom: 16 } },
    layers: [...base.layers.slice(0, names).filter(layer => !layer.id.startsWith("kerbs")), ...areas, ...base.layers.slice(names).filter(layer => layer.id !== "house-numbers"), ...above],
  };
}
