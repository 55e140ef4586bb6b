// From a host's files, processes and ports to verdicts: where a look at one file or one flag alone would say otherwise.
import t from 'tap'
import type { HttpAnswer, TlsAnswer } from '../../../agent/host/host.ts'
import { kubelet } from '../../../agent/probes/kubelet.ts'
import { catalog } from '../../../policy/catalog.generated.ts'
import { createEngine } from '../../../policy/engine.ts'
import { facets } from '../../../proto/facets.generated.ts'
import { type FixtureFile, hostFrom } from '../../host-from.ts'
import {
  kernelFiles,
  packageFiles,
  processFiles,
  recordedHostFiles,
  recordedKubelet,
  recordedKubelets,
  recordedText,
} from '../../recorded-kubelets.ts'
import { runProbe } from '../../run-probe.ts'

const engine = createEngine(catalog, facets)
const now = new Date('2026-11-22T12:00:00Z')
const head = 'apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n'

interface Given {
  readonly files: Record<string, FixtureFile>
  readonly http?: Readonly<Record<string, HttpAnswer>>
  readonly tls?: Readonly<Record<string, TlsAnswer>>
  readonly configz?: string
}

/** State of each check that reads this facet alone, by its id. */
async function verdicts(t: Parameters<typeof hostFrom>[0], { files, http = {}, tls = {}, configz }: Given) {
  const told = configz === undefined ? {} : { 'https://127.0.0.1:10250/configz': { status: 200, body: configz } }
  const state = await runProbe(kubelet, await hostFrom(t, { files, http, tls, configz: told }), { now })
  const checks = catalog.checks.filter(({ id }) => engine.facetsOf(id).join() === 'kubelet').map(({ id }) => id)
  const results = engine.evaluate({ facets: new Map([['kubelet', state]]), now, checks, profiles: [] })
  return new Map(results.map(({ check, state }) => [check, state]))
}

/** Verdicts on a kubelet of 1.30 that runs with these arguments and files. */
function running(t: Parameters<typeof hostFrom>[0], args: readonly string[], files: Record<string, FixtureFile> = {}) {
  const process = processFiles({ pid: 812, executable: '/usr/bin/kubelet', argv: ['/usr/bin/kubelet', ...args] })
  return verdicts(t, { files: { ...kernelFiles([]), ...packageFiles('1.30.2'), ...process, ...files } })
}
const withFile = (t: Parameters<typeof hostFrom>[0], config: string) =>
  running(t, ['--config=/k.yaml'], { '/k.yaml': head + config })

t.test('a port that nobody sets is open without a configuration file, and off with one', async t => {
  t.equal((await running(t, ['--v=2'])).get('kubelet-read-only-port-disabled'), 'fail')
  t.equal((await withFile(t, '')).get('kubelet-read-only-port-disabled'), 'pass')
})

t.test('drop-ins alone leave the legacy defaults underneath', async t => {
  const files = { '/k.d/10.conf': `${head}readOnlyPort: 0\n` }
  const found = await running(t, ['--config-dir=/k.d'], files)
  t.equal(found.get('kubelet-read-only-port-disabled'), 'pass')
  t.equal(found.get('kubelet-anonymous-auth-disabled'), 'fail')
  t.equal(found.get('kubelet-authorization-not-always-allow'), 'fail')
})

t.test('what is safe by default passes although nobody sets it', async t => {
  const found = await withFile(t, '')
  t.equal(found.get('kubelet-anonymous-auth-disabled'), 'pass')
  t.equal(found.get('kubelet-authorization-not-always-allow'), 'pass')
  t.equal(found.get('kubelet-manages-iptables-chains'), 'pass')
})

t.test('what is unsafe by default fails although nobody sets it', async t => {
  const found = await withFile(t, '')
  t.equal(found.get('kubelet-client-certificate-rotated'), 'fail')
  t.equal(found.get('kubelet-client-ca-configured'), 'fail')
  t.equal(found.get('kubelet-pod-pids-limited'), 'fail')
  t.equal(found.get('kubelet-seccomp-default-enabled'), 'fail')
})

t.test('that a setting is there says nothing: its value counts', async t => {
  const off = await withFile(
    t,
    'seccompDefault: false\npodPidsLimit: -1\neventRecordQPS: 0\nrotateCertificates: false\n',
  )
  t.equal(off.get('kubelet-seccomp-default-enabled'), 'fail')
  t.equal(off.get('kubelet-pod-pids-limited'), 'fail')
  t.equal(off.get('kubelet-event-rate-limited'), 'fail')
  t.equal(off.get('kubelet-client-certificate-rotated'), 'fail')
  const on = await withFile(t, 'seccompDefault: true\npodPidsLimit: 100\neventRecordQPS: 5\nrotateCertificates: true\n')
  for (const [id, state] of off)
    if (state === 'fail' && on.get(id) === 'pass') t.pass(`${id} passes with the other value`)
  t.equal(on.get('kubelet-seccomp-default-enabled'), 'pass')
  t.equal(on.get('kubelet-event-rate-limited'), 'pass')
})

t.test('a timeout of zero in a file is the default, on the command line it is none', async t => {
  const zero = 'streamingConnectionIdleTimeout: 0s\n'
  t.equal((await withFile(t, zero)).get('kubelet-streaming-timeout-set'), 'pass')
  const args = ['--config=/k.yaml', '--streaming-connection-idle-timeout=0']
  t.equal((await running(t, args, { '/k.yaml': head })).get('kubelet-streaming-timeout-set'), 'fail')
})

