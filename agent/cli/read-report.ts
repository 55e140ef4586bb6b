// Reads an earlier report of `gabion-agent scan -o json`, for a comparison.
import type * as z from 'zod'
import { visible } from '../../policy/visible-text.ts'
import { jsonReportVersion } from '../../report/json.ts'
import { type JsonReport, JsonReportSchema } from '../../report/scan-report-schema.ts'
import { type GabionError, usageError } from '../../runtime/errors.ts'
import { jsonErrorLine } from '../parse/json-error.ts'
import { readInput } from './read-input.ts'

/**
 * @param path a file, or `-` for standard input
 * @throws GabionError (usage) that names the file and what is wrong with it
 */
export async function readReport(path: string): Promise<JsonReport> {
  const { file, text } = await readInput(path)
  const document = parse(file, text)
  const version = isRecord(document) ? document['reportVersion'] : undefined
  if (typeof version === 'number' && version > jsonReportVersion) {
    const known = `this agent reads up to version ${jsonReportVersion}`
    throw refusal(file, `is a report of version ${version}, ${known}; use a newer agent`)
  }
  if (Array.isArray(document)) throw refusal(file, 'holds the reports of several hosts; one of this host is needed')
  const parsed = JsonReportSchema.safeParse(document)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const hint = isRecord(document) && 'hostDigest' in document ? '; it is a snapshot of gabion-agent facts' : ''
  throw refusal(file, `is no report of 'gabion-agent scan -o json' (${placed(issue)})${hint}`)
}

function parse(file: string, text: string): unknown {
  if (text.trim() === '') throw refusal(file, 'is empty')
  try {
    return JSON.parse(text)
  } catch {
    throw refusal(file, `line ${jsonErrorLine(text)}: is not JSON`)
  }
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function placed(issue: z.core.$ZodIssue | undefined): string {
  const path = issue?.path.map(String).join('.') ?? ''
  return `${path === '' ? '' : `${path}: `}${issue?.message ?? 'invalid'}`
}

const refusal = (file: string, reason: string): GabionError => usageError(visible(`--since ${file}: ${reason}`))
