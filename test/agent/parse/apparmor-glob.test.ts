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

t.test('a wildcard or class stands for exactly what it says', async t => {
  t.equal(fits('/*x', '/ax'), true)
  t.equal(fits('/*x', '/ay'), false, 'what follows the star is not skipped')
  t.equal(fits('/**x', '/a/b/y'), false)
  t.equal(fits('/?', '/ab'), false, 'one character')
  t.equal(fits('/[ab]', '/ab'), false, 'one character')
  t.equal(fits('/[a-c]', '/a'), true)
  t.equal(fits('/[a-c]', '/c'), true)
  t.equal(fits('/[a-c]', '/d'), false)
  t.equal(fits('/[a-c]', '/-'), false, 'the dash of a range is none of its members')
  t.equal(fits('/[axz]', '/x'), true)
  t.equal(fits('/[axz]', '/y'), false)
  t.equal(fits('/[ac-]', '/-'), true, 'a dash at the end is itself')
  t.equal(fits('/[ac-]', '/b'), false)
  t.equal(fits('/[a-cx-z]', '/y'), true)
  t.equal(fits('/[a-cx-z]', '/m'), false)
  t.equal(fits('/[^ab]', '/b'), false)
  t.equal(matchesPattern('/[^a]b', '//b'), false, 'a class is never a slash')
  t.equal(matchesPattern('/[]a]', '/]'), true, 'a bracket right after the opening one belongs to the class')
})

t.test('slashes in a row are one, escaped braces and commas are text', async t => {
  t.strictSame(expandPattern('//a///b/', none), ['/a/b/'])
  t.equal(fits('/a\\{b,c\\}', '/a{b,c}'), true)
  t.equal(fits('/{a\\,b,c}', '/a,b'), true)
  t.equal(fits('/{a\\,b,c}', '/b'), false)
  t.equal(fits('/{a\\},b}', '/a}'), true)
})

t.test('commas of an inner alternation belong to it', async t => {
  t.strictSame(expandPattern('{a{b,c},d}e', none)?.toSorted(), ['abe', 'ace', 'de'])
  t.strictSame(expandPattern('{a,{b,c}d}', none)?.toSorted(), ['a', 'bd', 'cd'])
})

t.test('as many variants as the limit, as long as the limit, and no more', async t => {
  const choice = (count: number) => `{${Array.from({ length: count }, (_, index) => `v${index}`).join(',')}}`
  const values = (count: number) => new Map([['v', Array.from({ length: count }, (_, index) => `v${index}`)]])
  t.equal(expandPattern(choice(100) + choice(2), none)?.length, 200)
  t.equal(expandPattern(choice(129) + choice(2), none), undefined)
  t.equal(expandPattern('@{v}', values(256))?.length, 256)
  t.equal(expandPattern('@{v}', values(257)), undefined)
  t.equal(expandPattern('/'.padEnd(1_024, 'a'), none)?.length, 1)
  t.equal(expandPattern('/'.padEnd(1_025, 'a'), none), undefined)
  t.equal(expandPattern('@{long}', new Map([['long', ['a'.repeat(1_025)]]])), undefined)
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
