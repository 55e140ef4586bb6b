// What people read in a channel: lines, never commands of a host to the channel.
import t from 'tap'
import type { ReceiverOf } from '../../../collector/notify/notify-config.ts'
import { systemResolve } from '../../../collector/notify/send-http.ts'
import { escapeSlack, slackBody, slackSender } from '../../../collector/notify/slack.ts'
import { systemClock } from '../../../runtime/clock.ts'
import { startHttpReceiver } from './http-receiver.ts'
import { failing, hostile, hostileTexts, messageOf, opened, resolved } from './messages.ts'
import { receiverOf, secretFile } from './receiver-config.ts'

const textOf = (body: string) => (JSON.parse(body) as { readonly text: string }).text

t.test('a message has a headline, a line for each change, and what is missing', t => {
  const body = slackBody(messageOf([failing, resolved, opened], { group: { env: 'prod' }, more: 4, dropped: 2 }))
  t.equal(
    textOf(body),
    [
      'Gabion: 1 failing, 1 resolved, 1 changed, 4 more · env prod',
      'FAILING critical web-1: Root cannot log in: pass → fail (PermitRootLogin yes) [ssh-root-login]',
      'resolved critical web-1: Root cannot log in: fail → pass [ssh-root-login]',
      'changed web-1: listener 0.0.0.0:8080/tcp by nginx opened [ports]',
      'and 4 more',
      '2 earlier changes were dropped, since they could not be delivered in time',
    ].join('\n'),
  )
  t.match(JSON.parse(body), { mrkdwn: false, link_names: 0, unfurl_links: false, unfurl_media: false })
  t.end()
})

t.test('many changes are a few lines and a number', t => {
  const lines = textOf(
    slackBody(
      messageOf(
        Array.from({ length: 100 }, () => failing),
        { more: 9_900 },
      ),
    ),
  ).split('\n')
  t.equal(lines.length, 22)
  t.equal(lines.at(-1), 'and 9980 more')
  t.end()
})

t.test('no host calls people, links or forges a line', t => {
  for (const text of hostileTexts) {
    const lines = textOf(slackBody(messageOf([hostile(text)], { group: { host: text } }))).split('\n')
    t.equal(lines.length, 2, text.slice(0, 20))
    t.notMatch(lines.join(''), /<[!@#h]|@(channel|all|here)|\]\(/)
    t.ok(lines.every(line => line.length < 1_600))
  }
  t.equal(escapeSlack('<!here> & @all [a](b)'), '&lt;!here&gt; &amp; @\u200ball [a]\u200b(b)')
  t.end()
})

t.test('the URL is a secret of a file', async t => {
  const receiver = await startHttpReceiver(t)
  const urlFile = secretFile(t.testdir({}), 'url', receiver.url)
  const config = receiverOf({
    name: 'chat',
    kind: 'slack',
    urlFile,
    allowAddresses: ['127.0.0.1'],
  }) as ReceiverOf<'slack'>
  const sender = slackSender(config, { clock: systemClock, resolve: systemResolve })
  await sender.send(messageOf([failing]), new AbortController().signal)
  t.match(receiver.received, [{ path: '/hook', body: slackBody(messageOf([failing])) }])
  t.throws(
    () =>
      slackSender(
        { ...config, urlFile: secretFile(t.testdir({}), 'bad', 'ftp://user:token@example.org/') },
        { clock: systemClock, resolve: systemResolve },
      ),
    { code: 'config', message: /^urlFile: .*bad: expected one https URL without user and password$/ },
  )
})
