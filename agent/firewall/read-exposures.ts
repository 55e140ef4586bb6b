// Reads the sockets that wait for somebody and judges them by the live rules.
import type { FirewallFacts } from '../../proto/facets/firewall.ts'
import { systemClock } from '../../runtime/clock.ts'
import type { Host } from '../host/host.ts'
import { listenersOf } from '../ports/listeners.ts'
import { readListeningSockets } from '../ports/listening-sockets.ts'
import { readPortSettings } from '../ports/port-settings.ts'
import { settleSockets } from '../ports/settled-sockets.ts'
import { Gaps, type ProbeContext } from '../probe.ts'
import { exposuresOf } from './exposures.ts'
import { readHostNetwork } from './host-network.ts'
import type { LiveRules } from './read-live.ts'

interface Memory {
  doubtful: ReadonlySet<number> | undefined
}

const pauseMs = 2000
const noNames = { services: new Map<string, string>(), users: new Map<number, string>() }

/** Which UDP sockets count is told as the probe of ports does, with two looks in the first sweep. */
export async function readExposures(
  host: Host,
  rules: LiveRules,
  context: Pick<ProbeContext, 'gaps' | 'memory' | 'oneShot' | 'signal'>,
): Promise<FirewallFacts['exposures']> {
  const seen = await host.stat('/proc/1/net/tcp')
  if (seen.state !== 'present') {
    const detail = '/proc/1/net/tcp cannot be seen'
    context.gaps.note('exposures', 'omitted', { state: 'unavailable', path: '/proc/1/net', detail })
    return undefined
  }
  const gaps = new Gaps()
  const memory = (context.memory.get('sockets') ?? { doubtful: undefined }) as Memory
  context.memory.set('sockets', memory)
  const settings = await readPortSettings(host, gaps)
  const found = await readListeningSockets(host, gaps)
  const { sockets } = await settleSockets(found, {
    range: settings.localPortRange,
    oneShot: context.oneShot,
    memory,
    lookAgain: () => systemClock.sleep(pauseMs, context.signal).then(() => readListeningSockets(host, gaps)),
  })
  for (const { source, state, detail } of gaps.rows) {
    context.gaps.add({ field: 'exposures', effect: 'incomplete', source, state, detail })
  }
  const listeners = listenersOf(sockets, () => undefined, noNames, settings.bindV6Only)
  const { rows, lacks } = exposuresOf(rules, listeners, await readHostNetwork(host))
  if (lacks !== '') {
    context.gaps.note('exposures', 'incomplete', { state: 'tooLarge', path: 'nft -j list ruleset', detail: lacks })
  }
  // A check must not pass on a port of which nobody knows who reaches it.
  if (rows.some(({ verdict }) => verdict === 'unknown')) {
    const detail = 'rules whose effect on some ports is not known'
    context.gaps.note('exposures', 'incomplete', { state: 'unavailable', path: 'the live rules', detail })
  }
  return [...rows]
}
