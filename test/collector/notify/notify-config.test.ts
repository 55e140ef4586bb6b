// Receivers in the configuration: defaults, mistakes that name their place, and never a word of what may be secret.
import { join } from 'node:path'
import t from 'tap'
import { readSettings } from '../../../collector/cli/settings.ts'
import { GabionError } from '../../../runtime/errors.ts'

const read = (directory: string) => readSettings(join(directory, 'collector.yaml'), {}, {}).notify

const mistakes: Readonly<Record<string, readonly [text: string, expected: RegExp]>> = {
  'no list': ['ops', /notify: expected a list of receivers$/],
  'no kind': [
    '[{ name: ops }]',
    /notify\[0\]\.kind: expected kind: webhook, slack, alertmanager, syslog or json-lines$/,
  ],
  'another kind': ['[{ name: ops, kind: pager }]', /notify\[0\]\.kind: expected kind/],
  'an unknown key': [
    '[{ name: ops, kind: slack, urlFile: /a, token: xoxb-hidden }]',
    /notify\[0\]: Unrecognized key: "token"$/,
  ],
  'an unknown key of a filter': [
    '[{ name: ops, kind: slack, urlFile: /a, filter: { sevrity: [high] } }]',
    /notify\[0\]\.filter: Unrecognized key: "sevrity"$/,
  ],
  'a secret in the place of a file': [
    '[{ name: ops, kind: slack, urlFile: "https://hooks.slack.com/hidden" }]',
    /notify\[0\]\.urlFile: expected an absolute path$/,
  ],
  'a secret in a URL': [
    '[{ name: ops, kind: webhook, url: "https://user:hidden@example.org/", secretFile: /a }]',
    /notify\[0\]\.url: expected https:\/\/HOST\/PATH without user or query/,
  ],
  'a token in a URL': [
    '[{ name: ops, kind: webhook, url: "https://example.org/?token=hidden", secretFile: /a }]',
    /notify\[0\]\.url: /,
  ],
  'no secret': [
    '[{ name: ops, kind: webhook, url: "https://example.org/" }]',
    /notify\[0\]\.secretFile: expected a path/,
  ],
  'no URL': ['[{ name: ops, kind: webhook, secretFile: /a }]', /notify: a webhook has either url or urlFile$/],
  'two of one name': [
    '[{ name: a, kind: json-lines, path: /a }, { name: a, kind: json-lines, path: /b }]',
    /notify: two receivers have the same name$/,
  ],
  'a severity': [
    '[{ name: a, kind: json-lines, path: /a, filter: { severities: [urgent] } }]',
    /notify\[0\]\.filter\.severities\[0\]: /,
  ],
  'a time': [
    '[{ name: a, kind: json-lines, path: /a, groupWait: 2h }]',
    /notify\[0\]\.groupWait: expected a time from 0s to 1h/,
  ],
  'a time without a unit': [
    '[{ name: a, kind: json-lines, path: /a, maxAge: 10 }]',
    /notify\[0\]\.maxAge: expected a time/,
  ],
  'an address': [
    '[{ name: a, kind: slack, urlFile: /a, allowAddresses: [example.org] }]',
    /notify\[0\]\.allowAddresses\[0\]: expected an address or a network/,
  ],
  'a group': [
    '[{ name: a, kind: json-lines, path: /a, groupBy: [node] }]',
    /notify\[0\]\.groupBy\[0\]: expected host, subject/,
  ],
  'a transport': [
    '[{ name: a, kind: syslog, address: "unix:///dev/log" }]',
    /notify\[0\]\.address: expected udp, tcp or tls/,
  ],
  'a name': ['[{ name: "a b", kind: json-lines, path: /a }]', /notify\[0\]\.name: expected lower-case letters/],
  'a relative path': [
    '[{ name: a, kind: json-lines, path: told }]',
    /notify\[0\]\.path: expected an absolute path, or -/,
  ],
}

t.test('a mistake names its place and what was expected, and shows nothing that was there', t => {
  for (const [title, [text, expected]] of Object.entries(mistakes)) {
    const directory = t.testdir({ 'collector.yaml': `notify: ${text}\n` })
    try {
      read(directory)
      t.fail(title)
    } catch (error) {
      t.ok(error instanceof GabionError, title)
      t.match(error, { code: 'config', message: expected }, title)
      t.match(String(error), `${directory}/collector.yaml: notify`)
      t.notOk(String(error).includes('hidden'), title)
    }
  }
  t.end()
})

t.test('what is left out has a default', t => {
  const directory = t.testdir({
    'collector.yaml': 'notify:\n  - { name: ops, kind: slack, urlFile: /etc/gabion/slack.url }\n',
  })
  t.same(read(directory), [
    {
      ...{ name: 'ops', kind: 'slack', urlFile: '/etc/gabion/slack.url', sendResolved: true, groupBy: [] },
      filter: { kinds: ['result'], subjects: [], severities: ['critical', 'high', 'medium', 'low'], labels: {} },
      ...{ groupWait: 30_000, groupInterval: 300_000, maxQueue: 500, maxAge: 86_400_000 },
      ...{ allowAddresses: [], timeout: 10_000 },
    },
  ])
  t.same(read(t.testdir({ 'collector.yaml': 'httpPort: 1\n' })), [])
  t.end()
})

t.test('the environment has no receivers', t => {
  t.throws(() => readSettings(undefined, {}, { GABION_NOTIFY: 'https://hooks.slack.com/hidden' }), {
    message: 'GABION_NOTIFY: notify: expected a list of receivers',
  })
  t.end()
})
