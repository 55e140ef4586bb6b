// Tests of effective settings and where they come from.
import t from 'tap'
import type { FoundComponent, Words } from '../../../agent/control-plane/component.ts'
import { apiServerFields, controllerManagerFields, etcdFields } from '../../../agent/control-plane/setting-fields.ts'
import { readFlags, settingsOf } from '../../../agent/control-plane/settings.ts'

function found(words: readonly Words[], cwd: string | undefined = '/'): FoundComponent {
  const none = { running: undefined, manifest: undefined, environment: undefined, obstacle: undefined }
  return { ...none, name: 'kube-apiserver', kind: 'process', unit: '', words, cwd }
}

const from = (source: Words['source'], place: string, ...args: readonly string[]): Words => ({ source, place, args })

function api(words: readonly Words[], cwd?: string | undefined, version?: string) {
  const one = found(words, cwd)
  return settingsOf(apiServerFields, readFlags(words, apiServerFields, one), one, version)
}

function settingNamed(words: readonly Words[], name: keyof typeof apiServerFields) {
  const read = api(words)
  if ('obstacle' in read) throw new Error(read.obstacle.detail)
  return read.settings[name]
}

t.test('a later place overrules an earlier one, flag by flag', async t => {
  const words = [
    from('distribution', 'argument that k3s gives kube-apiserver', '--profiling=false', '--anonymous-auth=false'),
    from('file', '/etc/rancher/k3s/config.yaml', '--anonymous-auth=true'),
  ]
  t.strictSame(settingNamed(words, 'profiling'), {
    value: false,
    source: 'distribution',
    origin: 'argument that k3s gives kube-apiserver',
  })
  t.strictSame(settingNamed(words, 'anonymousAuth'), {
    value: true,
    source: 'file',
    origin: '--anonymous-auth in /etc/rancher/k3s/config.yaml',
  })
})

t.test('defaults name the version that they are of', async t => {
  const origin = (version?: string) => {
    const read = api([], '/', version)
    return 'settings' in read ? read.settings.bindAddress : undefined
  }
  t.strictSame(origin('1.30.2'), { value: '0.0.0.0', source: 'default', origin: 'default of 1.30' })
  t.strictSame(origin(), { value: '0.0.0.0', source: 'default', origin: 'default' })
})

t.test('paths count from the working directory, and need it only when they are relative', async t => {
  const words = [from('process', '', '--tls-cert-file=pki/../a.crt', '--audit-log-path=-')]
  const at = (cwd: string | undefined) => {
    const one = { ...found(words), cwd }
    const read = settingsOf(apiServerFields, readFlags(words, apiServerFields, one), one, undefined)
    return 'settings' in read
      ? [read.settings.tlsCertFile.value, read.settings.auditLogPath.value]
      : read.obstacle.detail
  }
  t.strictSame(at('/srv'), ['/srv/a.crt', '-'])
  t.strictSame(at(undefined), '--tls-cert-file has no value that can be understood')
})

t.test('times are whole seconds, never rounded down to none', async t => {
  const seconds = (time: string) =>
    settingNamed([from('process', '', `--request-timeout=${time}`)], 'requestTimeoutSeconds').value
  t.strictSame(['1m30s', '10ms', '0s'].map(seconds), [90, 1, 0])
})

t.test('a feature gate is one of many, and a URL that is none leaves the settings out', async t => {
  const words = [from('process', '', '--feature-gates=Other=true,RotateKubeletServerCertificate=false')]
  const one = found(words)
  const read = settingsOf(controllerManagerFields, readFlags(words, controllerManagerFields, one), one, undefined)
  t.match(read, { settings: { rotateKubeletServerCertificate: { value: false, origin: '--feature-gates' } } })
  const others = [from('process', '', '--feature-gates=Other=true')]
  const none = settingsOf(controllerManagerFields, readFlags(others, controllerManagerFields, one), one, undefined)
  t.match(none, { settings: { rotateKubeletServerCertificate: { value: true, source: 'default' } } })
  const urls = [from('unit', 'etcd.service', '--listen-client-urls=canary')]
  const etcd = settingsOf(etcdFields, readFlags(urls, etcdFields, one, 'go'), one, undefined)
  t.strictSame(etcd, {
    obstacle: {
      source: 'etcd.service',
      state: 'malformed',
      detail: '--listen-client-urls has no value that can be understood',
    },
  })
})
