// Tests of the effective configuration: held against kubelets' own accounts, then rule by rule.
import fc from 'fast-check'
import t from 'tap'
import {
  type ConfigSource,
  effectiveSettings,
  type KubeletInputs,
  minorVersion,
} from '../../../agent/kubelet/effective.ts'
import { parseGoDuration } from '../../../agent/parse/go-duration.ts'
import { parseKubeletConfig } from '../../../agent/parse/kubelet-config.ts'
import { parseKubeletFlags } from '../../../agent/parse/kubelet-flags.ts'
import type { KubeletSettings } from '../../../proto/facets/kubelet.ts'
import { type RecordedKubelet, recordedKubelets } from '../../recorded-kubelets.ts'

const head = 'apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n'

function source(path: string, text: string): ConfigSource {
  const content = parseKubeletConfig(text.startsWith('{') || text.startsWith('apiVersion') ? text : head + text)
  if (content.state !== 'configuration') throw new Error(`not a configuration: ${path}`)
  return { path, content }
}

interface Given {
  readonly args?: readonly string[]
  readonly file?: string
  readonly dropIns?: readonly string[]
  readonly version?: string
  readonly cwd?: string | undefined
}

function inputs(given: Given): KubeletInputs {
  return {
    flags: parseKubeletFlags(given.args ?? []).flags,
    configFile: given.file === undefined ? undefined : source('/etc/kubelet/config.yaml', given.file),
    dropIns: (given.dropIns ?? []).map((text, index) => source(`/etc/kubelet.d/${index}.conf`, text)),
    version: given.version ?? '1.36.2',
    cwd: 'cwd' in given ? given.cwd : '/',
  }
}

function settings(given: Given): KubeletSettings {
  const effective = effectiveSettings(inputs(given))
  if (effective.state !== 'effective') throw new Error(effective.detail)
  return effective.settings
}

function recordedSettings(recorded: RecordedKubelet): KubeletSettings {
  return settings({
    args: recorded.argv.slice(1),
    version: recorded.version,
    ...(recorded.config === undefined ? {} : { file: recorded.config }),
    ...(recorded.dropIn === undefined ? {} : { dropIns: [recorded.dropIn] }),
  })
}

type Configz = Readonly<Record<string, unknown>>
const at = (configz: Configz, ...path: string[]) =>
  path.reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], configz)

/** What configz says of each setting; a field that Go leaves out of JSON is its zero value. */
function accountOf(configz: Configz): Record<string, unknown> {
  const plain = ['address', 'port', 'healthzBindAddress', 'healthzPort', 'makeIPTablesUtilChains', 'eventRecordQPS']
  const handlers = ['enableDebuggingHandlers', 'enableSystemLogHandler', 'failSwapOn', 'podPidsLimit']
  const off = ['rotateCertificates', 'serverTLSBootstrap', 'protectKernelDefaults', 'seccompDefault']
  const texts = ['tlsCertFile', 'tlsPrivateKeyFile', 'tlsMinVersion', 'staticPodPath', 'staticPodURL']
  return {
    ...Object.fromEntries([...plain, ...handlers].map(name => [name, configz[name]])),
    ...Object.fromEntries(off.map(name => [name, configz[name] ?? false])),
    ...Object.fromEntries(texts.map(name => [name, configz[name] ?? ''])),
    // 1.20 has no such field and always serves the profiles.
    enableProfilingHandler: configz['enableProfilingHandler'] ?? true,
    readOnlyPort: configz['readOnlyPort'] ?? 0,
    anonymousAuth: at(configz, 'authentication', 'anonymous', 'enabled'),
    webhookAuth: at(configz, 'authentication', 'webhook', 'enabled'),
    authorizationMode: at(configz, 'authorization', 'mode'),
    clientCAFile: at(configz, 'authentication', 'x509', 'clientCAFile') ?? '',
    tlsCipherSuites: configz['tlsCipherSuites'] ?? [],
    rotateServerCertificate: at(configz, 'featureGates', 'RotateKubeletServerCertificate') ?? true,
    streamingConnectionIdleTimeoutSeconds: Number(
      (parseGoDuration(String(configz['streamingConnectionIdleTimeout'])) ?? -1n) / 1_000_000_000n,
    ),
  }
}

