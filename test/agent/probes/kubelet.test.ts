// Tests of the kubelet probe on running kubelets, recorded and broken ones.
import t from 'tap'
import type { Host, HttpAnswer, HttpProbe } from '../../../agent/host/host.ts'
import { kubelet } from '../../../agent/probes/kubelet.ts'
import type { KubeletFacts } from '../../../proto/facets/kubelet.ts'
import { openFixtureHost } from '../../fixture-host.ts'
import { type FixtureFile, hostFrom } from '../../host-from.ts'
import {
  kernelFiles,
  processFiles,
  type RecordedKubelet,
  recordedHostFiles,
  recordedKubelet,
  recordedKubelets,
} from '../../recorded-kubelets.ts'
import { presentFacts, type RunOptions, runProbe } from '../../run-probe.ts'

async function factsOf(host: Host, options?: RunOptions): Promise<KubeletFacts> {
  return presentFacts(await runProbe(kubelet, host, options)) as unknown as KubeletFacts
}

const hardened = () => recordedKubelet('v1.36.2', 'm-hard-api')

function recordedHost(
  t: Parameters<typeof hostFrom>[0],
  recorded: RecordedKubelet,
  more: {
    readonly files?: Record<string, FixtureFile>
    readonly http?: Record<string, HttpAnswer>
    live?: boolean
  } = {},
): Promise<Host> {
  return hostFrom(t, {
    files: { ...recordedHostFiles(recorded), ...more.files },
    http: { ...recorded.answers, ...more.http },
    tls: recorded.tls,
    live: more.live ?? true,
  })
}

const served = { state: 'open', status: 200, body: '', tlsVersion: 'TLSv1.3' } as const

t.test('each recorded kubelet is found out by its ports', async t => {
  const table: Readonly<Record<string, readonly [string, number, string]>> = {
    'a-open': ['served', 200, 'open'],
    'b-noanon': ['rejected', 401, 'closed'],
    'c-noanon-ro': ['rejected', 401, 'open'],
    'd-anon-webhook-apidown': ['authenticated', 500, 'closed'],
    'e-hard-webhook-apidown': ['rejected', 401, 'closed'],
    'g-noconfigfile-defaults': ['served', 200, 'open'],
    'j-hard-webhook-apidown-tlscert': ['rejected', 401, 'closed'],
    'k-dropin': ['served', 200, 'open'],
    'l-anon-webhook-api': ['authenticated', 403, 'open'],
    'm-hard-api': ['rejected', 401, 'closed'],
  }
  for (const recorded of recordedKubelets()) {
    const title = `${recorded.version} ${recorded.name}`
    const facts = await factsOf(await recordedHost(t, recorded))
    const [row] = facts.kubelets
    t.match(
      row,
      {
        id: 'kubelet:/var/lib/kubelet',
        running: true,
        kind: 'kubelet',
        executable: '/usr/bin/kubelet',
        version: recorded.version,
        uid: 0,
        configNewerThanProcess: false,
        unknownKeys: [],
      },
      title,
    )
    const [anonymous, status, readOnly] = table[recorded.name] ?? []
    const common = { kubelet: 'kubelet:/var/lib/kubelet', address: '127.0.0.1' }
    const ofReadOnly =
      readOnly === 'open'
        ? { state: 'open', status: 200, scope: 'loopback' }
        : { state: 'closed', status: 0, scope: 'unknown' }
    const quiet = { anonymous: '', logsServed: false, tlsVersion: '' }
    t.strictSame(
      facts.endpoints,
      [
        { ...common, endpoint: 'healthz', port: 10248, state: 'open', status: 200, scope: 'loopback', ...quiet },
        {
          ...common,
          endpoint: 'https',
          port: 10250,
          state: 'open',
          status,
          anonymous,
          logsServed: false,
          tlsVersion: 'TLSv1.3',
          scope: 'loopback',
        },
        { ...common, endpoint: 'readOnly', port: 10255, ...ofReadOnly, ...quiet },
      ],
      title,
    )
    t.strictSame(facts.gaps, [], title)
    // What is configured is what is observed, in every recording.
    t.equal(row?.settings?.readOnlyPort.value === 0, readOnly === 'closed', title)
    t.equal(row?.settings?.anonymousAuth.value, anonymous !== 'rejected', title)
  }
})

