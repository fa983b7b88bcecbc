// The legend opens as its reader left it; at first it is closed where it would take the room of list or map.

import { byId } from "./texts.js";

const storeKey = "kehrwerk.legend";

export function keepLegend() {
  const legend = byId("legend");
  const kept = localStorage.getItem(storeKey);
  legend.open = kept === null ? !matchMedia("(max-width: 74.99rem), (max-height: 44.99rem)").matches : kept === "open";
  legend.querySelector("summary").addEventListener("click", () => localStorage.setItem(storeKey, legend.open ? "closed" : "open"));
}
