// Puts hosts with facts into a running collector, through the wire.
import type { Test } from 'tap'
import { smallState } from '../small-facet.ts'
import { connectRawAgent, type RawAgent } from './raw-agent.ts'
import type { TestCollector } from './start-collector.ts'

export interface FleetHost {
  readonly id: string
  readonly agent: RawAgent
}

export interface FleetOptions {
  readonly hostname?: (index: number) => string
  readonly labels?: (index: number) => Readonly<Record<string, string>>
  /** value of row `a`: 10 and more fails */
  readonly value?: (index: number) => number
}

/** Hosts in order, each with one facet, all connected and judged. */
export async function fillFleet(
  t: Pick<Test, 'teardown'>,
  collector: TestCollector,
  count: number,
  options: FleetOptions = {},
): Promise<readonly FleetHost[]> {
  const hosts: FleetHost[] = []
  for (let index = 0; index < count; index++) {
    const agent = connectRawAgent(t, collector.grpcAddress)
    const hostname = options.hostname?.(index) ?? `node-${String(index).padStart(3, '0')}`
    const { hostId } = await agent.hello({ hostname, labels: options.labels?.(index) ?? {} })
    await agent.deliver(1, smallState({ a: options.value?.(index) ?? index }))
    hosts.push({ id: hostId, agent })
  }
  await collector.judged()
  return hosts
}
