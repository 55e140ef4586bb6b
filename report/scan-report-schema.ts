// The shape of the JSON report as a schema: what its readers may rely on, and what an earlier report is held against.
import * as z from 'zod'
import { type ResultState, resultStates, severities } from '../policy/check.ts'
import { waiverUses } from '../policy/waivers.ts'
import { GapSchema } from '../proto/facet.ts'
import { jsonReportVersion } from './json.ts'
import { findingChanges } from './scan-report.ts'

const time = z.iso.datetime()
const state = z.enum(resultStates)
const severity = z.enum(severities)

const ReferenceSchema = z.object({
  source: z.string().describe('benchmark or guide, such as cis-kubernetes'),
  version: z.string().describe('version of it, empty when it has none'),
  id: z.string().describe('number or id in it'),
})

const WaiverSchema = z.object({
  id: z.string(),
  reason: z.string(),
  owner: z.string(),
  ticket: z.string().describe('where it was decided, empty when there is no such place'),
  expiresAt: time.describe('when the failure counts again'),
})

const word = z.string().min(1)

const FixStepSchema = z.union([
  z.object({ file: word, lines: z.array(z.string()), mode: word }).describe('a file of its own that is written whole'),
  z
    .object({ paths: z.array(word).min(1), mode: z.string(), owner: z.string() })
    .describe('rights of files that are there; an empty mode or owner stays as it is'),
  z
    .object({ run: z.array(word).min(1), undo: z.array(word) })
    .describe('a program with its arguments, and the one that takes it back, empty when there is none'),
])

const ResultSchema = z.object({
  check: z.string().describe('id of the check'),
  state,
  reason: z.string().describe('why it is error, not_applicable or manual; empty for pass and fail'),
  evidence: z.array(z.string()).describe('what violates the check'),
  remediation: z.string().describe('what to do, with commands between backticks; empty unless state is fail'),
  fix: z.array(FixStepSchema).optional().describe('the remediation in steps, where they are safe and plain'),
  facets: z.array(z.string()).describe('facets that were read'),
  validUntil: time.optional().describe('when time itself may change the state'),
  waiver: WaiverSchema.optional().describe('who accepted the failure'),
  title: z.string(),
  severity,
  rationale: z.string(),
  references: z.array(ReferenceSchema),
  change: z
    .enum(findingChanges)
    .optional()
    .describe('with --since: whether it failed before with the same evidence, with less, or not at all'),
})

const PolicySchema = z.object({
  files: z.array(z.string()),
  digest: z.string(),
  labels: z.record(z.string(), z.string()),
  disabled: z.array(z.object({ check: z.string(), rationale: z.string(), place: z.string() })),
  waivers: z.array(
    WaiverSchema.extend({
      check: z.string().describe('id of a check, or a glob over ids'),
      use: z.enum(waiverUses),
      results: z.array(z.string()),
      expiresSoon: z.boolean(),
    }),
  ),
})

const SinceSchema = z.object({
  scannedAt: time.describe('of the earlier report'),
  agentVersion: z.string(),
  resolved: z
    .array(z.object({ check: z.string(), title: z.string(), severity, before: state, now: state }))
    .describe('what failed or could not be judged, and does not any more'),
})

export const JsonReportSchema = z
  .object({
    reportVersion: z.int().min(1).max(jsonReportVersion).describe('grows when a field changes its meaning'),
    tool: z.object({ name: z.string(), version: z.string() }),
    host: z.object({
      hostname: z.string().describe('empty when it is not known'),
      id: z.string().describe('machine id, empty when it is not known'),
      os: z.string(),
      kernel: z.string().describe('release and architecture, empty for an offline root'),
      root: z.string().describe('where the host was mounted, / for the running one'),
    }),
    scannedAt: time.describe('time of judgement'),
    snapshot: z
      .object({ file: z.string(), agentVersion: z.string(), readAt: time })
      .optional()
      .describe('where the facts come from, when they were not read just now'),
    profiles: z.array(z.string()),
    policy: PolicySchema.optional().describe('what a site’s own policy made of the catalog'),
    results: z.array(ResultSchema).describe('worst first'),
    facets: z.array(
      z.object({
        facet: z.string(),
        state: z.enum(['present', 'absent', 'unreadable', 'error']),
        digest: z.string(),
        reason: z.string().describe('why it has no facts, empty when it has'),
        gaps: z.array(GapSchema).describe('what could not be read'),
      }),
    ),
    since: SinceSchema.optional().describe('with --since: the report it was compared with'),
    score: z
      .int()
      .min(0)
      .max(100)
      .optional()
      .describe('weight of what passed, of all that was judged, what is waived left out; missing when nothing was'),
    coverage: z
      .int()
      .min(0)
      .max(100)
      .optional()
      .describe('part of the checks that apply that could be judged; missing when none does'),
    waived: z.int().min(0).describe('results that somebody accepted'),
    counts: z
      .object(Object.fromEntries(resultStates.map(name => [name, z.int().min(0)])) as Record<ResultState, z.ZodInt>)
      .describe('results by what was found, waived or not'),
  })
  .describe('What one evaluation of one host found, as gabion-agent scan -o json writes it. New fields may be added.')

export type JsonReport = z.infer<typeof JsonReportSchema>

/** JSON Schema, draft 2020-12. */
export const jsonReportSchema = (): object => z.toJSONSchema(JsonReportSchema, { io: 'input' })
