// One look at a host for the one-shot commands: opens the root, sweeps the probes once.
import { statSync } from 'node:fs'
import type { FacetState } from '../../proto/facet.ts'
import { systemClock } from '../../runtime/clock.ts'
import { errnoOf, usageError } from '../../runtime/errors.ts'
import { silentLog } from '../../runtime/log.ts'
import type { Host } from '../host/host.ts'
import { openHost } from '../host/open-host.ts'
import type { Probe } from '../probe.ts'
import { sweep } from '../sweep.ts'

/**
 * @param kubeletTokenFile a file of ours, not below the root
 * @throws GabionError (usage) when the root is no directory
 */
export async function openRoot(root: string, kubeletTokenFile?: string): Promise<Host> {
  let directory = false
  try {
    directory = statSync(root).isDirectory()
  } catch (error) {
    throw usageError(`--root ${root}: cannot be opened (${errnoOf(error)})`)
  }
  if (!directory) throw usageError(`--root ${root}: is not a directory`)
  return openHost({ root, kubeletTokenFile })
}

/** @param asked names of probes as somebody gave them */
export function readOnce(
  host: Host,
  probes: readonly Probe[],
  probePorts: boolean,
  asked: readonly string[],
): Promise<readonly FacetState[]> {
  return sweep({
    host,
    asked,
    probes,
    clock: systemClock,
    log: silentLog,
    probePorts,
    oneShot: true,
    memories: new Map(),
  })
}
