// What changed between two states of a facet's facts: lists by their natural keys, in words for people.
import { canonicalJson } from '../proto/canonical.ts'
import type { Facet, Gap, JsonObject, JsonValue } from '../proto/facet.ts'
import { type ListShape, type ObjectShape, objectShape, type Shape } from '../proto/field-shape.ts'
import { rowKey } from '../proto/seal.ts'
import { sameValue } from './same-value.ts'
import { bounded, visible } from './visible-text.ts'
import { gapWords, type ListWords, rowOf, words } from './words.ts'

export interface FactChange {
  readonly change: 'added' | 'removed' | 'changed'
  /** dotted path inside the facts: `users.shell`, `listeners` */
  readonly field: string
  /** canonical key of the row, for changes in lists; a row of a list in a row has both keys */
  readonly key?: string
  /** in words, without control characters, at most 400 characters */
  readonly text: string
  readonly before?: JsonValue
  readonly after?: JsonValue
}

/** Changes in the order of the schema's fields; empty when nothing differs. */
export function diffFacts(facet: Facet, before: JsonObject, after: JsonObject): readonly FactChange[] {
  const scope: Scope = {
    facet: facet.property,
    subject: facet.name,
    field: '',
    key: '',
    unknownBefore: freshGaps(after, before),
    unknownAfter: freshGaps(before, after),
  }
  const changes: FactChange[] = []
  diffObject(objectShape(facet.facts), before, after, scope, changes)
  return changes
}

/** Where in the facts a comparison is. */
interface Scope {
  readonly facet: string
  /** what the facts at this place belong to: the facet, or a row */
  readonly subject: string
  /** dotted path, empty at the top */
  readonly field: string
  readonly key: string
  /** paths of gaps that only the one side has: what comes or goes there is told by the gap alone */
  readonly unknownBefore: readonly string[]
  readonly unknownAfter: readonly string[]
}

/** Fields that gaps of the second facts leave out, and none of the first. */
function freshGaps(first: JsonObject, second: JsonObject): readonly string[] {
  const old = new Set(omitted(first))
  return omitted(second).filter(field => !old.has(field))
}

function omitted(facts: JsonObject): readonly string[] {
  const gaps = facts['gaps']
  if (!Array.isArray(gaps)) return []
  return (gaps as readonly Gap[]).filter(gap => gap.effect === 'omitted').map(gap => gap.field)
}

type Fields = Readonly<Record<string, JsonValue | undefined>>

function diffObject(shape: ObjectShape, before: Fields, after: Fields, scope: Scope, changes: FactChange[]): void {
  for (const [name, inner] of shape.fields) {
    const field = scope.field === '' ? name : `${scope.field}.${name}`
    diffField(name, inner, own(before, name), own(after, name), { ...scope, field }, changes)
  }
  // A newer agent may send what this version has no schema for.
  for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
    if (shape.fields.has(name)) continue
    const field = scope.field === '' ? name : `${scope.field}.${name}`
    diffField(name, unknownShape, own(before, name), own(after, name), { ...scope, field }, changes)
  }
}

const unknownShape: Shape = { kind: 'string', optional: true, description: '' }

function own(fields: Fields, name: string): JsonValue | undefined {
  return Object.hasOwn(fields, name) ? fields[name] : undefined
}

function diffField(
  name: string,
  shape: Shape,
  before: JsonValue | undefined,
  after: JsonValue | undefined,
  scope: Scope,
  changes: FactChange[],
): void {
  if (before === undefined || after === undefined) {
    if (before !== after) diffKnowledge(name, before, after, scope, changes)
  } else if (sameValue(before, after)) {
    return
  } else if (shape.kind === 'list' && shape.order !== 'ordered') {
    diffList(name, shape, asList(before), asList(after), scope, changes)
  } else if (shape.kind === 'object' && isSetting(shape)) {
    changes.push(settingChange(name, asFields(before), asFields(after), scope))
  } else if (shape.kind === 'object') {
    diffObject(shape, asFields(before), asFields(after), { ...scope, subject: `${scope.subject} ${name}` }, changes)
  } else {
    changes.push(valueChange(name, before, after, scope))
  }
}

