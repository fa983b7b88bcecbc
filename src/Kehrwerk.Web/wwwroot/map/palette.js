// Calm greys; colour is left to the kerbs, the chosen path and what is wrong.

const light = {
  background: "#eceef1", green: "#dde6da", water: "#c6d6e2", industry: "#e3e3e8", depot: "#d9d6e6", plaza: "#f3f2ee",
  building: "#d9dce2", buildingLine: "#c6cad3", street: "#ffffff", streetMinor: "#f8f9fa", walk: "#f2efe8", casing: "#c0c6d0",
  label: "#3a4054", labelMuted: "#626980", halo: "#ffffff", waterLabel: "#3f617c",
  planned: "#56618a", swept: "#007a5e", missed: "#c2410c", path: "#2b4a9b",
  vehicle: "#171a2b", vehicleText: "#ffffff", stale: "#757c92", alarm: "#b3122b", warn: "#a34f00",
};

const dark = {
  background: "#14161c", green: "#19231f", water: "#12283b", industry: "#1a1c23", depot: "#26243a", plaza: "#1d1f26",
  building: "#22252f", buildingLine: "#2d313d", street: "#3a3f4d", streetMinor: "#2f3340", walk: "#2b2a30", casing: "#0d0e12",
  label: "#d3d8e6", labelMuted: "#a3aabd", halo: "#14161c", waterLabel: "#7fa8c9",
  planned: "#97a2c8", swept: "#35cfa2", missed: "#ff9a5c", path: "#9db4ff",
  vehicle: "#f1f3f9", vehicleText: "#14161c", stale: "#959cb0", alarm: "#ff8090", warn: "#ffb070",
};

export function palette(isDark) {
  const colours = isDark ? dark : light;
  // Legends use the colours of the map by these names.
  for (const name of ["background", "planned", "swept", "missed", "path"]) {
    document.documentElement.style.setProperty(`--map-${name}`, colours[name]);
  }

  return colours;
}