t.test('every setting equals what the running kubelet says of itself', async t => {
  const told = recordedKubelets().filter(recorded => recorded.configz !== undefined)
  t.strictSame(
    told.map(({ version, name }) => `${version} ${name}`),
    [
      '1.20.2 a-open',
      '1.20.2 g-noconfigfile-defaults',
      '1.36.2 a-open',
      '1.36.2 g-noconfigfile-defaults',
      '1.36.2 k-dropin',
    ],
  )
  for (const recorded of told) {
    const account = accountOf(recorded.configz ?? {})
    const ours = recordedSettings(recorded)
    for (const [name, { value, source: from }] of Object.entries(ours)) {
      // A flag that configz does not hold.
      if (name === 'hostnameOverride') continue
      const told = `${recorded.version} ${recorded.name}: ${name}`
      if ((name === 'tlsCertFile' || name === 'tlsPrivateKeyFile') && from === 'default') {
        // Ours is what is configured; at start the kubelet fills in the self-signed pair that it makes.
        t.equal(value, '', told)
        t.match(account[name], /^\/var\/lib\/kubelet\/pki\/kubelet\.(crt|key)$/, told)
      } else t.strictSame(value, account[name], told)
    }
  }
})

t.test('each recorded configuration has the anonymous access and authorization that its answers prove', async t => {
  const table: readonly (readonly [string, boolean, string, number])[] = [
    ['a-open', true, 'AlwaysAllow', 10255],
    ['b-noanon', false, 'AlwaysAllow', 0],
    ['c-noanon-ro', false, 'AlwaysAllow', 10255],
    ['d-anon-webhook-apidown', true, 'Webhook', 0],
    ['e-hard-webhook-apidown', false, 'Webhook', 0],
    ['g-noconfigfile-defaults', true, 'AlwaysAllow', 10255],
    ['j-hard-webhook-apidown-tlscert', false, 'Webhook', 0],
    ['k-dropin', true, 'AlwaysAllow', 10255],
    ['l-anon-webhook-api', true, 'Webhook', 10255],
    ['m-hard-api', false, 'Webhook', 0],
  ]
  for (const recorded of recordedKubelets()) {
    const [, anonymous, mode, readOnlyPort] = table.find(([name]) => name === recorded.name) ?? []
    const { anonymousAuth, authorizationMode, readOnlyPort: port } = recordedSettings(recorded)
    t.strictSame(
      [anonymousAuth.value, authorizationMode.value, port.value],
      [anonymous, mode, readOnlyPort],
      `${recorded.version} ${recorded.name}`,
    )
  }
})

t.test('without a configuration file the legacy defaults hold, in the newest version too', async t => {
  const { anonymousAuth, webhookAuth, authorizationMode, readOnlyPort } = settings({})
  t.strictSame(anonymousAuth, {
    value: true,
    source: 'default',
    origin: 'default of 1.36 without a configuration file',
  })
  t.strictSame([webhookAuth.value, authorizationMode.value, readOnlyPort.value], [false, 'AlwaysAllow', 10255])
})

t.test('with a configuration file, even an empty one, the defaults of the file hold', async t => {
  const { anonymousAuth, webhookAuth, authorizationMode, readOnlyPort } = settings({ file: '' })
  t.strictSame(anonymousAuth, { value: false, source: 'default', origin: 'default of 1.36 with a configuration file' })
  t.strictSame([webhookAuth.value, authorizationMode.value, readOnlyPort.value], [true, 'Webhook', 0])
})

t.test('drop-ins alone lie over the legacy defaults', async t => {
  const effective = settings({ dropIns: ['authentication: {anonymous: {enabled: false}}'] })
  t.strictSame(effective.anonymousAuth, { value: false, source: 'drop-in', origin: '/etc/kubelet.d/0.conf' })
  t.strictSame([effective.authorizationMode.value, effective.readOnlyPort.value], ['AlwaysAllow', 10255])
})

t.test('flags win over drop-ins, drop-ins over the file, later drop-ins over earlier ones', async t => {
  const file = 'port: 1\nreadOnlyPort: 1\nhealthzPort: 1\neventRecordQPS: 1'
  const effective = settings({
    file,
    dropIns: ['readOnlyPort: 2\nhealthzPort: 2\neventRecordQPS: 2', 'healthzPort: 3\neventRecordQPS: 3'],
    args: ['--event-qps=4'],
  })
  t.strictSame(effective.port, { value: 1, source: 'file', origin: '/etc/kubelet/config.yaml' })
  t.strictSame(effective.readOnlyPort, { value: 2, source: 'drop-in', origin: '/etc/kubelet.d/0.conf' })
  t.strictSame(effective.healthzPort, { value: 3, source: 'drop-in', origin: '/etc/kubelet.d/1.conf' })
  t.strictSame(effective.eventRecordQPS, { value: 4, source: 'flag', origin: '--event-qps' })
})

