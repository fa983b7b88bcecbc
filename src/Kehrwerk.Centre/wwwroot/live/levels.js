// The four levels of display and their addresses: overview, vehicle, detail, diagnosis; and the manoeuvre that a vehicle asks for. What is selected stands in the address, so that it can be kept and passed on.

export const pathOf = (id, level) => {
  const at = id === null || level === "overview" ? "/" : `/vehicles/${id.split("/").map(encodeURIComponent).join("/")}`;
  return at === "/" || level === "vehicle" ? at : `${at}/${level}`;
};

/** Vehicle and level of the address. */
export function where() {
  const [, vehicles, manufacturer, serial, level] = location.pathname.split("/");
  const isVehicle = vehicles === "vehicles" && serial !== undefined;
  return { id: isVehicle ? `${decodeURIComponent(manufacturer)}/${decodeURIComponent(serial)}` : null, level: isVehicle ? (level ?? "vehicle") : "overview" };
}

/** Puts vehicle and level into the address. */
export function go(id, level) {
  const path = pathOf(id, level);
  if (path !== location.pathname) {
    history.pushState(null, "", path);
  }
}
