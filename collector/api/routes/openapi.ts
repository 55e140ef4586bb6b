// OpenAPI document and reference page: the API as it describes itself, for programs and for people.
import { htmlText } from '../html.ts'
import { referencePage } from '../reference/reference-page.ts'
import { referenceStyle } from '../reference/reference-style.ts'
import { defineRoute } from '../route.ts'

export const getOpenApi = defineRoute({
  path: '/openapi.json',
  summary: 'This description',
  access: 'anyone',
  answer: { status: 200, description: 'an OpenAPI 3.1 document', contentType: 'application/json; charset=utf-8' },
  handle: async (_, { document }) => document().text,
})

export const getReference = defineRoute({
  path: '/reference',
  summary: 'The API for people',
  access: 'anyone',
  answer: { status: 200, description: 'a page', contentType: 'text/html; charset=utf-8' },
  handle: async (_, { document }) => htmlText(referencePage(document().value)),
})

export const getReferenceStyle = defineRoute({
  path: '/reference.css',
  summary: 'Style of that page',
  access: 'anyone',
  answer: { status: 200, description: 'a style sheet', contentType: 'text/css; charset=utf-8' },
  handle: async () => referenceStyle,
})
