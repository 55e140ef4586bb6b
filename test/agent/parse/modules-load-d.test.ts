// Tests of the modules-load.d parser.
import { deepEqual } from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { parseModulesLoadD } from '../../../agent/parse/modules-load-d.ts'
import { anyText, judgesLinesAlone } from '../../damaged-text.ts'

t.test('names are read, comments and parameters are not', async t => {
  const text = '# /etc/modules\n; old comment\n\noverlay\nbr_netfilter\n  snd-pcsp index=-2\noverlay\n'
  t.strictSame(parseModulesLoadD(text), { names: ['overlay', 'br_netfilter', 'snd_pcsp'], malformed: [] })
})

t.test('CRLF, a missing last newline and lines that name no module', async t => {
  t.strictSame(parseModulesLoadD('loop\r\nnbd'), { names: ['loop', 'nbd'], malformed: [] })
  t.strictSame(parseModulesLoadD('/path/x.ko\nok\na\0b\n'), { names: ['ok'], malformed: [1, 3] })
  t.strictSame(parseModulesLoadD('x'.repeat(1 << 20)), { names: [], malformed: [1] })
  t.strictSame(parseModulesLoadD(''), { names: [], malformed: [] })
})

t.test('any file is read as modules-load.d(5) has it', async () => {
  const line = fc.oneof(
    fc
      .tuple(
        fc.constantFrom('', ' ', '\t'),
        fc.stringMatching(/^[a-z0-9_-]{1,10}$/),
        fc.constantFrom('', ' ', ' a=1', '\tindex=-2', '\r'),
      )
      .map(([before, name, after]) => ({ name: name.replaceAll('-', '_'), text: `${before}${name}${after}` })),
    fc.constantFrom('', ' ', '# loop', ';loop', ' # x', '\r').map(text => ({ name: '', text })),
    fc.constantFrom('a/b', 'usb*', '[x]', 'a\\b', 'x'.repeat(56)).map(text => ({ name: undefined, text })),
  )
  fc.assert(
    fc.property(fc.array(line), lines => {
      deepEqual(parseModulesLoadD(lines.map(({ text }) => text).join('\n')), {
        names: [...new Set(lines.flatMap(({ name }) => name || []))],
        malformed: lines.flatMap(({ name }, index) => (name === undefined ? [index + 1] : [])),
      })
    }),
  )
})

t.test('a line is judged by itself, and no text has names but those of modules', async () => {
  const real = '# /etc/modules\n\noverlay\nbr-netfilter\n  snd-pcsp index=-2\n; old\n'
  judgesLinesAlone(parseModulesLoadD, real)
  fc.assert(
    fc.property(anyText(real), text => {
      deepEqual(
        parseModulesLoadD(text).names.filter(name => !/^[^\0-\x20\x7f/*?[\]\\-]{1,55}$/.test(name)),
        [],
      )
    }),
  )
})
