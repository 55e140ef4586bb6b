// Says in words why the condition of a check does not hold: its expression turned round, without its value on a host.
import type { ASTNode } from '@marcbachmann/cel-js'
import { bounded, visible } from './visible-text.ts'

/** Names of loop variables: what is read of a row is named without its row. */
type Rows = ReadonlySet<string>

/** `kubelet.kubelets is empty` for `kubelet.kubelets.size() > 0`. */
export function unmetCondition(ast: ASTNode): string {
  return bounded(visible(words(ast, false, new Set())), maxLength)
}

const maxLength = 400

/** What the expression says, or what is the case when it does not hold. */
function words(node: ASTNode, holds: boolean, rows: Rows): string {
  switch (node.op) {
    case '&&':
    case '||':
      return joined(node, holds, rows)
    case '!_':
      return words(node.args, !holds, rows)
    case '==':
      return equality(node.args[0], node.args[1], holds, rows)
    case '!=':
      return equality(node.args[0], node.args[1], !holds, rows)
    case '>':
    case '>=':
    case '<':
    case '<=':
      return comparison(node, holds, rows)
    case 'in':
      return membership(node.args[0], node.args[1], holds, rows)
    case 'call':
      return called(node, holds, rows)
    case 'rcall':
      return method(node, holds, rows)
    case 'value':
      return `the condition is ${String(node.args)}`
    case '.':
    case 'id':
      return `${value(node, rows)} is ${holds}`
    default:
      return source(node, holds)
  }
}

/** By De Morgan: not both is either not. What is joined otherwise inside stands in parentheses. */
function joined(node: ASTNode & { readonly op: '&&' | '||' }, holds: boolean, rows: Rows): string {
  const isAnd = (node.op === '&&') === holds
  const part = (inner: ASTNode) => {
    const text = words(inner, holds, rows)
    return (inner.op === '&&' || inner.op === '||') && inner.op !== node.op ? `(${text})` : text
  }
  return node.args.map(part).join(isAnd ? ' and ' : ' or ')
}

function equality(left: ASTNode, right: ASTNode, equal: boolean, rows: Rows): string {
  if (right.op === 'value' && right.args === '') return `${value(left, rows)} is ${equal ? '' : 'not '}empty`
  if (right.op === 'value' && right.args === 0n && sizes(left, rows).length > 0) return emptiness(left, equal, rows)
  return `${value(left, rows)} is ${equal ? '' : 'not '}${value(right, rows)}`
}

const comparisons = {
  '>': ['is over', 'is not over'],
  '>=': ['is at least', 'is less than'],
  '<': ['is less than', 'is at least'],
  '<=': ['is not over', 'is over'],
} as const

function comparison(
  node: ASTNode & { readonly op: keyof typeof comparisons; readonly args: readonly [ASTNode, ASTNode] },
  holds: boolean,
  rows: Rows,
): string {
  const [left, right] = node.args
  if (node.op === '>' && right.op === 'value' && right.args === 0n && sizes(left, rows).length > 0) {
    return emptiness(left, !holds, rows)
  }
  if (left.op === 'id' && left.args === 'now') return source(node, holds)
  return `${value(left, rows)} ${comparisons[node.op][holds ? 0 : 1]} ${value(right, rows)}`
}

/** The lists whose sizes are summed, empty for another expression. */
function sizes(node: ASTNode, rows: Rows): readonly string[] {
  if (node.op === 'rcall' && node.args[0] === 'size') return [value(node.args[1], rows)]
  if (node.op !== '+') return []
  const [left, right] = node.args.map(inner => sizes(inner, rows))
  return left?.length && right?.length ? [...left, ...right] : []
}

function emptiness(node: ASTNode, empty: boolean, rows: Rows): string {
  return sizes(node, rows)
    .map(list => `${list} is ${empty ? '' : 'not '}empty`)
    .join(empty ? ' and ' : ' or ')
}

function membership(item: ASTNode, list: ASTNode, holds: boolean, rows: Rows): string {
  if (list.op !== 'list') return `${value(list, rows)} has ${holds ? '' : 'no '}${value(item, rows)}`
  const values = list.args.map(inner => value(inner, rows))
  if (values.length === 1) return `${value(item, rows)} is ${holds ? '' : 'not '}${values[0] ?? ''}`
  return `${value(item, rows)} is ${holds ? 'one' : 'none'} of ${values.join(', ')}`
}

function called(node: ASTNode & { readonly op: 'call' }, holds: boolean, rows: Rows): string {
  const [name, [subject]] = node.args
  return name === 'has' && subject ? `${value(subject, rows)} is ${holds ? '' : 'not '}known` : source(node, holds)
}

const tests: Readonly<Record<string, readonly [holds: string, fails: string]>> = {
  startsWith: ['begins with', 'does not begin with'],
  endsWith: ['ends in', 'does not end in'],
  contains: ['contains', 'does not contain'],
  matches: ['matches', 'does not match'],
}

function method(node: ASTNode & { readonly op: 'rcall' }, holds: boolean, rows: Rows): string {
  const [name, subject, [first, second]] = node.args
  const test = Object.hasOwn(tests, name) ? tests[name] : undefined
  if (test && first) return `${value(subject, rows)} ${test[holds ? 0 : 1]} ${value(first, rows)}`
  if ((name !== 'exists' && name !== 'all') || first?.op !== 'id' || !second) return source(node, holds)
  const list = value(subject, rows)
  const item = itself(second, first.args, rows)
  if (name === 'exists' && item !== '') return `${list} has ${holds ? '' : 'no '}${item}`
  const inner = words(second, true, new Set([...rows, first.args]))
  if (name === 'exists') return `${list} has ${holds ? 'a' : 'no'} row where ${inner}`
  return holds ? `in every row of ${list}, ${inner}` : `not in every row of ${list}, ${inner}`
}

/** What a row itself must be, for a list of plain values. */
function itself(condition: ASTNode, row: string, rows: Rows): string {
  if (condition.op !== '==') return ''
  const [left, right] = condition.args
  return left.op === 'id' && left.args === row && right.op === 'value' ? value(right, rows) : ''
}

/** A field by its path, a literal as it is written, anything else by its text. */
function value(node: ASTNode, rows: Rows): string {
  if (node.op === 'value') return typeof node.args === 'string' ? JSON.stringify(node.args) : String(node.args)
  if (node.op === '.' && node.args[0].op === 'id') {
    const owner = node.args[0].args
    if (rows.has(owner)) return node.args[1]
    return owner === 'params' ? `parameter ${node.args[1]}` : `${owner}.${node.args[1]}`
  }
  if (node.op === '.') return `${value(node.args[0], rows)}.${node.args[1]}`
  return textOf(node)
}

const source = (node: ASTNode, holds: boolean) => (holds ? textOf(node) : `not: ${textOf(node)}`)

const textOf = ({ input, range }: ASTNode) => input.slice(range.start, range.end).replace(/\s+/g, ' ')
