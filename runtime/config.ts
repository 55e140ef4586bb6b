// Configuration of a process: default < file < environment < flag, unknown keys are errors.
import { readFileSync } from 'node:fs'
import { parseDocument } from 'yaml'
import type * as z from 'zod'
import { errnoOf, GabionError } from './errors.ts'

export interface ConfigSources<T extends z.ZodObject> {
  /** every key has a default; descriptions become help and reference; what `meta` says isPrivate of is not shown */
  readonly schema: T
  /** configuration file; a missing one is an error only when `required` */
  readonly file?: { readonly path: string; readonly required: boolean }
  readonly environment: Readonly<Record<string, string | undefined>>
  /** flags given on the command line, by key */
  readonly flags: Readonly<Record<string, unknown>>
}

/** `httpPort` → `GABION_HTTP_PORT`. */
export function environmentName(key: string): string {
  return `GABION_${key.replace(/[A-Z]/g, letter => `_${letter}`).toUpperCase()}`
}

export interface ResolvedConfig<T> {
  readonly values: T
  /** key → file, environment variable or flag that set it; a key that is not there has its default */
  readonly origins: ReadonlyMap<string, string>
}

/** @throws GabionError with code `config`, naming the file, line or variable, what was found and what was expected */
export function loadConfig<T extends z.ZodObject>(sources: ConfigSources<T>): z.infer<T> {
  return resolveConfig(sources).values
}

/** The same, with where each value comes from. */
export function resolveConfig<T extends z.ZodObject>({
  schema,
  file,
  environment,
  flags,
}: ConfigSources<T>): ResolvedConfig<z.infer<T>> {
  const origins = new Map<string, string>()
  const merged: Record<string, unknown> = {}
  const take = (key: string, value: unknown, origin: string) => {
    merged[key] = value
    origins.set(key, origin)
  }
  for (const [key, value] of Object.entries(file ? readConfigFile(file, schema) : {}))
    take(key, value, file?.path ?? '')
  for (const key of Object.keys(schema.shape)) {
    const text = environment[environmentName(key)]
    if (text !== undefined && text !== '') take(key, scalar(text), environmentName(key))
  }
  for (const [key, value] of Object.entries(flags)) if (value !== undefined) take(key, value, `--${kebab(key)}`)

  const parsed = schema.safeParse(merged)
  if (parsed.success) return { values: parsed.data, origins }
  const [issue] = parsed.error.issues
  const key = String(issue?.path[0] ?? '')
  // What was put where a secret might have been is told nobody; where it stands is.
  const isPrivate = schema.shape[key]?.meta()?.['isPrivate'] === true
  const found = key in merged && !isPrivate ? `, found ${JSON.stringify(merged[key])}` : ''
  const place = isPrivate ? ` ${placeOf(issue?.path ?? [])}:` : ''
  throw new GabionError('config', `${origins.get(key) ?? key}:${place} ${issue?.message ?? 'not valid'}${found}`)
}

/** `['notify', 0, 'url']` → `notify[0].url`. */
function placeOf(path: readonly PropertyKey[]): string {
  return path
    .map((part, index) => (typeof part === 'number' ? `[${part}]` : `${index === 0 ? '' : '.'}${String(part)}`))
    .join('')
}

/** `httpPort` → `http-port`. */
export function kebab(key: string): string {
  return key.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)
}

function readConfigFile({ path, required }: { path: string; required: boolean }, schema: z.ZodObject): object {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (cause) {
    if (errnoOf(cause) === 'ENOENT' && !required) return {}
    throw new GabionError('config', `${path}: cannot be read (${errnoOf(cause)})`, { cause })
  }
  const document = parseDocument(text)
  const [error] = document.errors
  if (error) throw new GabionError('config', `${path}: ${error.message}`)
  const value: unknown = document.toJS() ?? {}
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new GabionError('config', `${path}: expected keys and values`)
  }
  for (const key of Object.keys(value)) {
    if (!(key in schema.shape)) {
      throw new GabionError('config', `${path}: unknown key ${key}; known are ${Object.keys(schema.shape).join(', ')}`)
    }
  }
  return value
}

function scalar(text: string): unknown {
  if (/^-?\d{1,15}$/.test(text)) return Number(text)
  if (text === 'true' || text === 'false') return text === 'true'
  return text
}