t.test('nothing of a body, a command line or an environment is in the facts', async t => {
  const recorded = recordedKubelet('v1.36.2', 'a-open')
  const argv = [...recorded.argv, '--node-labels=team=canary-label', '--register-with-taints', 'canary-taint']
  const host = await recordedHost(
    t,
    { ...recorded, argv },
    {
      files: { '/etc/default/kubelet': 'KUBELET_EXTRA_ARGS=--provider-id=canary-env\n' },
    },
  )
  t.notMatch(JSON.stringify(await runProbe(kubelet, host)), /canary|pause-static|PodList|token/)
})

t.test('/logs/ is asked only where anonymous requests are let in', async t => {
  const logs = { 'https://127.0.0.1:10250/logs/': served }
  const httpsOf = async (name: string) =>
    (await factsOf(await recordedHost(t, recordedKubelet('v1.36.2', name), { http: logs }))).endpoints?.find(
      row => row.endpoint === 'https',
    )
  t.equal((await httpsOf('a-open'))?.logsServed, true)
  t.equal((await httpsOf('l-anon-webhook-api'))?.logsServed, true)
  t.equal((await httpsOf('m-hard-api'))?.logsServed, false)
})

t.test('configured off and open nevertheless is told as it is', async t => {
  const open = recordedKubelet('v1.36.2', 'a-open')
  // The file was hardened after the kubelet had started open.
  const files = { '/var/lib/kubelet/config.yaml': hardened().config ?? '', ...kernelFiles(open.sockets, 1_700_000_000) }
  const facts = await factsOf(await recordedHost(t, open, { files }))
  t.match(facts.kubelets[0], {
    settings: { anonymousAuth: { value: false }, readOnlyPort: { value: 0 } },
    configNewerThanProcess: true,
  })
  t.strictSame(
    facts.endpoints?.map(({ endpoint, port, state, anonymous }) => [endpoint, port, state, anonymous]),
    [
      ['healthz', 10248, 'open', ''],
      ['https', 10250, 'open', 'served'],
      ['readOnly', 10255, 'open', ''],
    ],
  )
})

t.test('a port that another process holds is not the kubelet’s', async t => {
  const sockets = [...hardened().sockets, { address: '0.0.0.0', port: 10255, fd: 900 }]
  const http = { 'http://127.0.0.1:10255/pods': { ...served, body: '{"kind":"PodList"' } }
  const host = await recordedHost(t, hardened(), { files: kernelFiles(sockets), http })
  const row = (await factsOf(host)).endpoints?.find(({ endpoint }) => endpoint === 'readOnly')
  t.match(row, { state: 'closed', status: 0, scope: 'unknown' })
})

t.test('without links to its sockets, a read-only port must answer like a kubelet', async t => {
  const sockets = [...hardened().sockets, { address: '0.0.0.0', port: 10255, fd: 900 }]
  const blind = { '/proc/812/fd': 'not a directory', ...kernelFiles(sockets) }
  const files = Object.fromEntries(
    Object.entries({ ...recordedHostFiles(hardened()), ...blind }).filter(
      ([path]) => !path.startsWith('/proc/812/fd/'),
    ),
  )
  const readOnly = async (http: Record<string, HttpAnswer>) => {
    const host = await hostFrom(t, { files, http: { ...hardened().answers, ...http } })
    return (await factsOf(host)).endpoints?.find(({ endpoint }) => endpoint === 'readOnly')
  }
  const pods = 'http://127.0.0.1:10255/pods'
  t.match(await readOnly({ [pods]: { ...served, body: '{"kind":"PodList","apiVersion":"v1"' } }), {
    state: 'open',
    scope: 'any',
  })
  t.match(await readOnly({ [pods]: { ...served, body: '<html>' } }), { state: 'failed', status: 200 })
  t.match(
    await readOnly({
      [pods]: { ...served, status: 404, body: '404' },
      'http://127.0.0.1:10255/metrics': { ...served, body: '# HELP apiserver_audit_event_total [ALPHA]' },
    }),
    { state: 'open', status: 404 },
  )
})