const asList = (value: JsonValue): readonly JsonValue[] => (Array.isArray(value) ? value : [])
const asFields = (value: JsonValue): Fields =>
  typeof value === 'object' && !Array.isArray(value) ? (value as JsonObject) : {}

/** An optional field that came or went: not the host changed, but what is known of it. */
function diffKnowledge(
  name: string,
  before: JsonValue | undefined,
  after: JsonValue | undefined,
  scope: Scope,
  changes: FactChange[],
): void {
  const gone = after === undefined
  const told = (gone ? scope.unknownAfter : scope.unknownBefore).some(
    path => scope.field === path || scope.field.startsWith(`${path}.`),
  )
  if (told) return
  const sentence = gone ? 'is no longer known' : `is known now: ${show(after)}`
  changes.push(make(gone ? 'removed' : 'added', `${scope.subject} ${name} ${sentence}`, scope, before, after))
}

function valueChange(name: string, before: JsonValue, after: JsonValue, scope: Scope): FactChange {
  const text = `${scope.subject} ${name} changed from ${show(before)} to ${show(after)}`
  return make('changed', text, scope, before, after)
}

/** A value with the place that decided it, as the kubelet's settings are. */
export function isSetting(shape: ObjectShape): boolean {
  return shape.fields.size === 3 && ['value', 'source', 'origin'].every(field => shape.fields.has(field))
}

function settingChange(name: string, before: Fields, after: Fields, scope: Scope): FactChange {
  const place = ({ source, origin }: Fields) =>
    show(origin).startsWith(show(source)) ? show(origin) : `${show(source)} ${show(origin)}`
  const values = [before['value'], after['value']].map(show)
  const moved = `is now decided by ${place(after)}, was ${place(before)}`
  const turned = `changed from ${values[0]} to ${values[1]} (${place(after)})`
  const text = `${scope.subject} ${name} ${values[0] === values[1] ? moved : turned}`
  return make('changed', text, scope, before as JsonObject, after as JsonObject)
}

function diffList(
  name: string,
  shape: ListShape,
  before: readonly JsonValue[],
  after: readonly JsonValue[],
  scope: Scope,
  changes: FactChange[],
): void {
  const spoken = scope.field === 'gaps' ? gapWords : (words[`${scope.facet}.${scope.field}`] ?? plainWords(name, shape))
  const { gone, come, both } = spoken.position
    ? matchMoving(before, after, spoken.position)
    : matchByKey(shape, ...withoutEqualEnds(before, after), spoken.identity)
  const place = (row: JsonValue) => ({ ...scope, key: join(scope.key, rowKey(row, shape.key)) })
  const prefix = scope.key === '' ? '' : `${scope.subject}: `
  for (const row of gone) {
    const text = `${prefix}${spoken.subject(rowOf(row))} ${spoken.went?.(rowOf(row)) ?? 'removed'}`
    changes.push(make('removed', text, place(row), row, undefined))
  }
  for (const row of come) {
    const text = `${prefix}${spoken.subject(rowOf(row))} ${spoken.came?.(rowOf(row)) ?? 'added'}`
    changes.push(make('added', text, place(row), undefined, row))
  }
  for (const [old, row] of both) {
    const subject = `${prefix}${spoken.subject(rowOf(row))}`
    diffRow(shape.item, spoken, old, row, { ...place(row), subject }, changes)
  }
  if (spoken.position && gone.length + come.length === 0) {
    changes.push(make('changed', `${scope.subject} ${name} changed places`, scope, undefined, undefined))
  }
}

const join = (outer: string, inner: string) => (outer === '' ? inner : `${outer} ${inner}`)

function plainWords(name: string, shape: ListShape): ListWords {
  const keys = shape.key.length === 0 ? [''] : shape.key
  return { subject: row => [name, ...keys.map(key => row.text(key))].join(' ') }
}

