// Holds controls files against recorded and constructed hosts: variables, audits, states.
import { join } from 'node:path'
import t from 'tap'
import { readControls } from '../../../agent/cli/read-controls.ts'
import { judgeControls } from '../../../agent/controls/judge-controls.ts'
import type { Host } from '../../../agent/host/host.ts'
import { defaultSettings } from '../../../policy/controls/default-settings.ts'
import { parseControls } from '../../../policy/controls/parse-controls.ts'
import { openFixtureHost } from '../../fixture-host.ts'
import { hostFrom } from '../../host-from.ts'
import { littleProc } from '../../little-processes.ts'

const sample = join(import.meta.dirname, '../../fixtures/controls')

async function states(host: Host, reading: 'right' | 'strict' = 'right', wanted?: readonly string[]) {
  const requests = await readControls([sample], async () => '')
  const files = await judgeControls(host, requests, reading, wanted)
  const results = files.flatMap(({ groups }) => groups.flatMap(group => group.results))
  return {
    missing: files.flatMap(({ missing }) => missing),
    states: Object.fromEntries(results.map(({ check, state }) => [check.id, state])),
    results,
  }
}

t.test('a worker of kubeadm', async t => {
  const host = await openFixtureHost('kubeadm-node')
  for (const reading of ['right', 'strict'] as const) {
    const found = await states(host, reading)
    t.same(found.states, {
      ...{ '4.1.1': 'PASS', '4.1.2': 'PASS', '4.1.10': 'WARN', '4.1.11': 'PASS', '4.2.1': 'PASS', '4.2.4': 'PASS' },
      ...{ '4.2.7': 'WARN', '4.2.8': 'WARN', '4.2.9': 'WARN', '4.2.10': 'INFO', '4.2.11': 'WARN' },
    })
    const unanswered = found.results.filter(result => result.unanswered)
    t.match(unanswered, [{ check: { id: '4.2.8' }, reason: 'unsupported audit: journalctl' }])
  }
})

t.test('k3s has no kubelet of its own, which fails what asks for one', async t => {
  const found = await states(await openFixtureHost('k3s-1.32'))
  t.match(found.states, { '4.1.2': 'PASS', '4.1.10': 'PASS', '4.2.1': 'FAIL', '4.2.7': 'WARN' })
})

t.test('a control plane has the parts of one, a worker has none', async t => {
  const controls = parseControls(
    `id: 1
type: master
groups:
- id: 1.2
  checks:
  - id: 1.2.1
    audit: "/bin/ps -ef | grep $apiserverbin | grep -v grep"
    tests: { test_items: [{ flag: --authorization-mode, compare: { op: nothave, value: AlwaysAllow } }] }
    scored: true
  - id: 1.2.2
    audit: "stat -c permissions=%a $etcddatadir $schedulerkubeconfig"
    use_multiple_values: true
    tests: { test_items: [{ flag: permissions, compare: { op: bitmask, value: "700" } }] }
    scored: true
`,
    'master.yaml',
  )
  const request = { controls, settings: defaultSettings, insist: false }
  const judge = async (name: string, insist = false) =>
    (await judgeControls(await openFixtureHost(name), [{ ...request, insist }], 'right', undefined))[0]
  const plane = await judge('kubeadm-control-plane')
  t.match(plane?.groups[0]?.results, [{ state: 'PASS', actual: '--authorization-mode: Node,RBAC' }, { state: 'PASS' }])
  t.match(await judge('kubeadm-node'), { groups: [], missing: ['apiserver', 'scheduler', 'controllermanager'] })
  t.match((await judge('kubeadm-node', true))?.groups[0]?.results, [{ state: 'FAIL' }, { state: 'FAIL' }])
})

t.test('the file that the running kubelet was given counts, not one that lies about', async t => {
  const host = await hostFrom(t, {
    files: {
      '/etc/passwd': 'root:x:0:0::/:/bin/sh\n',
      '/var/lib/kubelet/config.yaml': 'readOnlyPort: 0\nauthentication: { anonymous: { enabled: false } }\n',
      '/etc/own.yaml': 'readOnlyPort: 10255\nauthentication: { anonymous: { enabled: true } }\n',
      ...littleProc(
        { pid: 1, executable: '/sbin/init' },
        { pid: 9, executable: '/bin/kubelet', args: ['--config=/etc/own.yaml'] },
      ),
    },
  })
  t.match((await states(host, 'right', ['4.2'])).states, { '4.2.1': 'FAIL', '4.2.4': 'FAIL' })
  t.match((await states(host, 'strict', ['4.2'])).states, { '4.2.1': 'PASS', '4.2.4': 'PASS' })
  t.same((await states(host, 'right', ['4.2.1'])).states, { '4.2.1': 'FAIL' })
})

t.test('the environment of the one program of a file is searched where no script says how', async t => {
  const controls = parseControls(
    `type: etcd
groups:
- id: 2
  checks:
  - id: 2.1
    audit: ps -ef | grep $etcdbin | grep -v grep
    tests: { test_items: [{ flag: --cert-file, env: ETCD_CERT_FILE }] }
    scored: true
`,
    'etcd.yaml',
  )
  const host = await hostFrom(t, {
    files: {
      '/etc/passwd': 'root:x:0:0::/:/bin/sh\n',
      ...littleProc(
        { pid: 1, executable: '/sbin/init' },
        { pid: 9, executable: '/bin/etcd', files: { environ: 'ETCD_CERT_FILE=/c\0' } },
      ),
    },
  })
  const [file] = await judgeControls(host, [{ controls, settings: defaultSettings, insist: false }], 'right', undefined)
  t.match(file?.groups[0]?.results, [{ state: 'PASS', actual: 'ETCD_CERT_FILE: /c' }])
})

t.test('on a host that does not run, what asks for processes is not answered', async t => {
  const found = await states(await openFixtureHost('kubeadm-node', { live: false }))
  t.match(found.states, { '4.1.1': 'PASS', '4.2.1': 'WARN' })
  t.match(
    found.results.find(({ check }) => check.id === '4.2.1'),
    { unanswered: true },
  )
})