t.test('answers that prove nothing are unproven, refused and silent ports are told apart', async t => {
  const url = 'https://127.0.0.1:10250/pods'
  const https = async (answer: HttpAnswer) =>
    (await factsOf(await recordedHost(t, hardened(), { http: { [url]: answer } }))).endpoints?.find(
      row => row.endpoint === 'https',
    )
  t.match(await https({ ...served, status: 404, body: '404 page not found' }), { anonymous: 'unproven', status: 404 })
  t.match(await https({ ...served, body: 'hello' }), { anonymous: 'unproven', status: 200 })
  t.match(await https({ ...served, status: 403, body: 'Forbidden (user=alice, verb=get)' }), { anonymous: 'unproven' })
  t.match(await https({ ...served, status: 0 }), { state: 'open', anonymous: 'unproven' })
  t.match(await https({ state: 'silent', detail: 'no answer in 2000 ms' }), { state: 'silent', anonymous: '' })
  t.match(await https({ state: 'failed', detail: 'EHOSTUNREACH' }), { state: 'failed', anonymous: '' })
})

t.test('ports are asked where they are bound', async t => {
  const bound = hardened().sockets.map(socket => ({
    ...socket,
    address: socket.port === 10250 ? '192.0.2.7' : '0.0.0.0',
  }))
  const host = await recordedHost(t, hardened(), {
    files: kernelFiles(bound),
    http: { 'https://192.0.2.7:10250/pods': { ...served, status: 401 } },
  })
  const rows = (await factsOf(host)).endpoints?.map(({ endpoint, address, scope, status }) => [
    endpoint,
    address,
    scope,
    status,
  ])
  t.strictSame(rows, [
    ['healthz', '127.0.0.1', 'any', 200],
    ['https', '192.0.2.7', 'specific', 401],
    ['readOnly', '127.0.0.1', 'unknown', 0],
  ])
})

/** The same host with every request counted. */
function counting(host: Host): { readonly host: Host; readonly asked: string[] } {
  const asked: string[] = []
  const probeHttp = (probe: HttpProbe) => {
    asked.push(`${probe.port}${probe.path}`)
    return host.probeHttp(probe)
  }
  return { host: { ...host, probeHttp }, asked }
}

t.test('ports are asked once, then again after an hour or when something changed', async t => {
  const { host, asked } = counting(await recordedHost(t, hardened()))
  const memory = new Map<string, unknown>()
  const at = (minutes: number) => new Date(Date.UTC(2101, 0, 1, 0, minutes))
  const first = await factsOf(host, { memory, now: at(0) })
  t.strictSame(asked, ['10250/pods', '10248/healthz'], 'the closed port is not asked')
  t.strictSame(await factsOf(host, { memory, now: at(1) }), first, 'remembered answers make the same facts')
  await factsOf(host, { memory, now: at(59) })
  t.equal(asked.length, 2)
  await factsOf(host, { memory, now: at(60) })
  t.equal(asked.length, 4, 'an hour has passed')
  const opened = counting(
    await recordedHost(t, hardened(), {
      files: {
        ...kernelFiles([...hardened().sockets, { address: '127.0.0.1', port: 10255, fd: 30 }]),
        '/proc/812/fd/30': { symlink: 'socket:[7030]' },
      },
      http: { 'http://127.0.0.1:10255/pods': served },
    }),
  )
  const facts = await factsOf(opened.host, { memory, now: at(61) })
  t.ok(opened.asked.includes('10255/pods'), 'a new listening socket')
  t.match(
    facts.endpoints?.find(({ endpoint }) => endpoint === 'readOnly'),
    { state: 'open', status: 200 },
  )
})

t.test('no port is asked when that is switched off, or when no kubelet runs', async t => {
  const off = counting(await recordedHost(t, hardened()))
  const facts = await factsOf(off.host, { probePorts: false })
  t.strictSame([facts.endpoints, off.asked], [undefined, []])
  t.match(facts.gaps, [{ field: 'endpoints', effect: 'omitted', state: 'unavailable' }])
  const files = { '/var/lib/kubelet/config.yaml': hardened().config ?? '', '/proc/1/comm': 'init' }
  const idle = counting(await hostFrom(t, { files }))
  const configured = await factsOf(idle.host)
  t.strictSame([configured.endpoints, idle.asked], [[], []])
  t.match(configured.kubelets, [{ running: false, uid: -1, executable: '' }])
})

