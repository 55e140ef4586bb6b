import t from 'tap'
import * as z from 'zod'
import { createCelEnvironment, ExpressionError, type ResultType } from '../../policy/cel-environment.ts'
import { defineFacet, type FacetState, type JsonObject, keyed, ordered } from '../../proto/facet.ts'
import { facets } from '../../proto/facets.generated.ts'

const Probe = defineFacet({
  name: 'test-probe',
  version: 1,
  title: 'For tests',
  facts: {
    enabled: z.boolean(),
    level: z.int(),
    mode: z.enum(['strict', 'lax', '']),
    label: z.string(),
    names: ordered(z.string()),
    numbers: ordered(z.int()).optional(),
    inner: z.object({ depth: z.int(), deeper: z.object({ flag: z.boolean().optional() }) }).optional(),
    rows: keyed(z.object({ id: z.string(), size: z.int(), note: z.string().optional() }), ['id']),
  },
  observations: { seen: z.int() },
})
const environment = createCelEnvironment([Probe])

const deep = { inner: { depth: 1, deeper: { flag: true } } }

const facts = {
  enabled: true,
  level: 3,
  mode: 'strict',
  label: 'x',
  names: ['a', 'b'],
  rows: [
    { id: 'one', size: 1, note: 'hi' },
    { id: 'two', size: 2 },
  ],
  gaps: [],
}

function view(more: JsonObject = {}, observations: JsonObject = { seen: 7 }) {
  const state: FacetState = {
    facet: 'test-probe',
    schemaVersion: 1,
    state: 'present',
    digest: '',
    facts: { ...facts, ...more },
    observations,
  }
  return { testProbe: environment.view(state, 'testProbe'), now: environment.now }
}

const run = (source: string, more: JsonObject = {}, type: ResultType = 'bool') =>
  environment.compile(source, type).evaluate(view(more))

/** The error of an expression that does not compile, with the text that its offset points at. */
function refusal(source: string, type: ResultType = 'bool'): string {
  try {
    environment.compile(source, type)
    return 'compiles'
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error
    return `${error.message} @ ${source.slice(error.offset, error.offset + 8)}`
  }
}

t.test('facts are read in the types of their schema', async t => {
  t.equal(run('testProbe.enabled && testProbe.level + 1 == 4 && testProbe.label + "y" == "xy"'), true)
  t.equal(run('testProbe.names == ["a", "b"] && "b" in testProbe.names && testProbe.names[1] == "b"'), true)
  t.equal(run('testProbe.rows.exists(r, r.size > 1) && testProbe.rows.map(r, r.size) == [1, 2]'), true)
  t.equal(run('testProbe.observations.seen == 7'), true)
  t.equal(run('testProbe.inner.depth == 1 && testProbe.inner.deeper.flag', deep), true)
  t.equal(run('testProbe.numbers.exists(n, n == 9007199254740991)', { numbers: [Number.MAX_SAFE_INTEGER] }), true)
  t.same(run('testProbe.rows.filter(r, r.size > 1).map(r, r.id)', {}, 'list<string>'), ['two'])
  t.same(run('[]', {}, 'list<string>'), [])
  t.equal(run('string(testProbe.level) + "/" + testProbe.mode', {}, 'value'), '3/strict')
})

t.test('a list and its rows are converted once per view', async t => {
  const variables = view()
  const rows = environment.compile('testProbe.rows.size() == 2', 'bool')
  t.equal(rows.evaluate(variables), true)
  const first = (variables.testProbe as { rows: unknown }).rows
  t.equal((variables.testProbe as { rows: unknown }).rows, first)
})

