// Incoming webhooks of Slack, and of what takes the same: Mattermost, Rocket.Chat.
import { bounded } from '../../policy/visible-text.ts'
import type { Message, ToldChange } from './message.ts'
import type { ReceiverOf } from './notify-config.ts'
import { secretUrl } from './secret-url.ts'
import { type Network, post } from './send-http.ts'
import type { Sender } from './sender.ts'

/** Lines that people read; the rest is counted. */
const maxLines = 20
const maxLine = 300

/** @throws GabionError when the URL cannot be read or is none */
export function slackSender(config: ReceiverOf<'slack'>, network: Network): Sender {
  const read = () => secretUrl('urlFile', config.urlFile)
  read()
  return {
    send: (message, signal) => post({ url: read(), headers: {}, body: slackBody(message) }, config, network, signal),
  }
}

/** Text alone, since every product that takes this form shows it; nothing in it is formatted, linked or unfurled. */
export function slackBody(message: Message): string {
  const { changes, more, dropped, isTest } = message
  const listed = changes.slice(0, maxLines)
  const rest = changes.length - listed.length + more
  const lines = [
    isTest ? 'Gabion: a test' : `Gabion: ${headline(message)}`,
    ...listed.map(line),
    ...(rest === 0 ? [] : [`and ${rest} more`]),
    ...(dropped === 0 ? [] : [`${dropped} earlier changes were dropped, since they could not be delivered in time`]),
  ]
  return JSON.stringify({
    text: lines.join('\n'),
    mrkdwn: false,
    link_names: 0,
    unfurl_links: false,
    unfurl_media: false,
  })
}

function headline({ changes, more, group }: Message): string {
  const count = (status: ToldChange['status']) => changes.filter(change => change.status === status).length
  const counts = [
    [count('failing'), 'failing'],
    [count('resolved'), 'resolved'],
    [count('changed'), 'changed'],
    [more, 'more'],
  ] as const
  const said = counts.filter(([number]) => number > 0).map(([number, what]) => `${number} ${what}`)
  const common = Object.entries(group).map(([key, value]) => `${key} ${escapeSlack(value)}`)
  return [said.join(', '), ...common].join(' · ')
}

const marks = { failing: 'FAILING', resolved: 'resolved', changed: 'changed' } as const

function line({ status, severity, host, subject, text, kind }: ToldChange): string {
  const what = kind === 'result' && severity !== undefined ? `${severity} ` : ''
  return escapeSlack(bounded(`${marks[status]} ${what}${host.name}: ${text} [${subject}]`, maxLine))
}

/**
 * Nobody is called by what a host wrote, and no link says another place than it leads to.
 * @source Slack: &, < and > are the characters that control; Mattermost calls people by @ and reads Markdown
 */
export function escapeSlack(text: string): string {
  return text
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/@/g, '@\u200b')
    .replace(/\]\(/g, ']\u200b(')
}
