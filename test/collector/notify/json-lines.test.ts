// Lines of JSON in a file: one for each change, whole ones only, and never through a link.

import { spawnSync } from 'node:child_process'
import { appendFileSync, mkdirSync, readFileSync, renameSync, statSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { jsonLines, jsonLinesSender } from '../../../collector/notify/json-lines.ts'
import type { ReceiverOf } from '../../../collector/notify/notify-config.ts'
import { failing, hostile, hostileTexts, messageOf, opened } from './messages.ts'
import { receiverOf } from './receiver-config.ts'

const never = new AbortController().signal
const senderTo = (path: string) =>
  jsonLinesSender(receiverOf({ name: 'file', kind: 'json-lines', path }) as ReceiverOf<'json-lines'>)
const linesOf = (text: string) =>
  text
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line) as Record<string, unknown>)

t.test('each change is a line, whatever a host says', t => {
  const changes = [failing, opened, ...hostileTexts.map(hostile)]
  const lines = linesOf(jsonLines(messageOf(changes, { group: { env: 'prod' }, more: 2, dropped: 1 })))
  const common = { message: 'msg_1', group: { env: 'prod' } }
  t.same(
    lines.slice(0, -1),
    changes.map(change => ({ ...common, ...change })),
  )
  t.same(lines.at(-1), { ...common, at: '2026-11-22T12:00:30.000Z', more: 2, dropped: 1 })
  t.end()
})

t.test('a file is made for its owner alone, appended to, and made again after it was rotated', async t => {
  const path = join(t.testdir({}), 'told.jsonl')
  const sender = senderTo(path)
  await sender.send(messageOf([failing]), never)
  t.equal(statSync(path).mode & 0o777, 0o600)
  appendFileSync(path, '{"half')
  await sender.send(messageOf([opened]), never)
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n')
  t.equal(lines[1], '{"half', 'what a crash left is a line of its own')
  t.match(JSON.parse(lines[2] ?? ''), { kind: 'fact' })
  renameSync(path, `${path}.1`)
  await sender.send(messageOf([opened]), never)
  t.equal(linesOf(readFileSync(path, 'utf8')).length, 1)
})

t.test('links, directories and pipes are no files', async t => {
  const directory = t.testdir({ target: '' })
  symlinkSync(join(directory, 'target'), join(directory, 'link'))
  mkdirSync(join(directory, 'folder'))
  spawnSync('mkfifo', [join(directory, 'pipe')])
  for (const [name, why] of [
    ['link', /ELOOP/],
    ['folder', /EISDIR/],
    ['pipe', /no regular file/],
    ['no/where', /ENOENT/],
  ] as const) {
    await t.rejects(
      senderTo(join(directory, name)).send(messageOf([failing]), never),
      { name: 'SendError', message: why },
      name,
    )
  }
})

t.test('standard output takes them, too', async t => {
  const printed: string[] = []
  const config = receiverOf({ name: 'out', kind: 'json-lines', path: '-' }) as ReceiverOf<'json-lines'>
  const sender = jsonLinesSender(config, async text => void printed.push(text))
  await sender.send(messageOf([failing, opened]), never)
  t.equal(linesOf(printed.join('')).length, 2)
})
