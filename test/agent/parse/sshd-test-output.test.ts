// Tests of what is read from the output of `sshd -T`.
import { deepEqual } from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { judgedKeywords } from '../../../agent/parse/sshd-keywords.ts'
import { parseSshdTestOutput } from '../../../agent/parse/sshd-test-output.ts'
import { anyText } from '../../damaged-text.ts'
import { fixtureCommand } from '../../fixture-host.ts'

const recorded = fixtureCommand('debian12-vm', 'sshd-T')

t.test('every judged keyword that is set stands in a recorded output', async t => {
  const found = parseSshdTestOutput(recorded)
  const missing = [...judgedKeywords.keys()].filter(name => !found.has(name))
  t.strictSame(missing, ['allowgroups', 'allowusers', 'denygroups', 'denyusers'])
  t.strictSame(found.get('permitrootlogin'), ['prohibit-password'])
  t.strictSame(found.get('maxstartups'), ['50:30:100'])
  t.equal(found.get('ciphers')?.length, 6)
  t.strictSame(found.get('authorizedkeysfile'), ['.ssh/authorized_keys', '.ssh/authorized_keys2'])
  t.equal(found.get('hostkey')?.length, 3)
})

t.test('values without quotes, lines that add up, names that nobody judges', async t => {
  const found = parseSshdTestOutput(
    'allowusers a b\nallowusers c\nbanner /etc/my banner\nsubsystem sftp x\nport\nusepam maybe\nskeyauthentication yes\n',
  )
  t.strictSame(
    [...found],
    [
      ['allowusers', ['a b', 'c']],
      ['banner', ['/etc/my banner']],
    ],
  )
})

t.test('every prefix is answered', async t => {
  for (let length = 0; length <= recorded.length; length += 7) {
    t.ok(parseSshdTestOutput(recorded.slice(0, length)).size <= judgedKeywords.size)
  }
})

const token = fc.stringMatching(/^[A-Za-z0-9@./_-]{1,10}$/)
const list = fc.array(token, { minLength: 1, maxLength: 3 })

/** Values of a keyword as `sshd -T` prints them, in one line or several, and as they are read. */
function printed(
  name: string,
): fc.Arbitrary<{ readonly lines: readonly string[]; readonly values: readonly string[] }> {
  const keyword = judgedKeywords.get(name)
  const one = (value: string) => ({ lines: [`${name} ${value}`], values: [value] })
  if (typeof keyword?.shape === 'object') return fc.constantFrom(...Object.values(keyword.shape)).map(one)
  switch (keyword?.shape) {
    case 'flag':
      return fc.constantFrom('yes', 'no').map(one)
    case 'number':
    case 'time': {
      const numbers = fc.array(fc.nat({ max: 65_535 }), { minLength: 1, maxLength: keyword.adds ? 3 : 1 })
      return numbers.map(found => ({ lines: found.map(number => `${name} ${number}`), values: found.map(String) }))
    }
    case 'startups':
      return fc
        .tuple(fc.nat({ max: 50 }), fc.integer({ min: 1, max: 100 }), fc.integer({ min: 50, max: 99 }))
        .map(parts => one(parts.join(':')))
    case 'algorithms':
      return list.map(values => ({ lines: [`${name} ${values.join(',')}`], values }))
    case 'words':
      return list.map(values =>
        keyword.adds
          ? { lines: values.map(value => `${name} ${value}`), values }
          : { lines: [`${name} ${values.join(' ')}`], values },
      )
    default: {
      const texts = fc.array(fc.stringMatching(/^[a-z/][a-z /.:[\]-]{0,12}[a-z]$/), {
        minLength: 1,
        maxLength: keyword?.adds ? 3 : 1,
      })
      return texts.map(values => ({ lines: values.map(value => `${name} ${value}`), values }))
    }
  }
}

t.test('any settings are read from the lines that sshd prints of them', async () => {
  const settings = fc
    .uniqueArray(fc.constantFrom(...judgedKeywords.keys()), { maxLength: 8 })
    .chain(names => fc.tuple(...names.map(name => printed(name).map(found => ({ name, ...found })))))
  const other = fc.constantFrom(
    'subsystem sftp /usr/lib/sftp-server',
    'x11displayoffset 10',
    'nothing yes',
    '',
    'dsaauthentication yes',
  )
  fc.assert(
    fc.property(settings, fc.array(other, { maxLength: 3 }), (found, others) => {
      const text = [...others, ...found.flatMap(({ lines }) => lines), ''].join('\n')
      deepEqual(
        [...parseSshdTestOutput(text)],
        found.map(({ name, values }) => [name, values]),
      )
    }),
    { numRuns: 300 },
  )
})

t.test('damaged output has values of judged keywords only, each standing in the text', async () => {
  fc.assert(
    fc.property(anyText(recorded), text => {
      for (const [name, values] of parseSshdTestOutput(text)) {
        deepEqual([judgedKeywords.has(name), values.length > 0], [true, true], name)
        if (judgedKeywords.get(name)?.shape === 'word')
          deepEqual(
            values.filter(value => !text.includes(value)),
            [],
          )
      }
    }),
  )
})
