// Gauges of how the fleet stands. Labels are severities, words for hosts, and names of facets that this program knows.
import { Gauge, type Registry } from 'prom-client'
import type { Posture } from './read-posture.ts'

type Rows = readonly (readonly [labels: Readonly<Record<string, string>>, value: number])[]

/** @param posture is asked for each gauge */
export function addPostureGauges(registry: Registry, posture: () => Promise<Posture>): void {
  const gauge = (name: string, help: string, labelNames: readonly string[], rows: (of: Posture) => Rows) =>
    new Gauge({
      ...{ name: `gabion_${name}`, help, labelNames: [...labelNames], registers: [registry] },
      async collect() {
        const found = rows(await posture())
        this.reset()
        // Without labels there is a sample even then, which is 0.
        if (labelNames.length === 0) this.remove()
        for (const [labels, value] of found) this.set(labels, value)
      },
    })
  const counted = (label: string, record: Readonly<Record<string, number>>): Rows =>
    Object.entries(record).map(([name, value]) => [{ [label]: name }, value])
  const known = (value: number | undefined): Rows => (value === undefined ? [] : [[{}, value]])
  gauge('score', 'Score of the fleet, 0 to 100; no sample while nothing is judged', [], ({ score }) => known(score))
  gauge(
    'coverage',
    'Share of applicable results that were judged, 0 to 100; no sample while nothing applies',
    [],
    ({ coverage }) => known(coverage),
  )
  gauge('findings', 'Failing results that nobody accepts', ['severity'], ({ findings }) =>
    counted('severity', findings),
  )
  gauge('waived_results', 'Results that somebody accepts', [], ({ waived }) => [[{}, waived]])
  gauge('hosts_by_status', 'Hosts by status; a new one is online or offline, too', ['status'], ({ hosts }) =>
    counted('status', hosts),
  )
  gauge(
    'unread_facets',
    'Hosts whose facet could not be read, or whose probe failed',
    ['facet', 'state'],
    ({ unread }) => unread.map(({ facet, state, hosts }) => [{ facet, state }, hosts]),
  )
  gauge('api_sessions', 'Logins of browsers that have not ended', [], ({ sessions }) => [[{}, sessions]])
}
