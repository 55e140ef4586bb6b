// Configuration: default < file < environment < flag, and one clear error for whatever is wrong.
import { join } from 'node:path'
import t from 'tap'
import * as z from 'zod'
import { environmentName, kebab, loadConfig } from '../../runtime/config.ts'

const schema = z.object({
  httpPort: z.int().min(1).max(65_535).default(8080),
  dataDir: z.string().default('/var/lib/x'),
  demo: z.boolean().default(false),
})

const load = (
  environment: Readonly<Record<string, string>> = {},
  flags: Readonly<Record<string, unknown>> = {},
  path?: string,
) => loadConfig({ schema, environment, flags, ...(path === undefined ? {} : { file: { path, required: true } }) })

t.test('each source goes over the one before', t => {
  const path = join(t.testdir({ 'x.yaml': 'httpPort: 1\ndataDir: /file\ndemo: true\n' }), 'x.yaml')
  t.same(load(), { httpPort: 8080, dataDir: '/var/lib/x', demo: false })
  t.same(load({}, {}, path), { httpPort: 1, dataDir: '/file', demo: true })
  t.same(load({ GABION_HTTP_PORT: '2', GABION_DEMO: 'false' }, {}, path), {
    httpPort: 2,
    dataDir: '/file',
    demo: false,
  })
  t.same(load({ GABION_HTTP_PORT: '2' }, { httpPort: 3, dataDir: undefined }, path), {
    ...{ httpPort: 3, dataDir: '/file', demo: true },
  })
  t.end()
})

t.test('names in the environment and on the command line follow from the key', t => {
  t.equal(environmentName('httpPort'), 'GABION_HTTP_PORT')
  t.equal(kebab('httpPort'), 'http-port')
  t.end()
})

t.test('what is wrong is named with where it stands and what was found', t => {
  const dir = t.testdir({ unknown: 'htpPort: 1\n', list: '- 1\n', broken: 'a: [1\n', type: 'httpPort: many\n' })
  t.throws(() => load({ GABION_HTTP_PORT: '70000' }), { code: 'config', message: /^GABION_HTTP_PORT: .*70000$/ })
  t.throws(() => load({}, { httpPort: 'x' }), { message: /^--http-port: .*"x"$/ })
  t.throws(() => load({}, {}, join(dir, 'unknown')), {
    message: /unknown key htpPort; known are httpPort, dataDir, demo/,
  })
  t.throws(() => load({}, {}, join(dir, 'list')), { message: /expected keys and values/ })
  t.throws(() => load({}, {}, join(dir, 'broken')), { message: /broken: .*line 2/s })
  t.throws(() => load({}, {}, join(dir, 'type')), { message: /type: .*"many"$/ })
  t.throws(() => load({}, {}, join(dir, 'missing')), { message: /missing: cannot be read \(ENOENT\)/ })
  t.end()
})

t.test('a file that nobody asked for may be missing', t => {
  const config = loadConfig({ schema, environment: {}, flags: {}, file: { path: '/does/not/exist', required: false } })
  t.equal(config.httpPort, 8080)
  t.end()
})
