#!/usr/bin/env bash
# Makes the sweeping instances from the cities they are made of: ./make.sh KEHRWERK EXTRACTS OUT
# KEHRWERK starts the program, e.g. ../../run; EXTRACTS holds the OpenStreetMap extracts named in README.md; OUT receives the instances.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
kehrwerk=$1 extracts=$2 out=$3
mkdir -p "$out"
cities=$(mktemp -d)
trap 'rm -rf "$cities"' EXIT

make() {
  $kehrwerk instance --data "$cities/$1" --kerbs "$3" --vehicles "$4" --hours "$5" --seed 1 --model "$here/autumn.json" --out "$out/$2.json"
}

make musterstadt muster-50 50 2 4
make musterstadt muster-100 100 2 4
make musterstadt muster-200 200 3 4
make musterstadt muster-400 400 4 5

$kehrwerk demo-city "$cities/large.osm.pbf" --kerb-km 250 --seed 2 > "$cities/log"
$kehrwerk import "$cities/large.osm.pbf" --data "$cities/large" > "$cities/log"
make large muster-800 800 6 6
make large muster-2000 2000 12 7

for city in neuss-s11 miraustr heidelberg; do
  if [ -f "$extracts/$city.osm.pbf" ]; then
    $kehrwerk import "$extracts/$city.osm.pbf" --data "$cities/$city" > "$cities/log"
  else
    echo "$extracts/$city.osm.pbf is missing: its instances are left out." >&2
  fi
done
[ ! -d "$cities/neuss-s11" ] || make neuss-s11 neuss-300 300 3 4
[ ! -d "$cities/miraustr" ] || make miraustr miraustr-800 800 5 6
[ ! -d "$cities/heidelberg" ] || { make heidelberg heidelberg-1000 1000 8 6; make heidelberg heidelberg-2000 2000 14 7; }
