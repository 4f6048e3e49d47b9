#!/usr/bin/env bash
# The picture: its types are in step with the messages of the node, it is sound, and web/dist is what its sources give.
set -euo pipefail
cd "$(dirname "$0")"

npm ci --ignore-scripts --no-audit --no-fund --loglevel=error

made=$(mktemp -d)
trap 'rm -rf "$made"' EXIT

messages=../crates/wire/src/messages
npx buf generate "$messages" --template buf.gen.yaml --path "$messages/picture.proto" --output "$made"
diff -ru "$made/src/proto" src/proto || { echo 'src/proto is not what the .proto gives: npm run proto' >&2; exit 1; }

npx svelte-check --tsconfig ./tsconfig.json --fail-on-warnings
npx eslint .
npx vitest run --reporter=dot

npx vite build --logLevel warn --outDir "$made/dist"
diff -rq "$made/dist" dist || { echo 'web/dist is not what the sources give: npm run build' >&2; exit 1; }
echo 'web/dist is what the sources give'
