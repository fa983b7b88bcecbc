// The streets by how long ago they were swept. The table beside it says the same without this script.

import { baseMap, sayFailed } from "../Kehrwerk.Web/map/base.js";
import { style } from "../Kehrwerk.Web/map/style.js";
import { keepPlace, placeOf } from "./place.js";

const here = document.querySelector("[data-here]");
const hereList = document.querySelector("[data-here-list]");
const ageNames = new Map([...document.querySelectorAll("[data-age]")].map(name => [name.dataset.age, name.textContent]));
const neverOnRecord = 5;
const readAgainMs = 60_000;
const reach = 5;
let ages = "";

try {
  const { map, recolour } = baseMap(document.getElementById("map"), agesStyle, placeOf(location.href));
  keepPlace(map, () => {});
  map.on("load", read);
  setInterval(read, readAgainMs);
  map.on("click", event => show(map, event.point));
  document.addEventListener("themechange", () => {
    // A new style forgets the states of features.
    map.once("styledata", () => paint(map, ""));
    recolour();
  });

  async function read() {
    const answer = await fetch("/kehrtage/stand.json").catch(() => null);
    if (answer?.ok && !document.hidden) {
      const before = ages;
      ages = (await answer.json()).ages;
      paint(map, before);
    }
  }
} catch (error) {
  sayFailed(document.getElementById("map"), error);
}

here.querySelector("[data-here-close]").addEventListener("click", () => { here.hidden = true; });

function paint(map, before) {
  for (let id = 0; id < ages.length; id++) {
    if (ages[id] !== before[id]) {
      map.setFeatureState({ source: "city", sourceLayer: "kerbs", id }, { a: Number(ages[id]) });
    }
  }
}

function show(map, { x, y }) {
  const found = map.queryRenderedFeatures([[x - reach, y - reach], [x + reach, y + reach]], { layers: ["ages", "ages-never"] });
  const seen = new Map();
  for (const { id, properties: p } of found) {
    if (p.street && ages[id] !== undefined) {
      seen.set(`${p.street} ${ages[id]}`, [p.street, ages[id]]);
    }
  }

  hereList.replaceChildren(...[...seen.values()].slice(0, 8).map(([street, age]) => {
    const link = document.createElement("a");
    link.href = `/kehrtage/strasse?name=${encodeURIComponent(street)}`;
    link.textContent = street;
    const item = document.createElement("li");
    item.append(link, ` – ${ageNames.get(age)}`);
    return item;
  }));
  here.hidden = seen.size === 0;
}

// The colours stand in the style sheet, where the legend has them too.
function colourOf(age) {
  return getComputedStyle(document.querySelector(`.age--${age}`)).stroke;
}

function agesStyle(p, tiles) {
  const base = style(p, tiles);
  const state = ["coalesce", ["feature-state", "a"], -1];
  const outwards = px => ["match", ["get", "side"], "left", -px, px];
  const lines = (id, shown, more) => ({
    id, type: "line", source: "city", "source-layer": "kerbs", layout: { "line-join": "round" },
    paint: {
      "line-color": ["match", state, ...[...ageNames.keys()].flatMap(age => [Number(age), colourOf(age)]), "#808080"],
      "line-opacity": ["case", shown, 1, 0],
      // What was not swept for longer is drawn thicker, so that colour is not all that tells.
      "line-width": ["interpolate", ["linear"], ["zoom"], 11, ["match", state, 6, 0.4, 0, 0.8, 1, 1, 1.4], 16, ["match", state, 6, 1, 0, 2, 1, 3, 2, 4, 5], 19, ["match", state, 6, 2, 0, 4, 1, 5, 2, 6, 8]],
      "line-offset": ["interpolate", ["linear"], ["zoom"], 11, outwards(0.8), 13, outwards(1.1), 15, outwards(0)],
      ...more,
    },
  });
  const isNever = ["==", state, neverOnRecord];
  const names = base.layers.findIndex(layer => layer.id === "street-names");
  return {
    ...base,
    layers: [
      ...base.layers.slice(0, names).filter(layer => !layer.id.startsWith("kerbs")),
      lines("ages", ["all", [">=", state, 0], ["!", isNever]], {}),
      lines("ages-never", isNever, { "line-dasharray": [2, 1] }),
      ...base.layers.slice(names),
    ],
  };
}