t.test('an offline root tells what is configured', async t => {
  const facts = await factsOf(await recordedHost(t, hardened(), { live: false }))
  t.match(facts.kubelets, [
    { id: 'kubelet:/var/lib/kubelet', running: false, settings: { anonymousAuth: { value: false } } },
  ])
  t.equal(facts.endpoints, undefined)
  t.match(
    facts.gaps.find(({ field }) => field === 'endpoints'),
    { state: 'unavailable', detail: 'offline root' },
  )
})

t.test('a host without any kubelet has no such facet', async t => {
  const state = await runProbe(kubelet, await hostFrom(t, { files: { '/etc/hostname': 'box\n', ...kernelFiles([]) } }))
  t.match(state, { state: 'absent', reason: { code: 'notInstalled' } })
  const installed = await factsOf(await hostFrom(t, { files: { '/usr/bin/kubelet': 'x', ...kernelFiles([]) } }))
  t.strictSame([installed.kubelets, installed.endpoints], [[], []], 'installed, but nothing starts it')
})

t.test('programs are told by their name, never by a part of it', async t => {
  const others: readonly (readonly [string, readonly string[]])[] = [
    ['/usr/local/bin/kube-apiserver', ['kube-apiserver', '--kubelet-client-certificate=/x', '--anonymous-auth=true']],
    ['/usr/bin/virtual-kubelet', ['virtual-kubelet', '--port=10250']],
    ['/usr/bin/bash', ['bash', '-c', 'kubelet --config=/x']],
    ['/usr/bin/vim', ['vim', '/usr/bin/kubelet']],
    ['/usr/local/bin/kubelet-csr-approver', ['kubelet-csr-approver']],
    ['/usr/local/bin/hyperkube', ['hyperkube', 'kube-proxy', '--kubeconfig=/x']],
    ['/var/lib/rancher/k3s/data/abc/bin/k3s', ['kubectl', 'get', 'nodes']],
    ['/var/lib/rancher/k3s/data/abc/bin/k3s', ['/usr/local/bin/k3s', 'kubectl', 'logs']],
  ]
  const files = others.map(([executable, argv], index) => processFiles({ pid: 100 + index, executable, argv }))
  const host = await hostFrom(t, { files: Object.assign(kernelFiles([]), ...files) })
  t.match(await runProbe(kubelet, host), { state: 'absent', reason: { code: 'notInstalled' } })
})

t.test('hyperkube, a renamed program and several kubelets are found', async t => {
  const config = hardened().config ?? ''
  const files = Object.assign(
    kernelFiles([]),
    { '/a.yaml': config, '/b.yaml': config },
    processFiles({ pid: 1, executable: '/sbin/init', argv: ['init'], namespaces: { mnt: 1, net: 1 } }),
    processFiles({
      pid: 100,
      executable: '/usr/bin/hyperkube',
      argv: ['/usr/bin/hyperkube', 'kubelet', '--config=/b.yaml'],
    }),
    processFiles({
      pid: 101,
      executable: '/opt/kubelet-v1.29.4/kubelet.bin',
      name: 'kubelet',
      argv: ['/usr/bin/kubelet', '--config', 'a.yaml', '--root-dir=/srv/k'],
    }),
    processFiles({
      pid: 102,
      executable: '/usr/bin/kubelet',
      argv: ['/usr/bin/kubelet', '--config=/var/lib/kubelet/config.yaml'],
      cgroup: `/system.slice/docker-${'a'.repeat(64)}.scope/kubelet.slice/kubelet.service`,
      namespaces: { mnt: 2, net: 2 },
    }),
  )
  const facts = await factsOf(await hostFrom(t, { files }))
  t.strictSame(
    facts.kubelets.map(({ id, configFile, version, unit }) => [id, configFile, version, unit]),
    [
      ['hyperkube:/var/lib/kubelet', '/b.yaml', undefined, 'kubelet.service'],
      ['kubelet:/srv/k', '/a.yaml', '1.29.4', 'kubelet.service'],
      ['kubelet:/var/lib/kubelet', '/var/lib/kubelet/config.yaml', undefined, ''],
    ],
  )
  const contained = facts.kubelets[2]
  t.equal(contained?.settings, undefined, 'its files are not the host’s')
  t.ok(facts.gaps.some(({ field, source }) => field === 'kubelets.settings' && source === 'container'))
  t.ok(facts.gaps.some(({ field, source }) => field === 'endpoints' && source === contained?.id))
  t.notOk(
    facts.endpoints?.some(row => row.kubelet === contained?.id),
    'its ports are not the host’s',
  )
})

