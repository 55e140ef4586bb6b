// Turns a checked expression into JavaScript closures over plain facts, for what CEL's own evaluator is too slow for.
import type { ASTNode } from '@marcbachmann/cel-js'
import type { Shape } from '../proto/field-shape.ts'
import { type Apply, type Closure, calls, type Frame, fail, methods, operators } from './closure-functions.ts'
import { type CelType, rawOf } from './facet-view.ts'

interface Scope {
  readonly types: ReadonlyMap<string, CelType>
  /** loop variable → its place in the frame */
  readonly loops: ReadonlyMap<string, number>
  /** loops around this part */
  readonly depth: number
  /** the largest frame that any expression below needs */
  readonly size: { frame: number }
}

/** cel-js sets the type of a node when it is checked; its typings leave that out. */
type Checked = ASTNode & { readonly checkedType?: { readonly name: string } }

const typeOf = (node: ASTNode): string => (node as Checked).checkedType?.name ?? ''

/**
 * @returns what evaluates the expression as cel-js does, or undefined for one with parts that only cel-js knows. It
 * throws where cel-js has to decide: wherever cel-js would throw, and wherever a value is not what its type says.
 */
export function compileClosure(
  ast: ASTNode,
  types: ReadonlyMap<string, CelType>,
): ((variables: Readonly<Record<string, unknown>>) => unknown) | undefined {
  const size = { frame: 1 }
  const closure = compile(ast, { types, loops: new Map(), depth: 0, size })
  if (!closure) return undefined
  const toCel = celResult(typeOf(ast))
  return variables => {
    const frame: Frame = new Array(size.frame)
    frame[0] = variables
    return toCel(closure(frame))
  }
}

/** Ints become CEL's again, but for those inside of records and of lists of lists. */
function celResult(type: string): (value: unknown) => unknown {
  if (type === 'int') return value => BigInt(value as number)
  if (type === 'list<int>') return value => (value as readonly number[]).map(BigInt)
  return value => value
}

function compile(node: ASTNode, scope: Scope): Closure | undefined {
  switch (node.op) {
    case 'value':
      return constant(node.args)
    case 'id':
      return variable(node, scope)
    case '.':
      return field(node.args[0], node.args[1], guardOf(typeOf(node)), scope)
    case '[]':
      return element(node.args[0], node.args[1], guardOf(typeOf(node)), scope)
    case 'list':
      return list(node.args, scope)
    case '!_':
      return with1(compile(node.args, scope), of => frame => !bool(of(frame)))
    case '-_':
      return typeOf(node) === 'int'
        ? with1(compile(node.args, scope), of => frame => 0 - (of(frame) as number))
        : undefined
    case '&&':
      return with2(
        compile(node.args[0], scope),
        compile(node.args[1], scope),
        (a, b) => frame => bool(a(frame)) && bool(b(frame)),
      )
    case '||':
      return with2(
        compile(node.args[0], scope),
        compile(node.args[1], scope),
        (a, b) => frame => bool(a(frame)) || bool(b(frame)),
      )
    case '?:':
      return choice(node.args, scope)
    case 'call':
      return call(node, scope)
    case 'rcall':
      return method(node, scope)
    default:
      return binary(node, scope)
  }
}

function constant(value: unknown): Closure | undefined {
  if (typeof value === 'string' || typeof value === 'boolean') return () => value
  if (typeof value !== 'bigint') return undefined
  const number = Number(value)
  return Number.isSafeInteger(number) ? () => number : undefined
}

/** What a table has by that name itself. */
const ownOf = <T>(table: Readonly<Record<string, T>>, name: string): T | undefined =>
  Object.hasOwn(table, name) ? table[name] : undefined

type Guard = (value: unknown) => boolean

const isRecord: Guard = value => typeof value === 'object' && value !== null && !Array.isArray(value)

const guards: Readonly<Record<string, Guard>> = {
  string: value => typeof value === 'string',
  int: value => Number.isSafeInteger(value),
  bool: value => typeof value === 'boolean',
}

/** What a value of that type looks like in plain facts; undefined for a type that is not of facts. */
function guardOf(type: string): Guard | undefined {
  const scalar = ownOf(guards, type)
  if (scalar) return scalar
  if (type.startsWith('list<')) return Array.isArray
  return /^[a-z][A-Za-z0-9]*(?:\.[A-Za-z][A-Za-z0-9]*)*$/.test(type) && !type.startsWith('google.')
    ? isRecord
    : undefined
}

