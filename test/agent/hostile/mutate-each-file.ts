// Puts each mutation in place of each file that each probe reads, runs the probe, and prints one JSON line per case.
// Run as a program, so that it can be run as a user without rights: mutate-each-file.ts ROOT OUTSIDE MUTATION…
import { lstatSync } from 'node:fs'
import { join } from 'node:path'
import type { Host } from '../../../agent/host/host.ts'
import { openHost } from '../../../agent/host/open-host.ts'
import type { Probe } from '../../../agent/probe.ts'
import { probes } from '../../../agent/probes.generated.ts'
import { sweep } from '../../../agent/sweep.ts'
import { systemClock } from '../../../runtime/clock.ts'
import { silentLog } from '../../../runtime/log.ts'
import { recordingHost } from '../../recording-host.ts'
import { canary, type Mutation, mutate } from './mutations.ts'

const [root = '', outside = '', ...kinds] = process.argv.slice(2)

for (const probe of probes) {
  for (const [path, asked] of await filesOf(probe)) {
    for (const mutation of kinds as Mutation[]) {
      const restore = mutate(root, path, mutation, outside)
      const started = systemClock.monotonic()
      const [facet] = await look(await openHost({ root }), probe)
      const ms = Math.round(systemClock.monotonic() - started)
      restore()
      const text = JSON.stringify(facet)
      const named = [path, ...asked].some(
        name => text.includes(JSON.stringify(name).slice(1, -1)) || hasRow(facet, name),
      )
      const told = { named, leaked: text.includes(canary) }
      const detail = facet && facet.state !== 'present' ? facet.reason.detail : ''
      process.stdout.write(
        `${JSON.stringify({ probe: probe.name, path, mutation, ms, state: facet?.state, detail, ...told })}\n`,
      )
    }
  }
}

/** A row of the facts may name a file as root and path, with a state that says why it was not read. */
function hasRow(value: unknown, path: string): boolean {
  if (typeof value !== 'object' || value === null) return false
  const { root, path: below, state } = value as Record<string, unknown>
  if (`${root}/${below}` === path && ['unreadable', 'notRegular', 'tooLarge'].includes(String(state))) return true
  return Object.values(value).some(item => hasRow(item, path))
}

/** Regular files below the root that a probe reads, each with the paths it asks by; /proc and /sys are the kernel's. */
async function filesOf(probe: Probe): Promise<readonly (readonly [string, readonly string[]])[]> {
  const host = await openHost({ root })
  const paths = new Set<string>()
  await look(recordingHost(host, paths), probe)
  const real = new Map<string, string[]>()
  for (const path of paths) {
    const resolved = await host.realPath(path)
    if (resolved.state !== 'present' || /^\/(proc|sys)\//.test(resolved.value)) continue
    if (!lstatSync(join(root, resolved.value)).isFile()) continue
    real.set(resolved.value, [...(real.get(resolved.value) ?? []), path])
  }
  return [...real].sort(([a], [b]) => (a < b ? -1 : 1))
}

function look(host: Host, probe: Probe) {
  return sweep({
    ...{ host, probes: [probe], clock: systemClock, log: silentLog },
    ...{ probePorts: false, oneShot: true, memories: new Map() },
  })
}