t.test('two kubelets of the same kind and place keep apart', async t => {
  const argv = ['kubelet', '--config=/a.yaml']
  const files = Object.assign(
    kernelFiles([]),
    { '/a.yaml': hardened().config ?? '' },
    processFiles({ pid: 100, executable: '/usr/bin/kubelet', argv }),
    processFiles({ pid: 101, executable: '/usr/bin/kubelet', argv }),
  )
  const { kubelets } = await factsOf(await hostFrom(t, { files }))
  t.strictSame(
    kubelets.map(({ id }) => id),
    ['kubelet:/var/lib/kubelet', 'kubelet:/var/lib/kubelet#2'],
  )
})

t.test('a file that is needed but cannot be used leaves the settings out, with a reason', async t => {
  const path = '/var/lib/kubelet/config.yaml'
  const broken: readonly (readonly [string, FixtureFile | undefined, Record<string, unknown>])[] = [
    ['absent', undefined, { state: 'unavailable', source: path }],
    ['a FIFO', { fifo: true }, { state: 'notRegular', source: path }],
    ['a directory', { directory: true }, { state: 'notRegular', source: path }],
    ['huge', 'x'.repeat(600_000), { state: 'tooLarge', source: path }],
    [
      'a link out of the root',
      { symlink: '../../../../../../etc/shadow-of-nobody' },
      { state: 'unavailable', source: path },
    ],
    ['not YAML', 'kind: KubeletConfiguration\na: b: c\n', { state: 'malformed', detail: 'line 2: not YAML' }],
    ['a kubeconfig', 'kind: Config\n', { state: 'malformed', detail: 'kind is Config, not KubeletConfiguration' }],
    ['empty', '', { state: 'malformed', detail: 'empty' }],
    [
      'of a wrong type',
      `${hardened().config}readOnlyPort: "no"\n`,
      { state: 'malformed', source: path, detail: 'line 32: readOnlyPort is not a whole number' },
    ],
  ]
  for (const [title, file, gap] of broken) {
    const { [path]: _config, ...files } = recordedHostFiles(hardened())
    const host = await hostFrom(t, {
      files: file === undefined ? files : { ...files, [path]: file },
      http: hardened().answers,
    })
    const facts = await factsOf(host)
    t.equal(facts.kubelets[0]?.settings, undefined, title)
    t.match(
      facts.gaps.find(({ field }) => field === 'kubelets.settings'),
      { effect: 'omitted', ...gap },
      title,
    )
    t.match(
      facts.endpoints?.find(row => row.endpoint === 'https'),
      { anonymous: 'rejected' },
      `${title}: still asked`,
    )
  }
})

t.test('drop-ins: order of names, directories below, only *.conf, each with its kind', async t => {
  const head = 'apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n'
  const directory = '/etc/kubernetes/kubelet.conf.d'
  const recorded = recordedKubelet('v1.36.2', 'k-dropin')
  const files = {
    [`${directory}/50-open.conf`]: `${head}port: 50\nreadOnlyPort: 50\n`,
    [`${directory}/60-more/10.conf`]: `${head}port: 60\nhealthzPrt: 1\n`,
    [`${directory}/60-more/notes.txt`]: 'hello',
    [`${directory}/55.conf`]: `${head}port: 55\neventRecordQPS: 55\n`,
    [`${directory}/70.yaml`]: `${head}port: 70\n`,
    [`${directory}/80.conf.bak`]: `${head}port: 80\n`,
    [`${directory}/90-elsewhere`]: { symlink: '/srv/elsewhere' },
    '/srv/elsewhere/99.conf': `${head}port: 99\n`,
  }
  const facts = await factsOf(await recordedHost(t, recorded, { files }))
  t.match(facts.kubelets[0], {
    ignoredDropIns: [
      `${directory}/60-more/notes.txt`,
      `${directory}/70.yaml`,
      `${directory}/80.conf.bak`,
      `${directory}/90-elsewhere`,
    ],
    unknownKeys: ['healthzPrt'],
    settings: {
      port: { value: 60, source: 'drop-in', origin: `${directory}/60-more/10.conf` },
      readOnlyPort: { value: 50, origin: `${directory}/50-open.conf` },
      eventRecordQPS: { value: 55, origin: `${directory}/55.conf` },
    },
  })
  const kindless = { [`${directory}/99.conf`]: 'port: 1\n' }
  const refused = await factsOf(await recordedHost(t, recorded, { files: kindless }))
  t.equal(refused.kubelets[0]?.settings, undefined)
  t.match(refused.gaps[0], { source: `${directory}/99.conf`, detail: 'kind is missing, not KubeletConfiguration' })
})

