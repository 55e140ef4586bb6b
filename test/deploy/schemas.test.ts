// Every object that is rendered, by every version of Kubernetes' API that a pinned package carries: valid, and known whole.
import t from 'tap'
import { kustomized, type Manifest, titleOf, withComponents } from './rendered.ts'
import { componentNames, overlayNames, renderedComponent, renderedOverlay } from './renderings.ts'
import { clientSchema } from './schemas/client.ts'
import { modelsOfKubernetes, modelsOfOthers } from './schemas/models.ts'
import type { Schema } from './schemas/schema.ts'
import { typesSchema } from './schemas/types.ts'

const ofKubernetes = [
  ...[modelsOfKubernetes('kubernetes-models-1.25'), typesSchema()],
  ...[modelsOfKubernetes('kubernetes-models'), clientSchema()],
]
const ofOthers: Readonly<Record<string, Schema>> = {
  'gateway.networking.k8s.io': modelsOfOthers('@kubernetes-models/gateway-api'),
  'monitoring.coreos.com': modelsOfOthers('@kubernetes-models/prometheus-operator'),
}
/** The field of AppArmor came with 1.30; before, components/apparmor-annotation is a part of what is applied. */
const hasAppArmorField = ({ minor }: Schema) => (minor ?? 30) >= 30

const groupOf = ({ apiVersion }: Manifest) => apiVersion.split('/').reverse()[1] ?? ''
const distinct = (manifests: readonly Manifest[]) => [
  ...new Map(manifests.map(one => [JSON.stringify(one), one])).values(),
]
const everything = distinct([
  ...overlayNames.flatMap(renderedOverlay),
  ...componentNames.filter(name => name !== 'apparmor-annotation').flatMap(renderedComponent),
])
const older = distinct(
  ['overlays/sqlite', 'overlays/postgres', 'overlays/multi-cluster/hub', 'overlays/multi-cluster/member', 'job']
    .flatMap(overlay => withComponents(overlay, 'apparmor-annotation'))
    .concat(renderedComponent('apparmor-annotation')),
)

async function faultsOf(schema: Schema, manifests: readonly Manifest[]): Promise<readonly string[]> {
  const said = await schema.faults(manifests)
  return said.flatMap((fault, at) => {
    const manifest = manifests[at]
    return fault === undefined || !manifest ? [] : [`${titleOf(manifest)}: ${fault}`]
  })
}

t.test('versions of Kubernetes that have a say', async t => {
  for (const { title } of [...ofKubernetes, ...Object.values(ofOthers)]) t.comment(title)
  const minors = new Set(ofKubernetes.map(({ minor }) => minor))
  t.comment(`minor versions: ${[...minors].map(minor => `1.${minor}`).join(', ')}`)
  t.ok(minors.size >= 3)
  t.ok([...minors].every(Number.isInteger), 'each is told by the package itself')
  t.ok(everything.length > 40, `${everything.length} distinct objects`)
})

for (const schema of ofKubernetes) {
  t.test(`${schema.title}: every object is valid, and each of its fields is read`, async t => {
    const objects = (hasAppArmorField(schema) ? everything : older).filter(one => !(groupOf(one) in ofOthers))
    for (const kind of ['NetworkPolicy', 'PodDisruptionBudget', 'HorizontalPodAutoscaler', 'DaemonSet', 'Job'])
      t.ok(
        objects.some(one => one.kind === kind),
        `${kind} is among them`,
      )
    t.strictSame(await faultsOf(schema, objects), [])
  })

  t.test(`${schema.title}: what is broken is refused`, async t => {
    const broken = Object.entries(brokenOnes(hasAppArmorField(schema)))
    const faults = await schema.faults(broken.map(([, one]) => one))
    for (const [at, [what]] of broken.entries()) t.type(faults[at], 'string', `${what}: ${faults[at]}`)
  })
}

for (const [group, schema] of Object.entries(ofOthers)) {
  t.test(`${schema.title}: objects of ${group} are valid, and broken ones are refused`, async t => {
    const objects = everything.filter(one => groupOf(one) === group)
    t.ok(objects.length > 0)
    t.strictSame(await faultsOf(schema, objects), [])
    for (const one of objects) {
      const spec = (one as unknown as { readonly spec: object }).spec
      const broken = { unknown: { ...spec, rulez: [] }, list: { ...spec, [lists[one.kind] ?? '']: 'none' } }
      for (const [what, changed] of Object.entries(broken)) {
        const [fault] = await schema.faults([{ ...one, spec: changed } as Manifest])
        t.type(fault, 'string', `${titleOf(one)}, ${what}: ${fault}`)
      }
    }
  })
}
const lists: Readonly<Record<string, string>> = {
  ...{ HTTPRoute: 'rules', PrometheusRule: 'groups', ServiceMonitor: 'endpoints' },
}

t.test('before 1.30 the field of AppArmor is refused, so that the component has a reason', async t => {
  const agent = everything.filter(one => titleOf(one) === 'DaemonSet/gabion-agent')
  for (const schema of ofKubernetes.filter(one => !hasAppArmorField(one)))
    t.match((await faultsOf(schema, agent)).join(), /appArmorProfile/)
})

/** Objects with one mistake each. */
function brokenOnes(withAppArmor: boolean): Readonly<Record<string, Manifest>> {
  const rendered = withAppArmor ? kustomized('deploy/kubernetes/overlays/postgres') : older
  const changed = (title: string, change: (spec: Record<string, never>, whole: Record<string, unknown>) => void) => {
    const copy = structuredClone(rendered.find(one => titleOf(one) === title)) as unknown as Record<string, unknown>
    change(copy['spec'] as Record<string, never>, copy)
    return copy as unknown as Manifest
  }
  const pod = (spec: Record<string, never>) =>
    (spec['template'] as unknown as { spec: Record<string, unknown> & { containers: Record<string, unknown>[] } }).spec
  const agent = (change: (of: ReturnType<typeof pod>) => void) =>
    changed('DaemonSet/gabion-agent', spec => change(pod(spec)))
  return {
    'a field of a pod': agent(spec => Object.assign(spec, { hostPid: true })),
    'a field of a container': agent(spec =>
      Object.assign(spec.containers[0] ?? {}, { securityContext: { readOnlyRootFileSystem: true } }),
    ),
    'a text for a list': agent(spec => Object.assign(spec, { containers: 'none' })),
    'a text for a number': agent(spec => Object.assign(spec, { terminationGracePeriodSeconds: 'soon' })),
    'a number for a text': agent(spec => Object.assign(spec, { serviceAccountName: 7 })),
    'a version of no API': changed('DaemonSet/gabion-agent', (_, whole) =>
      Object.assign(whole, { apiVersion: 'apps/v1beta7' }),
    ),
    'a field of the policy': changed('NetworkPolicy/gabion-collector', spec => Object.assign(spec, { egres: [] })),
    'a field of the budget': changed('PodDisruptionBudget/gabion-collector', spec =>
      Object.assign(spec, { maxUnavailible: 1 }),
    ),
    'a field of the autoscaler': changed('HorizontalPodAutoscaler/gabion-collector', spec =>
      Object.assign(spec, { maxReplica: 1 }),
    ),
  }
}