function guardOfShape(shape: Shape): Guard | undefined {
  if (shape.kind === 'object') return isRecord
  return shape.kind === 'list' ? Array.isArray : guards[shape.kind === 'enum' ? 'string' : shape.kind]
}

function bool(value: unknown): boolean {
  return value === true || value === false ? value : fail()
}

const with1 = (a: Closure | undefined, make: (a: Closure) => Closure): Closure | undefined => a && make(a)

const with2 = (a: Closure | undefined, b: Closure | undefined, make: (a: Closure, b: Closure) => Closure) =>
  a && b ? make(a, b) : undefined

/** A loop variable, or the facts behind the variable of a facet or of `params`. */
function variable(node: ASTNode & { readonly op: 'id' }, scope: Scope): Closure | undefined {
  const name = node.args
  const place = scope.loops.get(name)
  if (place !== undefined) return frame => frame[place]
  if (name === 'now') return frame => (frame[0] as Readonly<Record<string, unknown>>)['now']
  if (!scope.types.has(name)) return undefined
  return frame => rawOf((frame[0] as Readonly<Record<string, unknown>>)[name]) ?? fail()
}

function field(owner: ASTNode, name: string, guard: Guard | undefined, scope: Scope): Closure | undefined {
  const of = compile(owner, scope)
  if (!of || !guard) return undefined
  return frame => {
    const value = (of(frame) as Readonly<Record<string, unknown>>)[name]
    return guard(value) ? value : fail()
  }
}

function element(owner: ASTNode, index: ASTNode, guard: Guard | undefined, scope: Scope): Closure | undefined {
  if (!typeOf(owner).startsWith('list<') || !guard) return undefined
  return with2(compile(owner, scope), compile(index, scope), (of, at) => frame => {
    const value = (of(frame) as readonly unknown[])[at(frame) as number]
    return guard(value) ? value : fail()
  })
}

function list(nodes: readonly ASTNode[], scope: Scope): Closure | undefined {
  const items = nodes.map(node => compile(node, scope))
  if (!items.every(item => item !== undefined)) return undefined
  return frame => items.map(item => item(frame))
}

function choice([condition, yes, no]: readonly [ASTNode, ASTNode, ASTNode], scope: Scope): Closure | undefined {
  const [test, a, b] = [compile(condition, scope), compile(yes, scope), compile(no, scope)]
  return test && a && b ? frame => (bool(test(frame)) ? a(frame) : b(frame)) : undefined
}

function binary(node: ASTNode, scope: Scope): Closure | undefined {
  if (!Array.isArray(node.args) || node.args.length !== 2) return undefined
  const [left, right] = node.args as readonly [ASTNode, ASTNode]
  const apply = ownOf(operators, `${typeOf(left)} ${node.op} ${typeOf(right)}`)
  return apply && with2(compile(left, scope), compile(right, scope), apply)
}

function call(node: ASTNode & { readonly op: 'call' }, scope: Scope): Closure | undefined {
  const [name, args] = node.args
  if (name === 'has') return args[0] && has(args[0], scope)
  const apply = ownOf(calls, `${name}(${args.map(typeOf).join(', ')})`)
  return apply && applied(apply, args, scope)
}

function applied(apply: Apply, nodes: readonly ASTNode[], scope: Scope): Closure | undefined {
  const [first, second, ...more] = nodes.map(node => compile(node, scope))
  if (!first || more.length > 0) return undefined
  if (nodes.length === 1) return frame => apply(first(frame), undefined)
  return second && (frame => apply(first(frame), second(frame)))
}

/** Whether a field is there: every record above it has to be. */
function has(node: ASTNode, scope: Scope): Closure | undefined {
  if (node.op !== '.') return undefined
  const [owner, name] = node.args
  const found = record(owner, scope)
  const shape = found && scope.types.get(found.type)?.shape.fields.get(name)
  const guard = shape && guardOfShape(shape)
  if (!found || !guard) return undefined
  const { of } = found
  return frame => {
    const value = (of(frame) as Readonly<Record<string, unknown>>)[name]
    return value === undefined || guard(value) ? value !== undefined : fail()
  }
}

