// Tests of the parser of pwquality.conf, faillock.conf and pwhistory.conf, and of the same in arguments.
import fc from 'fast-check'
import t from 'tap'
import {
  historyShapes,
  lockoutShapes,
  parsePamSettings,
  qualityShapes,
  settingsOfArguments,
} from '../../../agent/parse/pam-settings.ts'

const pwquality = `# Configuration for systemwide password quality limits
# Defaults:
#
# Number of characters in the new password that must not be present in the
# old password.
# difok = 1
minlen = 14
dcredit=-1
minclass 4
maxrepeat = 3   # in a row
badwords = denyme please
dictcheck = 0
enforce_for_root
`
const faillock = `# dir = /var/run/faillock
audit
silent
deny = 5
unlock_time = never
even_deny_root
`

t.test('settings are read with and without `=`, flags without a value', async t => {
  const expected = {
    values: new Map([
      ['minlen', 14],
      ['dcredit', -1],
      ['minclass', 4],
      ['maxrepeat', 3],
      ['dictcheck', 0],
      ['enforce_for_root', 1],
    ]),
    malformed: [],
  }
  t.strictSame(parsePamSettings(pwquality, qualityShapes), expected)
  t.strictSame(parsePamSettings(pwquality.replaceAll('\n', '\r\n'), qualityShapes), expected)
  t.strictSame(
    [...parsePamSettings(faillock, lockoutShapes).values],
    [
      ['deny', 5],
      ['unlock_time', 0],
      ['even_deny_root', 1],
    ],
  )
  t.strictSame([...parsePamSettings('remember = 5\nremember=24\n', historyShapes).values], [['remember', 24]])
  t.strictSame(parsePamSettings('', historyShapes), { values: new Map(), malformed: [] })
})

t.test('values that a setting cannot have, and lines without a setting, are malformed', async t => {
  for (const line of ['minlen = ten', 'minlen', 'minlen =', 'minlen = 1 2', '= 4', 'min-len = 4', 'minlen = never']) {
    t.strictSame(parsePamSettings(`\n${line}\nretry = 3\n`, qualityShapes), {
      values: new Map([['retry', 3]]),
      malformed: [2],
    })
  }
})

t.test('arguments are settings, and others are passed over', async t => {
  const given = settingsOfArguments(['preauth', 'deny=3', 'unlock_time=never', 'deny=x', 'deny=4'], lockoutShapes)
  t.strictSame(
    [...given],
    [
      ['deny', 4],
      ['unlock_time', 0],
    ],
  )
  t.strictSame([...settingsOfArguments(['even_deny_root', 'constructor=1'], lockoutShapes)], [['even_deny_root', 1]])
})

t.test('a prefix of a file that ends with a line has the settings of the whole up to there', async t => {
  for (let length = 0; length <= pwquality.length; length += 1) {
    const { malformed } = parsePamSettings(pwquality.slice(0, length), qualityShapes)
    if (malformed.length > 1) t.fail(`lines ${malformed.join(', ')}`)
  }
  const head = pwquality.slice(0, pwquality.indexOf('minclass'))
  t.strictSame([...parsePamSettings(head, qualityShapes).values.keys()], ['minlen', 'dcredit'])
})

t.test('any text is whole numbers of known settings', async t => {
  const parts = fc.array(
    fc.oneof(fc.constantFrom('minlen', '=', '\n', ' ', '#', '7', '-'), fc.string({ unit: 'binary' })),
  )
  fc.assert(
    fc.property(parts, words => {
      const { values } = parsePamSettings(words.join(''), qualityShapes)
      return [...values].every(([name, value]) => Object.hasOwn(qualityShapes, name) && Number.isSafeInteger(value))
    }),
  )
  t.pass('for every text')
})