function diffRow(
  shape: Shape,
  spoken: ListWords,
  before: JsonValue,
  after: JsonValue,
  scope: Scope,
  changes: FactChange[],
): void {
  if (shape.kind !== 'object' || sameValue(before, after)) return
  const old = asFields(before)
  const now = asFields(after)
  for (const [name, inner] of shape.fields) {
    const [was, is] = [own(old, name), own(now, name)]
    const field = `${scope.field}.${name}`
    const sentence =
      was !== undefined && is !== undefined && !sameValue(was, is) ? spoken.field?.(name, was, is) : undefined
    if (sentence === undefined) diffField(name, inner, was, is, { ...scope, field }, changes)
    else changes.push(make('changed', `${scope.subject} ${sentence}`, { ...scope, field }, was, is))
  }
}

interface Match {
  readonly gone: readonly JsonValue[]
  readonly come: readonly JsonValue[]
  readonly both: readonly (readonly [JsonValue, JsonValue])[]
}

/** Lists are sorted by key, and mostly differ in one place: what is the same before and behind it needs no match. */
function withoutEqualEnds(
  before: readonly JsonValue[],
  after: readonly JsonValue[],
): readonly [before: readonly JsonValue[], after: readonly JsonValue[]] {
  const most = Math.min(before.length, after.length)
  let start = 0
  while (start < most && sameValue(before[start], after[start])) start++
  let end = 0
  while (end < most - start && sameValue(before.at(-1 - end), after.at(-1 - end))) end++
  return [before.slice(start, before.length - end), after.slice(start, after.length - end)]
}

function matchByKey(
  shape: ListShape,
  before: readonly JsonValue[],
  after: readonly JsonValue[],
  identity: readonly string[] | undefined,
): Match {
  const old = new Map(before.map(row => [rowKey(row, shape.key), row]))
  const come = new Map<string, JsonValue>()
  const both: (readonly [JsonValue, JsonValue])[] = []
  for (const row of after) {
    const key = rowKey(row, shape.key)
    const was = old.get(key)
    if (was === undefined) come.set(key, row)
    else both.push([was, row])
    old.delete(key)
  }
  if (!identity) return { gone: [...old.values()], come: [...come.values()], both }
  return matchByIdentity([...old.values()], [...come.values()], both, identity)
}

/** Pairs rows that differ in a key field but are the same thing to people: one that went and one that came. */
function matchByIdentity(
  gone: readonly JsonValue[],
  come: readonly JsonValue[],
  both: readonly (readonly [JsonValue, JsonValue])[],
  identity: readonly string[],
): Match {
  const left = Map.groupBy(gone, row => rowKey(row, identity))
  const pairs = [...both]
  const fresh: JsonValue[] = []
  for (const row of come) {
    const was = left.get(rowKey(row, identity))?.shift()
    if (was === undefined) fresh.push(row)
    else pairs.push([was, row])
  }
  return { gone: [...left.values()].flat(), come: fresh, both: pairs }
}

/** Compares rows without the field that counts them: what only moved neither came nor went. */
function matchMoving(before: readonly JsonValue[], after: readonly JsonValue[], position: string): Match {
  const content = (row: JsonValue) => canonicalJson({ ...asFields(row), [position]: undefined })
  const left = Map.groupBy(before, content)
  const come = after.filter(row => left.get(content(row))?.shift() === undefined)
  return { gone: [...left.values()].flat(), come, both: [] }
}

/** A value in a sentence. */
function show(value: JsonValue | undefined): string {
  if (value === undefined) return 'unknown'
  if (typeof value === 'string') return value === '' ? '(empty)' : bounded(value, 80)
  if (typeof value !== 'object') return String(value)
  if (!Array.isArray(value)) return bounded(canonicalJson(value), 80)
  return value.length === 0 ? '(none)' : bounded(value.map(show).join(', '), 120)
}

function make(
  change: FactChange['change'],
  text: string,
  scope: Scope,
  before: JsonValue | undefined,
  after: JsonValue | undefined,
): FactChange {
  return {
    change,
    field: scope.field,
    ...(scope.key !== '' && { key: scope.key }),
    text: bounded(visible(text), 400),
    ...(before !== undefined && { before }),
    ...(after !== undefined && { after }),
  }
}
