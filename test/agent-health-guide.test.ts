// What docs/agent-health.md promises: its configuration is accepted, and its names are those of the programs.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { parse } from 'yaml'
import { AgentConfigSchema } from '../agent/agent-config.ts'
import { AgentHealthSchema } from '../collector/api/agent-health-schema.ts'
import { CollectorConfigSchema } from '../collector/collector-config.ts'
import { createIntervals } from '../collector/intervals.ts'
import { agentLimits, agentStates } from '../collector/store/agent-health.ts'

const guide = readFileSync(join(import.meta.dirname, '../docs/agent-health.md'), 'utf8')
const example = /```yaml\n([\s\S]*?)```/.exec(guide)?.[1] ?? ''

t.test('its rules are accepted and do what they say', t => {
  const { intervals } = CollectorConfigSchema.strict().parse(parse(example))
  const { of } = createIntervals(intervals)
  t.match(of({}), { probeSeconds: { ports: 10 }, defaultProbeSeconds: 0 })
  t.match(of({ pool: 'batch' }), { probeSeconds: { ports: 10, packages: 3_600 }, defaultProbeSeconds: 900 })
  t.match(of({ site: 'satellite' }), { heartbeatSeconds: 600 })
  t.end()
})

t.test('it names every field, state and limit', t => {
  for (const name of [...agentLimits, ...agentStates]) t.match(guide, `\`${name}\``)
  for (const name of Object.keys(AgentHealthSchema.shape)) {
    if (['hostId', 'reportedAt', 'slowdown'].includes(name)) continue
    t.match(guide, `\`${name}\``)
  }
  t.end()
})

t.test('its defaults are those of the agent', t => {
  const { cpuLimitPercent, memoryLimitMib } = AgentConfigSchema.parse({})
  t.match(guide, `| \`cpuLimitPercent\` | ${cpuLimitPercent},`)
  t.match(guide, `| \`memoryLimitMib\` | ${memoryLimitMib} resident`)
  t.end()
})
