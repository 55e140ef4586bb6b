// Tests of the modprobe.d parser, also against what modprobe itself makes of the same files.
import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import t from 'tap'
import { decodeHostBytes, encodeHostText } from '../../../agent/host/decode.ts'
import { type ModprobeLine, parseModprobeD } from '../../../agent/parse/modprobe-d.ts'
import { findTool } from '../../tools.ts'

const brief = (text: string) =>
  parseModprobeD(text).lines.map(({ line, directive, module, alias, argument }) =>
    [line, directive, alias, module, argument].filter(part => part !== '').join(' '),
  )

t.test('directives of several distributions are read', async t => {
  const debian = '# protocols\nblacklist sctp\ninstall tipc /bin/false\noptions bonding max_bonds=0\n'
  t.strictSame(brief(debian), ['2 blacklist sctp', '3 install tipc /bin/false', '4 options bonding max_bonds=0'])
  const fedora = 'softdep uhci-hcd pre: ehci-hcd\nalias net-pf-3 off\nremove snd-pcm /sbin/modprobe -r snd-pcm\n'
  t.strictSame(brief(fedora), [
    '1 softdep uhci_hcd pre: ehci-hcd',
    '2 alias net_pf_3 off',
    '3 remove snd_pcm /sbin/modprobe -r snd-pcm',
  ])
  t.strictSame(brief('alias symbol:ip_conntrack_unregister_helper ip_conntrack\n'), [
    '1 alias symbol:ip_conntrack_unregister_helper ip_conntrack',
  ])
})

t.test('dashes become underscores except inside brackets', async t => {
  t.strictSame(brief('alias a-[b-c]-d mod-x'), ['1 alias a_[b-c]_d mod_x'])
  t.strictSame(brief('blacklist usb-storage'), ['1 blacklist usb_storage'])
  t.strictSame(parseModprobeD('alias a[b x\nalias c]d x\n'), { lines: [], malformed: [1, 2] }, 'unbalanced brackets')
})

t.test('a backslash before the line end joins lines, any other vanishes', async t => {
  t.strictSame(brief('install a \\\n  /bin/true\nblacklist b\n'), ['1 install a   /bin/true', '3 blacklist b'])
  t.strictSame(brief('blacklist x\\yz\nblacklist q\\\\\nblacklist r'), [
    '1 blacklist xyz',
    '2 blacklist q\\',
    '3 blacklist r',
  ])
  t.strictSame(brief('blacklist last\\'), ['1 blacklist last\udcff'], 'nothing follows: kmod reads a byte more')
  t.strictSame(brief('# comment \\\nblacklist hidden\nblacklist seen'), ['3 blacklist seen'], 'comments join too')
})

t.test('a carriage return is part of the name, so that the line is about no module there is', async t => {
  t.strictSame(
    parseModprobeD('blacklist foo\r\ninstall bar /bin/true\r\n').lines.map(({ module, argument }) => [
      module,
      argument,
    ]),
    [
      ['foo\r', ''],
      ['bar', '/bin/true\r'],
    ],
  )
})

t.test('lines that kmod ignores are told by number, not by content', async t => {
  const bad = 'blacklist\nBlacklist x\ninstall y\ninstall y \noptions z\ninclude /etc/x\nalias onlyone\n'
  t.strictSame(parseModprobeD(bad), { lines: [], malformed: [1, 2, 3, 4, 5, 6, 7] })
  t.strictSame(parseModprobeD('\n  \n# a\n   # b\n'), { lines: [], malformed: [] })
})

t.test('every prefix, NULs, bytes that are not UTF-8 and endless lines are survived', async t => {
  const text = 'blacklist a-b\\\nc\ninstall x /bin/false\nalias [a-z] q\n'
  for (let length = 0; length <= text.length; length++) t.ok(parseModprobeD(text.slice(0, length)))
  t.strictSame(brief('blacklist a\0b\nblacklist c'), ['1 blacklist a', '2 blacklist c'])
  t.strictSame(brief('blacklist a\udcff'), ['1 blacklist a\udcff'])
  t.equal(parseModprobeD(`blacklist ${'a'.repeat(1 << 20)}`).lines[0]?.module.length, 1 << 20)
  t.strictSame(parseModprobeD('\\'.repeat(1 << 20)).lines, [])
  t.strictSame(parseModprobeD(`${'\\'.repeat(1 << 20)}x`).lines, [])
  t.strictSame(parseModprobeD('['.repeat(1 << 20)).malformed, [1])
  t.equal(parseModprobeD('blacklist a\n'.repeat(100_000)).lines.length, 100_000)
  t.equal(parseModprobeD('install a \\\n'.repeat(100_000)).lines.length, 1)
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), any => {
      const { lines, malformed } = parseModprobeD(any)
      return lines.length + malformed.length <= any.split('\n').length
    }),
    { numRuns: 2000 },
  )
})

