// Tests of what a kubelet says of itself at /configz against what it is configured with.
import fc from 'fast-check'
import t from 'tap'
import type { ConfigzAnswer, Host } from '../../../agent/host/host.ts'
import { runningValues } from '../../../agent/kubelet/effective.ts'
import { parseKubeletConfigz } from '../../../agent/parse/kubelet-configz.ts'
import type { ConfigObject } from '../../../agent/parse/kubernetes-document.ts'
import { kubelet } from '../../../agent/probes/kubelet.ts'
import type { KubeletFacts } from '../../../proto/facets/kubelet.ts'
import { type FixtureFile, hostFrom } from '../../host-from.ts'
import {
  kernelFiles,
  processFiles,
  type RecordedKubelet,
  recordedHostFiles,
  recordedKubelet,
  recordedKubelets,
  recordedText,
  servingCertificate,
} from '../../recorded-kubelets.ts'
import { presentFacts, type RunOptions, runProbe } from '../../run-probe.ts'

const url = 'https://127.0.0.1:10250/configz'

interface Given {
  readonly configz?: ConfigzAnswer
  readonly files?: Record<string, FixtureFile>
  readonly run?: RunOptions
}

async function factsOf(
  t: Parameters<typeof hostFrom>[0],
  recorded: RecordedKubelet,
  { configz, files, run }: Given,
): Promise<KubeletFacts> {
  const host = await hostFrom(t, {
    files: { ...recordedHostFiles(recorded), ...files },
    http: recorded.answers,
    tls: recorded.tls,
    ...(configz && { configz: { [url]: configz } }),
  })
  return presentFacts(await runProbe(kubelet, host, run)) as unknown as KubeletFacts
}

const differences = ({ runningSettings }: KubeletFacts) =>
  runningSettings
    .filter(({ running, configured }) => running !== configured)
    .map(({ setting, running, configured }) => [setting, running, configured])

t.test('recorded kubelets run as they are configured, of every setting', async t => {
  const told = recordedKubelets().filter(recorded => recorded.configz !== undefined)
  t.equal(told.length, 5)
  for (const recorded of told) {
    const body = recordedText(`v${recorded.version}`, recorded.name, 'configz.body')
    const facts = await factsOf(t, recorded, { configz: { status: 200, body } })
    const title = `${recorded.version} ${recorded.name}`
    t.equal(facts.kubelets[0]?.configz, 'read', title)
    t.strictSame(differences(facts), [], title)
    // All but --hostname-override, which /configz does not have.
    t.equal(facts.runningSettings.length, Object.keys(facts.kubelets[0]?.settings ?? {}).length - 1, title)
    t.strictSame(facts.gaps, [], title)
  }
})

t.test('configured, observed and running are three things: a file hardened after the kubelet had started', async t => {
  const open = recordedKubelet('v1.36.2', 'a-open')
  const files = {
    '/var/lib/kubelet/config.yaml': recordedKubelet('v1.36.2', 'm-hard-api').config ?? '',
    ...kernelFiles(open.sockets, 1_700_000_000),
  }
  const body = recordedText('v1.36.2', 'a-open', 'configz.body')
  const facts = await factsOf(t, open, { files, configz: { status: 200, body } })
  t.match(facts.kubelets[0], {
    settings: { anonymousAuth: { value: false }, readOnlyPort: { value: 0 } },
    configNewerThanProcess: true,
    configz: 'read',
  })
  t.match(
    facts.endpoints?.find(({ endpoint }) => endpoint === 'https'),
    { anonymous: 'served' },
  )
  const rows = new Map(differences(facts).map(([setting, ...values]) => [setting, values]))
  t.strictSame(rows.get('anonymousAuth'), ['true', 'false'])
  t.strictSame(rows.get('authorizationMode'), ['AlwaysAllow', 'Webhook'])
  t.strictSame(rows.get('readOnlyPort'), ['10255', '0'])
})

t.test('without a token nothing is asked and nothing is unknown', async t => {
  const facts = await factsOf(t, recordedKubelet('v1.36.2', 'm-hard-api'), {})
  t.strictSame([facts.kubelets[0]?.configz, facts.runningSettings, facts.gaps], ['not-asked', [], []])
})