t.test('a drop-in directory that is a link is not entered by the kubelet', async t => {
  const recorded = recordedKubelet('v1.36.2', 'k-dropin')
  const { '/etc/kubernetes/kubelet.conf.d/50-open.conf': dropIn, ...files } = recordedHostFiles(recorded)
  const host = await hostFrom(t, {
    files: {
      ...files,
      '/srv/dropins/50-open.conf': dropIn ?? '',
      '/etc/kubernetes/kubelet.conf.d': { symlink: '/srv/dropins' },
    },
  })
  t.match((await factsOf(host)).kubelets[0], {
    settings: { anonymousAuth: { value: false, source: 'file' } },
    ignoredDropIns: ['/etc/kubernetes/kubelet.conf.d'],
  })
})

t.test('files are listed with role, mode and owner', async t => {
  const host = await hostFrom(t, {
    files: {
      ...recordedHostFiles(hardened()),
      '/etc/kubernetes/kubelet.conf': 'kind: Config\n',
      '/etc/kubernetes/pki/ca.crt': 'cert',
      '/var/lib/kubelet/pki/kubelet-client-current.pem': 'key',
      '/etc/kubernetes/kube-proxy.conf': 'kind: Config\n',
      '/usr/lib/systemd/system/kubelet.service': '[Service]\nExecStart=/usr/bin/kubelet\n',
      '/etc/systemd/system/kubelet.service.d/10-kubeadm.conf':
        '[Service]\nEnvironmentFile=-/etc/default/kubelet\nEnvironmentFile=-/etc/none\nExecStart=\nExecStart=/usr/bin/kubelet\n',
      '/etc/default/kubelet': 'KUBELET_EXTRA_ARGS=\n',
    },
    modes: {
      '/var/lib/kubelet/config.yaml': { mode: 0o644 },
      '/etc/kubernetes/kubelet.conf': { mode: 0o600 },
      '/var/lib/kubelet/pki/kubelet-client-current.pem': { mode: 0o4600, uid: 5, gid: 6 },
    },
    http: hardened().answers,
  })
  const { files } = await factsOf(host)
  t.strictSame(
    files.map(({ path, role, state, mode, uid, gid }) => [path, role, state, mode, uid, gid].join(' ')),
    [
      '/etc/default/kubelet environment present 0644 0 0',
      '/etc/kubernetes/kube-proxy.conf kube-proxy-kubeconfig present 0644 0 0',
      '/etc/kubernetes/kubelet.conf kubeconfig present 0600 0 0',
      '/etc/kubernetes/pki/ca.crt client-ca present 0644 0 0',
      '/etc/systemd/system/kubelet.service.d/10-kubeadm.conf unit present 0644 0 0',
      '/usr/lib/systemd/system/kubelet.service unit present 0644 0 0',
      '/var/lib/kubelet/config.yaml config present 0644 0 0',
      '/var/lib/kubelet/pki/kubelet-client-current.pem tls-key present 4600 5 6',
      '/var/lib/kubelet/pki/kubelet.crt tls-cert present 0644 0 0',
      '/var/lib/kubelet/pki/kubelet.key tls-key absent  -1 -1',
    ],
  )
})

t.test('a version is told only where something on disk tells it of the running program', async t => {
  const files = { '/usr/bin/kubelet': 'replaced since', ...kernelFiles(hardened().sockets, 1_700_000_000) }
  const upgraded = await factsOf(await recordedHost(t, hardened(), { files }))
  t.equal(upgraded.kubelets[0]?.version, undefined, 'the program is younger than the process')
  t.match(
    upgraded.gaps.find(({ field }) => field === 'kubelets.version'),
    { effect: 'omitted', state: 'unavailable', source: '/usr/bin/kubelet' },
  )
  t.match(upgraded.kubelets[0]?.settings?.failSwapOn, { source: 'file' })
  t.match(upgraded.kubelets[0]?.settings?.healthzPort, { source: 'file' })
  t.match(upgraded.kubelets[0]?.settings?.enableDebuggingHandlers, {
    origin: 'default, version unknown, with a configuration file',
  })
})

