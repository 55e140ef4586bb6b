// Login and logout: pages for people, without script.
import * as z from 'zod'
import { NotIdentified } from '../../auth/identity.ts'
import { htmlText } from '../html.ts'
import { loginPage } from '../overview/login-page.ts'
import { defineRoute } from '../route.ts'

export const getLogin = defineRoute({
  path: '/login',
  summary: 'Login page',
  access: 'anyone',
  query: z.strictObject({ failed: z.literal('1').optional().describe('says that the last try failed') }),
  answer: { status: 200, description: 'a page', contentType: 'text/html; charset=utf-8' },
  handle: async ({ query }) => htmlText(loginPage({ failed: query.failed === '1' })),
})

export const logIn = defineRoute({
  method: 'post',
  path: '/login',
  summary: 'What the login page sends',
  access: 'anyone',
  bodyType: 'form',
  body: z.strictObject({ token: z.string().max(200).describe('an API token') }),
  answer: { status: 303, description: 'on to the overview, or back' },
  problems: [403],
  handle: async ({ body }, { sessions, reply }) => {
    try {
      await sessions.begin(body.token)
      reply.header('location', '/')
    } catch (error) {
      if (!(error instanceof NotIdentified)) throw error
      reply.header('location', '/login?failed=1')
    }
  },
})

export const logOut = defineRoute({
  method: 'post',
  path: '/logout',
  summary: 'What the logout button sends',
  access: 'anyone',
  bodyType: 'form',
  body: z.strictObject({}),
  answer: { status: 303, description: 'on to the login page' },
  problems: [403],
  handle: async (_, { sessions, reply }) => {
    await sessions.end()
    reply.header('location', '/login')
  },
})
