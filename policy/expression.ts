// Looks through a parsed expression: what it reads, and mistakes that CEL's type check does not see.
import type { ASTNode } from '@marcbachmann/cel-js'
import type { Shape } from '../proto/field-shape.ts'
import type { CelType, FieldPlace } from './facet-view.ts'
import { didYouMean } from './policy-error.ts'

export interface Inspection {
  /** facet property → dotted field paths that are named */
  readonly fields: ReadonlyMap<string, ReadonlySet<string>>
  /** node of a field access → the place it reads */
  readonly places: ReadonlyMap<ASTNode, FieldPlace>
  readonly problems: readonly { readonly message: string; readonly offset: number }[]
}

/** cel-js sets the type of a node when it is checked; its typings leave that out. */
type Checked = ASTNode & { readonly checkedType?: { readonly name: string } }

interface Walk {
  readonly types: ReadonlyMap<string, CelType>
  readonly fields: Map<string, Set<string>>
  readonly places: Map<ASTNode, FieldPlace>
  readonly problems: { message: string; offset: number }[]
}

/** Walks an expression that has been type-checked. Field types are told by their names, which are dotted paths. */
export function inspect(ast: ASTNode, types: ReadonlyMap<string, CelType>): Inspection {
  const walk: Walk = { types, fields: new Map(), places: new Map(), problems: [] }
  visit(ast, walk)
  return walk
}

