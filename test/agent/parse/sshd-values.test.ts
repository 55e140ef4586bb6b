// Tests of how arguments of judged keywords are brought into one form.
import fc from 'fast-check'
import t from 'tap'
import { judgedKeywords, keywordName } from '../../../agent/parse/sshd-keywords.ts'
import { readValues, secondsOf } from '../../../agent/parse/sshd-values.ts'

t.test('one form for all that mean the same, nothing for what sshd refuses', async t => {
  for (const [name, words, wanted] of [
    ['usepam', ['YES'], ['yes']],
    ['usepam', ['true'], undefined],
    ['usepam', ['yes', 'no'], undefined],
    ['usepam', ['yes', ''], ['yes']],
    ['permitrootlogin', ['without-password'], ['prohibit-password']],
    ['permitrootlogin', ['Prohibit-Password'], ['prohibit-password']],
    ['permitrootlogin', ['maybe'], undefined],
    ['permitrootlogin', ['constructor'], undefined],
    ['loglevel', ['debug1'], ['DEBUG']],
    ['loglevel', ['silent'], ['QUIET']],
    ['maxauthtries', ['06'], ['6']],
    ['maxauthtries', ['-1'], undefined],
    ['maxauthtries', ['99999999999'], undefined],
    ['logingracetime', ['1h1m1s'], ['3661']],
    ['maxstartups', ['10'], ['10:30:10']],
    ['maxstartups', ['10:30:60'], ['10:30:60']],
    ['maxstartups', ['60:30:10'], undefined],
    ['maxstartups', ['10:101:60'], undefined],
    ['allowusers', ['a', 'b c'], ['a', 'b c']],
    ['allowusers', ['a', ''], undefined],
    ['ciphers', ['+a,b'], ['+a,b']],
    ['compression', ['yes'], undefined],
    ['banner', [], undefined],
    ['banner', [''], undefined],
    ['allowusers', [], undefined],
    ['usepam', ['No'], ['no']],
    ['maxauthtries', ['6x'], undefined],
    ['maxauthtries', ['x6'], undefined],
    ['maxauthtries', ['2147483647'], ['2147483647']],
    ['maxauthtries', ['2147483648'], undefined],
    ['logingracetime', ['soon'], undefined],
    ['maxstartups', ['0'], undefined],
    ['maxstartups', ['x10'], undefined],
    ['maxstartups', ['10:30'], undefined],
    ['maxstartups', ['10:30:60:90'], undefined],
    ['maxstartups', ['10:0:60'], undefined],
    ['maxstartups', ['10:1:10'], ['10:1:10']],
    ['maxstartups', ['10:100:60'], ['10:100:60']],
  ] as const) {
    t.strictSame(readValues(name, words), wanted, `${name} ${words.join(' ')}`)
  }
})

t.test('as many values as the limit, and no more', async t => {
  const words = (count: number) => Array.from({ length: count }, (_, index) => `u${index}`)
  t.equal(readValues('allowusers', words(1000))?.length, 1000)
  t.equal(readValues('allowusers', words(1001)), undefined)
})

t.test('times', async t => {
  for (const [text, seconds] of [
    ['0', 0],
    ['90', 90],
    ['2m', 120],
    ['1D', 86_400],
    ['1w1d1h1m1s', 694_861],
    ['', undefined],
    ['m', undefined],
    ['1y', undefined],
    ['-1', undefined],
    ['99999999w', undefined],
    ['2147483647', 2_147_483_647],
    ['2147483648', undefined],
    ['10m10s', 610],
    ['1s1s1s1s1s1s1s1s', 8],
    ['1s1s1s1s1s1s1s1s1s', undefined],
  ] as const) {
    t.equal(secondsOf(text), seconds, text)
  }
})

t.test('names of today, aliases and what nobody knows', async t => {
  t.equal(keywordName('PermitRootLogin'), 'permitrootlogin')
  t.equal(keywordName('ChallengeResponseAuthentication'), 'kbdinteractiveauthentication')
  t.equal(keywordName('PUBKEYACCEPTEDKEYTYPES'), 'pubkeyacceptedalgorithms')
  t.equal(keywordName('Protocol'), 'protocol')
  t.equal(keywordName('toString'), undefined)
  t.equal(keywordName('__proto__'), undefined)
  t.equal(keywordName('NoSuchThing'), undefined)
})

t.test('any words are answered with values or nothing', async t => {
  const name = fc.constantFrom(...judgedKeywords.keys())
  const property = fc.property(name, fc.array(fc.string({ unit: 'binary' })), (keyword, words) => {
    const values = readValues(keyword, words)
    return values === undefined || values.length > 0
  })
  t.doesNotThrow(() => fc.assert(property))
})