t.test('reading a field that is not there fails and tells its place, wherever the row came from', async t => {
  const missing = (source: string, more: JsonObject = {}) => {
    const expression = environment.compile(source, 'bool')
    try {
      expression.evaluate(view(more))
      return 'evaluates'
    } catch (error) {
      return expression.missingField(error)
    }
  }
  const at = (field: string) => ({ facet: 'testProbe', field })
  t.same(missing('testProbe.numbers.size() == 0'), at('numbers'))
  t.same(missing('testProbe.inner.deeper.flag'), at('inner'))
  t.same(missing('testProbe.inner.deeper.flag', { inner: { depth: 1, deeper: {} } }), at('inner.deeper.flag'))
  t.same(missing('testProbe.rows.all(r, r.note != "")'), at('rows.note'))
  t.same(missing('testProbe.rows.filter(r, r.size == 2).map(x, x.note).size() == 1'), at('rows.note'))
  t.same(missing('cel.bind(x, testProbe.rows[1], x.note == "")'), at('rows.note'))
  t.same(missing('has(testProbe.inner.deeper.flag)'), at('inner'))
  t.equal(missing('testProbe.rows[5].size == 1'), undefined, 'an index out of bounds is another failure')
})

t.test('has() tells whether a field is known', async t => {
  t.equal(run('has(testProbe.inner)'), false)
  t.equal(run('has(testProbe.inner) && testProbe.inner.depth == 1'), false)
  t.equal(run('testProbe.rows.all(r, !has(r.note) || r.note == "hi")'), true)
  t.equal(run('has(testProbe.inner.deeper.flag)', deep), true)
})

t.test('what is known decides, whatever the unknown part would be', async t => {
  t.equal(run('testProbe.numbers.size() == 0 || testProbe.enabled'), true)
  t.equal(run('testProbe.inner.depth == 1 && testProbe.level == 0'), false)
  t.equal(run('testProbe.rows.exists(r, r.note == "hi")'), true)
  t.equal(run('testProbe.rows.all(r, r.note == "no")'), false)
  t.throws(() => run('testProbe.rows.exists(r, r.note == "no")'), /No such key: note/)
  t.throws(() => run('testProbe.numbers.size() == 0 || !testProbe.enabled'), /No such key: numbers/)
})

t.test('facts of another form than the schema says are errors, not other values', async t => {
  t.throws(() => run('testProbe.level == 3', { level: 'three' }), /not of type 'int'/)
  t.throws(() => run('testProbe.level == 3', { level: 1.5 }), /not of type 'int'/)
  t.throws(() => run('testProbe.rows.size() == 0', { rows: 'none' }), /not of type/)
  t.throws(() => run('testProbe.rows.all(r, r.size == 1)', { rows: ['x'] }), /not of type/)
  t.throws(() => run('testProbe.names.all(n, n == "a")', { names: [1] }), /not of type 'string'/)
  t.throws(() => run('testProbe.inner.depth == 1', { inner: [] }), /not of type/)
  t.throws(() => run('testProbe.label == ""', JSON.parse('{"__proto__":{"label":""},"label":null}')), /not of type/)
})

t.test('a misspelt name is an error at load, with the name that was meant', async t => {
  t.equal(refusal('testProbe.lvel == 3'), 'No such key: lvel, did you mean "level"? @ lvel == ')
  t.equal(refusal('testProb.level == 3'), 'Unknown variable: testProb, did you mean "testProbe"? @ testProb')
  t.equal(refusal('testProbe.rows.all(r, r.sise > 1)'), 'No such key: sise, did you mean "size"? @ sise > 1')
  t.match(refusal('testProbe.label.startWith("x")'), /no matching overload .*did you mean "startsWith"\?/)
  t.match(refusal('octl(testProbe.label) == 1'), /no matching overload .*did you mean "octal"\?/)
  t.equal(
    refusal('has(testProbe.inner.deper)'),
    'testProbe.inner has no field "deper", did you mean "deeper"? @ testProb',
  )
  t.equal(
    refusal('testProbe.rows.all(r, has(r.sise))'),
    'testProbe.rows has no field "sise", did you mean "size"? @ r.sise))',
  )
  t.match(refusal('params.x'), /Unknown variable: params/)
})

