// How often agents are to look and to speak, as the configuration of the collector wishes it, by labels of hosts.
import * as z from 'zod'
import { facets } from '../proto/facets.generated.ts'
import type { Settings } from '../proto/generated/gabion/v1/Settings.ts'

const seconds = z.int('expected whole seconds').min(1).max(3_600)
const heartbeat = z.int('expected whole seconds').min(30).max(600)
const names = facets.map(({ name }) => name)
const ofFacets = z
  .record(z.string(), seconds)
  .refine(
    record => Object.keys(record).every(name => names.includes(name)),
    `expected names of facets: ${names.join(', ')}`,
  )

const IntervalRuleSchema = z.strictObject({
  labels: z.record(z.string().min(1), z.string()).default({}),
  facets: ofFacets.default({}),
  default: seconds.optional(),
  heartbeat: heartbeat.optional(),
})

/** For the hosts that have all of its labels; every host when it names none. */
export type IntervalRule = z.infer<typeof IntervalRuleSchema>

/** A list in the file; `ports=5,default=600` in the environment, for every host. */
export const IntervalsSchema = z.preprocess(
  given => (typeof given === 'string' ? [fromPairs(given)] : given),
  z.array(IntervalRuleSchema).max(256),
)

export interface Intervals {
  /** what is wished of a host with these labels; undefined when nothing is */
  of(labels: Readonly<Record<string, string>>): Settings | undefined
  /** 0 when no rule names one */
  readonly longestHeartbeatSeconds: number
  replace(rules: readonly IntervalRule[]): void
}

export function createIntervals(first: readonly IntervalRule[] = []): Intervals {
  let rules = first
  return {
    of(labels) {
      const mine = rules.filter(rule => Object.entries(rule.labels).every(([key, value]) => labels[key] === value))
      const probeSeconds: Record<string, number> = {}
      let [defaultProbeSeconds, heartbeatSeconds] = [0, 0]
      for (const rule of mine) {
        Object.assign(probeSeconds, rule.facets)
        defaultProbeSeconds = rule.default ?? defaultProbeSeconds
        heartbeatSeconds = rule.heartbeat ?? heartbeatSeconds
      }
      const isNone = defaultProbeSeconds === 0 && heartbeatSeconds === 0 && Object.keys(probeSeconds).length === 0
      return isNone ? undefined : { probeSeconds, defaultProbeSeconds, heartbeatSeconds }
    },
    get longestHeartbeatSeconds() {
      return Math.max(0, ...rules.map(rule => rule.heartbeat ?? 0))
    },
    replace(next) {
      rules = next
    },
  }
}

function fromPairs(text: string): object {
  const pairs = text.split(',').map(part => {
    const [name = '', value = ''] = part.split('=').map(each => each.trim())
    return [name, /^\d{1,9}$/.test(value) ? Number(value) : value] as const
  })
  const own = pairs.filter(([name]) => name === 'default' || name === 'heartbeat')
  return { ...Object.fromEntries(own), facets: Object.fromEntries(pairs.filter(pair => !own.includes(pair))) }
}
