// Compiles expressions: typed against the facets' schemas, with everything that can be wrong found at load.
import { type ASTNode, Environment, EvaluationError, type ParseResult } from '@marcbachmann/cel-js'
import type { Facet, JsonObject } from '../proto/facet.ts'
import { type Clock, Now, registerFunctions } from './cel-functions.ts'
import { compileClosure } from './closure.ts'
import { fieldNames, inspect } from './expression.ts'
import { type CelType, type FieldPlace, registerFacets, type Viewed } from './facet-view.ts'
import { parametersType, parameterTypes, registerParameters } from './parameters.ts'
import { didYouMean } from './policy-error.ts'

/** What an expression must yield. `value` is anything a remediation can show, `any` whatever it is. */
export type ResultType = 'bool' | 'list<string>' | 'value' | 'any'

export interface Expression {
  readonly source: string
  readonly ast: ASTNode
  /** properties of the facets it reads, sorted */
  readonly facets: readonly string[]
  /** `property` → dotted field paths that it names, for the reach of gaps */
  readonly fields: ReadonlyMap<string, ReadonlySet<string>>
  /** @throws EvaluationError and what functions throw */
  evaluate(variables: Readonly<Record<string, unknown>>): unknown
  /** Where a failed evaluation met a field that is not there, or undefined for another failure. */
  missingField(error: unknown): FieldPlace | undefined
}

/** An expression that does not compile; `offset` is the place in its text. */
export class ExpressionError extends Error {
  readonly offset: number
  constructor(message: string, offset: number) {
    super(message)
    this.name = 'ExpressionError'
    this.offset = offset
  }
}

export interface CelEnvironment {
  /** @throws ExpressionError */
  compile(source: string, result: ResultType): Expression
  /** The same environment with `params` of these defaults' types. @throws Error for a value that has no type */
  withParameters(defaults: JsonObject): CelEnvironment
  /** A value for the variable `params`. */
  parameters(values: JsonObject): unknown
  /** A value for the variable of a facet. */
  view(state: Viewed, property: string): unknown
  readonly clock: Clock
  readonly now: Now
}

/**
 * Builds the environment of a set of facets. Costly: once per engine.
 * @param interpreted expressions are evaluated by cel-js alone, which the faster way is held against
 */
export function createCelEnvironment(facets: readonly Facet[], interpreted: boolean = false): CelEnvironment {
  const environment = new Environment({ limits: { maxAstNodes: 2000, maxDepth: 60 } })
  const clock: Clock = { nowMs: 0, changesAtMs: Number.POSITIVE_INFINITY }
  const { types, view } = registerFacets(environment, facets)
  registerFunctions(environment, clock)
  const now = new Now(clock)
  // A first clone, so that the parent is frozen and shared by every check. Checks with like parameters share theirs.
  const plain = environment.clone()
  const tailored = new Map<string, CelEnvironment>()
  const common = { clock, now, view, withParameters }
  function withParameters(defaults: JsonObject): CelEnvironment {
    const fields = parameterTypes(defaults)
    const known = tailored.get(JSON.stringify(fields))
    if (known) return known
    const made = { ...common, ...tailor(environment, types, fields, interpreted) }
    tailored.set(JSON.stringify(fields), made)
    return made
  }
  return { ...common, parameters: () => undefined, compile: compileIn(plain, types, interpreted) }
}

/** Made when it is first asked: most checks of a catalog do not fit the one host that a scan judges. */
function tailor(
  environment: Environment,
  types: ReadonlyMap<string, CelType>,
  fields: ReturnType<typeof parameterTypes>,
  interpreted: boolean,
): Pick<CelEnvironment, 'compile' | 'parameters'> {
  let made: Pick<CelEnvironment, 'compile' | 'parameters'> | undefined
  const make = () => {
    const child = environment.clone()
    const parameters = registerParameters(child, fields)
    const known = new Map([...types, ['params', parametersType(fields)] as const])
    made = { parameters, compile: compileIn(child, known, interpreted) }
    return made
  }
  return {
    parameters: values => (made ?? make()).parameters(values),
    compile: (source, result) => (made ?? make()).compile(source, result),
  }
}

