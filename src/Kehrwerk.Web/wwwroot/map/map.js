// Opens the map of <MapView>: the city below, the vehicles on a canvas above it.

import { baseMap, sayFailed } from "./base.js";
import { kerb, style } from "./style.js";
import { Vehicles } from "./vehicles.js";

const kerbLayer = { source: "city", sourceLayer: "kerbs" };

/**
 * @param element what MapView rendered
 * @param clock see Vehicles
 * @returns the open map, or null where the browser cannot draw one
 */
export function openMap(element, clock) {
  try {
    return new CityMap(element, clock);
  } catch (error) {
    sayFailed(element, error);
    return null;
  }
}

class CityMap {
  #map;
  #recolour;
  #kerbs = new Map();
  #changedKerbs = new Set();
  #ready = false;

  constructor(element, clock) {
    const { map, colours, recolour } = baseMap(element, style);
    this.#map = map;
    this.#recolour = recolour;
    this.vehicles = new Vehicles(this.#map, element, clock, colours);
    this.#map.on("load", () => {
      this.#ready = true;
      this.#showKerbs();
    });
    this.#map.on("dragstart", () => this.vehicles.follow(null));
    this.#map.on("click", event => this.onPick?.(this.vehicles.at(event.point)));
    element.querySelector("[data-map=all]").addEventListener("click", () => this.vehicles.follow(null));
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
    this.#ready = false;
    // A new style forgets the states of features.
    this.#map.once("styledata", () => {
      this.#ready = true;
      this.#changedKerbs = new Set(this.#kerbs.keys());
      this.#showKerbs();
    });
    this.vehicles.recolour(this.#recolour());
  }
}

export { kerb };
