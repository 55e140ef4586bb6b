// Puts a host into a running collector for each hostile text, which is its name, its label and what its facts say.
import type { Test } from 'tap'
import { hostileStrings, nameOf } from '../hostile.ts'
import { smallState } from '../small-facet.ts'
import { type FleetHost, fillFleet } from './fill-fleet.ts'
import type { TestCollector } from './start-collector.ts'

/** @param label of the host with the text at that place */
export async function fillHostileFleet(
  t: Pick<Test, 'teardown'>,
  collector: TestCollector,
  label: (index: number) => string = () => 'said',
): Promise<readonly FleetHost[]> {
  const saidBy = (index: number) => hostileStrings[index] ?? ''
  const hosts = await fillFleet(t, collector, hostileStrings.length, {
    hostname: index => nameOf(saidBy(index)),
    labels: index => ({ [label(index)]: nameOf(saidBy(index)) }),
  })
  for (const [index, { agent }] of hosts.entries()) {
    await agent.deliver(2, smallState({ [saidBy(index)]: 99 }, saidBy(index)))
  }
  return hosts
}
