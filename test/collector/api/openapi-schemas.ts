// Holds answers against the OpenAPI document, strictly: a field that the document does not name is wrong.
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'

type Json = Readonly<Record<string, unknown>>

export interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: { readonly schemas: Readonly<Record<string, Json>> }
}

export interface Operation {
  readonly operationId: string
  readonly parameters?: readonly Parameter[]
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Json }>> }
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { readonly schema: Json }>> }>
  >
}

export interface Parameter {
  readonly name: string
  readonly in: 'query' | 'path'
  readonly required?: boolean
  readonly schema: Json
}

/** @returns what is wrong with an answer, empty when nothing is */
export function answerChecker(document: OpenApi): (operation: Operation, reply: Answered) => string {
  const ajv = new Ajv2020({ strict: false, allErrors: true })
  ;(addFormats as unknown as (to: Ajv2020) => void)(ajv)
  ajv.addSchema({ $id: 'document', components: document.components } as Json)
  const compiled = new Map<string, ValidateFunction>()
  return (operation, { status, headers, text }) => {
    const described = operation.responses[String(status)]
    if (!described) return `${operation.operationId}: ${status} is not described`
    const type = (headers['content-type'] ?? '').split(';')[0] ?? ''
    if (!described.content) return text === '' ? '' : `${operation.operationId}: ${status} has a body`
    const { schema } = described.content[type] ?? {}
    if (!schema) return `${operation.operationId}: ${status} came as ${type}`
    if (!type.endsWith('json') || type === 'application/x-ndjson' || schema['type'] === 'string') return ''
    const key = `${operation.operationId} ${status}`
    const validate = compiled.get(key) ?? ajv.compile(strict(schema))
    compiled.set(key, validate)
    const isValid = validate(JSON.parse(text))
    return isValid ? '' : `${operation.operationId}: ${status}: ${ajv.errorsText(validate.errors)}`
  }
}

export interface Answered {
  readonly status: number
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>> & {
    readonly 'content-type'?: string
  }
  readonly text: string
}

/** At the top and in the items of a list. */
function strict(schema: Json): Json {
  const absolute = JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"document#/')) as Json
  const items = (absolute['properties'] as { items?: { items?: Json } } | undefined)?.items?.items
  const closed = { allOf: [absolute], unevaluatedProperties: false }
  if (!items) return closed
  const each = { properties: { items: { items: { allOf: [items], unevaluatedProperties: false } } } }
  return { ...closed, allOf: [absolute, each] }
}
