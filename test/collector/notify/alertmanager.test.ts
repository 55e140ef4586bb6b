// Alerts of Alertmanager: labels that stay, ends that come, and failures that are told again until they end.
import t from 'tap'
import { type Alert, alertmanagerSender, alertOf } from '../../../collector/notify/alertmanager.ts'
import type { ReceiverOf } from '../../../collector/notify/notify-config.ts'
import { systemResolve } from '../../../collector/notify/send-http.ts'
import { systemClock } from '../../../runtime/clock.ts'
import { createFakeClock } from '../../fake-clock.ts'
import { startHttpReceiver } from './http-receiver.ts'
import { failing, hostile, hostileTexts, messageOf, opened, resolved } from './messages.ts'
import { receiverOf } from './receiver-config.ts'

const nowMs = Date.parse('2026-11-22T12:01:00.000Z')
const times = { nowMs, holdMs: 360_000 }
const never = new AbortController().signal

t.test('a failure holds for three times of being told, its end has the same labels', t => {
  const began = alertOf(failing, times, 'https://gabion.example.org/')
  t.same(began, {
    labels: {
      ...{
        alertname: 'GabionFinding',
        severity: 'critical',
        check: 'ssh-root-login',
        instance: 'web-1',
        host_id: 'abc',
      },
      ...{ label_env: 'prod', label_app_kubernetes_io_name: 'shop' },
    },
    annotations: {
      summary: 'Root cannot log in',
      description: 'Root cannot log in: pass → fail (PermitRootLogin yes)',
    },
    startsAt: '2026-11-22T12:00:00.000Z',
    endsAt: '2026-11-22T12:07:00.000Z',
    generatorURL: 'https://gabion.example.org/api/v1/hosts/abc',
  })
  const ended = alertOf(resolved, times)
  t.same(ended.labels, began.labels)
  t.equal(ended.endsAt, '2026-11-22T12:01:00.000Z')
  t.equal(alertOf(failing, times, '', true).endsAt, '2026-11-22T12:01:00.000Z')
  t.end()
})

t.test('what nothing ends is over after an hour', t => {
  t.match(alertOf(opened, times), {
    labels: { alertname: 'GabionDrift', facet: 'ports', change: '9' },
    endsAt: '2026-11-22T13:00:00.000Z',
  })
  t.end()
})

t.test('labels are of the form and length that Alertmanager takes, and none of a host is one of ours', t => {
  for (const text of [...hostileTexts, 'alertname', 'severity', '']) {
    const { labels } = alertOf(hostile(text), times)
    t.match(labels, { alertname: 'GabionFinding', severity: 'critical' })
    for (const [name, value] of Object.entries(labels)) {
      t.match(name, /^[a-zA-Z_][a-zA-Z0-9_]*$/)
      t.ok(value.length > 0 && value.length <= 256 && value.isWellFormed())
    }
  }
  t.end()
})

async function start(t: Parameters<typeof startHttpReceiver>[0]) {
  const receiver = await startHttpReceiver(t)
  const config = receiverOf({
    ...{
      name: 'am',
      kind: 'alertmanager',
      url: `${receiver.url.replace('/hook', '')}/am/`,
      allowAddresses: ['127.0.0.1'],
    },
    repeatEvery: '1m',
  }) as ReceiverOf<'alertmanager'>
  const clock = { ...createFakeClock(nowMs), sleep: systemClock.sleep }
  const alerts = () => receiver.received.map(({ body }) => JSON.parse(body) as readonly Alert[])
  return { receiver, alerts, sender: alertmanagerSender(config, { clock, resolve: systemResolve }) }
}

t.test('alerts are posted to the API, 250 at once, with what was not listed', async t => {
  const { receiver, alerts, sender } = await start(t)
  await sender.send(
    messageOf(
      Array.from({ length: 300 }, () => failing),
      { more: 7, dropped: 3, group: { env: 'prod' } },
    ),
    never,
  )
  t.same(
    receiver.received.map(({ method, path }) => `${method} ${path}`),
    ['POST /am/api/v2/alerts', 'POST /am/api/v2/alerts'],
  )
  t.same(
    alerts().map(({ length }) => length),
    [250, 52],
  )
  t.match(alerts()[1]?.slice(-2), [
    { labels: { alertname: 'GabionMoreChanges', label_group_env: 'prod' }, annotations: { summary: /^7 more/ } },
    { labels: { alertname: 'GabionChangesDropped' }, annotations: { summary: /^3 changes/ } },
  ])
})

t.test('what holds is told again for as long, what ended is ended', async t => {
  const { alerts, sender } = await start(t)
  t.equal(sender.repeating?.everyMs, 60_000)
  await sender.repeating?.repeat([failing], never)
  await sender.repeating?.end([failing], never)
  t.match(alerts(), [[{ endsAt: '2026-11-22T12:04:00.000Z' }], [{ endsAt: '2026-11-22T12:01:00.000Z' }]])
})
