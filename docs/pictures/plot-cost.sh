#!/usr/bin/env bash
# Draws cost.svg, the newest figures of `npm run bench -- --only dashboards` in bench/results.md.
#
# Run by hand. What draws (Vega-Lite) goes into a temporary folder, and is no part of the project.
set -euo pipefail

pictures=$(cd "$(dirname "$0")" && pwd)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

npm install --silent --no-update-notifier --prefix "$folder" vega@6.4.0 vega-lite@6.5.0
cp "$pictures/cost.mjs" "$folder"
node "$folder/cost.mjs" "$pictures/../../bench/results.md" > "$folder/cost.svg"
mv "$folder/cost.svg" "$pictures/cost.svg"