t.test('a wrong type is an error at load', async t => {
  t.match(refusal('testProbe.level == "3"'), /no such overload: int == string/)
  t.match(refusal('testProbe.level'), /^must be bool, but is int/)
  t.match(refusal('testProbe.names', 'bool'), /^must be bool, but is list<string>/)
  t.match(refusal('testProbe.enabled', 'list<string>'), /^must be list<string>, but is bool/)
  t.match(refusal('testProbe.numbers', 'list<string>'), /^must be list<string>, but is list<int>/)
  t.match(refusal('testProbe.rows', 'value'), /^must be a string, int, bool or list of them/)
  t.match(refusal('testProbe.enabled &&'), /Unexpected token: EOF/)
  t.match(refusal(''), /Unexpected token: EOF/)
  t.equal(refusal('testProbe.numbers', 'value'), 'compiles')
  t.equal(refusal('testProbe.names', 'value'), 'compiles')
  t.equal(refusal('testProbe.level', 'value'), 'compiles')
  t.match(refusal('[]', 'bool'), /^must be bool, but is list<T>/)
  t.match(refusal('[]', 'value'), /^must be a string, int, bool or list of them/)
  t.throws(() => environment.compile('testProbe', 'bool'), { name: 'ExpressionError', offset: 0 })
})

t.test('a comparison with a word that the field never is, is an error at load', async t => {
  t.equal(refusal('testProbe.mode == "strickt"'), '"mode" is never "strickt", did you mean "strict"? @ "strickt')
  t.match(refusal('"enforce" != testProbe.mode'), /"mode" is never "enforce", it is one of strict, lax, /)
  t.match(refusal('testProbe.mode in ["lax", "of"]'), /"mode" is never "of"/)
  t.equal(run('testProbe.mode in ["lax", "strict"] && testProbe.mode != ""'), true)
})

t.test('what would escape the checks is not part of the language', async t => {
  t.match(refusal('dyn(testProbe).x == 1'), /dyn\(\) would switch type checks off/)
  t.match(refusal('testProbe["lev" + "el"] == 3'), /with a dot, not with brackets/)
  t.match(refusal('testProbe.names.all(testProbe, true)'), /hides the variable/)
  t.match(refusal('testProbe.names.all(now, true)'), /hides the variable/)
  t.match(refusal('testProbe.?level == 3'), /Expected IDENTIFIER/)
})

t.test('no loop may hide a variable, whatever it does', async t => {
  for (const call of ['all(now, true)', 'exists(now, true)', 'exists_one(now, true)'])
    t.equal(refusal(`testProbe.names.${call}`), 'the loop variable "now" hides the variable of that name @ now, tru')
  t.match(refusal('testProbe.names.map(now, "x")', 'list<string>'), /hides the variable/)
  t.match(refusal('testProbe.names.filter(now, true)', 'list<string>'), /hides the variable/)
  t.match(refusal('cel.bind(now, 1, true)'), /hides the variable/)
  t.match(refusal('testProbe.names.all(testProbe, true)'), /hides the variable/)
  t.equal(refusal('testProbe.names.all(level, true)'), 'compiles', 'a field is no variable')
})

t.test('mistakes are found wherever they stand', async t => {
  for (const source of [
    ...['!(MISTAKE)', 'true ? MISTAKE : false', '[MISTAKE].size() == 0', '{"a": MISTAKE}.size() == 0'],
    ...['testProbe.names.all(n, MISTAKE)', 'testProbe.names.filter(n, MISTAKE).size() == 0', 'size([MISTAKE]) == 1'],
    ...['has(testProbe.inner) && MISTAKE', 'true in [MISTAKE]', '-[MISTAKE].size() == 1'],
  ])
    t.match(refusal(source.replace('MISTAKE', 'testProbe.mode == "strickt"')), /"mode" is never "strickt"/, source)
})