t.test('pid and start time are observations, so a restart changes no fact', async t => {
  const first = await runProbe(kubelet, await recordedHost(t, hardened()))
  const again = { ...hardened(), sockets: hardened().sockets.map(socket => ({ ...socket, fd: socket.fd + 3 })) }
  const moved = Object.fromEntries(
    Object.entries(recordedHostFiles(again)).map(([path, file]) => [path.replace('/proc/812/', '/proc/4000/'), file]),
  )
  const second = await runProbe(kubelet, await hostFrom(t, { files: moved, http: again.answers, tls: again.tls }))
  t.equal(first.digest, second.digest)
  t.match(first, { observations: { processes: [{ pid: 812, startedAt: '2100-01-01T00:00:42.000Z' }] } })
  t.match(second, { observations: { processes: [{ kubelet: 'kubelet:/var/lib/kubelet', pid: 4000 }] } })
})

t.test('a command line that cannot be read or makes no sense is no guess', async t => {
  const { '/proc/812/cmdline': _cmdline, ...files } = recordedHostFiles(hardened())
  const hidden = await factsOf(await hostFrom(t, { files: { ...files, '/proc/812/cmdline': { fifo: true } } }))
  t.match(hidden.gaps, [{ field: 'kubelets', effect: 'incomplete', source: '/proc/812/cmdline' }])
  const odd = { ...hardened(), argv: [...hardened().argv, '--anonymous-auth=maybe-canary'] }
  const facts = await factsOf(await recordedHost(t, odd))
  t.equal(facts.kubelets[0]?.settings, undefined)
  t.match(
    facts.gaps.find(({ field }) => field === 'kubelets.settings'),
    { source: 'cmdline', state: 'malformed', detail: '--anonymous-auth has no value of its type' },
  )
  t.notMatch(JSON.stringify(facts), /canary/)
})

t.test('a running kubelet’s unit that cannot be read hides files, not settings', async t => {
  const unit = '/usr/lib/systemd/system/kubelet.service'
  const facts = await factsOf(await recordedHost(t, hardened(), { files: { [unit]: { fifo: true } } }))
  t.match(facts.kubelets, [{ unit: 'kubelet.service', settings: { anonymousAuth: { value: false } } }])
  t.match(facts.gaps, [{ field: 'files', effect: 'incomplete', source: unit, state: 'notRegular' }])
})

t.test('the fixture of a kubeadm node has what its command line and its files say', async t => {
  const state = await runProbe(kubelet, await openFixtureHost('kubeadm-node'))
  const facts = presentFacts(state) as unknown as KubeletFacts
  t.strictSame(facts.gaps, [])
  t.match(facts.kubelets, [
    {
      id: 'kubelet:/var/lib/kubelet',
      version: '1.36.2',
      unit: 'kubelet.service',
      configFile: '/var/lib/kubelet/config.yaml',
      kubeconfig: '/etc/kubernetes/kubelet.conf',
      settings: {
        anonymousAuth: { value: false, source: 'file', origin: '/var/lib/kubelet/config.yaml' },
        hostnameOverride: { value: 'testnode', source: 'flag', origin: '--hostname-override' },
        staticPodPath: { value: '/etc/kubernetes/manifests' },
        rotateServerCertificate: { value: true, source: 'default' },
      },
    },
  ])
  t.strictSame(
    facts.endpoints?.map(({ endpoint, state, anonymous }) => [endpoint, state, anonymous]),
    [
      ['healthz', 'open', ''],
      ['https', 'open', 'rejected'],
      ['readOnly', 'closed', ''],
    ],
  )
  t.strictSame(
    facts.files.filter(({ role }) => role === 'kubeconfig' || role === 'tls-key').map(({ path, mode }) => [path, mode]),
    [
      ['/etc/kubernetes/kubelet.conf', '0600'],
      ['/var/lib/kubelet/pki/kubelet-client-current.pem', '0600'],
      ['/var/lib/kubelet/pki/kubelet.key', '0600'],
    ],
  )
})
