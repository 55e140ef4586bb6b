// Reads fields of a YAML map the way a Go struct with string and bool fields takes them, with places for mistakes.
import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml'
import { PolicyError, type Problem } from '../policy-error.ts'

export interface Yaml {
  readonly document: Document
  readonly problems: Problem[]
  /** `file:line:column` of a node */
  place(node: Node | undefined): string
}

export interface Fields {
  readonly node: Node
  text(key: string): string
  flag(key: string, otherwise: boolean): boolean
  /** undefined when the key is not there or has no value */
  map(key: string): Fields | undefined
  maps(key: string): readonly Fields[]
  /** a list of texts, or one text alone */
  texts(key: string): readonly string[]
  has(key: string): boolean
  keys(): readonly string[]
}

/** YAML 1.1 has more words for these than JSON. */
const truths: Readonly<Record<string, boolean>> = {
  ...{ true: true, yes: true, on: true, y: true },
  ...{ false: false, no: false, off: false, n: false },
}

/** The first document of a text. A key that is there twice counts as it stands last. @throws PolicyError */
export function openFields(text: string, path: string): { readonly yaml: Yaml; readonly fields: Fields } {
  const lines = new LineCounter()
  const position = (offset: number) => {
    const { line, col } = lines.linePos(offset)
    return `${path}:${line}:${col}`
  }
  const document = parse(text, lines, path)
  const errors = document.errors.filter(({ code }) => code !== 'MULTIPLE_DOCS')
  if (errors.length > 0) {
    throw new PolicyError(
      errors.map(({ pos, message }) => ({ place: position(pos[0]), subject: '', part: '', message })),
    )
  }
  const yaml: Yaml = { document, problems: [], place: node => position(node?.range?.[0] ?? 0) }
  const contents = resolve(document.contents as Node | null, yaml)
  if (!isMap(contents)) throw problem(`${path}:1:1`, '', 'expected a map of fields')
  return { yaml, fields: fieldsOf(contents, yaml) }
}

export const problem = (place: string, part: string, message: string): PolicyError =>
  new PolicyError([{ place, subject: '', part, message }])

/** The parser descends by recursion, so deep nesting ends in an error of the stack. */
function parse(text: string, lineCounter: LineCounter, path: string): Document {
  try {
    return parseDocument(text, { lineCounter, prettyErrors: false, uniqueKeys: false, version: '1.1' })
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    throw problem(`${path}:1:1`, '', 'is nested too deeply')
  }
}

function resolve(node: Node | null | undefined, { document }: Yaml): Node | undefined {
  const found = isAlias(node) ? node.resolve(document) : node
  if (!found || (isScalar(found) && found.value === null)) return undefined
  return found as Node
}

function fieldsOf(map: Node, yaml: Yaml): Fields {
  const pairs = isMap(map) ? map.items : []
  const value = (key: string) => {
    const pair = pairs.findLast(item => isScalar(item.key) && String(item.key.value) === key)
    return resolve(pair?.value as Node | undefined, yaml)
  }
  const wrong = (key: string, node: Node, message: string) => {
    yaml.problems.push({ place: yaml.place(node), subject: '', part: key, message })
  }
  return {
    node: map,
    text(key) {
      const node = value(key)
      if (!node) return ''
      if (isScalar(node)) return scalarText(node)
      wrong(key, node, 'expected a text')
      return ''
    },
    flag(key, otherwise) {
      const node = value(key)
      const word = isScalar(node) ? truths[scalarText(node).toLowerCase()] : undefined
      if (node && word === undefined) wrong(key, node, 'expected true or false')
      return word ?? otherwise
    },
    map(key) {
      const node = value(key)
      if (node && !isMap(node)) wrong(key, node, 'expected a map of fields')
      return isMap(node) ? fieldsOf(node, yaml) : undefined
    },
    maps(key) {
      const node = value(key)
      if (node && !isSeq(node)) wrong(key, node, 'expected a list')
      return (isSeq(node) ? node.items : []).flatMap(item => {
        const found = resolve(item as Node, yaml)
        if (isMap(found)) return [fieldsOf(found, yaml)]
        wrong(key, found ?? (node as Node), 'expected a map of fields')
        return []
      })
    },
    texts(key) {
      const node = value(key)
      if (isScalar(node)) return [scalarText(node)]
      if (node && !isSeq(node)) wrong(key, node, 'expected a list of texts')
      return (isSeq(node) ? node.items : []).flatMap(item => {
        const found = resolve(item as Node, yaml)
        return isScalar(found) ? [scalarText(found)] : []
      })
    },
    has: key => value(key) !== undefined,
    keys: () => pairs.flatMap(({ key }) => (isScalar(key) ? [String(key.value)] : [])),
  }
}

/** As it is written: `4.10` stays `4.10`, `0600` stays `0600`. */
function scalarText(node: Node): string {
  if (!isScalar(node)) return ''
  return typeof node.value === 'string' ? node.value : (node.source ?? String(node.value))
}
