// GET /api/v1/profiles: the profiles of the catalog; GET /api/v1/profiles/{id}: one with its checks.
import * as z from 'zod'
import { inMemoryPage } from '../in-memory-page.ts'
import { pageParameters, pageRequest } from '../parameters.ts'
import { Problem } from '../problem.ts'
import { defineRoute } from '../route.ts'
import { ProfileSchema, ProfileSummarySchema, pageOf } from '../schemas.ts'

export const listProfiles = defineRoute({
  path: '/api/v1/profiles',
  summary: 'Profiles of the catalog',
  access: { resource: 'profiles', verb: 'list' },
  query: z.strictObject(pageParameters),
  answer: { status: 200, description: 'a page of profiles, by id', schema: pageOf(ProfileSummarySchema) },
  handle: async ({ query }, { catalog }) => {
    const items = catalog.profiles.map(({ id, title, checks }) => ({ id, title, checks: checks.length }))
    return inMemoryPage('profiles', items, pageRequest(query))
  },
})

export const getProfile = defineRoute({
  path: '/api/v1/profiles/{id}',
  summary: 'One profile: its checks and their parameters',
  access: { resource: 'profiles', verb: 'get' },
  params: z.strictObject({ id: z.string().min(1).max(200) }),
  answer: { status: 200, description: 'the profile', schema: ProfileSchema },
  problems: [404],
  handle: async ({ params }, { catalog }) => {
    const profile = catalog.profiles.find(({ id }) => id === params.id)
    if (!profile) throw new Problem(404, `the catalog has no profile ${params.id}`)
    return profile
  },
})
