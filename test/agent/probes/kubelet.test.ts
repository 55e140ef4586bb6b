// Tests of the kubelet probe: which kubelets there are, running, recorded, configured or broken.
import t from 'tap'
import { kubelet } from '../../../agent/probes/kubelet.ts'
import type { KubeletFacts } from '../../../proto/facets/kubelet.ts'
import { openFixtureHost } from '../../fixture-host.ts'
import { hostFrom } from '../../host-from.ts'
import { kernelFiles, processFiles, recordedHostFiles, recordedKubelet } from '../../recorded-kubelets.ts'
import { presentFacts, runProbe } from '../../run-probe.ts'
import { factsOf, hardened, recordedHost } from './kubelet-hosts.ts'

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
