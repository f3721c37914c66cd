#!/usr/bin/env bash
# Tries Cairn on bare Debian: debootstrap's minbase with python3 and python3-venv, and neither uv, Node, git nor a compiler.
#
#   tests/deploy/bare.sh run                            bin/run, twice: how long until it is ready
#   tests/deploy/bare.sh wheel dist/cairn_tasks-….whl   the wheel: how long from the install until `cairn serve` is ready, and a
#                                                       task in it from a Chromium outside
#   tests/deploy/bare.sh test [tests/services …]        bin/test
#
# Needs root, debootstrap and the network, and for the wheel Chromium. Tries what is committed. SUITES and PEOPLE say on which Debian and as whom
# ("bookworm trixie" and "root ana"), ROOMS where all of it is (a few GB, left there), RUN_WITHIN, AGAIN_WITHIN and SERVE_WITHIN in how many
# seconds it has to be ready.
set -euo pipefail
cd "$(dirname "$0")/../.."
what=${1:?run, wheel or test}
shift
rooms=${ROOMS:-/var/tmp/cairn-rooms}
port=${PORT:-3917}
room='' server='' mounted=()
mkdir -p "$rooms"

finish() {
    local place
    [ -z "$server" ] || kill -TERM "$server" 2>/dev/null || true
    for place in "${mounted[@]}"; do umount --lazy "$place" || true; done
    mounted=()
}
trap finish EXIT

make_room() {  # suite, person
    local base=$rooms/base-$1
    if [ ! -e "$base/complete" ]; then
        rm -rf "$base"
        debootstrap --variant=minbase --include=python3,python3-venv "$1" "$base" >"$base.log"
        touch "$base/complete"
    fi
    room=$rooms/$1-$2-$what
    rm -rf "$room"
    cp -a "$base" "$room"
    cp /etc/resolv.conf "$room/etc/"
    # The installer writes it; debootstrap does so for Debian 13 only.
    [ -e "$room/etc/hosts" ] || printf '127.0.0.1 localhost\n::1 localhost\n' >"$room/etc/hosts"
    # Where a proxy between here and the network has a certificate of its own.
    if [ -n "${SSL_CERT_FILE:-}" ]; then cp "$SSL_CERT_FILE" "$room/etc/authorities.pem"; fi
    chroot "$room" useradd --create-home --shell /bin/bash ana
    mkdir "$room/home/ana/cairn"
    git archive HEAD | tar -x -C "$room/home/ana/cairn"
    [ "$what" != wheel ] || cp "$wheel" "$room/home/ana/"
    chroot "$room" chown -R "$2:" /home/ana
    mount --bind /proc "$room/proc" && mounted+=("$room/proc")
    mount --rbind /dev "$room/dev" && mount --make-rslave "$room/dev" && mounted+=("$room/dev")
}

inside() {  # person, command: in the checkout, with the environment of a fresh login
    local person=$1 authorities=()
    shift
    if [ -e "$room/etc/authorities.pem" ]; then
        authorities=({PIP_CERT,SSL_CERT_FILE,NODE_EXTRA_CA_CERTS}"=/etc/authorities.pem")
    fi
    # shellcheck disable=SC2016 # the inner shell's own
    ${replace:-} chroot --userspec="$person" "$room" /usr/bin/env -i HOME=/home/ana USER="$person" LANG=C.UTF-8 \
        PATH=/usr/local/bin:/usr/bin:/bin PORT="$port" "${authorities[@]}" \
        /bin/bash -c 'cd "$HOME/$1" && shift && exec "$@"' - "$in" "$@"
}

seconds() { date +%s.%N; }

ready_within() {  # limit, name, person, command
    local limit=$1 name=$2 person=$3 began took
    shift 3
    began=$(seconds)
    # In the place of the shell in between, so that it is the server that is told to stop.
    replace="exec" inside "$person" "$@" >"$room.log" 2>&1 &
    server=$!
    until (exec 3<>"/dev/tcp/127.0.0.1/$port" && printf 'GET /readyz HTTP/1.0\r\nHost: localhost:%s\r\n\r\n' "$port" >&3 &&
        grep -q '200 OK' <&3) 2>/dev/null; do
        kill -0 "$server" 2>/dev/null || { cat "$room.log"; echo "$name: it ended"; exit 1; }
        sleep 0.1
    done
    took=$(echo "$(seconds) - $began" | bc)
    ${visit:-}
    kill -TERM "$server"
    wait "$server" || true
    server=''
    printf '%-10s %-5s %-24s %6.1f s (at most %s)\n' "$suite" "$person" "$name" "$took" "$limit"
    if [ "$(echo "$took > $limit" | bc)" = 1 ]; then exit 1; fi
}

sign_up_and_keep_a_task() {
    .venv/bin/python -m tests.deploy.visit "http://localhost:$port"
    printf '%-10s %-5s a task is kept, in Chromium\n' "$suite" "$person"
}

wheel=
if [ "$what" = wheel ]; then
    wheel=${1:?which wheel}
    bin/setup
    CHROMIUM_PATH=${CHROMIUM_PATH:-$(command -v chromium-headless-shell || command -v chromium)}
    export CHROMIUM_PATH
fi
for suite in ${SUITES:-bookworm trixie}; do
    for person in ${PEOPLE:-root ana}; do
        in=cairn
        make_room "$suite" "$person"
        case $what in
        run)
            ready_within "${RUN_WITHIN:-120}" "first bin/run" "$person" bin/run
            ready_within "${AGAIN_WITHIN:-10}" "second bin/run" "$person" bin/run
            ;;
        wheel)
            in=.
            began=$(seconds)
            inside "$person" python3 -m venv venv
            inside "$person" venv/bin/pip install --quiet "./$(basename "$wheel")"
            printf '%-10s %-5s %-24s %6.1f s\n' "$suite" "$person" "pip install" "$(echo "$(seconds) - $began" | bc)"
            visit=sign_up_and_keep_a_task ready_within "${SERVE_WITHIN:-15}" "cairn serve" "$person" venv/bin/cairn serve
            if inside "$person" sh -c 'command -v node'; then exit 1; fi
            ;;
        test)
            # Root's own bin/test installs them; anybody else's names them.
            [ "$person" = root ] || chroot "$room" /bin/sh -c "apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
                apt-get install -qq --yes --no-install-recommends chromium-headless-shell curl jq nginx" >"$room.log" 2>&1
            inside "$person" bin/test "$@"
            ;;
        *)
            echo "run, wheel or test?" >&2
            exit 2
            ;;
        esac
        finish
    done
done
