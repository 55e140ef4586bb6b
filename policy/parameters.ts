// The parameters of checks: their types, told by their defaults, and what is wrong with values given for them.
import type { Environment } from '@marcbachmann/cel-js'
import type { JsonObject, JsonValue } from '../proto/facet.ts'
import { type CelType, raw } from './facet-view.ts'
import { didYouMean } from './policy-error.ts'

/**
 * CEL type of a parameter: string, int, bool, or a list of strings or ints. An empty list is a list of strings.
 * @throws Error for another value
 */
function parameterType(value: JsonValue): string {
  if (typeof value === 'string') return 'string'
  if (typeof value === 'boolean') return 'bool'
  if (typeof value === 'number' && Number.isSafeInteger(value)) return 'int'
  if (Array.isArray(value)) {
    const [item = 'string', ...others] = new Set(value.map(parameterType))
    if (others.length === 0 && (value.length === 0 || item === 'string' || item === 'int')) return `list<${item}>`
  }
  throw new Error('a parameter is a string, an integer, a boolean, or a list of strings or of integers')
}

/** CEL types by name, in the order of the names. @throws Error for a value that has none */
export function parameterTypes(defaults: JsonObject): Readonly<Record<string, string>> {
  const names = Object.keys(defaults).sort()
  return Object.fromEntries(names.map(name => [name, parameterType(defaults[name] ?? '')]))
}

/** Why a parameter cannot have that name or default; empty when it can. */
export function parameterProblem(name: string, value: JsonValue): string {
  if (!/^[a-z][A-Za-z0-9]*$/.test(name)) return 'is not camelCase'
  if (name in Object.prototype) return 'is a name that every object has'
  return typeProblem(value)
}

function typeProblem(value: JsonValue): string {
  try {
    parameterType(value)
    return ''
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

/** What is wrong with values given for a check's parameters: unknown names and other types than the defaults have. */
export function parameterMismatches(defaults: JsonObject, values: JsonObject): readonly string[] {
  return Object.entries(values).flatMap(([name, value]) => {
    const preset = Object.hasOwn(defaults, name) ? defaults[name] : undefined
    if (preset === undefined) return `there is no parameter "${name}"${didYouMean(name, Object.keys(defaults))}`
    const wanted = parameterType(preset)
    const found = typeProblem(value) === '' ? parameterType(value) : 'something else'
    const emptyList = Array.isArray(value) && value.length === 0 && wanted.startsWith('list<')
    return found === wanted || emptyList ? [] : [`parameter "${name}" is a ${wanted}, not ${found}`]
  })
}

/** The type of `params` as the inspection of expressions knows it. */
export function parametersType(fields: Readonly<Record<string, string>>): CelType {
  const shapes = Object.keys(fields).map(name => [name, { kind: 'string', optional: false, description: '' }] as const)
  return {
    name: 'params',
    facet: '',
    shape: { kind: 'object', optional: false, description: '', fields: new Map(shapes) },
  }
}

/** Declares the variable `params`; answers what makes its value of a check's values. */
export function registerParameters(
  environment: Environment,
  fields: Readonly<Record<string, string>>,
): (values: JsonObject) => unknown {
  class Params {
    [name: string]: unknown
    [raw]: JsonObject | undefined
  }
  environment.registerType('params', { ctor: Params, fields }).registerVariable('params', 'params')
  return values => {
    const params = new Params()
    for (const [name, value] of Object.entries(values)) params[name] = celValue(value)
    params[raw] = values
    return params
  }
}

function celValue(value: JsonValue): unknown {
  if (typeof value === 'number') return BigInt(value)
  return Array.isArray(value) ? value.map(celValue) : value
}
