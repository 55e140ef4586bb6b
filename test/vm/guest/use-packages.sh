#!/bin/sh
# Inside a machine, as its administrator: both packages from installing to purging, under systemd; `seen` holds what was seen.
set -eu
out=$1
here=$(pwd)
mkdir -p "$out"
say() { printf '%s: %s\n' "$1" "$2" >>"$out/seen"; }
state() { say "$1 $2" "$(systemctl is-enabled "$2" 2>/dev/null || true) $(systemctl is-active "$2" 2>/dev/null || true)"; }
as_collector() { runuser -u gabion-collector -- gabion-collector "$@"; }
get() { # path below the API; waits for an answer, since a unit is active before it serves
  "$here/node" -e '
    const [path, token] = process.argv.slice(1)
    const ask = async left => {
      const headers = { authorization: `Bearer ${token}` }
      const answer = await fetch(`http://127.0.0.1:8080/api/v1/${path}`, { headers }).catch(() => undefined)
      const text = answer?.ok ? await answer.text() : ""
      if (text.includes(process.env.WANTED ?? "")  && text !== "") return console.log(text)
      if (left === 0) throw new Error(`no such answer: ${answer?.status} ${text}`)
      setTimeout(() => ask(left - 1), 1000)
    }
    ask(600)' "$1" "$token"
}
ready() { for _ in $(seq 300); do gabion-collector ready >/dev/null 2>&1 && return; sleep 1; done; return 1; }

# The same packages as an earlier version, which only its number tells apart.
for name in gabion-agent gabion-collector; do
  dpkg-deb -R "$name".deb earlier
  sed -i 's/^Version: .*/Version: 0.0.1/' earlier/DEBIAN/control
  dpkg-deb --root-owner-group -Znone -b earlier "$name-earlier.deb" >/dev/null
  rm -r earlier
done

dpkg -i gabion-collector-earlier.deb gabion-agent-earlier.deb
state installed gabion-collector
state installed gabion-agent
ready
token=$(as_collector api-token create --role viewer --description test)
as_collector token create --endpoint localhost:50051 | gabion-agent enroll -
systemctl start gabion-agent
WANTED='"connected":true' get hosts >"$out/hosts-before.json"
state enrolled gabion-agent
host=$(grep -o '"id":"[^"]*"' "$out/hosts-before.json" | head -1 | cut -d'"' -f4)
# Every probe has told, however long it takes where it is emulated.
names=$(gabion-agent facts --all | "$here/node" -e '
  let text = ""
  process.stdin.on("data", part => { text += part }).on("end", () => {
    for (const { facet } of Object.values(JSON.parse(text).facets)) console.log(facet)
  })')
for name in $names; do WANTED="\"facet\":\"$name\"" get "hosts/$host/facets" >/dev/null; done
get "hosts/$host/facets" >"$out/facets.json"
get "hosts/$host/facets/sysctl" >"$out/sysctl.json"
for name in gabion-agent gabion-collector; do
  cp "/proc/$(systemctl show -P MainPID "$name")/status" "$out/$name.status"
  { systemctl show -P User "$name"; systemctl show -P NRestarts "$name"; } >"$out/$name.show"
  systemd-analyze security --no-pager "$name.service" | tail -1 >"$out/$name.exposure"
done
sha256sum /var/lib/gabion/agent/credential.json >"$out/credential-before"
stat -c '%a %U' /var/lib/gabion/agent /var/lib/gabion/collector >"$out/directories"

dpkg -i gabion-collector.deb gabion-agent.deb
say 'version of the agent' "$(gabion-agent --version)"
state upgraded gabion-collector
ready
WANTED='"connected":true' get hosts >"$out/hosts-after.json"
state upgraded gabion-agent
sha256sum /var/lib/gabion/agent/credential.json >"$out/credential-after"

systemctl stop gabion-agent
say 'end of the agent' "$(systemctl show -P Result gabion-agent)"
dpkg -r gabion-agent gabion-collector
state removed gabion-agent
state removed gabion-collector
say 'state after removal' "$(ls /var/lib/gabion/agent/credential.json /var/lib/gabion/collector/collector.db | wc -l)"
dpkg -P gabion-agent gabion-collector
say 'left after purge' "$(find / -xdev -path /opt/recorder -prune -o -path '*gabion*' -print | grep -v '^/var/l[io][bg]/\(dpkg\|dpkg.log\|private\)' | tr '\n' ' ')"
say 'failed units' "$(systemctl --failed --no-legend --plain | grep gabion | tr '\n' ' ')"