function compileIn(
  environment: Environment,
  types: ReadonlyMap<string, CelType>,
  interpreted: boolean,
): CelEnvironment['compile'] {
  return (source, result) => {
    const { parsed, ...expression } = compile(environment, types, source, result)
    return { ...expression, evaluate: interpreted ? variables => parsed(variables) : evaluator(parsed, types) }
  }
}

function compile(
  environment: Environment,
  types: ReadonlyMap<string, CelType>,
  source: string,
  result: ResultType,
): Omit<Expression, 'evaluate'> & { readonly parsed: ParseResult } {
  const parsed = parse(environment, types, source)
  const found = inspect(parsed.ast, types)
  const [problem] = found.problems
  if (problem) throw new ExpressionError(problem.message, problem.offset)
  expectType(parsed, result)
  return {
    parsed,
    source,
    ast: parsed.ast,
    facets: [...found.fields.keys()].sort(),
    fields: found.fields,
    missingField(error) {
      if (!(error instanceof EvaluationError) || error.code !== 'no_such_key' || !error.node) return undefined
      return found.places.get(error.node as ASTNode)
    },
  }
}

/**
 * The evaluator of CEL the first time, closures from then on: making them costs as much as they gain once. Whatever
 * they cannot decide it decides.
 */
function evaluator(parsed: ParseResult, types: ReadonlyMap<string, CelType>): Expression['evaluate'] {
  let closure: ReturnType<typeof compileClosure>
  let evaluations = 0
  return variables => {
    if (evaluations < 2 && ++evaluations === 2) closure = compileClosure(parsed.ast, types)
    if (!closure) return parsed(variables)
    try {
      return closure(variables)
    } catch {
      return parsed(variables)
    }
  }
}

function parse(environment: Environment, types: ReadonlyMap<string, CelType>, source: string): ParseResult {
  let parsed: ParseResult
  try {
    parsed = environment.parse(source)
  } catch (error) {
    throw new ExpressionError(...summaryOf(error))
  }
  const checked = parsed.check()
  if (checked.valid) return parsed
  const [message, offset] = summaryOf(checked.error)
  throw new ExpressionError(`${message}${hint(environment, types, checked.error)}`, offset)
}

function summaryOf(error: unknown): [message: string, offset: number] {
  const known = error as { readonly summary?: string; readonly range?: { readonly start: number } } | undefined
  return [known?.summary ?? String(error), known?.range?.start ?? 0]
}

/** The name that was meant, for a name that is not known. */
function hint(environment: Environment, types: ReadonlyMap<string, CelType>, error: unknown): string {
  const { code, node } = error as { readonly code?: string; readonly node?: ASTNode }
  const { variables, functions } = environment.getDefinitions()
  const names = (items: readonly { readonly name: string }[]) => items.map(item => item.name)
  if (code === 'unknown_variable' && node?.op === 'id') return didYouMean(node.args, names(variables))
  if (code === 'no_such_key' && node?.op === '.') return didYouMean(node.args[1], fieldNames(node.args[0], types))
  if (code !== 'no_matching_overload' || (node?.op !== 'call' && node?.op !== 'rcall')) return ''
  const known = names(functions)
  return known.includes(node.args[0]) ? '' : didYouMean(node.args[0], known)
}

const shown = new Set(['string', 'int', 'bool', 'list<string>', 'list<int>'])

function expectType(parsed: ParseResult, result: ResultType): void {
  const type = parsed.check().type ?? ''
  const empty = type === 'list<T>' && result === 'list<string>'
  const fits = result === 'any' || (result === 'value' ? shown.has(type) : type === result || empty)
  if (fits) return
  const wanted = result === 'value' ? 'a string, int, bool or list of them' : result
  throw new ExpressionError(`must be ${wanted}, but is ${type}`, 0)
}