const quoted =
  /[rR](?:"[^"\n]*"|'[^'\n]*')|"""[\s\S]*?"""|'''[\s\S]*?'''|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|\/\/[^\n]*/g

/**
 * Which of these variables an expression reads, told from its text without parsing it: a name that is neither in
 * quotes nor after a dot. No loop variable can have such a name, so this is exact for an expression that compiles.
 */
export function rootNames(source: string, variables: ReadonlySet<string>): readonly string[] {
  const bare = source.replace(quoted, '""').replace(/\.\s+/g, '.')
  return [...new Set(bare.match(/(?<![\w.])[A-Za-z_]\w*/g) ?? [])].filter(name => variables.has(name))
}

function visit(node: ASTNode, walk: Walk): void {
  check(node, walk)
  if (node.op === 'call' && node.args[0] === 'has') visitHas(node.args[1][0], walk)
  else visitAll(childrenOf(node), walk)
}

/** Looks at one node; what is below it has its own turn. */
function check(node: ASTNode, walk: Walk): void {
  switch (node.op) {
    case 'id':
      readName(node.args, walk)
      break
    case '.':
      readField(node, node.args[1], typeName(node.args[0]), walk)
      break
    case '[]':
      if (walk.types.has(typeName(node.args[0]))) problem(walk, node, 'read a field with a dot, not with brackets')
      break
    case 'call':
      if (node.args[0] === 'dyn') problem(walk, node, 'dyn() would switch type checks off')
      break
    case 'rcall':
      if (node.args[0] === 'matches') checkPattern(node, node.args[2][0], walk)
      checkVariable(node, walk)
      break
    case '==':
    case '!=':
      checkEnum(node.args[0], [node.args[1]], walk)
      checkEnum(node.args[1], [node.args[0]], walk)
      break
    case 'in':
      if (node.args[1].op === 'list') checkEnum(node.args[0], node.args[1].args, walk)
      break
  }
}

/** The nodes below a node that are evaluated: the name that a loop declares is not. */
function childrenOf(node: ASTNode): readonly ASTNode[] {
  switch (node.op) {
    case 'id':
    case 'value':
      return []
    case '.':
    case '.?':
      return [node.args[0]]
    case '!_':
    case '-_':
      return [node.args]
    case 'call':
      return node.args[1]
    case 'rcall':
      return [node.args[1], ...(declaredName(node) ? node.args[2].slice(1) : node.args[2])]
    case 'map':
      return node.args.flat()
    default:
      return node.args
  }
}

const binders = new Set(['all', 'exists', 'exists_one', 'map', 'filter', 'bind'])

function declaredName(node: ASTNode & { readonly op: 'rcall' }): (ASTNode & { readonly op: 'id' }) | undefined {
  const [name, , [first]] = node.args
  return binders.has(name) && first?.op === 'id' ? first : undefined
}

function visitAll(nodes: readonly ASTNode[], walk: Walk): void {
  for (const node of nodes) visit(node, walk)
}

function readName(name: string, walk: Walk): void {
  if (walk.types.get(name)?.facet === name) touch(walk, name)
}

/** cel-js checks only the root of has(a.b.c), so a misspelt field would just be "not there" for ever. */
function visitHas(node: ASTNode | undefined, walk: Walk): string {
  if (!node) return ''
  if (node.op !== '.') {
    visit(node, walk)
    return typeName(node)
  }
  const owner = visitHas(node.args[0], walk)
  return readField(node, node.args[1], owner, walk)
}

/** Notes the read of a field; answers the name of its type when that is a message, else empty. */
function readField(node: ASTNode, field: string, owner: string, walk: Walk): string {
  const type = walk.types.get(owner)
  if (!type || type.facet === '') return ''
  const shape = type.shape.fields.get(field)
  if (!shape) {
    problem(walk, node, `${owner} has no field "${field}"${didYouMean(field, type.shape.fields.keys())}`)
    return ''
  }
  const path = `${owner}.${field}`
  const place = { facet: type.facet, field: path.slice(type.facet.length + 1) }
  touch(walk, type.facet).add(place.field)
  walk.places.set(node, place)
  return shape.kind === 'object' ? path : ''
}

function touch(walk: Walk, facet: string): Set<string> {
  const known = walk.fields.get(facet) ?? new Set()
  walk.fields.set(facet, known)
  return known
}

/** A comparison with a word that the field can never be is a spelling mistake. */
function checkEnum(subject: ASTNode, literals: readonly ASTNode[], walk: Walk): void {
  if (subject.op !== '.') return
  const shape: Shape | undefined = walk.types.get(typeName(subject.args[0]))?.shape.fields.get(subject.args[1])
  if (shape?.kind !== 'enum') return
  for (const literal of literals) {
    if (literal.op !== 'value' || typeof literal.args !== 'string' || shape.values.includes(literal.args)) continue
    const hint = didYouMean(literal.args, shape.values) || `, it is one of ${shape.values.join(', ')}`
    problem(walk, literal, `"${subject.args[1]}" is never "${literal.args}"${hint}`)
  }
}

function checkVariable(node: ASTNode & { readonly op: 'rcall' }, walk: Walk): void {
  const name = declaredName(node)
  if (!name || (!walk.types.has(name.args) && name.args !== 'now')) return
  problem(walk, name, `the loop variable "${name.args}" hides the variable of that name`)
}

/** Patterns stand in the expression, so that they can be looked at: none can come from a host or run away. */
function checkPattern(node: ASTNode, pattern: ASTNode | undefined, walk: Walk): void {
  if (pattern?.op !== 'value' || typeof pattern.args !== 'string') {
    problem(walk, node, 'the pattern of matches() must be a literal string')
  } else if (!isPattern(pattern.args)) {
    problem(walk, pattern, `not a regular expression: ${pattern.args}`)
  } else if (/[*+}]\)[*+{]/.test(pattern.args)) {
    problem(walk, pattern, 'a repeated group that ends in a repetition can run away')
  }
}

function isPattern(text: string): boolean {
  try {
    return new RegExp(text) instanceof RegExp
  } catch {
    return false
  }
}

/** Names of the fields that the value of a checked node has; empty when it is no record. */
export function fieldNames(node: ASTNode, types: ReadonlyMap<string, CelType>): readonly string[] {
  return [...(types.get(typeName(node))?.shape.fields.keys() ?? [])]
}

function typeName(node: ASTNode): string {
  return (node as Checked).checkedType?.name ?? ''
}

function problem(walk: Walk, node: ASTNode, message: string): void {
  walk.problems.push({ message, offset: node.start })
}
