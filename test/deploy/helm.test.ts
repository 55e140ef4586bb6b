// The chart: what it renders is what the overlays render, and values that mean nothing are refused.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { parse } from 'yaml'
import { helm } from '../kubectl.ts'
import { charted, kustomized, type Manifest, titleOf, withComponents } from './rendered.ts'
import { componentNames } from './renderings.ts'

const root = join(import.meta.dirname, '../..')
const chart = join(root, 'deploy/helm/gabion')
const preset = (name: string) => ['-f', join(chart, 'presets', `${name}.yaml`)]

/** Hashes of configurations are made in another way by each, and texts may be laid out in another way. */
function comparable(manifests: readonly Manifest[]): readonly unknown[] {
  const text = JSON.stringify(manifests.map(withParsedConfiguration))
  const plain = JSON.parse(text.replace(/"gabion-collector-[0-9a-z]{10}"/g, '"gabion-collector-HASH"')) as Manifest[]
  const sorted = plain.filter(({ kind, metadata }) => !(kind === 'Namespace' && metadata.name === 'gabion'))
  return sorted.sort((a, b) => (order(a) < order(b) ? -1 : 1)).map(one => inOrder(one))
}

const order = (one: Manifest) => `${titleOf(one)} ${one.metadata.namespace ?? ''}`

function withParsedConfiguration(one: Manifest): unknown {
  const { data } = one as { readonly data?: Readonly<Record<string, string>> }
  return data?.['collector.yaml'] === undefined
    ? one
    : { ...one, data: { 'collector.yaml': parse(data['collector.yaml']) } }
}

/** Keys by name; and variables, of which a patch of kustomize puts first what it names. */
function inOrder(one: unknown): unknown {
  if (Array.isArray(one)) {
    const isEnvironment =
      one.length > 0 && one.every(item => String((item as { name?: string }).name).startsWith('GABION_'))
    const items = one.map(inOrder)
    return isEnvironment
      ? items.sort((a, b) => ((a as { name: string }).name < (b as { name: string }).name ? -1 : 1))
      : items
  }
  if (typeof one !== 'object' || one === null) return one
  const sorted = Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(sorted.map(([key, value]) => [key, inOrder(value)]))
}

const overlay = (name: string) => kustomized(`deploy/kubernetes/overlays/${name}`)
const appArmor = ['--set', 'agent.appArmorProfile.type=Localhost,agent.appArmorProfile.localhostProfile=gabion-agent']
const pairs: Readonly<Record<string, () => readonly [readonly Manifest[], readonly Manifest[]]>> = {
  'overlays/sqlite': () => [overlay('sqlite'), charted()],
  'overlays/postgres': () => [overlay('postgres'), charted(...preset('postgres'))],
  'overlays/privileged': () => [overlay('privileged'), charted(...preset('privileged'))],
  'overlays/multi-cluster/hub': () => [overlay('multi-cluster/hub'), charted(...preset('hub'))],
  'overlays/multi-cluster/member': () => [overlay('multi-cluster/member'), charted(...preset('member'))],
  'components/selinux': () => [withComponents('overlays/sqlite', 'selinux'), charted(...preset('selinux'))],
  'components/apparmor': () => [withComponents('overlays/sqlite', 'apparmor'), charted(...appArmor)],
  'components/apparmor-annotation': () => [
    withComponents('overlays/sqlite', 'apparmor-annotation'),
    charted('--set', 'agent.appArmorAnnotation=true'),
  ],
  'components/kubelet-configuration': () => [
    withComponents('overlays/sqlite', 'kubelet-configuration'),
    charted('--set', 'agent.kubeletConfiguration=true'),
  ],
  'components/policy-reports': () => [
    withComponents('overlays/sqlite', 'policy-reports'),
    charted('--set', 'collector.policyReports=openreports'),
  ],
  'components/notifications': () => [
    withComponents('overlays/sqlite', 'notifications'),
    charted('--set', 'collector.receiversSecret=gabion-receivers'),
  ],
  'components/monitoring': () => [
    withComponents('overlays/postgres', 'monitoring'),
    charted(...preset('postgres'), '--set', 'monitoring.enabled=true'),
  ],
  'components/ingress': () => [withComponents('overlays/sqlite', 'ingress'), charted('--set', 'ingress.enabled=true')],
  'components/gateway': () => [withComponents('overlays/sqlite', 'gateway'), charted('--set', 'gateway.enabled=true')],
}

for (const [name, render] of Object.entries(pairs)) {
  t.test(`the chart renders what ${name} renders`, async t => {
    const [manifests, templates] = render()
    t.strictSame(templates.map(order).sort(), [...new Set(templates.map(order))].sort(), 'each object once')
    t.strictSame(comparable(templates), comparable(manifests))
  })
}

