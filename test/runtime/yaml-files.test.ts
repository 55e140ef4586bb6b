import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { readYamlFiles } from '../../runtime/yaml-files.ts'

function directory(t: Test, files: Readonly<Record<string, string | Uint8Array>>): string {
  const root = mkdtempSync(join(tmpdir(), 'gabion-yaml-files-'))
  t.teardown(() => rmSync(root, { recursive: true, force: true }))
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(join(root, path, '..'), { recursive: true })
    writeFileSync(join(root, path), content)
  }
  return root
}
const names = (root: string, paths: readonly string[] = [root]) =>
  readYamlFiles(paths).files.map(({ path }) => path.slice(root.length + 1))

t.test('of a directory the YAML files at any depth are read, by name', async t => {
  const root = directory(t, {
    'b.yaml': 'b',
    'a.yml': 'a',
    'c/d.yaml': 'd',
    'readme.md': '',
    'x.yaml.bak': '',
    '.y.yaml': '',
  })
  t.same(readYamlFiles([root]), {
    files: [
      { path: join(root, 'a.yml'), text: 'a' },
      { path: join(root, 'b.yaml'), text: 'b' },
      { path: join(root, 'c/d.yaml'), text: 'd' },
    ],
    problems: [],
  })
})

t.test('a file is read under any name, in the order of the paths', async t => {
  const root = directory(t, { 'z.conf': '', 'a.yaml': '' })
  t.same(names(root, [join(root, 'z.conf'), join(root, 'a.yaml')]), ['z.conf', 'a.yaml'])
})

t.test('a mounted ConfigMap is read once', async t => {
  const root = directory(t, { '..2026_11_22/a.yaml': 'a' })
  symlinkSync('..2026_11_22', join(root, '..data'))
  symlinkSync('..data/a.yaml', join(root, 'a.yaml'))
  t.same(readYamlFiles([root]).files, [{ path: join(root, 'a.yaml'), text: 'a' }])
})

t.test('what cannot be read is told, and the rest is read', async t => {
  const root = directory(t, { 'a.yaml': 'a', 'bytes.yaml': Uint8Array.of(0xff, 0xfe) })
  execFileSync('mkfifo', [join(root, 'fifo.yaml')])
  symlinkSync('/does/not/exist', join(root, 'gone.yaml'))
  symlinkSync('.', join(root, 'loop'))
  writeFileSync(join(root, 'large.yaml'), new Uint8Array(4 * 1024 * 1024 + 1))
  const { files, problems } = readYamlFiles([join(root, 'a.yaml'), join(root, 'missing'), root])
  t.equal(files[0]?.text, 'a')
  const told = problems.filter(line => !line.includes('/loop/')).map(line => line.replace(`${root}/`, ''))
  t.same(told, [
    'missing: cannot be read (ENOENT)',
    'bytes.yaml: is not UTF-8 text',
    'fifo.yaml: is neither a file nor a directory',
    'gone.yaml: cannot be read (ENOENT)',
    'large.yaml: is over the limit of 4194304 bytes',
  ])
  t.ok(
    problems.some(line => line.endsWith('lies more than 8 directories deep')),
    'a circle of links has an end',
  )
})

t.test('the number of files is bounded', async t => {
  const root = directory(t, Object.fromEntries(Array.from({ length: 1001 }, (_, index) => [`${index}.yaml`, ''])))
  const { files, problems } = readYamlFiles([root])
  t.equal(files.length, 1000)
  t.same(problems, [`${root}: more than 1000 files`])
})
