// Makes the facet's row of each kernel parameter from what is in force and what is set at boot.
import type { SysctlParameter } from '../../proto/facets/sysctl.ts'
import { offline } from '../no-answer.ts'
import { sysctlName } from '../parse/sysctl-d.ts'
import type { Gaps } from '../probe.ts'
import { foldedValue, type LiveValue } from './read-live.ts'
import type { PersistedParameters } from './read-persisted.ts'
import { isSecretParameter, wantedParameters } from './wanted-parameters.ts'

const hidden = '(hidden)'
const maxValueLength = 256

/** @param live undefined on an offline root */
export function parameterRows(
  paths: readonly string[],
  live: ReadonlyMap<string, LiveValue> | undefined,
  persisted: PersistedParameters,
  gaps: Gaps,
): readonly SysctlParameter[] {
  if (!live) for (const field of liveFields) gaps.note(`parameters.${field}`, 'omitted', offline('/proc/sys'))
  return paths.map(path => ({
    name: sysctlName(path),
    ...persistedFields(path, persisted, live?.get(path)),
    ...(live && liveOf(path, live.get(path), persisted, gaps)),
  }))
}

const liveFields = ['supported', 'live', 'differs'] as const

function persistedFields(path: string, { settings, complete }: PersistedParameters, live: LiveValue | undefined) {
  if (!complete) return {}
  const setting = settings.of(path)
  const value = foldedValue(setting?.value ?? '')
  return {
    persisted: isParameter(path, live) || isNumbers(value) ? shown(path, value) : hidden,
    origin: { path: setting?.path ?? '', line: setting?.line ?? 0 },
  }
}

function liveOf(path: string, live: LiveValue | undefined, { settings, complete }: PersistedParameters, gaps: Gaps) {
  if (live?.state !== 'known') {
    if (live) for (const field of liveFields) gaps.note(`parameters.${field}`, 'omitted', live.failure)
    return {}
  }
  const wanted = foldedValue(settings.of(path)?.value ?? '')
  return {
    supported: live.supported,
    live: shown(path, live.value),
    ...(complete && { differs: isDifferent(live, wanted) }),
  }
}

const known: ReadonlySet<string> = new Set(wantedParameters)

/** What no kernel is known to have may be anything that somebody wrote into the file. */
const isParameter = (path: string, live: LiveValue | undefined) =>
  known.has(path) || (live?.state === 'known' && live.supported)

const isNumbers = (value: string) => /^[-0-9 ]*$/.test(value)

const shown = (path: string, value: string) =>
  value !== '' && isSecretParameter(path) ? hidden : value.slice(0, maxValueLength)

/** A value that cannot be read back, or that nothing persists, does not differ. */
function isDifferent({ supported, value }: { readonly supported: boolean; readonly value: string }, wanted: string) {
  if (!supported || wanted === '' || value === '') return false
  return !isSameValue(value, wanted)
}

/**
 * Numbers are compared as the kernel takes them, also octal and hexadecimal ones. Of a parameter with several fields
 * (kernel.printk) the first ones may be set alone.
 */
export function isSameValue(live: string, wanted: string): boolean {
  if (live === wanted) return true
  const have = live.split(' ')
  const set = wanted.split(' ')
  const isVector = have.every(field => numberOf(field) !== undefined)
  return isVector && set.length <= have.length && set.every((field, at) => isSameNumber(have[at] ?? '', field))
}

function isSameNumber(live: string, wanted: string): boolean {
  const number = numberOf(wanted)
  return number !== undefined && number === numberOf(live)
}

/** Base 0 of the kernel's strtoul: `0x1b6`, `0666`, `438`. */
function numberOf(text: string): bigint | undefined {
  const [, sign, digits = ''] = /^(-?)(0[xX][0-9a-fA-F]{1,16}|\d{1,20})$/.exec(text) ?? []
  if (digits === '') return undefined
  const octal = /^0[0-7]+$/.test(digits)
  if (/^0\d/.test(digits) && !octal) return undefined
  const magnitude = BigInt(octal ? `0o${digits.slice(1)}` : digits)
  return sign === '-' ? -magnitude : magnitude
}
