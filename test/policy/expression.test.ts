import { join } from 'node:path'
import t from 'tap'
import { createCelEnvironment } from '../../policy/cel-environment.ts'
import { rootNames } from '../../policy/expression.ts'
import { facets } from '../../proto/facets.generated.ts'
import { readCatalog } from '../../scripts/generators/catalog.ts'

const names = new Set(['ports', 'host'])
const roots = (source: string) => rootNames(source, names)

t.test('names in quotes, in comments and after a dot are no variables', async t => {
  t.same(roots('ports.listeners.size() > 0 || has(host.kernel)'), ['ports', 'host'])
  t.same(roots('"ports" + \'host\' == r"ports\\" + """a " ports"""'), [])
  t.same(roots('"\\"ports" == x.host && x. ports && x.\n  host'), [])
  t.same(roots('x // ports\n && hosts && myports && ports2 && _host'), [])
  t.same(roots('[host.a, {"x": ports.b}, -ports, !host]'), ['host', 'ports'])
  t.same(roots(''), [])
})

t.test('the names told from the text are those that the parsed expression reads, in the whole catalog', async t => {
  const environment = createCelEnvironment(facets)
  const properties = new Set(facets.map(facet => facet.property))
  const { checks } = readCatalog(join(import.meta.dirname, '../..'))
  for (const check of checks.flatMap(file => file.items)) {
    const own = environment.withParameters(check.parameters)
    for (const source of [check.applies, check.pass]) {
      if (source === undefined) continue
      t.same([...rootNames(source, properties)].sort(), own.compile(source, 'bool').facets, check.id)
    }
  }
})
