// Tests of reading a process's rights.
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import t from 'tap'
import { parseProcessRights } from '../../../agent/parse/proc-pid-status.ts'
import { fixtureRoot } from '../../fixture-host.ts'

const sshd = readFileSync(`${fixtureRoot('debian12-vm')}/proc/404/status`, 'utf8')

t.test('a recorded process', async t => {
  t.strictSame(parseProcessRights(sshd), {
    ...{ uid: 0, gid: 0, effective: 0x1ffffffffffn, bounding: 0x1ffffffffffn, ambient: 0n },
    ...{ noNewPrivs: false, seccomp: 'none' },
  })
})

t.test('the effective ids count, and a kernel without seccomp has no line for it', async t => {
  const text = sshd.replace(/^Uid:.*$/m, 'Uid:\t0\t33\t0\t0').replace(/^Seccomp.*\n/gm, '')
  t.match(parseProcessRights(text), { uid: 33, seccomp: 'none' })
  t.match(parseProcessRights(sshd.replace(/^Seccomp:.*$/m, 'Seccomp:\t2')), { seccomp: 'filter' })
  t.equal(parseProcessRights(sshd.replace(/^Seccomp:.*$/m, 'Seccomp:\t7')), undefined)
})

t.test('a text that lacks a line, or has another value in it, is none', async t => {
  const minimal =
    'Uid:\t1\t2\t3\t4\nGid:\t5\t6\t7\t8\nCapBnd:\t000001ffffffffff\nCapEff:\t0000000000000001\nCapAmb:\t0000000000000000\nNoNewPrivs:\t1\n'
  t.strictSame(parseProcessRights(minimal), {
    ...{ uid: 2, gid: 6, effective: 1n, bounding: 0x1ffffffffffn, ambient: 0n, noNewPrivs: true, seccomp: 'none' },
  })
  for (const name of ['Uid', 'Gid', 'CapBnd', 'CapEff', 'CapAmb', 'NoNewPrivs'])
    t.equal(parseProcessRights(minimal.replace(new RegExp(`^${name}:.*\\n`, 'm'), '')), undefined, `without ${name}`)
  for (const [from, to] of [
    ['\t2\t', '\tx2\t'],
    ['\t2\t', '\t2x\t'],
    ['\t2\t', '\t12345678901\t'],
    ['0000000000000001', '00000000000000001'],
    ['0000000000000001', '000000000000001'],
    ['0000000000000001', '000000000000000g'],
    ['0000000000000001', 'x0000000000000001'],
    ['NoNewPrivs:\t1', 'NoNewPrivs:\t2'],
  ] as const)
    t.equal(parseProcessRights(minimal.replace(from, to)), undefined, `${from} as ${to}`)
  t.match(parseProcessRights(`${minimal}Seccomp:\t1\n`), { seccomp: 'strict' })
  t.match(parseProcessRights(minimal.replaceAll('\t', ' \t ')), { uid: 2, gid: 6 }, 'any blanks')
  t.match(parseProcessRights(`${minimal}Uid:\t9\t9\t9\t9\n`), { uid: 2 }, 'the first line of a name counts')
  t.match(parseProcessRights(`:x\nno colon\n${minimal}`), { uid: 2 })
})

t.test('a name with line ends cannot pretend', async t => {
  t.match(parseProcessRights(`Name:\tx\\nCapEff:\t0\n${sshd.replace(/^Name:.*\n/, '')}`), { uid: 0 })
})

t.test('every prefix is read as a whole or not at all', async t => {
  for (let end = 0; end < sshd.length; end += 1) {
    const rights = parseProcessRights(sshd.slice(0, end))
    if (rights) t.ok(sshd.slice(0, end).includes('\nNoNewPrivs:\t0'), `${end}`)
  }
})

t.test('whatever the text is, reading ends', async t => {
  const line = fc.constantFrom(
    'Uid:\t0\t0',
    'Gid:\t1 2',
    'CapEff:\tzz',
    'CapBnd:\t1',
    'NoNewPrivs:\t2',
    ':',
    'Seccomp:\t__proto__',
  )
  const text = fc.oneof(
    fc.string(),
    fc.array(line).map(lines => lines.join('\n')),
  )
  fc.assert(fc.property(text, one => parseProcessRights(one) === undefined))
  t.pass('random texts')
})
