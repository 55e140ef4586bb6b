// Takes reports away that nobody wants any more: of a kind that a cluster is not to have, written under another configuration.
import { backoffMs } from '../../runtime/backoff.ts'
import { messageOf } from '../../runtime/errors.ts'
import { type KeepReportsOptions, turn } from './keep-reports.ts'
import { type PolicyReportKind, reportKinds } from './report-kinds.ts'
import { ReportsRefused, reportObjects } from './report-objects.ts'

type RemoveReportsOptions = Pick<
  KeepReportsOptions,
  'cluster' | 'owner' | 'api' | 'limiter' | 'clock' | 'log' | 'random' | 'onWrite'
> & {
  /** that the cluster is not to have */
  readonly kind: PolicyReportKind
}

const waits = { firstMs: 5_000, mostMs: 600_000 } as const

/** Until none is left, the collector may not look, or the signal aborts. One collector at a time is to do it. Never rejects. */
export async function removeReports(options: RemoveReportsOptions, signal: AbortSignal): Promise<void> {
  const { cluster, clock, log, random, kind } = options
  let told = ''
  for (let failures = 1; !signal.aborted; failures++) {
    try {
      return await removeAll(options, signal)
    } catch (error) {
      if (signal.aborted) return
      const reason = messageOf(error)
      if (error instanceof ReportsRefused) {
        if (!error.isUnknown)
          log.info('policy reports written before, if there are any, stay', { cluster, kind, reason })
        return
      }
      if (reason !== told) log.warn('policy reports that nobody wants cannot be removed', { cluster, kind, reason })
      told = reason
      options.onWrite('failed')
      const ms = backoffMs(waits, failures)
      await clock.sleep(ms / 2 + random() * (ms / 2), signal)
    }
  }
}

/** @throws ReportsRefused, ApiServerUnavailable */
async function removeAll(options: RemoveReportsOptions, signal: AbortSignal): Promise<void> {
  const { cluster, owner, api, kind, log, onWrite } = options
  const objects = reportObjects(api, kind, owner)
  const names = [...(await objects.list()).keys()]
  for (const name of names) {
    await turn(options, signal)
    if (signal.aborted) return
    await objects.remove(name)
    onWrite('removed')
  }
  if (names.length === 0) return
  log.info('policy reports were removed, nobody wants them', {
    cluster,
    kind: reportKinds[kind].kind,
    reports: names.length,
  })
}
