// Reads the packages of a host and prints them as a bill of materials.
import type { FacetState } from '../../proto/facet.ts'
import type { HostFacts } from '../../proto/facets/host.ts'
import type { PackagesFacts } from '../../proto/facets/packages.ts'
import { writeCycloneDx } from '../../report/cyclonedx.ts'
import { systemClock } from '../../runtime/clock.ts'
import { silentLog } from '../../runtime/log.ts'
import { version } from '../../runtime/version.ts'
import { sweep } from '../sweep.ts'
import { selectProbes } from './options.ts'
import { openRoot } from './read-host.ts'

export interface SbomOptions {
  readonly root: string
}

const unreadExitCode = 3
const names = ['host', 'packages']

export async function writeSbom(options: SbomOptions): Promise<void> {
  const states = await sweep({
    host: await openRoot(options.root),
    probes: selectProbes(names),
    clock: systemClock,
    log: silentLog,
    probePorts: false,
    oneShot: true,
    memories: new Map(),
  })
  const host = factsOf<HostFacts>(states, 'host')
  const listed = factsOf<PackagesFacts>(states, 'packages')
  if (!('facts' in host) || !('facts' in listed)) {
    const problem = 'problem' in listed ? listed.problem : 'problem' in host ? host.problem : ''
    return fail(`the packages of this host cannot be told: ${problem}`)
  }
  const { manager, packages, olderVersions = [], gaps } = listed.facts
  const [gap] = gaps.filter(({ field }) => field === 'packages')
  if (!packages) return fail(`the packages of this host cannot be told: ${gap?.source} ${gap?.state} (${gap?.detail})`)
  if (gap) process.stderr.write(`gabion-agent: packages may be missing: ${gap.source} ${gap.state} (${gap.detail})\n`)
  const bill = { host: host.facts, manager, packages, olderVersions, incomplete: gap !== undefined }
  process.stdout.write(writeCycloneDx({ ...bill, agentVersion: version, createdAt: new Date(systemClock.now()) }))
}

function fail(message: string): void {
  process.stderr.write(`gabion-agent: ${message}\n`)
  process.exitCode = unreadExitCode
}

function factsOf<T>(states: readonly FacetState[], name: string): { readonly facts: T } | { readonly problem: string } {
  const state = states.find(({ facet }) => facet === name)
  if (state?.state === 'present') return { facts: state.facts as T }
  return { problem: state ? `${state.facet} is ${state.state}, ${state.reason.detail}` : `${name} was not read` }
}
