// What a bill of materials names: each npm package whose code is in a bundle, and nothing else.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { bundledPackages } from '../../scripts/bundled-packages.ts'

const root = t.testdir()
function install(folder: string, manifest: object): void {
  mkdirSync(join(root, folder), { recursive: true })
  writeFileSync(join(root, folder, 'package.json'), JSON.stringify(manifest))
}
install('node_modules/zod', { name: 'zod', version: '4.0.0', license: 'MIT' })
install('node_modules/@grpc/grpc-js', { name: '@grpc/grpc-js', version: '1.0.0', license: 'Apache-2.0' })
install('node_modules/@grpc/grpc-js/node_modules/zod', { name: 'zod', version: '3.0.0', license: 'MIT' })
install('node_modules/addon', { name: 'addon', version: '2.0.0' })

t.test('names packages by the files that were read, each version once', async t => {
  const inputs = [
    ...['agent/main.ts', 'node_modules/zod/index.js', 'node_modules/zod/v4/core.js'],
    ...['node_modules/@grpc/grpc-js/build/index.js', 'node_modules/@grpc/grpc-js/node_modules/zod/index.js'],
  ]
  t.strictSame(bundledPackages(root, inputs, ['addon', 'not-installed']), [
    { name: '@grpc/grpc-js', version: '1.0.0', license: 'Apache-2.0' },
    { name: 'addon', version: '2.0.0', license: '' },
    { name: 'zod', version: '3.0.0', license: 'MIT' },
    { name: 'zod', version: '4.0.0', license: 'MIT' },
  ])
})

t.test('files of our own are no packages', async t => {
  t.strictSame(bundledPackages(root, ['agent/main.ts', 'policy/node_modules.ts'], []), [])
})
