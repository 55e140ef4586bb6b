import { join } from 'node:path'
import t from 'tap'
import { createEngine } from '../../policy/engine.ts'
import { PolicyError } from '../../policy/policy-error.ts'
import { type ProfileSource, resolveProfiles } from '../../policy/profiles.ts'
import type { FacetState, JsonObject } from '../../proto/facet.ts'
import { facets } from '../../proto/facets.generated.ts'
import { profilesOf, readCatalog } from '../../scripts/generators/catalog.ts'

const plain = { title: 'A', appliesTo: 'true', extends: [], without: [], checks: [], parameters: {} }
const base: ProfileSource = { ...plain, id: 'base', checks: ['a', 'b'], parameters: { a: { x: 1, y: 1 }, b: { z: 1 } } }

/** The lines of the error of profiles that are refused. */
function refusal(sources: readonly ProfileSource[]): readonly string[] {
  try {
    resolveProfiles(sources)
    return ['accepted']
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error
    return error.message.split('\n')
  }
}

t.test('a profile takes over checks and parameters, leaves some out and adds its own', async t => {
  const above = { ...plain, id: 'above', extends: ['base'], without: ['b'], checks: ['c'], parameters: { a: { x: 2 } } }
  const [first, second] = resolveProfiles([above, base])
  t.same(first, {
    ...{ id: 'above', title: 'A', appliesTo: 'true' },
    ...{ checks: ['a', 'c'], parameters: { a: { x: 2, y: 1 } } },
  })
  t.same(second?.checks, ['a', 'b'])
})

t.test('a profile that takes over two has each check once', async t => {
  const other = { ...plain, id: 'other', checks: ['b', 'c'] }
  const both = { ...plain, id: 'both', extends: ['base', 'other'] }
  t.same(resolveProfiles([base, other, both])[2]?.checks, ['a', 'b', 'c'])
})

t.test('what cannot be taken over or left out is told', async t => {
  t.same(
    refusal([
      base,
      { ...plain, id: 'odd', extends: ['bas'], without: ['c'], versions: [{ profile: 'basis', when: 'true' }] },
      { ...plain, id: 'double', extends: ['base'], checks: ['a'] },
      { ...plain, id: 'one', extends: ['two'] },
      { ...plain, id: 'two', extends: ['one'] },
    ]),
    [
      'profile odd, extends: there is no profile "bas", did you mean "base"?',
      'profile odd, without: "c" is not among what the profile takes over',
      'profile double, checks: "a" is taken over already',
      'profile two, extends: "one" leads back to this profile',
      'profile odd, versions: there is no profile "basis"',
    ],
  )
})

const sources = readCatalog(join(import.meta.dirname, '../..'))
const checks = sources.checks.flatMap(file => file.items)
const engine = createEngine({ checks, profiles: profilesOf(sources), digest: '' }, facets)

function present(facet: string, facts: JsonObject): FacetState {
  return { facet, state: 'present', schemaVersion: 1, digest: '', facts: { gaps: [], ...facts }, observations: {} }
}
const kubelet = (version?: string) =>
  ['kubelet', present('kubelet', { kubelets: [version === undefined ? {} : { version }] })] as const
const controlPlane = (version?: string) => {
  const server = version === undefined ? { foreign: false } : { foreign: false, version }
  return ['controlPlane', present('control-plane', { apiServers: [server] })] as const
}

t.test('the running Kubernetes chooses the version of the benchmark', async t => {
  const chosen = (...states: readonly (readonly [string, FacetState])[]) =>
    engine.profilesFor(new Map(states)).filter(id => id.startsWith('cis-'))
  t.same(chosen(kubelet('1.28.9')), ['cis-kubernetes-worker@1.10'])
  t.same(chosen(kubelet('1.29.0')), ['cis-kubernetes-worker@1.11'])
  t.same(chosen(kubelet('1.31.14')), ['cis-kubernetes-worker@1.11'])
  t.same(chosen(kubelet('1.32.0')), ['cis-kubernetes-worker@1.12'])
  t.same(chosen(kubelet('1.40.0')), ['cis-kubernetes-worker@1.12'], 'the newest that there is')
  t.same(chosen(kubelet()), ['cis-kubernetes-worker'], 'where the version is not known: the newest, without a number')
  t.same(chosen(controlPlane('1.31.0'), kubelet('1.28.0')), [
    'cis-kubernetes-control-plane@1.11',
    'cis-kubernetes-worker@1.10',
  ])
  t.same(chosen(controlPlane('1.33.0')), ['cis-kubernetes-control-plane@1.12'])
  t.same(chosen(controlPlane(), kubelet('1.30.0')), ['cis-kubernetes-control-plane@1.11', 'cis-kubernetes-worker@1.11'])
})

t.test('a benchmark that is named without a version fits the host; one with a version is kept', async t => {
  const states = new Map([kubelet('1.30.0')])
  t.same(engine.versionsFor(['cis-kubernetes-worker', 'cks'], states), ['cis-kubernetes-worker@1.11', 'cks'])
  t.same(engine.versionsFor(['cis-kubernetes-worker@1.10'], states), ['cis-kubernetes-worker@1.10'])
  t.throws(() => engine.versionsFor(['cis-kubernetes-work'], states), {
    message: /did you mean "cis-kubernetes-worker"/,
  })
  const judged = (profile: string, version: string) =>
    engine.evaluate({ facets: new Map([kubelet(version)]), now: new Date(0), profile }).map(({ check }) => check)
  t.notOk(judged('cis-kubernetes-worker', '1.28.0').includes('kubelet-seccomp-default-enabled'))
  t.ok(judged('cis-kubernetes-worker', '1.33.0').includes('kubelet-seccomp-default-enabled'))
  t.notOk(judged('cis-kubernetes-worker@1.10', '1.33.0').includes('kubelet-seccomp-default-enabled'))
})
