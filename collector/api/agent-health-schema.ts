// How the agent of a host does, as the API answers it.
import * as z from 'zod'
import { agentLimits, agentStates } from '../store/agent-health.ts'
import { count, time, timeOrEmpty } from './schema-parts.ts'

const limits = z
  .array(z.enum(agentLimits))
  .describe(
    'cpu: it looks less often; memory: it dropped what it remembered; deadline: a probe without answers runs less ' +
      'often; outbox: changes were merged; watches: files are not watched but looked at',
  )

export const AgentStateSchema = z
  .object({
    state: z
      .enum(agentStates)
      .describe('failing: a probe ends as error; limited: it holds itself back; unknown: it told nothing yet'),
    limits,
    failingProbes: z.array(z.string()).describe('facets whose last run ended as error'),
    reportedAt: timeOrEmpty.describe('when the agent told it'),
  })
  .meta({ id: 'AgentState', description: 'how the agent of a host does, in few words' })

const ProbeHealthSchema = z
  .object({
    facet: z.string(),
    runs: count,
    failures: count.describe('runs that ended as error'),
    failingRuns: count.describe('runs in a row, up to the last one, that ended as error'),
    lastDurationMs: count,
    longestDurationMs: count,
    slowdown: count.describe('how many times less often it runs, since it does not answer in time; 1 when it does'),
    wishedSeconds: count.describe('seconds between two runs as the collector wishes, 0 without a wish'),
  })
  .meta({ id: 'ProbeHealth', description: 'counts since the start of the agent' })

export const AgentHealthSchema = AgentStateSchema.extend({
  hostId: z.string(),
  agentVersion: z.string(),
  nodeVersion: z.string().describe('of Node.js'),
  startedAt: time.describe('by the agent’s clock'),
  rssBytes: count.describe('resident set'),
  memoryLimitMib: count.describe('0 for none'),
  cpuMs: count.describe('processor time since the start, with child processes'),
  cpuPermille: count.describe('processor time over the last minutes, in thousandths of one core'),
  cpuLimitPermille: count.describe('0 for none'),
  loopDelayMs: count.describe('longest time that the event loop was held up for, since the report before'),
  slowdown: count.describe('how many times less often it looks, to use less processor time; 1 when it does not'),
  outbox: z.object({ entries: count, bytes: count, oldestAt: timeOrEmpty.describe('by the agent’s clock') }),
  watches: z.object({
    directories: count.describe('that the kernel tells changes of'),
    refused: count.describe('that it refused to watch'),
    misses: count.describe('changes that it did not tell of, found by looking'),
  }),
  reloadError: z.string().describe('why the configuration could not be read again, empty when it could'),
  probes: z.array(ProbeHealthSchema),
}).meta({ id: 'AgentHealth', description: 'what the agent of a host told about itself last' })