/** The record that a path of fields leads to, with its type, which cel-js does not note within `has`. */
function record(node: ASTNode, scope: Scope): { readonly of: Closure; readonly type: string } | undefined {
  if (node.op === 'id') {
    const of = variable(node, scope)
    const type = typeOf(node)
    return of && scope.types.get(type)?.facet ? { of, type } : undefined
  }
  if (node.op !== '.') return undefined
  const [owner, name] = node.args
  const found = record(owner, scope)
  const shape = found && scope.types.get(found.type)?.shape.fields.get(name)
  if (!found || shape?.kind !== 'object') return undefined
  const of: Closure = frame => {
    const value = (found.of(frame) as Readonly<Record<string, unknown>>)[name]
    return isRecord(value) ? value : fail()
  }
  return { of, type: `${found.type}.${name}` }
}

function method(node: ASTNode & { readonly op: 'rcall' }, scope: Scope): Closure | undefined {
  const [name, receiver, args] = node.args
  if (name === 'bind') return bind(receiver, args, scope)
  const make = ownOf(loops, name)
  if (make) return args.length === 2 ? loop(make, receiver, args, scope) : undefined
  if (name === 'matches') return matches(receiver, args[0], scope)
  const owner = typeOf(receiver).startsWith('list<') && name === 'size' ? 'list' : typeOf(receiver)
  const apply = ownOf(methods, `${owner}.${name}(${args.map(typeOf).join(', ')})`)
  return apply && applied(apply, [receiver, ...args], scope)
}

/** A pattern is a literal and is compiled once; without flags it keeps nothing between two tests. */
function matches(receiver: ASTNode, pattern: ASTNode | undefined, scope: Scope): Closure | undefined {
  if (typeOf(receiver) !== 'string' || pattern?.op !== 'value' || typeof pattern.args !== 'string') return undefined
  const expression = new RegExp(pattern.args)
  return with1(compile(receiver, scope), of => frame => expression.test(of(frame) as string))
}

/** A scope in which one more loop variable has a place in the frame. */
function withLoop(name: string, scope: Scope): { readonly inner: Scope; readonly place: number } {
  const place = scope.depth + 1
  scope.size.frame = Math.max(scope.size.frame, place + 1)
  return { inner: { ...scope, loops: new Map([...scope.loops, [name, place]]), depth: place }, place }
}

function bind(receiver: ASTNode, args: readonly ASTNode[], scope: Scope): Closure | undefined {
  const [name, value, body] = args
  if (receiver.op !== 'id' || receiver.args !== 'cel' || name?.op !== 'id' || !value || !body) return undefined
  const { inner, place } = withLoop(name.args, scope)
  return with2(compile(value, scope), compile(body, inner), (of, then) => frame => {
    frame[place] = of(frame)
    return then(frame)
  })
}

function loop(make: MakeLoop, receiver: ASTNode, args: readonly ASTNode[], scope: Scope): Closure | undefined {
  const [variable, body] = args
  const item = /^list<(.*)>$/.exec(typeOf(receiver))?.[1] ?? ''
  const guard = guardOf(item)
  if (variable?.op !== 'id' || !body || !guard) return undefined
  const { inner, place } = withLoop(variable.args, scope)
  return with2(compile(receiver, scope), compile(body, inner), (of, step) => make(of, step, place, guard))
}

type MakeLoop = (of: Closure, step: Closure, place: number, guard: Guard) => Closure

const items = (of: Closure, frame: Frame) => of(frame) as readonly unknown[]

/** Sets the loop variable. */
function turn(frame: Frame, place: number, item: unknown, guard: Guard): void {
  frame[place] = guard(item) ? item : fail()
}

const loops: Readonly<Record<string, MakeLoop>> = {
  all: (of, step, place, guard) => frame => {
    for (const item of items(of, frame)) {
      turn(frame, place, item, guard)
      if (!bool(step(frame))) return false
    }
    return true
  },
  exists: (of, step, place, guard) => frame => {
    for (const item of items(of, frame)) {
      turn(frame, place, item, guard)
      if (bool(step(frame))) return true
    }
    return false
  },
  filter: (of, step, place, guard) => frame => {
    const kept: unknown[] = []
    for (const item of items(of, frame)) {
      turn(frame, place, item, guard)
      if (bool(step(frame))) kept.push(item)
    }
    return kept
  },
  map: (of, step, place, guard) => frame => {
    const made: unknown[] = []
    for (const item of items(of, frame)) {
      turn(frame, place, item, guard)
      made.push(step(frame))
    }
    return made
  },
}