t.test('every component and every preset is compared', async t => {
  t.strictSame(
    componentNames.filter(name => !(`components/${name}` in pairs)),
    [],
  )
  const presets = readdirSync(join(chart, 'presets')).map(name => name.replace('.yaml', ''))
  t.strictSame(presets.sort(), ['hub', 'member', 'postgres', 'privileged', 'selinux'])
})

t.test('values of no meaning are refused, and told', async t => {
  const refuses = (value: string, expected: RegExp) => {
    try {
      charted('--set', value)
    } catch (error) {
      return t.match(String((error as { readonly stderr?: unknown }).stderr), expected, value)
    }
    return t.fail(`${value} is taken`)
  }
  refuses('agent.privilegd=true', /privilegd/)
  refuses('collector.database.kind=mysql', /kind/)
  refuses('agent.collector=gabion.example.org', /collector/)
  refuses('collector.autoscaling.minReplicas=0', /minReplicas/)
  refuses('agent.stateDirectory=relative', /stateDirectory/)
  refuses('collector.storage.size=much', /size/)
})

t.test('a cluster that does not know the field of AppArmor is told what to set', async t => {
  const on = (version: string, ...values: readonly string[]) => charted('--kube-version', version, ...values)
  t.throws(() => on('1.29.4'), /set agent\.appArmorAnnotation=true/)
  const annotated = (...values: readonly string[]) =>
    JSON.stringify(on('1.29.4', '--set', 'agent.appArmorAnnotation=true', ...values))
  t.match(annotated(), '"container.apparmor.security.beta.kubernetes.io/agent":"unconfined"')
  t.match(annotated(...appArmor), 'kubernetes.io/agent":"localhost/gabion-agent"')
  t.notMatch(annotated(), 'appArmorProfile')
  t.throws(() => on('1.24.17'), /kubeVersion/)
})

t.test('helm finds nothing to say against it, and its notes tell what to do next', async t => {
  t.match(helm('lint', '--strict', chart), /1 chart\(s\) linted, 0 chart\(s\) failed/)
  const notes = (...values: readonly string[]) =>
    helm('install', 'gabion', chart, '--namespace', 'gabion', '--dry-run=client', ...values).split('NOTES:')[1] ?? ''
  t.match(notes(), 'pod-security.kubernetes.io/enforce=restricted')
  t.match(notes(), 'port-forward service/gabion-collector')
  t.match(notes(...preset('postgres')), 'Secret gabion-database')
  t.match(notes('--set', 'ingress.enabled=true'), 'https://gabion.example.org/api/v1/summary')
  t.match(notes(...preset('member')), 'get secret gabion-collector')
})

t.test('its version is the project’s, and its alerts are those of deploy/prometheus', async t => {
  const { version, appVersion } = parse(readFileSync(join(chart, 'Chart.yaml'), 'utf8')) as Readonly<
    Record<string, string>
  >
  const own = (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { readonly version: string }).version
  t.strictSame([version, appVersion], [own, own])
  const rules = (path: string) => readFileSync(join(root, 'deploy', path), 'utf8')
  t.equal(rules('helm/gabion/files/gabion.rules.yaml'), rules('prometheus/gabion.rules.yaml'))
})

t.test('every value is described by the schema, and every description is of a value', async t => {
  const values = parse(readFileSync(join(chart, 'values.yaml'), 'utf8')) as object
  const schema = JSON.parse(readFileSync(join(chart, 'values.schema.json'), 'utf8')) as Schema
  // What has no default, and what helm itself passes to charts within charts.
  const others = /^(global|agent\.appArmorProfile\.localhostProfile|agent\.seLinuxOptions\..*)$/
  const described = keysOfSchema(schema).filter(key => !others.test(key))
  t.strictSame(described, keysOfValues(values, schema))
})

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>
  readonly additionalProperties?: unknown
}

const keysOfSchema = ({ properties = {} }: Schema, path = ''): readonly string[] =>
  Object.entries(properties)
    .flatMap(([key, inner]) => [`${path}${key}`, ...keysOfSchema(inner, `${path}${key}.`)])
    .sort()

/** Below what the schema leaves open nothing is listed. */
function keysOfValues(value: object, schema: Schema, path = ''): readonly string[] {
  return Object.entries(value)
    .flatMap(([key, inner]: [string, unknown]) => {
      const known = schema.properties?.[key]
      const isOpen = known?.properties === undefined || typeof inner !== 'object' || inner === null
      return [`${path}${key}`, ...(isOpen ? [] : keysOfValues(inner, known, `${path}${key}.`))]
    })
    .sort()
}
