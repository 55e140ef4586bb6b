// The collector as a process that tells a receiver: killed at any moment, read again by SIGHUP, and silent about secrets.
import { once } from 'node:events'
import { join } from 'node:path'
import { Webhook } from 'standardwebhooks'
import t from 'tap'
import { databaseTexts } from '../../canary/database-texts.ts'
import { runBin } from '../../run-bin.ts'
import { startHttpReceiver } from './http-receiver.ts'
import { signingSecret } from './receiver-config.ts'
import { facet, host, serve, setUp } from './serving.ts'

t.setTimeout(120_000)

t.test('kill -9 before a message was taken: it is sent after the start, under its id, and once', async t => {
  const receiver = await startHttpReceiver(t)
  const { config, data, secrets, write, webhook } = setUp(t)
  write([webhook(receiver.url)])
  receiver.answer(500)
  const first = await serve(t, config, data)
  const turn = await host(t, first.grpcAddress)
  await turn()
  await turn()
  await receiver.until(1)
  await first.logged('a receiver did not take a message')
  first.child.kill('SIGKILL')
  await once(first.child, 'exit')
  const second = await serve(t, config, data)
  const [refused, taken] = await receiver.until(2)
  t.equal(taken?.headers['webhook-id'], refused?.headers['webhook-id'])
  const told = new Webhook(signingSecret).verify(taken?.body ?? '', taken?.headers ?? {})
  t.match(told, {
    data: { changes: [{ kind: 'facet', subject: facet.name, status: 'failing', host: { name: 'web-1' } }] },
  })
  const shown = async () => (await fetch(`http://${second.httpAddress}/api/v1/receivers`)).text()
  while (!(await shown()).includes('"queuedMessages":0')) await new Promise(resolve => setImmediate(resolve))
  const test = await fetch(`http://${second.httpAddress}/api/v1/receivers/ops/test`, { method: 'POST' })
  t.same(await test.json(), { name: 'ops', delivered: true, error: '' })
  t.equal(receiver.received.length, 3, 'nothing was sent twice')
  const audit = await (await fetch(`http://${second.httpAddress}/api/v1/audit`)).text()
  t.match(audit, /"action":"receivers.create","target":"ops","outcome":"done"/)
  const metrics = await (await fetch(`http://${second.httpAddress}/metrics`)).text()
  t.match(metrics, /gabion_notify_deliveries_total\{receiver="ops",outcome="delivered"\} 1/)
  t.match(metrics, /gabion_notify_queue\{receiver="ops"\} 0/)
  const said = [await shown(), audit, metrics, first.log(), second.log(), databaseTexts(join(data, 'collector.db'))]
  for (const text of said) for (const secret of secrets) t.notOk(text.includes(secret))
})

t.test('SIGHUP takes other receivers up; a mistake leaves those before in force', async t => {
  const [before, after] = [await startHttpReceiver(t), await startHttpReceiver(t)]
  const { config, data, write, webhook } = setUp(t)
  write([webhook(before.url)])
  const { child, grpcAddress, logged, log } = await serve(t, config, data)
  const turn = await host(t, grpcAddress)
  await turn()
  await turn()
  await before.until(1)
  write([{ ...webhook(before.url), sekret: 'hidden' }])
  child.kill('SIGHUP')
  await logged('configuration could not be read again')
  t.match(log(), /notify\[0\]: Unrecognized key: \\"sekret\\"/)
  await turn()
  await before.until(2)
  write([webhook(after.url)])
  child.kill('SIGHUP')
  await logged('intervals and receivers read again')
  await turn()
  await turn()
  await after.until(1)
  t.equal(before.received.length, 2)
  child.kill('SIGTERM')
  t.same(await once(child, 'exit'), [0, null])
})

t.test('notify test sends a message without a collector, and says why one was not taken', async t => {
  const receiver = await startHttpReceiver(t)
  const { config, write, webhook, secrets } = setUp(t)
  write([webhook(receiver.url)])
  const taken = await runBin('collector', ['notify', 'test', 'ops', '--config', config])
  t.match(taken, { code: 0, stdout: '', stderr: 'receiver ops took the message\n' })
  t.match(JSON.parse(receiver.received[0]?.body ?? ''), { type: 'gabion.test' })
  receiver.answer(503)
  const refused = await runBin('collector', ['notify', 'test', 'ops', '--config', config])
  t.match(refused, { code: 1, stderr: /^gabion-collector: receiver ops: 127\.0\.0\.1:\d+: answered 503\n$/ })
  const unknown = await runBin('collector', ['notify', 'test', 'chat', '--config', config])
  t.match(unknown, { code: 2, stderr: /receiver chat: the configuration has none of that name; known are ops\n$/ })
  write([{ ...webhook(receiver.url), allowAddresses: [] }])
  const inside = await runBin('collector', ['notify', 'test', 'ops', '--config', config])
  t.match(inside, {
    code: 1,
    stderr: /127\.0\.0\.1 is refused: it is not public: loopback; allowAddresses may name it\n$/,
  })
  for (const { stderr } of [refused, inside]) for (const secret of secrets) t.notOk(stderr.includes(secret))
})