t.test('of repeated flags the last counts, and no flag is taken for a longer one', async t => {
  const repeated = await running(t, ['--config=/k.yaml', '--anonymous-auth=false', '--anonymous-auth=true'], {
    '/k.yaml': head,
  })
  t.equal(repeated.get('kubelet-anonymous-auth-disabled'), 'fail')
  const longer = await running(t, ['--config-dir=/k.d', '--config', '/k.yaml'], {
    '/k.yaml': `${head}readOnlyPort: 10255\n`,
    '/k.d/a.conf': `${head}readOnlyPort: 0\n`,
  })
  t.equal(longer.get('kubelet-read-only-port-disabled'), 'pass')
})

t.test('a hardened file that the command line does not name hardens nothing', async t => {
  const stale = {
    '/var/lib/kubelet/config.yaml': `${head}readOnlyPort: 0\n`,
    '/etc/kubernetes/kubelet-config.yaml': head,
  }
  t.equal((await running(t, ['--v=2'], stale)).get('kubelet-anonymous-auth-disabled'), 'fail')
})

t.test('arguments of an API server are not a kubelet’s', async t => {
  const apiServer = processFiles({
    pid: 900,
    executable: '/usr/local/bin/kube-apiserver',
    argv: [
      'kube-apiserver',
      '--anonymous-auth=true',
      '--kubelet-client-certificate=/x',
      '--authorization-mode=AlwaysAllow',
    ],
  })
  const found = await running(t, ['--config=/k.yaml'], { ...apiServer, '/k.yaml': head })
  t.equal(found.get('kubelet-anonymous-auth-disabled'), 'pass')
})

t.test('of several kubelets the worst counts', async t => {
  const second = processFiles({ pid: 813, executable: '/usr/bin/kubelet', argv: ['kubelet', '--root-dir=/srv/second'] })
  const found = await running(t, ['--config=/k.yaml'], { ...second, '/k.yaml': head })
  t.equal(found.get('kubelet-anonymous-auth-disabled'), 'fail')
})

t.test('recorded kubelets: what their ports proved is what is judged', async t => {
  for (const recorded of recordedKubelets()) {
    const found = await verdicts(t, { files: recordedHostFiles(recorded), http: recorded.answers, tls: recorded.tls })
    const title = `${recorded.version} ${recorded.name}`
    const open = /^(a-open|d-|g-|k-|l-)/.test(recorded.name)
    const readOnly = /^(a-open|c-|g-|k-|l-)/.test(recorded.name)
    const serves = /^(a-open|g-|k-)/.test(recorded.name)
    t.equal(found.get('kubelet-api-closed-to-anonymous'), serves ? 'fail' : 'pass', title)
    t.equal(found.get('kubelet-anonymous-auth-disabled'), open ? 'fail' : 'pass', title)
    t.equal(found.get('kubelet-read-only-port-closed'), readOnly ? 'fail' : 'pass', title)
    t.equal(found.get('kubelet-answers-as-configured'), 'pass', title)
    t.equal(found.get('kubelet-presents-certificate-on-disk'), 'pass', title)
    t.equal(found.get('kubelet-accepts-modern-tls-only'), 'pass', title)
    t.equal(found.get('kubelet-runs-as-configured'), 'not_applicable', title)
  }
})

t.test('a file that was hardened after the kubelet had started open', async t => {
  const open = recordedKubelet('v1.36.2', 'a-open')
  const hardened = recordedKubelet('v1.36.2', 'm-hard-api').config ?? ''
  const found = await verdicts(t, {
    files: {
      ...recordedHostFiles(open),
      '/var/lib/kubelet/config.yaml': hardened,
      ...kernelFiles(open.sockets, 1_700_000_000),
    },
    http: open.answers,
    tls: open.tls,
    configz: recordedText('v1.36.2', 'a-open', 'configz.body'),
  })
  t.equal(found.get('kubelet-anonymous-auth-disabled'), 'pass', 'on disk')
  for (const id of [
    'kubelet-configuration-active',
    'kubelet-answers-as-configured',
    'kubelet-api-closed-to-anonymous',
    'kubelet-read-only-port-closed',
    'kubelet-runs-as-configured',
    'kubelet-client-ca-in-force',
  ]) {
    t.equal(found.get(id), 'fail', id)
  }
})

t.test('a host without a kubelet has no finding about one', async t => {
  const found = await verdicts(t, { files: { ...kernelFiles([]), '/etc/hostname': 'box\n' } })
  t.strictSame([...new Set(found.values())], ['not_applicable'])
})

t.test('files that a distribution has by design elsewhere are no finding', async t => {
  const k3s = '/var/lib/rancher/k3s'
  const files = {
    ...kernelFiles([]),
    ...processFiles({
      pid: 640,
      executable: `${k3s}/data/0123/bin/k3s`,
      argv: ['/usr/local/bin/k3s server'],
      name: 'k3s-server',
      cgroup: '/system.slice/k3s.service',
    }),
    [`${k3s}/agent/etc/kubelet.conf.d/00-k3s-defaults.conf`]: `${head}authentication: {anonymous: {enabled: false}}\n`,
  }
  const found = await verdicts(t, { files })
  for (const id of ['kubelet-unit-files-mode', 'kubelet-unit-files-owner', 'kube-proxy-kubeconfig-mode']) {
    t.equal(found.get(id), 'not_applicable', id)
  }
  t.equal(found.get('kubelet-anonymous-auth-disabled'), 'pass')
})

t.test('what could not be read is an error, never a pass and never a finding', async t => {
  const found = await running(t, ['--config=/k.yaml'], { '/k.yaml': { fifo: true } })
  for (const id of [
    'kubelet-anonymous-auth-disabled',
    'kubelet-read-only-port-disabled',
    'kubelet-seccomp-default-enabled',
  ]) {
    t.equal(found.get(id), 'error', id)
  }
})
