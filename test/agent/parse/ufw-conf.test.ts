// Tests of settings files.
import { deepEqual } from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import fc from 'fast-check'
import t from 'tap'
import { parseUfwConf } from '../../../agent/parse/ufw-conf.ts'
import { judgesLinesAlone } from '../../damaged-text.ts'

const valuesOf = (text: string) => Object.fromEntries(parseUfwConf(text).values)

t.test('settings of ufw and of firewalld are read', async t => {
  t.strictSame(valuesOf('# comment\n\nENABLED=yes\nLOGLEVEL=low\n'), { ENABLED: 'yes', LOGLEVEL: 'low' })
  t.strictSame(valuesOf('IPV6=yes\nDEFAULT_INPUT_POLICY="DROP"\nIPT_SYSCTL=/etc/ufw/sysctl.conf\nIPT_MODULES=""\n'), {
    IPV6: 'yes',
    DEFAULT_INPUT_POLICY: 'DROP',
    IPT_SYSCTL: '/etc/ufw/sysctl.conf',
    IPT_MODULES: '',
  })
  t.strictSame(valuesOf('DefaultZone=public\nCleanupOnExit=yes\n'), { DefaultZone: 'public', CleanupOnExit: 'yes' })
})

t.test('the last assignment wins, quotes and comments go, export and CRLF do not matter', async t => {
  t.strictSame(valuesOf("A=1\nA='2 3' # why\nexport B=x\r\nC=y # z\n  D=1\n"), { A: '2 3', B: 'x', C: 'y', D: '1' })
})

t.test('what a shell would have to compute is malformed, told by line', async t => {
  const text = 'A=$B\nC=`x`\nD=a b\nE="$F"\nG=a\\b\nH="open\nI = 1\nsource /x\nJ=a;b\nK="a"b\n=x\n'
  t.strictSame(parseUfwConf(text), { values: new Map(), malformed: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11] })
})

t.test('a value that is read is the one a shell gives it', async t => {
  const value = fc.array(fc.constantFrom('a', 'B', '"', "'", ' ', '#', '$', '=', '-', '/', '\\', ';', '~', '*'), {
    maxLength: 6,
  })
  let compared = 0
  for (const parts of fc.sample(value, 400)) {
    const text = `KEY=${parts.join('')}`
    const ours = parseUfwConf(text).values.get('KEY')
    if (ours === undefined || ours.includes('~')) continue
    const { stdout } = spawnSync('/bin/sh', ['-c', `${text}\nprintf %s "$KEY"`], { encoding: 'utf8', env: {} })
    t.equal(ours, stdout, text)
    compared++
  }
  t.ok(compared > 50, `${compared} values`)
})

t.test('hostile files are survived', async t => {
  for (const piece of ['A=', '"', "A='", 'A="', '#', '\0', 'A=\udcff\n', ' ']) t.ok(parseUfwConf(piece.repeat(1 << 17)))
  t.equal(parseUfwConf(`A=${'x'.repeat(1 << 20)}`).values.get('A')?.length, 1 << 20)
  t.equal(parseUfwConf('__proto__=x\n').values.get('__proto__'), 'x')
})

t.test('any settings are read in each way to write them, and a line is judged by itself', async () => {
  const real = '# ufw\nENABLED=yes\nDEFAULT_INPUT_POLICY="DROP"\nexport IPT_MODULES=\'\' # none\nA=$B\n'
  judgesLinesAlone(parseUfwConf, real)
  const key = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,5}$/)
  const value = fc.stringMatching(/^[A-Za-z0-9/._,:-]{0,8}$/)
  const write = fc.constantFrom(
    (name: string, text: string) => `${name}=${text}`,
    (name: string, text: string) => `export ${name}="${text}" # why`,
    (name: string, text: string) => `  ${name}='${text}'\r`,
  )
  fc.assert(
    fc.property(fc.array(fc.tuple(key, value, write)), settings => {
      const { values, malformed } = parseUfwConf(settings.map(([name, text, line]) => line(name, text)).join('\n'))
      deepEqual([values, malformed], [new Map(settings.map(([name, text]) => [name, text])), []])
    }),
  )
})
