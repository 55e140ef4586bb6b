// Small readers of the JSON that `nft -j` prints.

export type Json = unknown
export type Field = Readonly<Record<string, Json>>

/** Elements of the named sets and maps of one table; a set that its own rules fill is not here. */
export type NamedSets = ReadonlyMap<string, { readonly elements: readonly Json[] | undefined }>

/** Statements that neither match nor decide, nor alter what a later rule asks about. */
export const passingStatements: ReadonlySet<string> = new Set([
  'continue',
  'counter',
  'ct expectation',
  'ct helper',
  'ct timeout',
  'dup',
  'flow',
  'last',
  'log',
  'map',
  'reset',
  'secmark',
  'set',
])

/** What is within a limit depends on others; what is over one is out of the ordinary. */
export const meteringStatements: ReadonlySet<string> = new Set(['limit', 'quota', 'ct count', 'connlimit'])

/** Name and body of a statement, which is an object with one key, or a bare word for some. */
export function only(expression: Json): readonly [string, Json] {
  if (typeof expression === 'string') return [expression, null]
  const [entry] = Object.entries(asField(expression))
  return entry ?? ['', null]
}

export function asField(value: Json): Field {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Field) : {}
}

export const listOf = (value: Json): readonly Json[] | undefined => (Array.isArray(value) ? value : undefined)

/** Sets and maps of every table, by `family\ntable`. */
export function namedSetsOf(objects: readonly Field[]): ReadonlyMap<string, NamedSets> {
  const tables = new Map<string, Map<string, { elements: readonly Json[] | undefined }>>()
  for (const object of objects) {
    const { family, table, name, flags, elem = [] } = asField(object['set'] ?? object['map'])
    if (typeof name !== 'string') continue
    const words = listOf(flags) ?? [flags]
    const moving = words.includes('dynamic') || words.includes('timeout')
    const key = `${family}\n${table}`
    const sets = tables.get(key) ?? new Map()
    sets.set(name, { elements: moving ? undefined : listOf(elem) })
    tables.set(key, sets)
  }
  return tables
}
