// Names and arguments with line ends, terminal sequences, NULs and broken UTF-8, wherever a user or a container can put
// them: they become text of one form in facts, are escaped in reports, and never reach into another field or facet.
import t from 'tap'
import { plainText } from '../../../agent/cli/terminal.ts'
import { decodeHostBytes } from '../../../agent/host/decode.ts'
import { openHost } from '../../../agent/host/open-host.ts'
import { catalog } from '../../../policy/catalog.generated.ts'
import { createEngine, score } from '../../../policy/engine.ts'
import { type FacetState, facetProperty } from '../../../proto/facet.ts'
import { facets } from '../../../proto/facets.generated.ts'
import { renderJson } from '../../../report/json.ts'
import { createScanReport } from '../../../report/scan-report.ts'
import { renderTable } from '../../../report/table.ts'
import { type FixtureFile, rootFrom } from '../../host-from.ts'
import { littleProc } from '../../little-processes.ts'
import { failed, sweepAll } from './sweep-all.ts'

const bytes = (...parts: readonly (string | number)[]) =>
  decodeHostBytes(Buffer.concat(parts.map(part => (typeof part === 'string' ? Buffer.from(part) : Buffer.of(part)))))

/** As a process may call itself with prctl(PR_SET_NAME): fifteen bytes of any kind but NUL and slash. */
const names: Readonly<Record<string, string>> = {
  'a line end': 'a\nUid:\t0\t0\t0',
  'a closing bracket and fields behind it': 'x) S 1 1 1 0',
  'a terminal sequence': '\u001b[2J\u001b]0;x\u0007',
  'a C1 sequence': bytes('x', 0x9b, '31mred'),
  'a C1 sequence in UTF-8': 'x\u009b31mred',
  'broken UTF-8': bytes('caf', 0xe9, 0xff, 0xfe),
  'a half surrogate in UTF-8': bytes('a', 0xed, 0xa0, 0x80),
  'text that runs backwards': 'a\u202egnp.exe',
  'a backslash and what looks like an escaped byte': '\\xff\\\\n',
  'a tag of HTML and a formula': '=<b>"\'&x',
}

/** What no line of a report may hold: control characters but the line end, and marks that turn text around. */
const dangerous = /\p{Cc}|\p{Bidi_Control}/u

const tcp = '  sl  local_address\n0: 00000000:0017 00000000:0000 0A 0:0 00:0 0 0 0 50100 1 0 100 0 0 10 0\n'

function hostWith(name: string): Record<string, FixtureFile> {
  const safe = name.replaceAll('/', '_').replaceAll('\0', '')
  return {
    '/etc/hostname': `${name}\n`,
    '/etc/passwd': `root:x:0:0::/root:/bin/sh\n${name.replaceAll(':', '_')}:x:0:0::/home/${name}:/bin/${name}\n`,
    '/etc/group': `sudo:x:27:${name}\n${name}:x:5:\n`,
    '/etc/sudoers': `${name} ALL=(ALL) NOPASSWD: ALL\n`,
    [`/etc/modprobe.d/${safe}.conf`]: `install ${name} /bin/false\nblacklist ${name}\n`,
    [`/etc/sysctl.d/${safe}.conf`]: `kernel.${name} = ${name}\nkernel.kptr_restrict = 0\n`,
    [`/etc/systemd/system/multi-user.target.wants/${safe}.service`]: { symlink: `/etc/systemd/system/${safe}.service` },
    [`/etc/systemd/system/${safe}.service`]: `[Service]\nExecStart=/bin/${name}\n`,
    '/usr/sbin/sshd': '',
    '/etc/ssh/sshd_config': `Match User ${name}\nBanner ${name}\n`,
    '/usr/sbin/auditd': '',
    '/etc/audit/rules.d/x.rules': `-w /etc/${name} -p wa -k ${name}\n`,
    '/etc/ufw/ufw.conf': `ENABLED=yes\nLOGLEVEL=${name}\n`,
    '/etc/ufw/user.rules': `### tuple ### allow tcp 22 0.0.0.0/0 any 0.0.0.0/0 in comment=${Buffer.from(name).toString('hex')}\n`,
    '/proc/1/net/tcp': tcp,
    '/proc/modules': `${name} 1 0 - Live 0x0\n`,
    ...littleProc({ pid: 1, executable: '/usr/lib/systemd/systemd' }),
    ...littleProc({
      pid: 501,
      executable: `/tmp/${safe}`,
      args: [name, `--config=${name}`, `--anonymous-auth=${name}`],
      cgroup: `/system.slice/${safe}.service`,
      files: {
        'fd/3': { symlink: 'socket:[50100]' },
        environ: `A=${name}\0`,
        'attr/current': `${name}\n`,
        mountinfo: name,
        maps: name,
      },
    }),
    ...littleProc({
      pid: 502,
      executable: '/usr/bin/kubelet',
      args: [`--node-ip=${name}`, '--config', `/etc/${safe}`],
    }),
    ...littleProc({ pid: 503, executable: '/usr/bin/kube-apiserver', args: [`--audit-log-path=${name}`, name] }),
  }
}

const reportOf = (states: ReadonlyMap<string, FacetState>) => {
  const byProperty = new Map([...states.values()].map(state => [facetProperty(state.facet), state]))
  const engine = createEngine(catalog, facets, { verified: true })
  const profiles = engine.profilesFor(byProperty)
  const results = engine.evaluate({
    facets: byProperty,
    now: new Date('2026-11-22T12:00:00Z'),
    profiles: ['linux-hardening'],
  })
  return createScanReport({
    ...{
      tool: { name: 'gabion-agent', version: '0.0.0' },
      root: '/',
      scannedAt: '2026-11-22T12:00:00Z',
      profiles,
      results,
    },
    ...{ checks: catalog.checks, score: score(results, catalog.checks), facets: [...states.values()] },
  })
}

for (const [what, name] of Object.entries(names)) {
  t.test(what, async t => {
    const root = rootFrom(t, hostWith(name))
    const host = await openHost({ root, live: true, commands: new Map(), http: new Map(), cri: new Map() })
    const states = await sweepAll(host)
    t.same(failed(states), [], 'no probe fails')
    for (const state of states.values()) {
      t.ok(JSON.stringify(state).isWellFormed(), `${state.facet} is text`)
    }
    const ports = states.get('ports')
    t.match(ports, { state: 'present' })
    if (ports?.state === 'present') {
      const holders = (
        ports.facts['listeners'] as unknown as readonly { readonly holders: readonly { readonly uid: number }[] }[]
      )[0]?.holders
      t.equal(holders?.length, 1, 'the listener has its one holder')
      t.equal(holders?.[0]?.uid, 0)
    }
    const report = reportOf(states)
    const table = renderTable(report, { ...plainText, all: true })
    for (const line of table.split('\n')) t.notMatch(line, dangerous, 'a line of the table')
    const json = renderJson(report)
    t.notMatch(json.replaceAll('\n', ''), dangerous, 'JSON')
    t.equal(JSON.parse(json).facets.length, states.size, 'and still JSON')
  })
}
