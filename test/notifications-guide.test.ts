// What docs/notifications.md promises: its configuration is accepted, its tables are those of the program, its code runs.
import { spawnSync } from 'node:child_process'
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Webhook } from 'standardwebhooks'
import t from 'tap'
import { parse } from 'yaml'
import { CollectorConfigSchema } from '../collector/collector-config.ts'
import type { Message } from '../collector/notify/message.ts'
import { NotifySchema, receiverKinds } from '../collector/notify/notify-config.ts'
import { slackBody } from '../collector/notify/slack.ts'
import { syslogLines } from '../collector/notify/syslog.ts'
import { webhookBody } from '../collector/notify/webhook.ts'

const guide = readFileSync(join(import.meta.dirname, '../docs/notifications.md'), 'utf8')
const blocks = (kind: string) =>
  [...guide.matchAll(/^```(?<kind>[^\n]*)\n(?<text>[\s\S]*?)^```$/gm)].flatMap(({ groups }) =>
    groups?.['kind'] === kind ? [groups['text'] ?? ''] : [],
  )
const [example = '', patch = '', route = ''] = blocks('yaml')

t.test('its configuration is accepted and has every kind', t => {
  const { notify } = CollectorConfigSchema.strict().parse(parse(example))
  t.same(new Set(notify.map(({ kind }) => kind)), new Set(receiverKinds))
  t.match(parse(patch), [{ op: 'add', path: '/spec/egress/-', value: { ports: [{ port: 9093 }] } }])
  t.match(parse(route), { route: { receiver: 'default' }, receivers: [{ name: 'default' }] })
  t.end()
})

t.test('it names every key, with its default', t => {
  const given = [
    {
      name: 'a',
      kind: 'webhook',
      url: 'https://example.org/',
      secretFile: '/a',
      urlFile: undefined,
      authorizationFile: '/a',
    },
    { name: 'b', kind: 'slack', urlFile: '/a' },
    { name: 'c', kind: 'alertmanager', url: 'https://example.org/', sourceUrl: 'https://example.org/' },
    { name: 'd', kind: 'syslog', address: 'tls://example.org:6514', caFile: '/a' },
    { name: 'e', kind: 'json-lines', path: '-' },
  ]
  const receivers = NotifySchema.parse(given)
  for (const key of new Set(receivers.flatMap(receiver => Object.keys(receiver)))) {
    if (key !== 'filter') t.ok(guide.includes(`\`${key}\``), key)
  }
  const plain = NotifySchema.parse([{ name: 'e', kind: 'json-lines', path: '-' }])[0]
  for (const key of Object.keys(plain?.filter ?? {})) t.ok(guide.includes(`\`filter.${key}\``), key)
  const shown = {
    sendResolved: 'true',
    groupBy: '[]',
    groupWait: '30s',
    groupInterval: '5m',
    maxQueue: '500',
    maxAge: '1d',
  }
  for (const [key, value] of Object.entries(shown)) t.ok(guide.includes(`| \`${key}\` | \`${value}\` |`), key)
  t.match(plain, { sendResolved: true, groupWait: 30_000, groupInterval: 300_000, maxQueue: 500, maxAge: 86_400_000 })
  t.match(receivers[2], { repeatEvery: 120_000, timeout: 10_000 })
  t.match(receivers[3], { facility: 'daemon' })
  t.end()
})

t.test('its metrics are those of the program', t => {
  const source = readFileSync(join(import.meta.dirname, '../collector/metrics.ts'), 'utf8')
  const names = [...guide.matchAll(/`gabion_(notify_\w+)/g)].map(([, name = '']) => name)
  t.equal(names.length, 3)
  for (const name of names) t.ok(source.includes(`'${name}'`) || source.includes(`'gabion_${name}'`), name)
  t.end()
})

t.test('its messages have the form of ours, and its code takes them', async t => {
  const directory = t.testdir({})
  for (const line of blocks('sh run')) {
    const { status, stderr } = spawnSync('sh', ['-ec', line], { cwd: directory, encoding: 'utf8' })
    t.equal(status, 0, stderr)
  }
  const keyFile = join(directory, 'tickets.key')
  t.equal(statSync(keyFile).mode & 0o777, 0o600)
  const [shown = ''] = blocks('json')
  const { data, timestamp } = JSON.parse(shown) as { readonly data: Message; readonly timestamp: string }
  const message: Message = { ...data, createdAt: timestamp, isTest: false }
  t.same(JSON.parse(webhookBody(message)), JSON.parse(shown))
  t.match(slackBody(message), 'FAILING high web-1')
  t.match(
    syslogLines(message, 'daemon', 'collector')[0],
    /^<27>1 2026-11-22T12:00:00\.000Z collector gabion-collector - result \[gabion@32473 message="/,
  )
  const program = join(directory, 'receiver.mjs')
  writeFileSync(program, (blocks('js run')[0] ?? '').replace("'tickets.key'", JSON.stringify(keyFile)))
  const { changesIn } = (await import(pathToFileURL(program).href)) as {
    changesIn(body: string, headers: Record<string, string>): unknown
  }
  const at = new Date()
  const key = new Webhook(readFileSync(keyFile, 'utf8').trim())
  const headers = {
    ...{ 'webhook-id': message.id, 'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)) },
    'webhook-signature': key.sign(message.id, at, shown),
  }
  t.same(changesIn(shown, headers), data.changes)
  t.throws(() => changesIn(`${shown} `, headers))
})