t.test('a drop-in replaces lists whole, and null returns to the default', async t => {
  const effective = settings({
    file: 'tlsCipherSuites: [A, B]\nauthorization: {mode: AlwaysAllow}\nprotectKernelDefaults: true',
    dropIns: ['tlsCipherSuites: [C]\nauthorization: null\nprotectKernelDefaults: null'],
  })
  t.strictSame(effective.tlsCipherSuites.value, ['C'])
  t.strictSame([effective.authorizationMode.value, effective.authorizationMode.source], ['Webhook', 'default'])
  t.equal(effective.protectKernelDefaults.value, false)
  t.equal(settings({ dropIns: ['authentication: null'] }).anonymousAuth.value, false, 'also over legacy defaults')
})

t.test('a zero duration in a file means the default, on the command line it means never', async t => {
  const seconds = (given: Given) => settings(given).streamingConnectionIdleTimeoutSeconds
  t.strictSame([seconds({ file: 'streamingConnectionIdleTimeout: 0s' }).value], [14_400])
  t.equal(seconds({ file: 'streamingConnectionIdleTimeout: 0s' }).source, 'default')
  t.equal(seconds({ file: '', args: ['--streaming-connection-idle-timeout=0'] }).value, 0)
  t.equal(seconds({ file: 'streamingConnectionIdleTimeout: 1h30m' }).value, 5400)
  t.equal(seconds({ file: 'streamingConnectionIdleTimeout: 10ms' }).value, 1, 'a short timeout is not none')
})

t.test('values that the kubelet takes for not set get the default', async t => {
  const effective = settings({ file: 'address: ""\nport: 0\nhealthzBindAddress: ""\npodPidsLimit: -5\nhealthzPort: 0' })
  t.strictSame(
    [effective.address.value, effective.port.value, effective.healthzBindAddress.value, effective.podPidsLimit.value],
    ['0.0.0.0', 10250, '127.0.0.1', -1],
  )
  t.equal(effective.healthzPort.value, 0, 'zero switches the health port off')
})

t.test('defaults follow the version', async t => {
  t.equal(settings({ version: '1.26.9', file: '' }).eventRecordQPS.value, 5)
  t.equal(settings({ version: '1.27.0', file: '' }).eventRecordQPS.value, 50)
  const unknown = effectiveSettings({ ...inputs({ file: '' }), version: undefined })
  t.match(unknown, {
    settings: { eventRecordQPS: { value: 50, origin: 'default, version unknown, with a configuration file' } },
  })
})

t.test('a field that the version does not have yet is ignored', async t => {
  t.equal(settings({ version: '1.20.2', file: 'seccompDefault: true' }).seccompDefault.value, false)
  t.equal(settings({ version: '1.22.0', file: 'seccompDefault: true' }).seccompDefault.value, true)
})

t.test('seccompDefault is on when either the flag or the file says so', async t => {
  const value = (given: Given) => settings(given).seccompDefault
  t.strictSame(value({ file: 'seccompDefault: true', args: ['--seccomp-default=false'] }), {
    value: true,
    source: 'file',
    origin: '/etc/kubelet/config.yaml',
  })
  t.equal(value({ file: 'seccompDefault: false', args: ['--seccomp-default'] }).source, 'flag')
  t.equal(value({ file: 'seccompDefault: false', args: ['--seccomp-default=false'] }).value, false)
})

t.test('feature gates merge gate by gate, the command line last', async t => {
  const gate = (given: Given) => settings(given).rotateServerCertificate
  const off = 'featureGates: {RotateKubeletServerCertificate: false}'
  t.equal(gate({ file: '' }).value, true)
  t.strictSame(gate({ file: off, args: ['--feature-gates=Other=true'] }).value, false)
  t.equal(gate({ file: off, args: ['--feature-gates=RotateKubeletServerCertificate=true'] }).source, 'flag')
  t.equal(gate({ file: off, dropIns: ['featureGates: {Other: true}'] }).origin, '/etc/kubelet/config.yaml')
})