const blank = fc.constantFrom(' ', '\t', '  ', ' \t')
const name = fc.oneof(
  fc.stringMatching(/^[a-c_-]{1,4}$/),
  fc.constantFrom('usb*', 'snd-[a-c]*', 'x]y', 'x[y', 'é', '\udcff', 'a\r', 'sctp', 'a\\b', 'net-pf-[0-9]-x'),
)
const command = fc.oneof(
  fc.constantFrom(
    '/bin/true',
    '/bin/false',
    '/sbin/modprobe --ignore-install x && y',
    ' spaced  out ',
    'a \\\n b',
    '\t',
  ),
  fc.stringMatching(/^[ -~]{1,12}$/),
)
const configurationLine = fc.oneof(
  fc
    .tuple(fc.constantFrom('blacklist', 'blacklist', 'Blacklist', ' blacklist'), blank, name)
    .map(parts => parts.join('')),
  fc.tuple(fc.constantFrom('install', 'remove'), blank, name, blank, command).map(parts => parts.join('')),
  fc.tuple(fc.constant('alias'), blank, name, blank, name).map(parts => parts.join('')),
  fc.tuple(fc.constant('options'), blank, name, blank, command).map(parts => parts.join('')),
  fc
    .tuple(fc.constant('softdep '), name, fc.constantFrom(' pre: a', ' post: b c', ' ', ''))
    .map(parts => parts.join('')),
  fc.constantFrom('', '# x', '  # y', 'junk', 'blacklist', 'install x', '# joined \\', 'blacklist one two', 'alias a'),
)
const configuration = fc.array(configurationLine, { maxLength: 12 }).map(lines => lines.join('\n'))

/** A line as `modprobe --showconfig` prints it; of softdep only the module, since it reorders the rest. */
function shown({ directive, module, alias, argument }: ModprobeLine): string {
  if (directive === 'alias') return `alias ${alias} ${module}`
  if (directive === 'blacklist') return `blacklist ${module}`
  if (directive === 'softdep') return `softdep ${module}`
  return `${directive} ${module} ${directive === 'options' ? argument.replaceAll('\t', ' ') : argument}`
}

t.test('on generated files the parser reads what modprobe reads', async t => {
  const modprobe = findTool('modprobe')
  if (!modprobe) {
    t.comment('skipped: modprobe is not installed (package kmod)')
    return
  }
  const directory = mkdtempSync(join(tmpdir(), 'gabion-modprobe-'))
  t.teardown(() => rmSync(directory, { recursive: true, force: true }))
  const show = () => {
    const { stdout } = spawnSync(modprobe, ['-C', directory, '--showconfig'], { maxBuffer: 1 << 26 })
    const [own = ''] = decodeHostBytes(stdout).split('# End of configuration files')
    return own.split('\n').filter(line => line !== '')
  }
  // Parameters of modules on the running kernel's command line are always in the output.
  const fromKernel = show().length
  let compared = 0
  fc.assert(
    fc.property(configuration, text => {
      writeFileSync(join(directory, 'generated.conf'), encodeHostText(text))
      const lines = parseModprobeD(text).lines.map(shown).sort()
      const theirs = show().map(line => (line.startsWith('softdep ') ? line.split(' ').slice(0, 2).join(' ') : line))
      compared += lines.length
      assert.equal(theirs.length - fromKernel, lines.length)
      assert.deepEqual(
        lines.filter(line => !theirs.includes(line)),
        [],
      )
    }),
    { numRuns: 300 },
  )
  t.ok(compared > 300, `${compared} lines were compared in files of ${readdirSync(directory).length}`)
  t.match(execFileSync(modprobe, ['--version'], { encoding: 'utf8' }), /^kmod version \d+/)
})
