# Sourced by ./run and ./test: makes sure that the tools are there. Debian and Ubuntu packages are installed; for anything
# else it says exactly what to install and ends.

say() { printf '%s\n' "$*" >&2; }

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"
  elif command -v sudo >/dev/null 2>&1; then sudo "$@"
  else return 1
  fi
}

apt_updated=
# apt_install PACKAGE...: true where apt could install them all.
apt_install() {
  command -v apt-get >/dev/null 2>&1 || return 1
  say "Installing $* ..."
  if [ -z "$apt_updated" ]; then
    as_root apt-get update -qq >&2 || return 1
    apt_updated=yes
  fi
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

need_dotnet() {
  # A per-user installation counts as well.
  [ -x "$HOME/.dotnet/dotnet" ] && PATH="$PATH:$HOME/.dotnet"
  if dotnet --list-sdks 2>/dev/null | grep -q '^10\.'; then return; fi
  if apt_install dotnet-sdk-10.0 && dotnet --list-sdks 2>/dev/null | grep -q '^10\.'; then return; fi
  say "The .NET 10 SDK is missing, and the package manager of this system does not have it."
  say "Install it from https://dotnet.microsoft.com/download/dotnet/10.0, then run this again."
  exit 1
}

need_node() {
  if command -v node >/dev/null 2>&1 && command -v npm >/dev/null 2>&1; then
    [ "$(node -p 'Number(process.versions.node.split(".")[0])')" -ge 18 ] && return
    say "Node.js $(node --version) is too old: version 18 or newer is needed (https://nodejs.org)."
    exit 1
  fi
  if apt_install nodejs npm && command -v npm >/dev/null 2>&1; then return; fi
  say "Node.js 18 or newer with npm is missing (it restores the map and design libraries of the pages)."
  say "Install it from https://nodejs.org, then run this again."
  exit 1
}

# Browser for the tests of the pages; its path is left in CHROMIUM.
need_chromium() {
  local name
  for try in first second; do
    for name in chromium chromium-browser google-chrome; do
      if CHROMIUM=$(command -v "$name"); then
        export CHROMIUM
        return
      fi
    done
    [ "$try" = first ] && apt_install chromium
  done
  say "The browser tests need Chromium, and the package manager of this system does not have it. Install it, then run this again."
  exit 1
}

# The external broker that the generated configuration is tested with. Tests start it by themselves; no service is left running.
need_mosquitto() {
  if [ -x /usr/sbin/mosquitto ] || command -v mosquitto >/dev/null 2>&1; then return; fi
  if apt_install mosquitto; then
    if [ -d /run/systemd/system ]; then as_root systemctl disable --now --quiet mosquitto || true; fi
    return
  fi
  say "Mosquitto is missing, and the package manager of this system does not have it: its tests are skipped."
}

# GDAL reads the Portal's open interface in a test, as the programs of data users do.
need_gdal() {
  command -v ogrinfo >/dev/null 2>&1 && return
  apt_install gdal-bin && return
  say "GDAL's ogrinfo is missing, and the package manager of this system does not have it: its test is skipped."
}
