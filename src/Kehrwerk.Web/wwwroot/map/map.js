// Opens the map of <MapView>: the city below, the vehicles on a canvas above it.

import { Map as BaseMap } from "../lib/maplibre/maplibre-gl.mjs";
import { isDark } from "../site.js";
import { palette } from "./palette.js";
import { kerb, style } from "./style.js";
import { Vehicles } from "./vehicles.js";

const kerbLayer = { source: "city", sourceLayer: "kerbs" };
const fitting = { padding: 32 };

/**
 * @param element what MapView rendered
 * @param clock see Vehicles
 * @returns the open map, or null where the browser cannot draw one
 */
export function openMap(element, clock) {
  try {
    return new CityMap(element, clock);
  } catch (error) {
    console.error(error);
    element.querySelector(".map__failed").hidden = false;
    element.querySelector(".map__buttons").hidden = true;
    return null;
  }
}

class CityMap {
  #map;
  #bounds;
  #tiles;
  #kerbs = new Map();
  #changedKerbs = new Set();
  #ready = false;

  constructor(element, clock) {
    const [west, south, east, north] = element.dataset.bounds.split(",").map(Number);
    this.#bounds = [[west, south], [east, north]];
    this.#tiles = {
      url: `${location.origin}/tiles/{z}/{x}/{y}`,
      minZoom: Number(element.dataset.minZoom),
      maxZoom: Number(element.dataset.maxZoom),
    };
    const base = element.appendChild(document.createElement("div"));
    base.className = "map__base";
    const colours = palette(isDark());
    this.#map = new BaseMap({
      container: base,
      style: style(colours, this.#tiles),
      bounds: this.#bounds,
      fitBoundsOptions: fitting,
      minZoom: this.#tiles.minZoom,
      maxZoom: 20,
      attributionControl: false,
      dragRotate: false,
      pitchWithRotate: false,
      touchPitch: false,
      fadeDuration: 0,
      locale: { "Map.Title": element.dataset.label },
    });
    this.#map.touchZoomRotate.disableRotation();
    this.#map.keyboard.disableRotation();
    this.vehicles = new Vehicles(this.#map, element, clock, colours);
    this.#map.on("load", () => {
      this.#ready = true;
      this.#showKerbs();
    });
    this.#map.on("dragstart", () => this.vehicles.follow(null));
    this.#map.on("click", event => this.onPick?.(this.vehicles.at(event.point)));
    element.querySelector("[data-map=in]").addEventListener("click", () => this.#map.zoomIn());
    element.querySelector("[data-map=out]").addEventListener("click", () => this.#map.zoomOut());
    element.querySelector("[data-map=all]").addEventListener("click", () => {
      this.vehicles.follow(null);
      this.#map.fitBounds(this.#bounds, fitting);
    });
    document.addEventListener("themechange", () => this.#restyle());
  }

  /** Called with the id of a vehicle when one is clicked. */
  onPick;

  /** Takes ids of kerbs by what they are now: { none, planned, swept, missed }. */
  setKerbs(changes) {
    for (const [name, state] of Object.entries(kerb)) {
      for (const id of changes[name]) {
        this.#kerbs.set(id, state);
        this.#changedKerbs.add(id);
      }
    }

    this.#showKerbs();
  }

  /** Forgets every kerb, before a new snapshot. */
  clearKerbs() {
    for (const id of this.#kerbs.keys()) {
      this.#kerbs.set(id, kerb.none);
      this.#changedKerbs.add(id);
    }
  }

  /** How many kerbs are in a state of `kerb`. */
  countKerbs(...states) {
    let count = 0;
    for (const state of this.#kerbs.values()) {
      count += states.includes(state);
    }

    return count;
  }

  #showKerbs() {
    if (!this.#ready) {
      return;
    }

    for (const id of this.#changedKerbs) {
      this.#map.setFeatureState({ ...kerbLayer, id }, { s: this.#kerbs.get(id) });
    }

    this.#changedKerbs.clear();
  }

  #restyle() {
    const colours = palette(isDark());
    this.#ready = false;
    // A new style forgets the states of features.
    this.#map.once("styledata", () => {
      this.#ready = true;
      this.#changedKerbs = new Set(this.#kerbs.keys());
      this.#showKerbs();
    });
    this.#map.setStyle(style(colours, this.#tiles), { diff: false });
    this.vehicles.recolour(colours);
  }
}

export { kerb };
