// The reference page: every operation of the OpenAPI document, with parameters, answers and schemas. No script.
import { type Html, html } from '../html.ts'
import type { OpenApiDocument } from '../openapi-document.ts'
import { page } from '../page.ts'
import { methods } from '../route.ts'

interface Schema {
  readonly $ref?: string
  readonly type?: string | readonly string[]
  readonly format?: string
  readonly enum?: readonly unknown[]
  readonly items?: Schema
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly description?: string
  readonly additionalProperties?: Schema | boolean
}

interface Parameter {
  readonly name: string
  readonly in: string
  readonly required?: boolean
  readonly description?: string
  readonly schema?: Schema
}

interface Operation {
  readonly operationId: string
  readonly summary: string
  readonly description: string
  readonly parameters?: readonly Parameter[]
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> }
  readonly responses: Readonly<Record<string, Response>>
  readonly tags: readonly string[]
}

interface Response {
  readonly description: string
  readonly content?: Readonly<Record<string, { readonly schema?: Schema }>>
}

interface Placed {
  readonly method: string
  readonly path: string
  readonly operation: Operation
}

const order: readonly string[] = methods

export function referencePage(document: OpenApiDocument): Html {
  const operations = operationsOf(document)
  const groups = [...Map.groupBy(operations, ({ operation }) => operation.tags[0] ?? '')].sort(([a], [b]) =>
    a < b ? -1 : 1,
  )
  const schemas = Object.entries((document.components?.schemas ?? {}) as Readonly<Record<string, Schema>>)
  return page(
    { title: 'Gabion API', style: '/reference.css' },
    html`<nav>
<h1><a href="/">Gabion</a> API</h1>
<p><a href="/openapi.json">openapi.json</a></p>
${groups.map(
  ([tag, list]) =>
    html`<h2>${tag}</h2><ul>${list.map(
      ({ method, path, operation }) =>
        html`<li><a href="#${operation.operationId}"><b class="${method}">${method}</b> ${shortPath(path)}</a></li>`,
    )}</ul>`,
)}
<h2>schemas</h2><ul>${schemas.map(([name]) => html`<li><a href="#${name}">${name}</a></li>`)}</ul>
</nav>
<main>
${prose(document.info.description ?? '')}
${groups.flatMap(([, list]) => list.map(operationSection))}
${schemas.map(([name, schema]) => schemaSection(name, schema))}
<footer>version ${document.info.version}</footer>
</main>`,
  )
}

/** Paragraphs with code in backticks. */
function prose(text: string): Html {
  const paragraphs = text.split(/\n\s*\n/).map(part => part.replace(/\s+/g, ' ').split('`'))
  return html`${paragraphs.map(
    parts => html`<p>${parts.map((part, index) => (index % 2 === 1 ? html`<code>${part}</code>` : html`${part}`))}</p>`,
  )}`
}

const shortPath = (path: string) => path.replace('/api/v1', '')

function operationsOf({ paths }: OpenApiDocument): readonly Placed[] {
  const found = Object.entries(paths ?? {}).flatMap(([path, item]) =>
    Object.entries(item as Readonly<Record<string, Operation>>).map(([method, operation]) => ({
      ...{ method, path, operation },
    })),
  )
  const rank = ({ path, method }: Placed) => `${path} ${order.indexOf(method)}`
  return found.sort((a, b) => (rank(a) < rank(b) ? -1 : 1))
}

function operationSection({ method, path, operation }: Placed): Html {
  const { parameters = [], requestBody, responses } = operation
  const answers = Object.entries(responses).filter(([status]) => status < '400')
  const problems = Object.entries(responses).filter(([status]) => status >= '400')
  const body = Object.values(requestBody?.content ?? {})[0]?.schema
  return html`<section id="${operation.operationId}">
<h3><b class="${method}">${method}</b> <code>${path}</code></h3>
${prose(`${operation.summary}.`)}
<p><small>${operation.description}</small></p>
${parameters.length === 0 ? html`` : parameterTable(parameters)}
${body ? html`<h4>Body</h4>${propertyTable(body)}` : html``}
<h4>Answers</h4>
<ul class="answers">${answers.map(([status, response]) => answerItem(status, response))}</ul>
<p class="problems">Problems: ${problems.map(([status]) => status).join(', ')}</p>
</section>
`
}

function parameterTable(parameters: readonly Parameter[]): Html {
  return html`<h4>Parameters</h4><table><tbody>${parameters.map(
    ({ name, in: place, required, description = '', schema }) =>
      html`<tr><td><code>${name}</code>${required ? html`<sup>*</sup>` : html``}</td><td>${place}</td>
<td>${typeOf(schema)}</td><td>${description || (schema?.description ?? '')}</td></tr>`,
  )}</tbody></table>`
}

function answerItem(status: string, { description, content = {} }: Response): Html {
  const types = Object.entries(content)
  const shape = types.map(([type, { schema }]) => html` <code>${type}</code> ${typeOf(schema)}`)
  return html`<li><b>${status}</b> ${description}${shape}</li>`
}

function schemaSection(name: string, schema: Schema): Html {
  return html`<section id="${name}"><h3>${name}</h3><p>${schema.description ?? ''}</p>${propertyTable(schema)}</section>`
}

function propertyTable(schema: Schema): Html {
  const required = new Set(schema.required ?? [])
  return html`<table><tbody>${Object.entries(schema.properties ?? {}).map(
    ([name, property]) =>
      html`<tr><td><code>${name}</code>${required.has(name) ? html`<sup>*</sup>` : html``}</td>
<td>${typeOf(property)}</td><td>${property.description ?? ''}</td></tr>`,
  )}</tbody></table>`
}

function typeOf(schema: Schema | undefined): Html {
  if (!schema) return html``
  if (schema.$ref !== undefined) {
    const name = schema.$ref.split('/').at(-1) ?? ''
    return html`<a href="#${name}">${name}</a>`
  }
  if (schema.enum) return html`${schema.enum.map(value => JSON.stringify(value)).join(' | ')}`
  if (schema.items) return html`list of ${typeOf(schema.items)}`
  if (schema.properties) return html`object${propertyTable(schema)}`
  const text = [schema.type ?? 'any'].flat().join(' or ')
  return html`${schema.format === undefined ? text : `${text} (${schema.format})`}`
}
