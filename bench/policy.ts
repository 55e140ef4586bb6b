// What judging costs: the whole catalog on a large host, once and over a fleet. `node bench/policy.ts`
import { catalog } from '../policy/catalog.generated.ts'
import { diffFacts } from '../policy/diff.ts'
import { createEngine, type Engine } from '../policy/engine.ts'
import type { Facet, FacetState, JsonObject, JsonValue } from '../proto/facet.ts'
import { facets } from '../proto/facets.generated.ts'
import { objectShape, type Shape } from '../proto/field-shape.ts'
import { sealPresent } from '../proto/seal.ts'

/** Rows of a top-level list: a host with much on it. */
const rowsOf: Readonly<Record<string, number>> = {
  modules: 300,
  users: 60,
  groups: 90,
  listeners: 120,
  profiles: 150,
  kubelets: 1,
}
const now = new Date('2026-06-15T12:00:00Z')

function main(): void {
  timed('create the engine of a verified catalog', 1, () => createEngine(catalog, facets, { verified: true }))
  const engine = timed('create the engine', 1, () => createEngine(catalog, facets))
  const hosts = Array.from({ length: 50 }, (_, seed) => snapshot(seed))
  const sizeKiB = [...(hosts[0]?.values() ?? [])].reduce((sum, state) => sum + JSON.stringify(state).length, 0) / 1024
  const run = (host: ReadonlyMap<string, FacetState>) => engine.evaluate({ facets: host, now })
  print(
    `catalog ${catalog.checks.length} checks, snapshot ${sizeKiB.toFixed(0)} KiB of JSON in ${facets.length} facets`,
  )
  timed('first evaluation', 1, () => run(snapshot(1000)))
  for (const host of [...hosts, ...hosts]) run(host)
  const unseen = Array.from({ length: 201 }, (_, index) => snapshotCopy(hosts[index % hosts.length]))
  const results = timed('warm evaluation, unseen facts', 200, index => run(unseen[index] ?? new Map()))
  timed('warm evaluation, known facts', 200, index => run(hosts[index % hosts.length] ?? new Map()))
  const counts = Object.entries(Object.groupBy(results, result => result.state))
  print(`states of one host: ${counts.map(([state, list]) => `${state} ${list?.length ?? 0}`).join(', ')}`)
  oneCheckOnAFleet(engine, hosts)
  timed('diff of every facet of two hosts', 20, index => diffAll(hosts[index], hosts[index + 1]))
}

type Snapshot = ReadonlyMap<string, FacetState>

/** The median and the best time of `rounds` runs: on a machine that does other things as well, the best is our own. */
function timed<T>(what: string, rounds: number, work: (index: number) => T): T {
  const times: number[] = []
  let result = work(0)
  const before = process.cpuUsage()
  for (let index = 0; index < rounds; index++) {
    const start = performance.now()
    result = work(index)
    times.push(performance.now() - start)
  }
  const { user, system } = process.cpuUsage(before)
  times.sort((a, b) => a - b)
  const at = (index: number) => (times[index] ?? 0).toFixed(2)
  print(
    `${what}: best ${at(0)} ms, median ${at(Math.floor(rounds / 2))} ms, worst ${at(rounds - 1)} ms, CPU ${((user + system) / 1000 / rounds).toFixed(2)} ms a round`,
  )
  return result
}

/** New objects with the same content, as they come from a store. */
function snapshotCopy(host: Snapshot = new Map()): Snapshot {
  return structuredClone(host)
}

/** What a changed check costs: each check by itself on a fleet of hosts that are read already. */
function oneCheckOnAFleet(engine: Engine, hosts: readonly Snapshot[]): void {
  const fleet = Array.from({ length: 1000 }, (_, index) => hosts[index % hosts.length] ?? new Map())
  const costs = catalog.checks.map(({ id }) => {
    const judge = () => {
      for (const host of fleet) engine.evaluate({ facets: host, now, checks: [id] })
    }
    judge()
    const start = performance.now()
    judge()
    return { id, ms: performance.now() - start }
  })
  costs.sort((a, b) => a.ms - b.ms)
  const [median, worst] = [costs[Math.floor(costs.length / 2)], costs.at(-1)]
  print(`one check on 1000 hosts: median ${median?.ms.toFixed(1)} ms, worst ${worst?.ms.toFixed(1)} ms (${worst?.id})`)
}

function diffAll(before: Snapshot = new Map(), after: Snapshot = new Map()): number {
  return facets.reduce((sum, facet) => {
    const [old, fresh] = [before.get(facet.property), after.get(facet.property)]
    if (old?.state !== 'present' || fresh?.state !== 'present') return sum
    return sum + diffFacts(facet, old.facts, fresh.facts).length
  }, 0)
}

function snapshot(seed: number): Snapshot {
  return new Map(facets.map(facet => [facet.property, sealed(facet, seed)]))
}

function sealed(facet: Facet, seed: number): FacetState {
  const facts = { ...(value(objectShape(facet.facts), '', seed) as object), gaps: [] }
  return sealPresent(facet, facts, value(objectShape(facet.observations), '', seed))
}

/** A plausible value of a shape; rows differ in every text and number, so that their keys do. */
function value(shape: Shape, name: string, seed: number): JsonValue {
  switch (shape.kind) {
    case 'string':
      return /On$|At$|since/.test(name) ? '2026-12-31' : /mode$/i.test(name) ? '0750' : `${name}-${seed}`
    case 'int':
      return seed
    case 'bool':
      return seed % 3 === 0
    case 'enum':
      return shape.values[seed % shape.values.length] ?? ''
    case 'list':
      return distinct(
        shape.key,
        Array.from({ length: rowsOf[name] ?? 3 }, (_, row) => value(shape.item, name, seed + row)),
      )
    case 'object':
      return Object.fromEntries([...shape.fields].map(([field, inner]) => [field, value(inner, field, seed)]))
  }
}

/** Rows whose key is a word of a few come more than once. */
function distinct(key: readonly string[], rows: readonly JsonValue[]): JsonValue[] {
  const keyOf = (row: JsonValue) =>
    JSON.stringify(key.length === 0 ? row : key.map(field => (row as JsonObject)[field]))
  return [...new Map(rows.map(row => [keyOf(row), row])).values()]
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}

main()
