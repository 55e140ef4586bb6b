// The hosts of bench/fleet.ts: whole fixture hosts, of which each copy has ports, accounts and containers of its own.
import { probes } from '../agent/probes.generated.ts'
import { sweep } from '../agent/sweep.ts'
import { canonicalJson, facetDigest } from '../proto/canonical.ts'
import { type Delta, keysOf, makeDelta } from '../proto/delta.ts'
import type { Facet, FacetState, JsonObject, JsonValue } from '../proto/facet.ts'
import { facets } from '../proto/facets.generated.ts'
import { canonicalBody, compareRows, listKeys } from '../proto/seal.ts'
import { systemClock } from '../runtime/clock.ts'
import { silentLog } from '../runtime/log.ts'
import { openFixtureHost } from '../test/fixture-host.ts'

/** A facet of a simulated host as it goes over the wire. */
export interface SimulatedState {
  readonly facet: string
  readonly schemaVersion: number
  readonly state: FacetState['state']
  readonly digest: string
  /** canonical JSON */
  readonly body: string
  /** canonical JSON, empty for none */
  readonly observations: string
}

export interface SimulatedFleet {
  /** all facets of a host as it is first */
  first(host: number): readonly SimulatedState[]
  /** a facet after that many changes, and the delta from the one before */
  changed(
    host: number,
    change: number,
  ): { readonly before: SimulatedState; readonly after: SimulatedState; delta: Delta }
  labels(host: number): Readonly<Record<string, string>>
}

const fixtures = [
  'debian12-vm',
  'debian12-hardened',
  'debian12-weak',
  'kubeadm-node',
  'kubeadm-control-plane',
  'rhel9',
  'k3s-1.32',
  'talos',
] as const

/** Of twenty hosts so many have ports, accounts and containers that no other host has. */
const ownOfTwenty = 17
const isOwn = (host: number) => host % 20 < ownOfTwenty

export const hostname = (host: number) => `node-${String(host).padStart(5, '0')}`

/** The rows that make a host one of its own; `n` makes another row for each change. */
const ownRows: Readonly<Record<string, { readonly list: string; row(host: number, n: number): JsonObject }>> = {
  ports: {
    list: 'listeners',
    row: (host, n) => ({
      ...{ protocol: 'tcp', family: 'ipv4', address: '0.0.0.0', port: 10_000 + ((host * 7 + n * 131) % 50_000) },
      ...{ scope: 'any', dualStack: false, service: '' },
      holders: [
        {
          ...{ process: `app-${host % 40}`, executable: `/opt/app-${host % 40}/bin/server`, uid: 990, user: 'app' },
          ...{ unit: `app-${host % 40}.service`, container: '', podUid: '' },
        },
      ],
    }),
  },
  accounts: {
    list: 'users',
    row: (host, n) => ({
      ...{ name: `u${host}n${n}`, uid: 20_000 + host, gid: 20_000 + host, entries: 1, home: `/home/u${host}n${n}` },
      ...{ shell: '/bin/bash', system: false, interactive: true, homeState: 'present', homeMode: '0750' },
      ...{ homeUid: 20_000 + host, authorizedKeys: [{ type: 'ssh-ed25519', keys: 1 }] },
      password: {
        ...{ state: 'hash', hash: 'yescrypt', changedOn: '2026-10-01', minDays: 0, maxDays: 99_999, warnDays: 7 },
        ...{ inactiveDays: -1, accountExpiresOn: '' },
      },
    }),
  },
  containers: {
    list: 'workloads',
    row: (host, n) => ({
      ...{ manager: 'kubernetes', namespace: `team-${host % 50}`, name: `app-${host}-${n}`, container: 'main' },
      ...{ variant: 1, image: `registry.example/app-${host % 200}:1.${n}`, sandbox: 'none', uid: 1000, gid: 1000 },
      ...{ effective: [], bounding: ['CHOWN', 'NET_BIND_SERVICE'], ambient: [], allCapabilities: false },
      ...{ noNewPrivs: true, seccomp: 'filter', apparmor: '', apparmorMode: '', selinux: '', rootInside: false },
      ...{ userNamespace: false, hostNamespaces: [], readOnlyRoot: true, hostMounts: [] },
    }),
  },
}
const changing = Object.keys(ownRows)

/** Reads the fixture hosts once. */
export async function simulateFleet(): Promise<SimulatedFleet> {
  const templates = await Promise.all(fixtures.map(readTemplate))
  const known = new Map(facets.map(facet => [facet.name, facet]))
  const template = (host: number) => templates[host % templates.length] ?? []

  function stateOf(given: FacetState, host: number, change: number): { state: SimulatedState; facts?: JsonObject } {
    const facet = known.get(given.facet)
    const own = ownRows[given.facet]
    if (!facet || given.state !== 'present') return { state: toSimulated(given) }
    const seen = canonicalJson(given.observations, 'observations')
    if (given.facet === 'host') return sealed(facet, { ...given.facts, hostname: hostname(host) }, seen)
    if (!own || (!isOwn(host) && change === 0)) return { state: toSimulated(given), facts: given.facts }
    const row = own.row(host, change)
    return sealed(facet, { ...given.facts, [own.list]: withRow(facet, own.list, given.facts[own.list], row) }, seen)
  }

  return {
    first: host => template(host).map(state => stateOf(state, host, 0).state),
    changed(host, change) {
      const mine = template(host).filter(({ facet, state }) => changing.includes(facet) && state === 'present')
      const given = mine[change % mine.length]
      const facet = given && known.get(given.facet)
      if (!given || !facet) throw new Error(`host ${host} has nothing that changes`)
      // Each facet has its turn after as many changes as there are facets that change.
      const before = stateOf(given, host, Math.max(change - mine.length, 0))
      const after = stateOf(given, host, change)
      const delta = makeDelta(before.facts ?? {}, after.facts ?? {}, keysOf(facet))
      return { before: before.state, after: after.state, delta }
    },
    labels: host => ({
      role: ['web', 'db', 'batch', 'edge'][host % 4] ?? '',
      zone: `zone-${host % 3}`,
      team: `team-${host % 200}`,
    }),
  }
}

async function readTemplate(fixture: (typeof fixtures)[number]): Promise<readonly FacetState[]> {
  return sweep({
    ...{ host: await openFixtureHost(fixture), probes, clock: systemClock, log: silentLog },
    ...{ probePorts: true, oneShot: true, memories: new Map() },
  })
}

function toSimulated(state: FacetState): SimulatedState {
  const { facet, schemaVersion, digest } = state
  const observations = state.state === 'present' ? canonicalJson(state.observations, 'observations') : ''
  return { facet, schemaVersion, state: state.state, digest, body: canonicalBody(state), observations }
}

function sealed({ name, version }: Facet, facts: JsonObject, observations: string) {
  const body = canonicalJson(facts)
  const digest = facetDigest(name, version, 'present', body)
  return {
    state: { facet: name, schemaVersion: version, state: 'present' as const, digest, body, observations },
    facts,
  }
}

/** A list with one row more, in the order that its digest is made in. */
function withRow(facet: Facet, list: string, rows: JsonValue | undefined, row: JsonObject): JsonValue {
  const key = listKeys(facet).get(list) ?? []
  return [...(Array.isArray(rows) ? rows : []), row].sort((a, b) => compareRows(a, b, key))
}
