// What a result says beside its state, as it is stored: empty where there is nothing to say.
import type { Result } from '../../policy/check.ts'

export type ResultDetail = Pick<Result, 'reason' | 'evidence' | 'remediation'>

export function packDetail({ reason, evidence, remediation }: ResultDetail): string {
  if (reason === '' && remediation === '' && evidence.length === 0) return ''
  return JSON.stringify([reason, remediation, ...evidence])
}

/** @param text made by `packDetail` */
export function parseDetail(text: string): ResultDetail {
  if (text === '') return { reason: '', evidence: [], remediation: '' }
  const [reason, remediation, ...evidence] = JSON.parse(text) as [string, string, ...string[]]
  return { reason, evidence, remediation }
}