t.test('relative paths count from the file, or from the working directory', async t => {
  const file = 'tlsCertFile: pki/a.crt\nstaticPodPath: ../manifests\nauthentication: {x509: {clientCAFile: /ca.crt}}'
  const effective = settings({ file, args: ['--tls-private-key-file=a.key'], cwd: '/srv/kubelet' })
  t.strictSame(
    [effective.tlsCertFile.value, effective.staticPodPath.value, effective.clientCAFile.value],
    ['/etc/kubelet/pki/a.crt', '/etc/manifests', '/ca.crt'],
  )
  t.equal(effective.tlsPrivateKeyFile.value, '/srv/kubelet/a.key')
  t.equal(settings({ dropIns: ['staticPodPath: pods'], cwd: '/srv' }).staticPodPath.value, '/srv/pods')
  t.match(effectiveSettings(inputs({ args: ['--client-ca-file=ca.crt'], cwd: undefined })), {
    state: 'unresolved',
    detail: '--client-ca-file holds a relative path, the working directory is unknown',
  })
})

t.test('flags that a distribution gives are under those that are seen', async t => {
  const builtIn = { flags: { 'read-only-port': 0, port: 5 }, origin: 'argument that k3s gives its kubelet' }
  const effective = effectiveSettings({ ...inputs({ args: ['--port=6'] }), builtIn })
  t.match(effective, {
    settings: {
      readOnlyPort: { value: 0, source: 'flag', origin: 'argument that k3s gives its kubelet' },
      port: { value: 6, source: 'flag', origin: '--port' },
    },
  })
})

t.test('a value of another type is named with its line and never guessed', async t => {
  const refused: readonly (readonly [string, string, number])[] = [
    ['readOnlyPort: "0"', 'readOnlyPort is not a whole number', 3],
    ['readOnlyPort: 1.5', 'readOnlyPort is not a whole number', 3],
    [
      'port: 1\nauthentication:\n  anonymous:\n    enabled: "false"',
      'authentication.anonymous.enabled is not a boolean',
      6,
    ],
    ['tlsCipherSuites: A', 'tlsCipherSuites is not a list of strings', 3],
    ['tlsCipherSuites: [1]', 'tlsCipherSuites is not a list of strings', 3],
    ['streamingConnectionIdleTimeout: 300', 'streamingConnectionIdleTimeout is not a duration', 3],
    ['address: 127', 'address is not a string', 3],
  ]
  for (const [file, detail, line] of refused) {
    t.match(
      effectiveSettings(inputs({ file })),
      { state: 'malformed', source: '/etc/kubelet/config.yaml', detail, line },
      file,
    )
  }
})

t.test('minor versions are read only from versions', async t => {
  t.strictSame(['1.30.2', '1.5', 'v1.30', '', '2.1.0', '1.x'].map(minorVersion), [
    30,
    5,
    undefined,
    undefined,
    undefined,
    undefined,
  ])
})

t.test('whatever files hold, the engine answers with settings or with a reason', async t => {
  const names = fc.constantFrom('port', 'authentication', 'anonymous', 'enabled', 'tlsCipherSuites', '__proto__', 'x')
  const { value } = fc.letrec<{ value: unknown }>(tie => ({
    value: fc.oneof(
      { depthSize: 'small' },
      fc.constantFrom(null, true, 0, 'text', '0s'),
      fc.array(tie('value'), { maxLength: 2 }),
      fc.array(fc.tuple(names, tie('value')), { maxLength: 3 }).map(pairs => Object.fromEntries(pairs)),
    ),
  }))
  const document = fc.array(fc.tuple(names, value), { maxLength: 4 }).map(pairs =>
    JSON.stringify({
      apiVersion: 'kubelet.config.k8s.io/v1beta1',
      kind: 'KubeletConfiguration',
      ...Object.fromEntries(pairs),
    }),
  )
  fc.assert(
    fc.property(document, fc.array(document, { maxLength: 3 }), (file, dropIns) =>
      ['effective', 'malformed', 'unresolved'].includes(effectiveSettings(inputs({ file, dropIns })).state),
    ),
  )
  t.equal(({} as Record<string, unknown>)['enabled'], undefined)
})
