// The map style over our own vector tiles. No sprite and no glyph server: labels are drawn by the browser from the
// page's own font, which MapLibre does where a style names no glyphs.

const font = ["Fira Sans"];

/** Pixels of a metre at zoom 20 near 51° north, in MapLibre's grid of 512 pixels to a tile. */
const pixelsPerMetreAt20 = 21.3;

/** What a kerb is, as feature state "s". */
export const kerb = { none: 0, planned: 1, swept: 2, missed: 3 };

const is = (...classes) => ["match", ["get", "class"], classes, true, false];
const carriageway = ["!", is("pedestrian", "footway", "cycleway", "track")];
const great = is("motorway", "trunk", "primary", "secondary", "tertiary");

/** The true width near the ground, and from far away as much as the eye needs. */
const streetWidth = (extra = 0) => ["interpolate", ["exponential", 2], ["zoom"],
  11, ["+", extra, ["match", ["get", "class"], ["motorway", "trunk", "primary"], 1.6, ["secondary", "tertiary"], 1, 0.4]],
  14, ["+", extra, ["match", ["get", "class"], ["motorway", "trunk", "primary"], 4, ["secondary", "tertiary"], 3.2, ["service", "footway", "cycleway", "track"], 1, 2.2]],
  20, ["+", extra, ["*", ["get", "width"], pixelsPerMetreAt20]]];

const kerbIs = state => ["==", ["feature-state", "s"], state];
const zoomed = (...stops) => ["interpolate", ["linear"], ["zoom"], ...stops];
const round = { "line-cap": "round", "line-join": "round" };

const areas = (id, kind, colour, more = {}) => ({
  id, type: "fill", source: "city", "source-layer": "areas", filter: ["==", ["get", "kind"], kind], paint: { "fill-color": colour, ...more },
});

const streets = (id, filter, layout, paint, more = {}) => ({ id, type: "line", source: "city", "source-layer": "streets", filter, layout, paint, ...more });

/** From far away both sides of a street would lie on one pixel: each is drawn a little out, until the street is wide enough. */
const outwards = px => ["match", ["get", "side"], "left", -px, px];
const kerbOffset = zoomed(11, outwards(0.8), 13, outwards(1.1), 15, outwards(0));

const kerbs = (id, state, colour, width, more) => ({
  id, type: "line", source: "city", "source-layer": "kerbs", layout: { "line-cap": "butt", "line-join": "round" },
  paint: { "line-color": colour, "line-opacity": ["case", kerbIs(state), 1, 0], "line-width": width, "line-offset": kerbOffset, ...more },
});

export function style(p, tiles) {
  return {
    version: 8,
    sources: { city: { type: "vector", tiles: [tiles.url], minzoom: tiles.minZoom, maxzoom: tiles.maxZoom } },
    layers: [
      { id: "background", type: "background", paint: { "background-color": p.background } },
      areas("industry", "industry", p.industry),
      areas("green", "green", p.green),
      areas("plaza", "plaza", p.plaza),
      areas("water", "water", p.water),
      areas("depot", "depot", p.depot),
      areas("buildings", "building", p.building, { "fill-outline-color": p.buildingLine }),
      streets("walks", ["!", carriageway], round, { "line-color": p.walk, "line-width": streetWidth() }, { minzoom: 14 }),
      streets("casings", carriageway, round, { "line-color": p.casing, "line-width": streetWidth(1.6) }, { minzoom: 13 }),
      streets("minor", ["all", carriageway, ["!", great]], round, { "line-color": p.streetMinor, "line-width": streetWidth() }),
      streets("bridges", ["==", ["get", "bridge"], true], { "line-cap": "butt" }, { "line-color": p.labelMuted, "line-width": streetWidth(3) }, { minzoom: 14 }),
      streets("great", ["all", carriageway, great], round, { "line-color": p.street, "line-width": streetWidth() }),
      streets("bridge-decks", ["==", ["get", "bridge"], true], { "line-cap": "butt" }, { "line-color": p.street, "line-width": streetWidth() }, { minzoom: 14 }),
      kerbs("kerbs-planned", kerb.planned, p.planned, zoomed(11, 0.6, 13, 0.8, 16, 1.6, 19, 3), { "line-dasharray": [3, 2] }),
      kerbs("kerbs-swept", kerb.swept, p.swept, zoomed(11, 1, 13, 1.4, 16, 3.2, 19, 6), {}),
      kerbs("kerbs-missed", kerb.missed, p.missed, zoomed(11, 1.2, 13, 1.6, 16, 3.6, 19, 7), { "line-dasharray": [0.6, 1] }),
      {
        id: "street-names", type: "symbol", source: "city", "source-layer": "streets", minzoom: 14.5, filter: ["!=", ["get", "name"], ""],
        layout: { "symbol-placement": "line", "symbol-spacing": 320, "text-field": ["get", "name"], "text-font": font, "text-size": zoomed(14, 10.5, 18, 14), "text-max-angle": 35, "text-padding": 6 },
        paint: { "text-color": p.label, "text-halo-color": p.halo, "text-halo-width": 1.6 },
      },
      {
        id: "house-numbers", type: "symbol", source: "city", "source-layer": "addresses", minzoom: 17,
        layout: { "text-field": ["get", "housenumber"], "text-font": font, "text-size": 11 },
        paint: { "text-color": p.labelMuted, "text-halo-color": p.halo, "text-halo-width": 1.2 },
      },
      {
        id: "area-names", type: "symbol", source: "city", "source-layer": "area-names", minzoom: 13,
        layout: { "text-field": ["get", "name"], "text-font": font, "text-size": 12, "text-max-width": 8 },
        paint: { "text-color": ["match", ["get", "kind"], "water", p.waterLabel, p.labelMuted], "text-halo-color": p.halo, "text-halo-width": 1.4 },
      },
      {
        id: "places", type: "symbol", source: "city", "source-layer": "places", maxzoom: 17,
        layout: { "text-field": ["get", "name"], "text-font": font, "text-size": zoomed(11, 12, 15, 16), "text-letter-spacing": 0.04, "text-max-width": 8 },
        paint: { "text-color": p.label, "text-halo-color": p.halo, "text-halo-width": 1.8 },
      },
    ],
  };
}
