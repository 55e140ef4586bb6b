// Tests of the modules-load.d parser.
import t from 'tap'
import { parseModulesLoadD } from '../../../agent/parse/modules-load-d.ts'

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
