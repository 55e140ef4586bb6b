// Makes of a change in the drift what a receiver is told, or nothing when it did not ask for it.
import { matchesGlob } from '../../policy/host-selector.ts'
import { bounded, visible } from '../../policy/visible-text.ts'
import type { ChangeToTell } from '../store/notifications.ts'
import { statusOfTurn, type ToldChange, type ToldStatus } from './message.ts'
import type { ReceiverFilter } from './notify-config.ts'

const maxText = 500
const maxLabels = 32
const maxLabel = 200

/** @returns undefined for what the receiver does not want to be told */
export function toldChange(
  change: ChangeToTell,
  filter: ReceiverFilter,
  sendResolved: boolean,
): ToldChange | undefined {
  if (!isWanted(change, filter)) return undefined
  const status = statusOf(change)
  if (status === 'failing' && change.isWaived) return undefined
  if (status === 'resolved' && !sendResolved) return undefined
  const { id, kind, subject, field, text, title, severity, flapping, at, hostId, hostname, labels } = change
  const turned = (kind === 'result' || kind === 'facet') && field === 'state'
  return {
    ...{ id, status, kind, subject: shown(subject), change: change.change, field: shown(field), at },
    ...{ title: shown(title), text: shown(text) },
    ...(flapping === undefined ? {} : { flapping }),
    ...(severity === undefined ? {} : { severity }),
    host: { id: hostId, name: shown(hostname), labels: shownLabels(labels) },
    ...(turned ? { from: shown(String(change.before ?? '')), to: shown(String(change.after ?? '')) } : {}),
  }
}

function isWanted({ kind, subject, severity, labels }: ChangeToTell, filter: ReceiverFilter): boolean {
  if (!filter.kinds.includes(kind)) return false
  if (filter.subjects.length > 0 && !filter.subjects.some(glob => matchesGlob(glob, subject))) return false
  if (kind === 'result' && severity !== undefined && !filter.severities.includes(severity)) return false
  return Object.entries(filter.labels).every(([key, value]) => Object.hasOwn(labels, key) && labels[key] === value)
}

/** A waiver that ended leaves a failure that counts again; what flapped and rests may have been told as failing. */
function statusOf({ kind, change, field, before, after, flapping }: ChangeToTell): ToldStatus {
  if (kind === 'fact') return 'changed'
  if (kind === 'deviation') return change === 'removed' ? 'resolved' : 'failing'
  if (kind === 'result' && field === 'waiver') return 'failing'
  return statusOfTurn(flapping === 'ends' ? 'fail' : before, after)
}

const shown = (text: string) => bounded(visible(text), maxText)

function shownLabels(labels: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const entries = Object.entries(labels).slice(0, maxLabels)
  return Object.fromEntries(
    entries.map(([key, value]) => [bounded(visible(key), maxLabel), bounded(visible(value), maxLabel)]),
  )
}
