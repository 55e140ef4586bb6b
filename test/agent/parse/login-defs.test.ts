// Tests of the login.defs parser.
import { deepEqual } from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { parseLoginDefs } from '../../../agent/parse/login-defs.ts'
import { anyText, judgesLinesAlone } from '../../damaged-text.ts'

const debian = `#
# /etc/login.defs
MAIL_DIR        /var/mail
UMASK		022
PASS_MAX_DAYS	99999
PASS_MIN_DAYS	0
PASS_WARN_AGE	7
UID_MIN			 1000
#SYS_UID_MIN		  101
ENCRYPT_METHOD YESCRYPT
`

t.test('the settings are read, with tabs, quotes and carriage returns', async t => {
  const expected = {
    passMaxDays: 99999,
    passMinDays: 0,
    passWarnAge: 7,
    encryptMethod: 'YESCRYPT',
    umask: '022',
    uidMin: 1000,
    malformed: [],
  }
  t.strictSame(parseLoginDefs(debian), expected)
  t.strictSame(parseLoginDefs(debian.replaceAll('\n', '\r\n')), expected)
  t.equal(parseLoginDefs('ENCRYPT_METHOD "SHA512" # why\n').encryptMethod, 'SHA512')
})

t.test('what is unset has the value that says so', async t => {
  const unset = { passMaxDays: -1, passMinDays: -1, passWarnAge: -1, encryptMethod: '', umask: '', uidMin: 1000 }
  t.match(parseLoginDefs(''), unset)
  t.match(parseLoginDefs('#UID_MIN 500\nUID_MIN\nUID_MINIMUM 5\nconstructor 1\n'), unset)
})

t.test('the last setting wins, negative days mean unset, numbers may be octal', async t => {
  const defs = parseLoginDefs('PASS_MAX_DAYS 90\nPASS_MAX_DAYS 60\nPASS_MIN_DAYS -1\nUID_MIN 0500\nPASS_WARN_AGE 0x0e')
  t.match(defs, { passMaxDays: 60, passMinDays: -1, uidMin: 320, passWarnAge: 14, malformed: [] })
})

t.test('a value that cannot be is named by its line and does not count', async t => {
  const defs = parseLoginDefs('PASS_MAX_DAYS ninety\nUMASK 9\nENCRYPT_METHOD $6$canary\nUID_MIN 99999999999\n')
  t.match(defs, { passMaxDays: -1, umask: '', encryptMethod: '', uidMin: 1000 })
  t.strictSame(defs.malformed, [1, 2, 3, 4])
  t.notMatch(JSON.stringify(defs), /canary/)
})

t.test('blanks, quotes and comments stand where they may', async t => {
  t.match(parseLoginDefs('  \tUMASK \t 077 \n'), { umask: '077' })
  t.match(parseLoginDefs('UMASK "077"#\nENCRYPT_METHOD\t" SHA512 " x\n'), { umask: '077', encryptMethod: 'SHA512' })
  t.match(parseLoginDefs('# UMASK 077\n  #UMASK 077\n\n'), { umask: '', malformed: [] })
  t.match(parseLoginDefs('UMASK 077#\n'), { umask: '', malformed: [1] }, 'a comment at the end is none')
  t.match(parseLoginDefs('UMASK 0 77\n'), { umask: '', malformed: [1] })
})

t.test('numbers are those of strtol', async t => {
  const days = (text: string) => parseLoginDefs(`PASS_MAX_DAYS ${text}`).passMaxDays
  t.strictSame(['-5', '010', '0', '0x1F', '90', '-0x2'].map(days), [-1, 8, 0, 31, 90, -1])
  for (const odd of ['09', '1-', 'x9', '9x', '0x', '1234567890']) t.equal(days(odd), -1, odd)
})

t.test('an id has 32 bits, in octal too', async t => {
  const uidMin = (text: string) => parseLoginDefs(`UID_MIN ${text}`).uidMin
  t.strictSame(['037777777776', '0xfffffffe', '4294967294'].map(uidMin), [4294967294, 4294967294, 4294967294])
  t.strictSame(['037777777777', '0xffffffff', '4294967295', '9999999999'].map(uidMin), [1000, 1000, 1000, 1000])
})

t.test('every prefix is answered', async t => {
  for (let length = 0; length <= debian.length; length++) {
    const { uidMin } = parseLoginDefs(debian.slice(0, length))
    t.ok(uidMin >= 1 && uidMin <= 1000)
  }
  t.match(parseLoginDefs(`UMASK ${'7'.repeat(1_000_000)}`), { umask: '', malformed: [1] })
})

t.test('any settings are read, in each way to write them', async () => {
  const days = fc.integer({ min: -99_999, max: 99_999 })
  const bases = [(n: number) => `${n}`, (n: number) => `0x${n.toString(16)}`, (n: number) => `0${n.toString(8)}`]
  const base = fc.constantFrom(...bases)
  const settings = fc.record({
    ...{ passMaxDays: days, passMinDays: days, passWarnAge: days, uidMin: fc.nat({ max: 0xfffffffe }) },
    ...{ encryptMethod: fc.stringMatching(/^[A-Z0-9_-]{1,12}$/), umask: fc.stringMatching(/^0?[0-7]{3}$/) },
  })
  const dress = fc.constantFrom(
    (name: string, value: string) => `${name} ${value}`,
    (name: string, value: string) => `\t${name}\t\t "${value}" # why\r`,
    (name: string, value: string) => `# ${name} 5\n${name} ${value}  `,
    (name: string, value: string) => `${name} 7\nX_${name} 8\n${name} ${value}`,
  )
  fc.assert(
    fc.property(settings, base, dress, (model, inBase, write) => {
      const number = (value: number) => (value < 0 ? `-${inBase(-value)}` : inBase(value))
      const lines = [
        write('PASS_MAX_DAYS', number(model.passMaxDays)),
        write('PASS_MIN_DAYS', number(model.passMinDays)),
        write('PASS_WARN_AGE', number(model.passWarnAge)),
        write('UID_MIN', number(model.uidMin)),
        write('ENCRYPT_METHOD', model.encryptMethod),
        write('UMASK', model.umask),
      ]
      deepEqual(parseLoginDefs(lines.join('\n')), {
        ...model,
        passMaxDays: Math.max(-1, model.passMaxDays),
        passMinDays: Math.max(-1, model.passMinDays),
        passWarnAge: Math.max(-1, model.passWarnAge),
        malformed: [],
      })
    }),
  )
})

t.test('a line is judged by itself, and any text gives whole numbers in their bounds', async () => {
  judgesLinesAlone(parseLoginDefs, debian)
  fc.assert(
    fc.property(anyText(debian), text => {
      const { passMaxDays, passMinDays, passWarnAge, uidMin, umask, encryptMethod } = parseLoginDefs(text)
      const numbers = [passMaxDays, passMinDays, passWarnAge, uidMin]
      deepEqual(
        numbers.filter(value => !Number.isSafeInteger(value) || value < -1 || Object.is(value, -0)),
        [],
      )
      deepEqual(
        [umask, encryptMethod].filter(value => !/^[\w-]{0,32}$/.test(value)),
        [],
      )
    }),
  )
})
