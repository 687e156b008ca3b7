#!/usr/bin/env bash
# Makes the pictures of this folder from real runs in the sandbox: the terminal ones with tmux, and with chromium, if it
# is there, what a browser shows of the diagram.
set -euo pipefail
cd "$(dirname "$0")/../.."
pictures=$PWD/docs/pictures
work=$(mktemp -d)
export TMUX_TMPDIR=$work
trap 'tmux -L pictures kill-server 2>/dev/null || true; rm -rf "$work"' EXIT

go build -o "$work/bin/provision" ./cmd/provision
go build -o "$work/bin/termsvg" ./docs/pictures/termsvg
export PATH=$work/bin:$PATH
unset CI NO_COLOR FORCE_COLOR

columns=80 rows=24 regions=us-east-1,eu-west-1,ap-southeast-2

# film NAME: what happens on the terminal from now on, until settle.
film() {
  mkdir -p "$work/$1"
  (
    start=$(date +%s%3N)
    while [[ ! -e $work/$1/stop ]]; do
      at=$(printf %08d $(($(date +%s%3N) - start)))
      tmux -L pictures capture-pane -e -p -t main >"$work/$1/$at.frame" 2>/dev/null || break
      sleep 0.4
    done
  ) &
}
until_shown() {
  for _ in $(seq 600); do
    if tmux -L pictures capture-pane -p -t main | grep -q "$1"; then return; fi
    sleep 0.2
  done
  echo "this was not shown: $1" >&2
  tmux -L pictures capture-pane -p -t main >&2
  exit 1
}
settle() { # NAME TEXT: ends a film when the text is there
  until_shown "$2"
  sleep 0.6
  touch "$work/$1/stop"
  wait
}
type_in() { tmux -L pictures send-keys -t main "$1" Enter; }

mkdir "$work/home"
tmux -L pictures -f /dev/null new-session -d -x $columns -y $rows -s main \
  "cd $work/home && PS1='\$ ' TERM=tmux-256color bash --norc --noprofile"
sleep 0.5

film up
type_in "provision up --sandbox --sandbox-speed 20 --regions $regions"
until_shown 'Apply this plan'
sleep 1.5
type_in yes
settle up 'API calls, .* changed'
termsvg -columns $columns -rows $rows "$work"/up/*.frame >"$pictures/up.svg"

cd "$work/home"
provision diagram --sandbox -o svg --regions eu-west-1 >"$pictures/diagram.svg"
provision diagram --sandbox --out "$work/diagram.html" --regions eu-west-1
if command -v chromium >/dev/null; then
  for size in 1280,1300 400,1300; do
    chromium --headless --no-sandbox --disable-gpu --no-first-run --disable-background-networking --disable-component-update \
      --disable-sync --user-data-dir="$work/chromium" --hide-scrollbars --window-size=$size \
      --screenshot="$pictures/diagram-${size%,*}.png" "file://$work/diagram.html" 2>/dev/null
  done
fi
ls -l "$pictures"
