// Messages as senders get them, with what hosts may call themselves.
import type { Message, ToldChange } from '../../../collector/notify/message.ts'

export const failing: ToldChange = {
  ...{ id: 7, status: 'failing', kind: 'result', subject: 'ssh-root-login', change: 'changed', field: 'state' },
  ...{
    text: 'Root cannot log in: pass → fail (PermitRootLogin yes)',
    title: 'Root cannot log in',
    severity: 'critical',
  },
  ...{ from: 'pass', to: 'fail', at: '2026-11-22T12:00:00.000Z' },
  host: { id: 'abc', name: 'web-1', labels: { env: 'prod', 'app.kubernetes.io/name': 'shop' } },
}

export const resolved: ToldChange = {
  ...failing,
  id: 8,
  status: 'resolved',
  from: 'fail',
  to: 'pass',
  text: 'Root cannot log in: fail → pass',
}

const { severity: _, from: __, to: ___, ...fact } = failing

export const opened: ToldChange = {
  ...fact,
  ...{ id: 9, status: 'changed', kind: 'fact', subject: 'ports', change: 'added', field: 'listeners', title: '' },
  text: 'listener 0.0.0.0:8080/tcp by nginx opened',
}

/** As far as a host can go after control characters were made visible. */
export const hostileTexts = [
  '<!channel> <@U123> <https://evil.example|click>',
  '@channel @all [click](https://evil.example) `code` *bold*',
  '& < > " \\ ] = { } \' ; $(id)',
  '\\x1b[31m \\x0a<34>1 - forged - - - -',
  '日本語 → … é',
  'x'.repeat(500),
]

export const hostile = (text: string): ToldChange => ({
  ...failing,
  text,
  host: { ...failing.host, name: text, labels: { [text]: text } },
})

export function messageOf(changes: readonly ToldChange[], more: Partial<Message> = {}): Message {
  const createdAt = '2026-11-22T12:00:30.000Z'
  return { id: 'msg_1', createdAt, isTest: false, group: {}, changes, more: 0, dropped: 0, ...more }
}
