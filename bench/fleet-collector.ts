// The collector of bench/fleet.ts: the whole catalog, SQLite on a disk; tells its parent how it does.
import { monitorEventLoopDelay, PerformanceObserver } from 'node:perf_hooks'
import { startCollector } from '../collector/collector.ts'
import { catalog } from '../policy/catalog.generated.ts'
import { plainPolicy } from '../policy/site-policy.ts'
import { facets } from '../proto/facets.generated.ts'
import { systemClock } from '../runtime/clock.ts'
import { silentLog } from '../runtime/log.ts'
import { type LongestTurns, watchLongestTurns } from './fleet-turns.ts'

/** What is asked of it: how it did since it was asked last, to be done with judging, another policy. */
export type Question = 'how' | 'judged' | 'policy'

export interface Condition {
  readonly rssBytes: number
  readonly cpuSeconds: number
  /** milliseconds that its event loop was held up for */
  readonly loop: { readonly p99: number; readonly longest: number }
  /** milliseconds of the longest collection of garbage, which holds it up, too */
  readonly longestCollection: number
  readonly turns: LongestTurns
}

export interface Addresses {
  readonly base: string
  readonly grpc: string
}

const turns = watchLongestTurns()
const [dataDirectory = ''] = process.argv.slice(2)
const local = { host: '127.0.0.1', port: 0 }
const collector = await startCollector({
  ...{ http: local, grpc: local, dataDirectory, catalog, facets, clock: systemClock, log: silentLog },
  api: { isOpen: true, names: [] },
})
// Nobody waits for it while it starts.
turns()
const delay = monitorEventLoopDelay({ resolution: 2 })
delay.enable()
let longestCollection = 0
new PerformanceObserver(list => {
  for (const { duration } of list.getEntries()) longestCollection = Math.max(longestCollection, duration)
}).observe({ entryTypes: ['gc'] })

process.on('message', (question: Question) => {
  void answer(question).then(said => process.send?.(said))
})
process.on('disconnect', () => void collector.close().then(() => process.exit(0)))
const addresses: Addresses = { base: `http://${collector.httpAddress}`, grpc: collector.grpcAddress }
process.send?.(addresses)

async function answer(question: Question): Promise<Condition> {
  if (question === 'judged') await collector.judged()
  if (question === 'policy') {
    await collector.replacePolicy(plainPolicy(changedCatalog()))
    await collector.judged()
  }
  const { user, system } = process.cpuUsage()
  const condition: Condition = {
    rssBytes: process.memoryUsage.rss(),
    cpuSeconds: (user + system) / 1e6,
    loop: { p99: delay.percentile(99) / 1e6, longest: delay.max / 1e6 },
    longestCollection,
    turns: turns(),
  }
  delay.reset()
  longestCollection = 0
  return condition
}

/** Every check is another one, so all are evaluated again on every host; one of twenty turns round. */
function changedCatalog(): typeof catalog {
  const checks = catalog.checks.map(({ pass, ...check }, index) => {
    if (pass === undefined) return { ...check, applies: `(${check.applies ?? 'true'}) && true` }
    return { ...check, pass: index % 20 === 0 ? `!(${pass})` : `(${pass}) && true` }
  })
  return { ...catalog, digest: `${catalog.digest}-changed`, checks }
}
