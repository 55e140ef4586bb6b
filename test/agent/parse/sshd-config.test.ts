// Tests of how a text of sshd_config is split into keywords and arguments.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import t from 'tap'
import { parseSshdConfig, splitArguments } from '../../../agent/parse/sshd-config.ts'
import { fixtureRoot } from '../../fixture-host.ts'

const debian = readFileSync(join(fixtureRoot('debian12-vm'), 'etc/ssh/sshd_config'), 'utf8')
const show = (text: string) => {
  const { lines, malformed } = parseSshdConfig(text)
  return [
    ...lines.map(row => `${row.line} ${row.keyword}: ${row.arguments.join('|')}`),
    ...malformed.map(line => `bad ${line}`),
  ]
}

t.test('the file of Debian 12', async t => {
  const wanted = [
    '12 Include: /etc/ssh/sshd_config.d/*.conf',
    '62 KbdInteractiveAuthentication: no',
    '85 UsePAM: yes',
    '90 X11Forwarding: yes',
    '94 PrintMotd: no',
    '112 AcceptEnv: LANG|LC_*',
    '115 Subsystem: sftp|/usr/lib/openssh/sftp-server',
  ]
  t.strictSame(show(debian), wanted)
  t.strictSame(show(debian.replaceAll('\n', '\r\n')), wanted)
})

t.test('blanks, equals signs, quotes, escapes and comments at the end', async t => {
  for (const [line, wanted] of [
    ['Port 22', '1 Port: 22'],
    ['  Port\t22  \f', '1 Port: 22'],
    ['Port=22', '1 Port: 22'],
    ['Port = 22', '1 Port: 22'],
    ['Port==22', '1 Port: =22'],
    ['"Port" 22', '1 Port: 22'],
    ['Banner "/a b"', '1 Banner: /a b'],
    ["Banner '/a b' # why", '1 Banner: /a b'],
    ['Banner /a\\ b', '1 Banner: /a b'],
    ['Banner /a\\"b', '1 Banner: /a"b'],
    ['Banner /a#b', '1 Banner: /a#b'],
    ['AllowUsers a "b c" d', '1 AllowUsers: a|b c|d'],
    ['Banner "open', 'bad 1'],
    ['"Port 22', 'bad 1'],
    ['Port', 'bad 1'],
    ['Port # 22', 'bad 1'],
    ['Port 2\x002', 'bad 1'],
  ] as const) {
    t.strictSame(show(line), [wanted], line)
  }
  t.strictSame(show('# Port 1\n\n \t\n#'), [])
})

t.test('lines longer than anybody writes are refused', async t => {
  t.strictSame(show(`Banner ${'x'.repeat(20_000)}\nPort 1`), ['2 Port: 1', 'bad 1'])
})

t.test('every prefix is answered', async t => {
  const text = 'Include "/etc/a b"\nMatch User x\n  Port = "2 2" # c\nBanner \'x\'\n'
  for (let length = 0; length <= text.length; length += 1) {
    const { lines, malformed } = parseSshdConfig(text.slice(0, length))
    t.ok(lines.length <= 4 && malformed.length <= 1)
  }
})

t.test('any words survive being quoted', async t => {
  const word = fc.string({ unit: 'binary', minLength: 1 }).filter(text => !/[\0\n"\\]/.test(text))
  const property = fc.property(fc.array(word, { minLength: 1 }), words => {
    const split = splitArguments(words.map(text => `"${text}"`).join(' '))
    return JSON.stringify(split) === JSON.stringify(words)
  })
  t.doesNotThrow(() => fc.assert(property))
  t.doesNotThrow(() => fc.assert(fc.property(fc.string({ unit: 'binary' }), text => Boolean(parseSshdConfig(text)))))
})
