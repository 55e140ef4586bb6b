// Tests of the limits.conf parser.
import fc from 'fast-check'
import t from 'tap'
import { parseLimitsConf } from '../../../agent/parse/limits-conf.ts'

const text = `# /etc/security/limits.conf
#<domain>      <type>  <item>         <value>
*               soft    core            0
*               hard    core            0
@student        hard    nproc           20
root            -       core            unlimited # dumps wanted
ftp             -
:500            HARD    CORE            100000
`
const expected = {
  core: [
    { domain: '*', kind: 'soft', sizeKib: 0 },
    { domain: '*', kind: 'hard', sizeKib: 0 },
    { domain: 'root', kind: 'both', sizeKib: -1 },
    { domain: ':500', kind: 'hard', sizeKib: 100000 },
  ],
  malformed: [],
}

t.test('limits of memory dumps are read, others passed over', async t => {
  t.strictSame(parseLimitsConf(text), expected)
  t.strictSame(parseLimitsConf(text.replaceAll('\n', '\r\n')), expected)
  t.strictSame(parseLimitsConf(''), { core: [], malformed: [] })
})

t.test('lines that pam_limits complains of are malformed', async t => {
  for (const line of [
    '*',
    '* hard',
    '* hard core',
    '* firm core 0',
    '* hard core many',
    '* hard core 0 0',
    'a;b - core 0',
  ]) {
    t.strictSame(parseLimitsConf(`\n${line}\n`), { core: [], malformed: [2] })
  }
})

t.test('every prefix has at most its last line malformed, and any text only sizes', async t => {
  for (let length = 0; length <= text.length; length += 1) {
    if (parseLimitsConf(text.slice(0, length)).malformed.length > 1) t.fail(`at ${length}`)
  }
  const words = fc.array(
    fc.oneof(fc.constantFrom('*', ' - ', ' hard ', ' core ', '0', '\n'), fc.string({ unit: 'binary' })),
  )
  fc.assert(
    fc.property(words, parts =>
      parseLimitsConf(parts.join('')).core.every(({ sizeKib }) => Number.isSafeInteger(sizeKib) && sizeKib >= -1),
    ),
  )
  t.pass('for every text')
})
