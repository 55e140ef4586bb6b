// Whatever a host calls itself: each receiver gets a message of its form, and the text comes through where it can.
import fc from 'fast-check'
import t from 'tap'
import { alertOf } from '../../../collector/notify/alertmanager.ts'
import { jsonLines } from '../../../collector/notify/json-lines.ts'
import type { ToldChange } from '../../../collector/notify/message.ts'
import { slackBody } from '../../../collector/notify/slack.ts'
import { syslogLines } from '../../../collector/notify/syslog.ts'
import { toldChange } from '../../../collector/notify/told-change.ts'
import { webhookBody } from '../../../collector/notify/webhook.ts'
import type { ChangeToTell } from '../../../collector/store/notifications.ts'
import { messageOf } from './messages.ts'

const filter = {
  kinds: ['result', 'facet', 'fact', 'deviation'],
  subjects: [],
  severities: ['high'],
  labels: {},
} as const
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 700 }),
  fc.string({ maxLength: 700 }),
  fc.constantFrom('\ud800', '\n<0>1 ', ''),
)

const told: fc.Arbitrary<ToldChange> = fc
  .record({
    ...{ text, subject: text, field: text, title: text, hostname: text, before: text, after: text },
    kind: fc.constantFrom('result', 'facet', 'fact', 'deviation'),
    labels: fc.dictionary(text, text, { maxKeys: 40 }),
  })
  .map(given => {
    const row = {
      ...{ id: 1, host: 1, hostId: 'abc', change: 'changed', severity: 'high', isWaived: false },
      ...{ at: '2026-11-22T12:00:00.000Z', receivedAt: '2026-11-22T12:00:00.000Z' },
      ...given,
    } as ChangeToTell
    const change = toldChange(row, { ...filter, kinds: [...filter.kinds], subjects: [], severities: ['high'] }, true)
    if (!change) throw new Error('filtered')
    return change
  })

const line =
  /^<\d{1,3}>1 \S+ [\x21-\x7e]+ gabion-collector - [a-z]+ \[gabion@32473(?: [a-zA-Z]+="(?:[^"\\\]\p{Cc}]|\\["\\\]])*")*\] [^\p{Cc}]*$/u

t.test('no text breaks the form of a message', t => {
  fc.assert(
    fc.property(fc.array(told, { minLength: 1, maxLength: 3 }), changes => {
      const message = messageOf(changes, { group: { host: changes[0]?.host.name ?? '' } })
      const { data } = JSON.parse(webhookBody(message)) as { readonly data: { readonly changes: unknown } }
      const slack = (JSON.parse(slackBody(message)) as { readonly text: string }).text
      const lines = jsonLines(message).trimEnd().split('\n')
      const times = { nowMs: Date.parse('2026-11-22T12:00:30.000Z'), holdMs: 60_000 }
      const labels = changes.flatMap(change => Object.entries(alertOf(change, times).labels))
      return (
        JSON.stringify(data.changes) === JSON.stringify(changes) &&
        slack.split('\n').length === changes.length + 1 &&
        !/<|>|@(?!\u200b)|\]\(/.test(slack) &&
        lines.length === changes.length &&
        lines.every((each, index) => (JSON.parse(each) as ToldChange).text === changes[index]?.text) &&
        syslogLines(message, 'daemon', 'c').every(each => line.test(each) && each.isWellFormed()) &&
        labels.every(([name, value]) => /^[a-zA-Z_]\w*$/.test(name) && value !== '' && value.length <= 256)
      )
    }),
    { numRuns: 300 },
  )
  t.end()
})

t.test('what is told is bounded, whatever a host sends', t => {
  fc.assert(
    fc.property(told, change => JSON.stringify(change).length < 40_000),
    { numRuns: 300 },
  )
  t.end()
})
