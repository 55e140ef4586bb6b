// A collector inside the test's process, on free ports, with the small facet and its catalog.
import type { Test } from 'tap'
import { type Collector, type CollectorOptions, startCollector } from '../../collector/collector.ts'
import type { DriftRecord, HostRecord, ResultRecord } from '../../collector/store/records.ts'
import { systemClock } from '../../runtime/clock.ts'
import { silentLog } from '../../runtime/log.ts'
import { SmallFacet } from '../small-facet.ts'
import { smallCatalog } from './small-catalog.ts'

type TestContext = Pick<Test, 'teardown' | 'testdir'>

export interface TestCollector extends Collector {
  readonly dataDirectory: string
  readonly base: string
  /** GET below /api/v1, parsed, when every host has its results */
  get<T>(path: string): Promise<T>
  hosts(): Promise<readonly HostRecord[]>
  results(): Promise<readonly ResultRecord[]>
  /** newest first */
  drift(): Promise<DriftRecord[]>
}

export async function startTestCollector(
  t: TestContext,
  options: Partial<CollectorOptions> = {},
): Promise<TestCollector> {
  const dataDirectory = options.dataDirectory ?? t.testdir({})
  const collector = await startCollector({
    http: { host: '127.0.0.1', port: 0 },
    api: { isOpen: true, names: [] },
    grpc: { host: '127.0.0.1', port: 0 },
    catalog: smallCatalog(),
    facets: [SmallFacet],
    clock: systemClock,
    log: silentLog,
    ...options,
    limits: { settleMs: 0, ...options.limits },
    dataDirectory,
  })
  t.teardown(() => collector.close())
  const base = `http://${collector.httpAddress}`
  const get = async <T>(path: string): Promise<T> => {
    await collector.judged()
    const response = await fetch(`${base}/api/v1/${path}`)
    if (!response.ok) throw new Error(`GET ${path}: ${response.status} ${await response.text()}`)
    return (await response.json()) as T
  }
  const items = async <T>(path: string) => (await get<{ items: T[] }>(path)).items
  return {
    ...collector,
    dataDirectory,
    base,
    get,
    hosts: () => items('hosts?limit=500'),
    results: () => items('results?limit=500'),
    drift: () => items('drift?limit=500'),
  }
}
