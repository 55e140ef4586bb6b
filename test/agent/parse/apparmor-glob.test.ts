// Tests of AppArmor's patterns.
import fc from 'fast-check'
import t from 'tap'
import { expandPattern, matchesPattern } from '../../../agent/parse/apparmor-glob.ts'

const none = new Map<string, readonly string[]>()
const fits = (pattern: string, path: string) =>
  expandPattern(pattern, none)?.some(variant => matchesPattern(variant, path)) ?? 'unknown'

t.test('wildcards stop at slashes, double ones do not', async t => {
  t.equal(fits('/usr/sbin/php-fpm*', '/usr/sbin/php-fpm8.2'), true)
  t.equal(fits('/usr/sbin/php-fpm*', '/usr/sbin/php-fpm'), true)
  t.equal(fits('/usr/*/x', '/usr/a/b/x'), false)
  t.equal(fits('/usr/**/x', '/usr/a/b/x'), true)
  t.equal(fits('/usr/?/x', '/usr/a/x'), true)
  t.equal(fits('/usr/?x', '/usr//x'), false)
  t.equal(fits('/bin/[a-c]x', '/bin/bx'), true)
  t.equal(fits('/bin/[^a-c]x', '/bin/bx'), false)
  t.equal(fits('/bin/[^a-c]x', '/bin/dx'), true)
  t.equal(fits('/bin/[xyz', '/bin/[xyz'), true, 'a class that is not closed is text')
  t.equal(fits('/bin/\\*', '/bin/*'), true)
  t.equal(fits('/bin/\\*', '/bin/x'), false)
  t.equal(fits('/bin/x', '/bin/xy'), false)
})

t.test('alternations may be nested and empty', async t => {
  t.equal(fits('/{usr/,}bin/{,iputils-}ping', '/usr/bin/ping'), true)
  t.equal(fits('/{usr/,}bin/{,iputils-}ping', '/bin/iputils-ping'), true)
  t.equal(fits('/usr/{{bin,sbin}/traceroute,bin/traceroute.db}', '/usr/bin/traceroute.db'), true)
  t.equal(fits('/usr/{{bin,sbin}/traceroute,bin/traceroute.db}', '/usr/sbin/traceroute.db'), false)
  t.equal(fits('/a{b', '/a{b'), true, 'one that is not closed is text')
})

t.test('variables stand for their values, unknown ones for nothing that could be told', async t => {
  const variables = new Map([
    ['bin', ['/{,usr/}bin']],
    ['name', ['x', 'y']],
    ['loop', ['@{loop}']],
    ['many', Array.from({ length: 300 }, (_, index) => `v${index}`)],
  ])
  t.strictSame(expandPattern('@{bin}/@{name}', variables)?.toSorted(), ['/bin/x', '/bin/y', '/usr/bin/x', '/usr/bin/y'])
  t.equal(expandPattern('@{other}/x', variables), undefined)
  t.equal(expandPattern('/@{loop}', variables), undefined)
  t.equal(expandPattern('/@{many}', variables), undefined)
})

t.test('what is too large is not guessed at', async t => {
  t.equal(expandPattern('{a,b}'.repeat(20), none), undefined)
  t.equal(expandPattern('/'.padEnd(2_000, 'a'), none), undefined)
  t.equal(expandPattern('{'.repeat(1_000), none)?.length, 1)
})

t.test('many wildcards cost no more than their product', async t => {
  t.equal(matchesPattern(`${'**a'.repeat(300)}b`, 'a'.repeat(4_000)), false)
})

t.test('a pattern made of plain characters fits itself and nothing else', async t => {
  const plain = fc.stringMatching(/^\/[a-z/._+-]{1,30}$/)
  fc.assert(fc.property(plain, path => fits(path.replace(/\/+/g, '/'), path.replace(/\/+/g, '/')) === true))
  fc.assert(fc.property(plain, plain, (a, b) => a === b || matchesPattern(a, b) === false))
  const wild = fc.string({ unit: fc.constantFrom('/', 'a', '*', '?', '[', ']', '{', '}', ',', '\\', '^', '-', '@') })
  fc.assert(fc.property(wild, wild, (pattern, path) => [true, false, 'unknown'].includes(fits(pattern, path))))
  t.pass('no counterexample')
})