t.test('a word is compared with the words of its field only', async t => {
  t.equal(refusal('testProbe.mode == testProbe.label'), 'compiles')
  t.equal(refusal('testProbe.label == "strickt"'), 'compiles')
  t.equal(refusal('testProbe.mode + "" == "strickt"'), 'compiles')
  t.equal(refusal('testProbe.mode in [testProbe.label, "lax"]'), 'compiles')
  t.equal(refusal('testProbe.mode in testProbe.names'), 'compiles')
  t.match(refusal('"strickt" == testProbe.mode'), /@ "strickt/)
  t.match(refusal('testProbe.mode in ["lax", "of"]'), /, it is one of strict, lax, .* @ "of"\]/)
})

t.test('a facet that is named at all is read, its fields as far as they are named', async t => {
  const reads = (source: string) => {
    const { facets: read, fields } = environment.compile(source, 'bool')
    return [...read, ...[...(fields.get('testProbe') ?? [])].sort()]
  }
  t.same(reads('[testProbe].size() == 1'), ['testProbe'])
  t.same(reads('has(testProbe.inner)'), ['testProbe', 'inner'])
  t.same(reads('has(testProbe.inner.deeper.flag)'), ['testProbe', 'inner', 'inner.deeper', 'inner.deeper.flag'])
  t.same(reads('testProbe.rows.all(r, has(r.note))'), ['testProbe', 'rows', 'rows.note'])
  t.same(reads('true'), [])
})

t.test('patterns are literals that compile and cannot run away', async t => {
  t.equal(run('testProbe.label.matches("^[a-z]+$")'), true)
  t.match(refusal('testProbe.label.matches(testProbe.label)'), /must be a literal string/)
  t.match(refusal('testProbe.label.matches("[")'), /not a regular expression/)
  t.match(refusal('testProbe.label.matches("^(a+)+$")'), /can run away/)
  t.match(refusal('testProbe.label.matches("(a*){2}")'), /can run away/)
  t.match(refusal('testProbe.label.matches("(a{2})*")'), /can run away/)
  t.equal(refusal('testProbe.label.matches("(a+b)+c")'), 'compiles')
  t.match(refusal('testProbe.label.matches("a" + "b")'), /must be a literal string/)
  t.match(refusal('testProbe.label.matches("[")'), /^not a regular expression: \[ @ "\["/)
  t.equal(run('testProbe.label.matches("^[y-z]")'), false)
})

t.test('an expression says which facets and fields it reads', async t => {
  const all = createCelEnvironment(facets)
  const source = 'ports.listeners.exists(l, l.port == 22) || (has(host.kernel) && host.kernel.release != "")'
  const { facets: read, fields } = all.compile(source, 'bool')
  t.same(read, ['host', 'ports'])
  t.same([...(fields.get('ports') ?? [])].sort(), ['listeners', 'listeners.port'])
  t.same([...(fields.get('host') ?? [])].sort(), ['kernel', 'kernel.release'])
  t.same(all.compile('["host"].size() == 1', 'bool').facets, [], 'a word in a text is no read')
})

t.test('parameters have the types of their defaults', async t => {
  const defaults = { max: 3, allowed: ['a'], ports: [22], none: [], strict: true, word: 'x' }
  const tailored = environment.withParameters(defaults)
  const source =
    'params.max == 3 && "a" in params.allowed && 22 in params.ports && params.none == [] && params.strict && params.word == "x"'
  t.equal(tailored.compile(source, 'bool').evaluate({ params: tailored.parameters(defaults) }), true)
  t.throws(() => tailored.compile('params.mx == 3', 'bool'), /No such key: mx, did you mean "max"\?/)
  t.throws(() => tailored.compile('params.max == "3"', 'bool'), /no such overload/)
  t.throws(() => environment.withParameters({ bad: { a: 1 } }), /a parameter is a string, an integer/)
  t.throws(() => environment.withParameters({ bad: [1, 'a'] }), /a parameter is a string, an integer/)
})

t.test('every facet of this project can be a variable', async t => {
  const all = createCelEnvironment(facets)
  for (const { property } of facets) {
    t.same(all.compile(`${property}.gaps.size() == 0`, 'bool').facets, [property], property)
  }
})
