// Where a map stands, in the address of its page: ?ort=51.43121,6.76312,15.5

/** What the address says, as options of MapLibre; empty where it says nothing that is a place. */
export function placeOf(address) {
  const [lat, lon, zoom] = (new URL(address).searchParams.get("ort") ?? "").split(",").map(Number);
  const isPlace = Math.abs(lat) <= 85 && Math.abs(lon) <= 180 && zoom >= 0 && zoom <= 20;
  return isPlace ? { center: [lon, lat], zoom, bounds: undefined } : {};
}

/** The place of a map as the address holds it. */
export function placeText(map) {
  const { lng, lat } = map.getCenter();
  return `${lat.toFixed(5)},${lng.toFixed(5)},${map.getZoom().toFixed(2)}`;
}

/** Writes the place into the address of the page, without a new entry in its history, and calls back. */
export function keepPlace(map, changed) {
  map.on("moveend", () => {
    const address = new URL(location.href);
    address.searchParams.set("ort", placeText(map));
    history.replaceState(null, "", address);
    changed(address);
  });
}
