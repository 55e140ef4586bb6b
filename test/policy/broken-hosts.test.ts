// Breaks each source that each probe reads on whole hosts, and holds that no check judges what could not be read.
import t, { type Test } from 'tap'
import type { Host } from '../../agent/host/host.ts'
import type { Probe } from '../../agent/probe.ts'
import { probes } from '../../agent/probes.generated.ts'
import { sweep } from '../../agent/sweep.ts'
import { catalog } from '../../policy/catalog.generated.ts'
import type { Result } from '../../policy/check.ts'
import { createEngine } from '../../policy/engine.ts'
import { type FacetState, facetProperty } from '../../proto/facet.ts'
import { facets as allFacets } from '../../proto/facets.generated.ts'
import { silentLog } from '../../runtime/log.ts'
import { type Breakage, breakingHost, notingHost, type Source } from '../breaking-host.ts'
import { createFakeClock } from '../fake-clock.ts'
import { openFixtureHost } from '../fixture-host.ts'
import { hostFrom } from '../host-from.ts'
import { littleProc } from '../little-processes.ts'
import { accepted, neverBroken } from './broken-hosts-accepted.ts'

t.setTimeout(600_000)

/** Time of the recordings. */
const noon = Date.UTC(2026, 10, 22, 12)
const engine = createEngine(catalog, allFacets)
const automatic = catalog.checks.filter(check => check.pass !== undefined).map(check => check.id)
const broken = new Set<string>()

for (const name of ['debian12-vm', 'kubeadm-control-plane', 'kubeadm-node', 'rhel9']) {
  t.test(`${name}: what is broken is an error or makes no difference`, async t => {
    await breakEverything(t, name, await openFixtureHost(name))
  })
}

t.test('a host with Falco, which the recorded ones lack: the same', async t => {
  const falco = {
    '/usr/bin/falco': 'a program',
    '/usr/lib/systemd/system/falco.service': '[Service]\nExecStart=/usr/bin/falco\n',
    '/etc/falco/falco.yaml':
      'rules_files: [/etc/falco/falco_rules.yaml]\nengine: {kind: ebpf}\nsyslog_output: {enabled: true}\n',
    '/etc/falco/falco_rules.yaml': '- rule: x\n',
  }
  const processes = littleProc(
    { pid: 1, parentPid: 0, executable: '/usr/lib/systemd/systemd', cgroup: '/init.scope' },
    { pid: 70, executable: '/usr/bin/falco', cgroup: '/system.slice/falco.service' },
  )
  await breakEverything(t, 'falco', await hostFrom(t, { files: { ...falco, ...processes } }))
})

t.test('every automatic check is an error on some host of which a source is broken', async t => {
  t.same(
    automatic.filter(id => !broken.has(id) && !Object.hasOwn(neverBroken, id)),
    [],
    'none is left out without a reason',
  )
  t.same(
    Object.keys(neverBroken).filter(id => broken.has(id)),
    [],
    'no reason is given without need',
  )
})

async function breakEverything(t: Test, name: string, host: Host): Promise<void> {
  const whole = new Map((await look(host, probes)).map(state => [facetProperty(state.facet), state]))
  const before = judge(whole, automatic)
  const changes = new Set<string>()
  for (const probe of probes) {
    const { property } = probe.facet
    const reading = automatic.filter(id => engine.facetsOf(id).includes(property))
    if (reading.length === 0) continue
    for (const sources of await groupsOf(host, probe)) {
      for (const breakage of breakagesOf(sources)) {
        const [state] = await look(
          breakingHost(host, source => sources.has(source), breakage),
          [probe],
        )
        if (!state) throw new Error(`${probe.name} gave no answer`)
        for (const [id, after] of judge(new Map([...whole, [property, state]]), reading)) {
          if (after.state === 'error') broken.add(id)
          const change = changeOf(before.get(id), after, breakage)
          if (change) changes.add(`${id}: ${change} with ${[...sources][0]} ${breakage}`)
        }
      }
    }
  }
  const surprises = [...changes].filter(change => !accepted.some(({ pattern }) => pattern.test(`${name} ${change}`)))
  t.same(surprises, [], 'no verdict rests on what could not be read')
}

/** A verdict that changed and is no error; what only an offline root lacks is another matter. */
function changeOf(before: Result | undefined, after: Result, breakage: Breakage): string | undefined {
  if (!before || before.state === after.state || after.state === 'error') return undefined
  // Text that no format allows may be a line that a program passes over: it may fail a check, and never pass one.
  if (breakage === 'malformed' && after.state !== 'pass') return undefined
  return `${before.state} becomes ${after.state}`
}

function judge(facets: ReadonlyMap<string, FacetState>, checks: readonly string[]): ReadonlyMap<string, Result> {
  const results = engine.evaluate({ facets, now: new Date(noon), checks })
  return new Map(results.map(result => [result.check, result]))
}

function look(host: Host, wanted: readonly Probe[]): Promise<readonly FacetState[]> {
  return sweep({
    ...{ host, probes: wanted, clock: createFakeClock(noon), log: silentLog },
    ...{ probePorts: true, oneShot: true, memories: new Map() },
  })
}

/** What is broken together: files of one directory that are many, and files of processes, interfaces and the like. */
async function groupsOf(host: Host, probe: Probe): Promise<readonly ReadonlySet<Source>[]> {
  const sources = new Set<Source>()
  await look(notingHost(host, sources), [probe])
  const alike = groupBy(sources, source => source.replaceAll(/\d+/g, 'N'))
  const places = groupBy(alike.keys(), source => (source.startsWith('/') ? source.replace(/\/[^/]*$/, '/') : source))
  return [...places.values()].flatMap(names => {
    const sets = names.map(name => alike.get(name) ?? [])
    return sets.length > 4 ? [new Set(sets.flat())] : sets.map(set => new Set(set))
  })
}

function groupBy(items: Iterable<string>, key: (item: string) => string): ReadonlyMap<string, readonly string[]> {
  const groups = new Map<string, string[]>()
  for (const item of items) groups.set(key(item), [...(groups.get(key(item)) ?? []), item])
  return groups
}

/** What the kernel writes is never malformed. */
function breakagesOf(sources: ReadonlySet<Source>): readonly Breakage[] {
  const kernels = [...sources].every(source => /^\/(proc|sys)\/|^pids$|^hardware$|:\/\//.test(source))
  return kernels ? ['unreadable'] : ['unreadable', 'malformed']
}
