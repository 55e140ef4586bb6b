// Webhooks are signed as Standard Webhooks has it, by every secret of the file, and secrets stay in the file.
import { writeFileSync } from 'node:fs'
import { Webhook, WebhookVerificationError } from 'standardwebhooks'
import t from 'tap'
import type { ReceiverOf } from '../../../collector/notify/notify-config.ts'
import { type Network, systemResolve } from '../../../collector/notify/send-http.ts'
import { webhookSender } from '../../../collector/notify/webhook.ts'
import { systemClock } from '../../../runtime/clock.ts'
import { startHttpReceiver } from './http-receiver.ts'
import { failing, hostile, hostileTexts, messageOf } from './messages.ts'
import { secretFile, signingSecret, webhookOf } from './receiver-config.ts'

const network: Network = { clock: systemClock, resolve: systemResolve }
const never = new AbortController().signal
const other = `whsec_${Buffer.alloc(32, 7).toString('base64')}`
const asWebhook = (config: unknown) => config as ReceiverOf<'webhook'>

t.test('a message is verified by the library of the standard, and a changed one is not', async t => {
  const receiver = await startHttpReceiver(t)
  const sender = webhookSender(asWebhook(webhookOf(t.testdir({}), receiver.url)), network)
  const message = messageOf([failing, ...hostileTexts.map(hostile)], { group: { host: 'web-1' }, more: 3, dropped: 2 })
  await sender.send(message, never)
  const [sent] = receiver.received
  const { headers = {}, body = '' } = sent ?? {}
  t.match(headers, { 'content-type': 'application/json', 'webhook-id': 'msg_1', 'user-agent': /^gabion-collector\// })
  const webhook = new Webhook(signingSecret)
  const { id, createdAt, isTest: _, ...data } = message
  t.same(webhook.verify(body, headers), { type: 'gabion.changes', timestamp: createdAt, data: { id, ...data } })
  t.throws(() => webhook.verify(body.replace('critical', 'low'), headers), WebhookVerificationError)
  t.throws(() => webhook.verify(body, { ...headers, 'webhook-id': 'msg_2' }), WebhookVerificationError)
  t.throws(() => new Webhook(other).verify(body, headers), WebhookVerificationError)
})

t.test('while secrets change a message is signed by each of them', async t => {
  const receiver = await startHttpReceiver(t)
  const directory = t.testdir({})
  const config = asWebhook(webhookOf(directory, receiver.url))
  const sender = webhookSender(config, network)
  writeFileSync(config.secretFile, `${signingSecret}\n${other}\n`)
  await sender.send(messageOf([failing]), never)
  const [{ body, headers } = { body: '', headers: {} }] = receiver.received
  for (const secret of [signingSecret, other])
    t.match(new Webhook(secret).verify(body, headers), { type: 'gabion.changes' })
})

t.test('a URL and a header may be secret, too', async t => {
  const receiver = await startHttpReceiver(t)
  const directory = t.testdir({})
  const { url: _, ...config } = asWebhook(webhookOf(directory, receiver.url))
  const urlFile = secretFile(directory, 'url', `${receiver.url}?token=hidden\n`)
  const authorizationFile = secretFile(directory, 'authorization', 'Bearer abc')
  await webhookSender({ ...config, urlFile, authorizationFile }, network).send(messageOf([failing]), never)
  t.match(receiver.received, [{ path: '/hook?token=hidden', headers: { authorization: 'Bearer abc' } }])
})

t.test('a test says that it is one', async t => {
  const receiver = await startHttpReceiver(t)
  const sender = webhookSender(asWebhook(webhookOf(t.testdir({}), receiver.url)), network)
  await sender.send(messageOf([failing], { isTest: true }), never)
  t.match(JSON.parse(receiver.received[0]?.body ?? ''), { type: 'gabion.test' })
})

t.test('secrets that are none are refused at the start, without a word of them', t => {
  const directory = t.testdir({})
  const open = (text: string, mode = 0o600) => {
    const config = {
      ...asWebhook(webhookOf(directory, 'https://hook.example.org/')),
      secretFile: secretFile(directory, 'bad', text, mode),
    }
    return () => webhookSender(config, network)
  }
  for (const text of [
    '',
    'whsec_',
    'whsec_c2hvcnQ=',
    `${signingSecret}x y`,
    'not base64 at all!',
    `whsec_${'A'.repeat(100)}`,
  ]) {
    try {
      open(text)()
      t.fail(text)
    } catch (error) {
      t.match(error, { code: 'config', message: /^secretFile: .*bad: (expected|is empty)/ })
      if (text.length > 6) t.notOk(String(error).includes(text), text)
    }
  }
  for (const mode of [0o644, 0o604, 0o660, 0o620, 0o666]) {
    t.throws(open(signingSecret, mode), { code: 'config', message: /has mode 0[0-7]{3}: expected 0600/ })
  }
  for (const mode of [0o600, 0o400, 0o440, 0o640]) t.doesNotThrow(open(signingSecret, mode))
  const missing = {
    ...asWebhook(webhookOf(directory, 'https://hook.example.org/')),
    secretFile: `${directory}/nowhere`,
  }
  t.throws(() => webhookSender(missing, network), { code: 'config', message: /nowhere: cannot be read \(ENOENT\)/ })
  t.throws(() => webhookSender({ ...missing, secretFile: directory }, network), { message: /is no regular file/ })
  t.end()
})
