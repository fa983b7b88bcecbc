// Opens the map of <MapView> with a style over our own tiles: canvas, buttons, keyboard.

import { Map as BaseMap } from "../lib/maplibre/maplibre-gl.mjs";
import { isDark } from "../site.js";
import { palette } from "./palette.js";

const fitting = { padding: 32 };

/**
 * @param element what MapView rendered
 * @param styleOf makes the style from colours and tiles
 * @param more further options of MapLibre
 * @returns { map, colours, recolour }; recolour() takes the colours of the theme that holds now and returns them
 */
export function baseMap(element, styleOf, more = {}) {
  const [west, south, east, north] = element.dataset.bounds.split(",").map(Number);
  const bounds = [[west, south], [east, north]];
  const tiles = {
    url: `${location.origin}/tiles/{z}/{x}/{y}`,
    minZoom: Number(element.dataset.minZoom),
    maxZoom: Number(element.dataset.maxZoom),
  };
  const container = element.appendChild(document.createElement("div"));
  container.className = "map__base";
  const colours = palette(isDark());
  const map = new BaseMap({
    container,
    style: styleOf(colours, tiles),
    bounds,
    fitBoundsOptions: fitting,
    minZoom: tiles.minZoom,
    maxZoom: 20,
    attributionControl: false,
    dragRotate: false,
    pitchWithRotate: false,
    touchPitch: false,
    fadeDuration: 0,
    locale: { "Map.Title": element.dataset.label },
    ...more,
  });
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  element.querySelector("[data-map=in]").addEventListener("click", () => map.zoomIn());
  element.querySelector("[data-map=out]").addEventListener("click", () => map.zoomOut());
  element.querySelector("[data-map=all]").addEventListener("click", () => map.fitBounds(bounds, fitting));
  return {
    map,
    colours,
    recolour() {
      const now = palette(isDark());
      map.setStyle(styleOf(now, tiles), { diff: false });
      return now;
    },
  };
}

/** Says in the map's place that this browser cannot draw it. */
export function sayFailed(element, error) {
  console.error(error);
  element.querySelector(".map__failed").hidden = false;
  element.querySelector(".map__buttons").hidden = true;
}
