// The shapes of cohorts, pins and deviations that the API answers.
import * as z from 'zod'
import { count, time } from './schema-parts.ts'

const SelectorSchema = z
  .object({
    ids: z.array(z.string()),
    hostnames: z.array(z.string()),
    matchLabels: z.record(z.string(), z.string()),
    matchExpressions: z.array(z.object({ key: z.string(), operator: z.string(), values: z.array(z.string()) })),
  })
  .meta({ id: 'HostSelector', description: 'everything that is named must hold; nothing named is every host' })

export const CohortSchema = z
  .object({
    id: z.string(),
    description: z.string(),
    hosts: SelectorSchema.optional().describe('whom it means; told only to who may see all hosts'),
    source: z.enum(['file', 'api']).describe('where it was written'),
    members: count.describe('hosts that it has now'),
    pins: count.describe('facets that are pinned'),
    changedAt: time,
  })
  .meta({ id: 'Cohort' })

export const CohortsSchema = z.object({ items: z.array(CohortSchema) }).meta({ id: 'Cohorts' })

export const PinSchema = z
  .object({
    facet: z.string(),
    digest: z.string().describe('of the state that the hosts should have'),
    state: z.enum(['present', 'absent']),
    schemaVersion: z.int().describe('a host whose agent tells the facet by another version differs'),
    pinnedAt: time,
    pinnedBy: z.string(),
    conforming: count.describe('hosts that are so'),
    deviating: count.describe('hosts that differ'),
  })
  .meta({ id: 'Pin' })

export const CohortFacetSchema = z
  .object({
    facet: z.string(),
    known: count.describe('hosts of which it is known'),
    unknown: count.describe('hosts of which it is not'),
    states: count.describe('different states among them'),
    majority: z
      .object({ digest: z.string(), hosts: count, percent: z.int().min(0).max(100) })
      .describe('the state that most of them have'),
    pin: PinSchema.optional().describe('what it should be, if that is pinned'),
  })
  .meta({ id: 'CohortFacet' })

export const CohortDetailSchema = CohortSchema.extend({ facets: z.array(CohortFacetSchema) }).meta({
  id: 'CohortDetail',
})

export const PinsSchema = z.object({ items: z.array(PinSchema) }).meta({ id: 'Pins' })

export const DeviationSchema = z
  .object({
    hostId: z.string(),
    hostname: z.string(),
    facet: z.string(),
    since: time.describe('when it came to differ, or when that was pinned'),
    digest: z.string().describe('of the state that it has, or had last when it cannot be read now'),
    pinned: z.string().describe('digest of the state that it should have'),
    differences: z.object({
      found: count.describe('how many there are, of which items are the first'),
      items: z.array(
        z.object({
          change: z.enum(['added', 'removed', 'changed']),
          field: z.string().describe('dotted path inside the facts'),
          key: z.string().optional().describe('canonical key of the row'),
          text: z.string().describe('how it differs, in words'),
        }),
      ),
    }),
  })
  .meta({ id: 'Deviation' })

const HostNameSchema = z.object({ hostId: z.string(), hostname: z.string() }).meta({ id: 'HostName' })

export const OutliersSchema = z
  .object({
    facet: z.string(),
    hosts: count.describe('hosts whose facts are known'),
    unknown: count.describe('hosts of the selection of which they are not'),
    states: count.describe('different facts among them'),
    alike: count.describe('hosts with the facts that most have'),
    text: z.string().describe('in words: how many are alike, and how many are not'),
    at: time.describe('of which moment it tells: some seconds ago at the most'),
    typical: HostNameSchema.optional().describe('the host that is most like all others'),
    found: count.describe('outliers that there are'),
    items: z.array(
      z.object({
        field: z.string().describe('dotted path inside the facts'),
        key: z.string().optional().describe('canonical key of the row'),
        text: z.string().describe('how these hosts differ from the others, in words'),
        hosts: count.describe('hosts that differ so'),
        examples: z.array(HostNameSchema).describe('some of them'),
      }),
    ),
  })
  .meta({ id: 'Outliers' })
