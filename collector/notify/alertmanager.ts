// Alerts for Prometheus Alertmanager, by its API v2: what fails is told again and again, and ends when it is not.

import { bounded } from '../../policy/visible-text.ts'
import { isoTime } from '../../runtime/clock.ts'
import type { Message, ToldChange } from './message.ts'
import type { ReceiverOf } from './notify-config.ts'
import { readSecret } from './secret-file.ts'
import { type Network, post } from './send-http.ts'
import type { Sender } from './sender.ts'

/** Alerts of one request. */
const atOnce = 250
/** A failure that is not told again for so many times has ended. */
const missedRepeats = 3
/** Alerts that nothing ends, such as changes of facts. */
const momentMs = 3_600_000
const maxValue = 256
const maxAnnotation = 1_000

/** @throws GabionError when a secret cannot be read */
export function alertmanagerSender(config: ReceiverOf<'alertmanager'>, network: Network): Sender {
  const url = new URL(`${config.url.replace(/\/+$/, '')}/api/v2/alerts`)
  const read = () => config.authorizationFile && readSecret('authorizationFile', config.authorizationFile)
  read()
  async function postAll(alerts: readonly Alert[], signal: AbortSignal): Promise<void> {
    const authorization = read()
    const headers = authorization ? { authorization } : {}
    for (let from = 0; from < alerts.length; from += atOnce) {
      const body = JSON.stringify(alerts.slice(from, from + atOnce))
      await post({ url, headers, body }, config, network, signal)
    }
  }
  const times = () => ({ nowMs: network.clock.now(), holdMs: missedRepeats * config.repeatEvery })
  const alertsOf = (changes: readonly ToldChange[], ended?: true) =>
    changes.map(change => alertOf(change, times(), config.sourceUrl, ended))
  return {
    send: (message, signal) => postAll([...alertsOf(message.changes), ...countAlerts(message, times().nowMs)], signal),
    repeating: {
      everyMs: config.repeatEvery,
      repeat: (failing, signal) => postAll(alertsOf(failing), signal),
      end: (ended, signal) => postAll(alertsOf(ended, true), signal),
    },
  }
}

export interface Alert {
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
  readonly startsAt: string
  readonly endsAt: string
  readonly generatorURL?: string
}

const names = {
  result: 'GabionFinding',
  facet: 'GabionFacetUnreadable',
  fact: 'GabionDrift',
  deviation: 'GabionDeviation',
} as const

interface AlertTimes {
  readonly nowMs: number
  /** how long an alert holds that is not told again */
  readonly holdMs: number
}

/** @param ended it does not fail any more, although this change says so */
export function alertOf(change: ToldChange, { nowMs, holdMs }: AlertTimes, sourceUrl = '', ended?: true): Alert {
  const { kind, status, subject, host, severity, title, text, id } = change
  const isMoment = status === 'changed'
  const isEnded = ended ?? status === 'resolved'
  const endsAtMs = isEnded ? nowMs : isMoment ? Date.parse(change.at) + momentMs : nowMs + holdMs
  return {
    // What ends an alert has the labels of what began it, and nothing that may be another by then.
    labels: labelsOf({
      ...Object.fromEntries(Object.entries(host.labels).map(([key, value]) => [labelName(key), value])),
      ...{
        alertname: isMoment ? names.fact : names[kind],
        instance: host.name,
        host_id: host.id,
      },
      ...(kind === 'result' ? { check: subject, severity: severity ?? '' } : { facet: subject }),
      ...(kind === 'deviation' ? { cohort: change.field } : {}),
      ...(isMoment ? { change: String(id) } : {}),
    }),
    annotations: {
      summary: bounded(title === '' ? text : title, maxAnnotation),
      description: bounded(text, maxAnnotation),
    },
    ...{
      startsAt: isEnded ? isoTime(Math.min(Date.parse(change.at), nowMs - 1)) : change.at,
      endsAt: isoTime(endsAtMs),
    },
    ...(sourceUrl === '' ? {} : { generatorURL: `${sourceUrl.replace(/\/+$/, '')}/api/v1/hosts/${host.id}` }),
  }
}

/** What was not listed, and what was dropped: nobody has to find out by counting. */
function countAlerts({ more, dropped, group, createdAt, id }: Message, nowMs: number): readonly Alert[] {
  const alert = (alertname: string, count: number, summary: string): Alert => ({
    labels: labelsOf({
      ...Object.fromEntries(Object.entries(group).map(([key, value]) => [labelName(`group.${key}`), value])),
      ...{ alertname, message: id },
    }),
    annotations: { summary: `${count} ${summary}` },
    ...{ startsAt: createdAt, endsAt: isoTime(nowMs + momentMs) },
  })
  return [
    ...(more === 0 ? [] : [alert('GabionMoreChanges', more, 'more changes came together with others')]),
    ...(dropped === 0 ? [] : [alert('GabionChangesDropped', dropped, 'changes could not be delivered in time')]),
  ]
}

/** An empty value is none. */
function labelsOf(labels: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const entries = Object.entries(labels).filter(([, value]) => value !== '')
  return Object.fromEntries(entries.map(([name, value]) => [name, bounded(value, maxValue)]))
}

/** Labels of hosts never stand in for our own. */
const labelName = (key: string) => `label_${key.replace(/[^0-9A-Za-z_]/g, '_').slice(0, 100)}`