t.test('a token without the right, another status and another answer', async t => {
  const recorded = recordedKubelet('v1.36.2', 'm-hard-api')
  const cases: readonly (readonly [ConfigzAnswer, string, string, RegExp])[] = [
    [{ status: 403, body: '' }, 'refused', 'unavailable', /^status 403: the token may not get nodes\/configz$/],
    [{ status: 401, body: '' }, 'refused', 'unavailable', /^status 401/],
    [{ status: 404, body: '' }, 'unavailable', 'unavailable', /^status 404$/],
    [{ status: 200, body: 'canary' }, 'unavailable', 'malformed', /^no KubeletConfiguration$/],
    [{ status: 200, body: '{"kubeletconfig":7}' }, 'unavailable', 'malformed', /./],
    [{ status: 200, body: '{"kubeletconfig":{"port":"canary"}}' }, 'unavailable', 'malformed', /./],
  ]
  for (const [configz, state, gapState, detail] of cases) {
    const facts = await factsOf(t, recorded, { configz })
    t.equal(facts.kubelets[0]?.configz, state)
    t.strictSame(facts.runningSettings, [])
    t.match(facts.gaps, [{ field: 'runningSettings', effect: 'incomplete', source: url, state: gapState, detail }])
    t.notMatch(JSON.stringify(facts), /canary/)
  }
})

t.test('only certificates on disk let the token out, and a port that is not asked gets none', async t => {
  const asked: (readonly string[])[] = []
  const recorded = recordedKubelet('v1.36.2', 'm-hard-api')
  const look = async (files: Record<string, FixtureFile>, run: RunOptions = {}) => {
    const host = await hostFrom(t, { files: { ...recordedHostFiles(recorded), ...files }, http: recorded.answers })
    const askConfigz: Host['askConfigz'] = question => {
      asked.push(question.fingerprints)
      return host.askConfigz(question)
    }
    await runProbe(kubelet, { ...host, askConfigz }, run)
  }
  await look({})
  t.match(asked, [[/^(?:[0-9A-F]{2}:){31}[0-9A-F]{2}$/]], 'the leaf alone, not its authority')
  await look({ '/var/lib/kubelet/pki/kubelet.crt': '' })
  t.strictSame(asked.at(-1), [])
  await look({}, { probePorts: false })
  t.equal(asked.length, 2)
})

t.test('a kubelet whose settings nobody can see tells them itself', async t => {
  const k3s = '/var/lib/rancher/k3s'
  const sockets = [{ address: '0.0.0.0', port: 10250, fd: 20 }]
  const host = await hostFrom(t, {
    files: {
      ...kernelFiles(sockets),
      ...processFiles({
        pid: 640,
        executable: `${k3s}/data/0123/bin/k3s`,
        argv: ['/usr/local/bin/k3s server'],
        name: 'k3s-server',
        cgroup: '/system.slice/k3s.service',
        sockets,
      }),
      '/var/lib/kubelet/pki/kubelet.crt': servingCertificate,
    },
    http: { 'https://127.0.0.1:10250/pods': served },
    configz: { [url]: { status: 200, body: recordedText('v1.36.2', 'a-open', 'configz.body') } },
  })
  const facts = presentFacts(await runProbe(kubelet, host)) as unknown as KubeletFacts
  t.match(facts.kubelets[0], { kind: 'k3s', configz: 'read', settings: undefined })
  t.strictSame(
    facts.runningSettings.find(({ setting }) => setting === 'anonymousAuth'),
    { kubelet: 'k3s:/var/lib/kubelet', setting: 'anonymousAuth', running: 'true' },
  )
})

const served = { state: 'open', status: 401, body: '', tlsVersion: 'TLSv1.3' } as const

t.test('values at /configz are in effect as they stand', async t => {
  const of = (values: ConfigObject) => {
    const running = runningValues(values, { version: '1.30.2', cwd: '/' })
    return running instanceof Map ? Object.fromEntries(running) : running
  }
  t.match(of({ streamingConnectionIdleTimeout: '0s', address: '', podPidsLimit: -1 }), {
    streamingConnectionIdleTimeoutSeconds: 0,
    address: '',
    podPidsLimit: -1,
  })
  t.match(of({ staticPodURL: 'https://user:canary@pods.example.org:8443/x?token=canary' }), {
    staticPodURL: 'https://pods.example.org:8443',
  })
  t.match(of({}), { readOnlyPort: 0, seccompDefault: false, tlsCipherSuites: [] })
  t.match(of({ authentication: { anonymous: { enabled: 'yes' } } }), { state: 'malformed', source: '/configz' })
})

t.test('any text gets an answer', async t => {
  t.equal(parseKubeletConfigz('{"kubeletconfig":[]}'), undefined)
  t.equal(parseKubeletConfigz('['.repeat(200_000)), undefined)
  const checked = fc.check(
    fc.property(fc.oneof(fc.string(), fc.json()), text => {
      const values = parseKubeletConfigz(`{"kubeletconfig":${text}}`)
      if (values) runningValues(values, { version: undefined, cwd: undefined })
      parseKubeletConfigz(text)
    }),
  )
  t.equal(checked.failed, false)
})
