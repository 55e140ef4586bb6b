// Tests of what the kubelet probe finds out by asking the ports of running kubelets.
import t from 'tap'
import type { Host, HttpAnswer, HttpProbe } from '../../../agent/host/host.ts'
import { hostFrom } from '../../host-from.ts'
import { kernelFiles, recordedHostFiles, recordedKubelet, recordedKubelets } from '../../recorded-kubelets.ts'
import { factsOf, hardened, recordedHost } from './kubelet-hosts.ts'

/** The answer of a port that serves whoever asks. */
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
