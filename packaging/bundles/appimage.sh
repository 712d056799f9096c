#!/usr/bin/env bash
# One file for Linux of the folder that PyInstaller made. Needs appimagetool (github.com/AppImage/appimagetool).
set -euo pipefail
cd "$(dirname "$0")/../.."
folder=build/CDUL.AppDir
rm -rf "$folder"
mkdir -p "$folder/usr/bin"
cp -a dist/cdul/. "$folder/usr/bin/"
cp -a packaging/share "$folder/usr/share"
cp packaging/share/applications/cdul.desktop packaging/share/icons/hicolor/256x256/apps/cdul.png "$folder/"
printf '%s\n' '#!/bin/sh' 'exec "$(dirname "$(readlink -f "$0")")/usr/bin/cdul" "$@"' > "$folder/AppRun"
chmod +x "$folder/AppRun"
appimagetool "$folder" dist/CDUL-x86_64.AppImage
