#!/bin/sh
# Makes a Debian package of a program that has been built: packaging/deb.sh target/release/annals OUT_FOLDER
# Needs dpkg-deb and nothing else; completions are made by the program itself.
set -eu
program=$1
out=${2:-.}
here=$(cd "$(dirname "$0")" && pwd)
root=$(dirname "$here")
version=$(sed -n 's/^version = "\(.*\)"/\1/p' "$root/Cargo.toml" | head -n 1)
arch=$(dpkg --print-architecture)
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
put() { install -D -m "$1" "$2" "$tree/$3"; }
put 755 "$program" usr/bin/annals
put 644 "$here/annals.desktop" usr/share/applications/annals.desktop
put 644 "$here/annals.xml" usr/share/mime/packages/annals.xml
put 644 "$root/assets/icons/annals.svg" usr/share/icons/hicolor/scalable/apps/annals.svg
put 644 "$root/assets/icons/annals-256.png" usr/share/icons/hicolor/256x256/apps/annals.png
put 644 "$root/README.md" usr/share/doc/annals/README.md
put 644 "$root/CHANGELOG.md" usr/share/doc/annals/CHANGELOG.md
put 644 "$root/LICENSE-MIT" usr/share/doc/annals/LICENSE-MIT
put 644 "$root/LICENSE-APACHE" usr/share/doc/annals/LICENSE-APACHE
put 644 "$root/assets/licenses.tsv" usr/share/doc/annals/licenses.tsv
"$program" completions bash > "$tree/bash"
"$program" completions zsh > "$tree/zsh"
"$program" completions fish > "$tree/fish"
put 644 "$tree/bash" usr/share/bash-completion/completions/annals
put 644 "$tree/zsh" usr/share/zsh/vendor-completions/_annals
put 644 "$tree/fish" usr/share/fish/vendor_completions.d/annals.fish
rm "$tree/bash" "$tree/zsh" "$tree/fish"
strip "$tree/usr/bin/annals" 2>/dev/null || true
mkdir "$tree/DEBIAN"
cat > "$tree/DEBIAN/control" <<CONTROL
Package: annals
Version: $version
Section: devel
Priority: optional
Architecture: $arch
Maintainer: The Annals authors <annals@localhost>
Installed-Size: $(du -sk "$tree/usr" | cut -f1)
Depends: libc6
Recommends: libgl1, libegl1, libxkbcommon0, libxkbcommon-x11-0, libx11-6, libx11-xcb1, libxcursor1, libxi6, libxrandr2, libwayland-client0, xdg-desktop-portal | zenity
Description: desktop inspector of event history
 Shows what happened in an event store or a log, and what was true at any
 moment. Files are opened read-only and nothing leaves the computer.
CONTROL
mkdir -p "$out"
dpkg-deb -Zgzip --root-owner-group --build "$tree" "$out/annals_${version}_${arch}.deb"
